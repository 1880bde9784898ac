#pragma once
// [thiele] of docs/config.md: what `kubomag thiele` needs.
#include <array>
#include <optional>

#include "io/config_reader.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

struct ThieleConfig {
  double Aex = 0;    // [J/m]
  double Dind = 0;   // [J/m2]
  double K = 0;      // Ku1, less mu_0 Msat^2/2 with demag [J/m3]
  double alpha = 0;  // Gilbert damping
  int polarity = -1;
  std::optional<double> helicity;  // [rad]; default: what Dind prefers
  bool dresselhaus = false;
  double direction = 0;  // of the drive, from x [rad]
  /// a, b, c, d over gamma: a constant and a factor of 1 - mz^2 [T].
  std::array<std::array<double, 2>, 4> torque{};
};

/// The section, with the film's numbers from [material], which must be uniform. Dind may stand in
/// [thiele] too, and there it wins. Throws InputError.
std::optional<ThieleConfig> read_thiele(const ConfigTable& root, const Problem& problem);

}  // namespace kubomag::io
