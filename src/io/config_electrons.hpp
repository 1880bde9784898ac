#pragma once
// A configuration for those who look at its electrons only.
#include <filesystem>

#include "io/config.hpp"

namespace kubomag::io {

/// read_config without torque tables (problem.local stays empty), which take longer than all the
/// rest and need the response at every direction of m. Throws like read_config otherwise.
RunConfig read_electrons(const std::filesystem::path& path);

}  // namespace kubomag::io
