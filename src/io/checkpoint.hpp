#pragma once
// The file `checkpoint` of a run: everything a bit-exact continuation needs.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "kubomag/simulation.hpp"

namespace kubomag::io {

struct Checkpoint {
  SimulationState state;
  std::uint32_t config_checksum = 0;  // checksum() of the configuration's text
  std::vector<std::byte> engine;      // Engine::checkpoint()
};

/// CRC-32 (ISO 3309).
std::uint32_t checksum(std::string_view bytes);

/// Writes atomically: the previous checkpoint stays until the new one is whole. Throws RunError.
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Throws InputError if the file is missing, is no checkpoint, or is damaged.
Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace kubomag::io
