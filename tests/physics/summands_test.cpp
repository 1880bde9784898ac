// Everything that is added to the field at once: on a GPU within the passes of a step, on the CPU
// row by row, and a summand by itself in a pass of its own where it is asked for by name. All must
// say the same, whatever number of each there is.
#include "support/backends.hpp"
#include "support/busy_film.hpp"
#include "support/custom_terms.hpp"

namespace kubomag::test {
namespace {

class Summands : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(Summands);

FieldSource mapped_source(const Grid& grid, Vec3<double> value, double phase) {
  FieldSource source;
  source.signal = Signal::constant();
  for (std::size_t i = 0; i < grid.cells(); ++i)
    source.map.push_back(std::sin(0.3 * static_cast<double>(i) + phase) * value);
  return source;
}

/// All torques and terms, `maps` sources of B_ext with a map, `formulas` fields and as many torques
/// of the user; no damping.
Problem full_film(int maps, int formulas) {
  Problem p = plain_film(19, 7);
  const auto set = [&p](const char* name, double value) { p.material.set(name, value); };
  p.material.set("Msat", varied(p.grid, 8e5));
  set("Aex", 1e-11), set("Ku1", 1e5), set("xi_VCMA", 3e-14);
  set("theta_SH", 0.1), set("field_like_ratio", 0.3);
  set("Pol", 0.5), set("xi", 0.2), set("Lambda", 1.5), set("EpsilonPrime", 0.1);
  set("FixedLayer_y", 0.8), set("FixedLayer_z", 0.6);
  p.current = {mapped_source(p.grid, {4e12, -2e12, 3e11}, 0.2),
               {"", {1e12, 3e12, -2e11}, {}, Signal::constant()}};
  p.E_z = {mapped_source(p.grid, {0, 0, 2e9}, 0.5)};
  p.B_ext = {{"", {0.01, 0.02, -0.03}, {}, Signal::constant()}};
  for (int k = 0; k < maps; ++k)
    p.B_ext.push_back(mapped_source(p.grid, {0.02, -0.01 * k, 0.03}, 0.1 * k));
  for (int k = 0; k < formulas; ++k) {
    const std::string n = std::to_string(k + 1);
    const auto kind = k % 2 == 0 ? CustomTerm::Kind::field : CustomTerm::Kind::torque;
    p.custom.push_back(custom_term(p.material, kind, "own" + n,
                                   {"0.02*" + n + "*mz^3", "0.03*sin(x/7e-9)*mx", "0.01*exp(my)"}));
  }
  p.m = wavy(p.grid);
  return p;
}

TEST_P(Summands, AllAtOnceAreTheirSum) {
  for (const auto& [maps, formulas] : {std::pair{0, 1}, {1, 2}, {2, 4}, {6, 0}, {9, 7}}) {
    const Problem p = full_film(maps, formulas);
    const auto film = engine(p);
    const auto sum_of = [&](const std::vector<std::string>& names) {
      std::vector<double> sum(3 * p.grid.cells());
      for (const std::string& name : names) {
        const std::vector<double> field = film->quantity(name);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += field[i];
      }
      return sum;
    };
    std::vector<std::string> of_energies{"B_exch", "B_anis", "B_ext", "B_vcma"},
        torques{"B_eff", "B_SOT", "B_ZL", "B_SL"};
    for (int k = 0; k < formulas; ++k)
      (k % 2 == 0 ? of_energies : torques).push_back("B_own" + std::to_string(k + 1));
    EXPECT_LT(relative_difference(film->quantity("B_eff"), sum_of(of_energies)),
              tolerance(1e-13, 1e-5))
        << maps << " maps, " << formulas << " formulas";
    const std::vector<double> B = sum_of(torques);
    std::vector<double> torque(B.size());
    for (std::size_t i = 0; i < p.grid.cells(); ++i) {
      const Vec3<double> T = cross(at(B, p.grid, i), at(p.m, p.grid, i));  // -m x B
      torque[i] = T.x, torque[p.grid.cells() + i] = T.y, torque[2 * p.grid.cells() + i] = T.z;
    }
    EXPECT_LT(relative_difference(film->quantity("torque"), torque), tolerance(1e-13, 1e-5))
        << maps << " maps, " << formulas << " formulas";
  }
}

// A summand that is off leaves nothing behind: relaxation knows no torques, and a film without
// anything added is one of its own kind.
TEST_P(Summands, DescentSeesTheEnergiesAlone) {
  Problem with = full_film(2, 3);
  Problem without = with;
  without.current.clear();
  without.custom.erase(without.custom.begin() + 1);  // the torque
  Relax options;
  options.descent = Descent::barzilai_borwein;
  options.max_steps = 5;
  const auto film = engine(with), expected = engine(without);
  film->step(1e-15), expected->step(1e-15);
  film->set_m(with.m), expected->set_m(with.m);
  EXPECT_EQ(film->relax(options, {}).max_torque, expected->relax(options, {}).max_torque);
  EXPECT_EQ(film->m(), expected->m());
}

}  // namespace
}  // namespace kubomag::test
