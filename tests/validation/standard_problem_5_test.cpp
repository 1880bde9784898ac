// Standard problem 5 of muMAG: a vortex in an in-plane current, against OOMMF 2.1a0 with one cell
// through the thickness (tests/data/oommf/generated/README.md).
#include "support/backends.hpp"
#include "support/columns.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

constexpr double u_per_j = 72.3548e-12;  // mu_B/(|e| Ms) [m3/(A s)]

/// 100 x 100 x 10 nm of permalloy with OOMMF's u = -72.35 m/s along x: it has no factor 1 + xi^2.
Problem vortex_film(double xi) {
  Problem p = plain_film(40, 40, 2.5e-9, 2.5e-9, 10e-9);
  p.GammaLL = 2.211e5 / constants::mu_0;
  p.material.set("Aex", 1.3e-11);
  p.material.set("alpha", 0.1);
  p.material.set("Pol", 1.0);
  p.material.set("xi", xi);
  p.current = {{"", {72.35 * (1 + xi * xi) / u_per_j, 0, 0}, {}, Signal::constant()}};
  p.demag.enabled = true;
  p.integrator.MaxErr = 1e-5;
  p.m = texture(p.grid, [](double x, double y) {
    const double r2 = x * x + y * y;
    return Vec3<double>{-y, x, 20e-9 * std::exp(-r2 / (2 * 36e-18))};
  });
  return p;
}

class StandardProblem5 : public OnEveryBackend {
 protected:
  /// Largest difference of <m> from OOMMF's table up to the time `end`.
  double deviation(double xi, const std::string& name, double end) const {
    const auto film = engine(vortex_film(xi));
    Relax to;
    to.stop_torque = tolerance(1e-6, 1e-5);
    EXPECT_TRUE(film->relax(to, {}).converged);
    double worst = 0;
    for (const auto& row : read_columns(
             KUBOMAG_TEST_DATA "/oommf/generated/sp5_onelayer_40x40x1_oommf21a0_" + name)) {
      if (row[0] > end) break;
      while (film->time() < row[0]) film->step(row[0]);
      const auto all = film->observables();
      const char* const components[] = {"mx", "my", "mz"};
      for (std::size_t c = 0; c < 3; ++c)
        worst = std::max(worst, std::abs(observable(all, components[c]) - row[1 + c]));
    }
    return worst;
  }
};
KUBOMAG_ON_EVERY_BACKEND(StandardProblem5);

// OOMMF takes one-sided differences at the edges, here dm/dn = 0: 2e-4 in <m>.
TEST_P(StandardProblem5, TheVortexSetsOffAsInOommf) {
  EXPECT_LT(deviation(0.05, "beta0.05.txt", 0.5e-9), 1e-3);
}

TEST_P(StandardProblem5, SlowTheVortexSpiralsToTheSamePlace) {
  EXPECT_LT(deviation(0.05, "beta0.05.txt", 14e-9), 2e-3);
  EXPECT_LT(deviation(0.5, "beta0.5.txt", 14e-9), 2e-3);
}

}  // namespace
}  // namespace kubomag::test
