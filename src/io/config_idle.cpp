#include "io/config_idle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kubomag::io {
namespace {

bool acts(const Problem& problem, const char* key) {
  const ScalarMap& map = problem.material[key];
  return map.min() != 0 || map.max() != 0;
}

/// At the key in [material], or in the [[region]] that sets it.
[[noreturn]] void fail_at(const ConfigTable& root, const char* key, const std::string& message) {
  if (const auto value = root["material"].table().find(key)) value->fail(message);
  for (const ConfigTable& region : root.tables("region"))
    if (const auto overrides = region.table("material"))
      if (const auto value = overrides->find(key)) value->fail(message);
  root["material"].fail(fmt::format("{}: {}", key, message));
}

void refuse_cold_temperature(const ConfigTable& root, const Problem& problem) {
  const ScalarMap &Msat = problem.material["Msat"], &Temp = problem.material["Temp"],
                  &alpha = problem.material["alpha"];
  if (!acts(problem, "Temp")) return;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i)
    if (Msat(i) > 0 && Temp(i) > 0 && alpha(i) > 0) return;
  fail_at(root, "Temp",
          "the thermal field goes with the root of alpha, which is 0 wherever it is warm: nothing "
          "would fluctuate; an alpha above 0 is expected");
}

}  // namespace

void refuse_idle_inputs(const ConfigTable& root, const Problem& problem) {
  refuse_cold_temperature(root, problem);
  if (!problem.custom.empty() || root.has("thiele")) return;
  if (problem.current.empty())
    for (const char* key : {"theta_SH", "field_like_ratio", "Pol", "xi", "EpsilonPrime"})
      if (acts(problem, key))
        fail_at(root, key,
                "there is no [[current]] for this torque; j = [\"1e11 A/m2\", 0, 0] in a table "
                "[[current]] is expected, or no such key");
  if (problem.E_z.empty() && acts(problem, "xi_VCMA"))
    fail_at(root, "xi_VCMA",
            "there is no field across the dielectric; an [[E_z]], or a gate with `dielectric`, is "
            "expected, or no such key");
}

std::vector<std::string> window_cautions(const Window& window, const Problem& problem) {
  const std::size_t cells = problem.grid.cells();
  const auto mz = problem.m.begin() + static_cast<std::ptrdiff_t>(2 * cells);
  const auto [low, high] = std::minmax_element(mz, problem.m.end());
  if (*low < 0 && *high > 0) return {};
  return {
      fmt::format("window.follow: mz has one sign in the initial state, there is no {} to follow",
                  window.target == Window::Target::wall ? "wall" : "skyrmion")};
}

}  // namespace kubomag::io
