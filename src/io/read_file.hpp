#pragma once
#include <filesystem>
#include <string>

namespace kubomag::io {

/// All bytes of a regular file. Throws InputError with the path and the reason.
std::string read_file(const std::filesystem::path& path);

}  // namespace kubomag::io
