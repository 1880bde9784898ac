#pragma once
// [thiele] of docs/config.md: what `kubomag thiele` needs.
#include <array>
#include <optional>

#include "io/config_reader.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

struct ThieleConfig {
  double Aex = 0;              // [J/m]
  double Dind = 0, Dbulk = 0;  // [J/m2]
  double K = 0;                // Ku1, less mu_0 Msat^2/2 with demag [J/m3]
  double alpha = 0;            // Gilbert damping
  int polarity = -1;           // mz of the core; default: against the mean mz of the initial state
  std::optional<double> helicity;  // [rad]; default: what the DMI prefers
  bool dresselhaus = false;
  double direction = 0;  // of the drive, from x [rad]
  /// a, b, c, d over gamma: a constant and a factor of 1 - mz^2 [T]. Nothing: the film's own
  /// torques.
  std::optional<std::array<std::array<double, 2>, 4>> torque;
};

/// A film without [thiele]. Throws InputError unless its parameters are the same everywhere and its
/// easy axis is along z.
ThieleConfig thiele_config(const Problem& problem);

/// The same with what the section says; nothing without one. Throws InputError.
std::optional<ThieleConfig> read_thiele(const ConfigTable& root, const Problem& problem);

}  // namespace kubomag::io
