#pragma once
// PNG pictures and APNG animations (W3C PNG specification, third edition).
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io/canvas.hpp"

namespace kubomag::io {

std::string png_bytes(const Canvas& canvas);

/// Atomically; throws RunError when the file cannot be written.
void write_png(const std::filesystem::path& path, const Canvas& canvas);

/// Throws InputError unless 0 < seconds <= 60, what a frame of an animation may take.
void check_frame_time(double seconds);

/// PNG pictures (as png_bytes makes them) shown one after the other, `seconds` each, for ever.
/// Throws InputError when there is none, when they differ in size, or for a wrong
/// frame time.
std::string apng_bytes(const std::vector<std::string>& frames, double seconds);

}  // namespace kubomag::io
