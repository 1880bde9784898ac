#pragma once
#include <string>
#include <vector>

#include "io/config.hpp"

namespace kubomag::cli {

/// What a paper about this run cites: "name: source" of every term and torque that acts in it, and
/// the papers of its electrons.
std::vector<std::string> references(const io::RunConfig& config);

}  // namespace kubomag::cli
