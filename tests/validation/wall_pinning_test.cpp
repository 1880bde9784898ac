// The wall that is pinned where two materials meet: Heistracher et al., J. Magn. Magn. Mater. 548,
// 168875 (2022), against the field that Kronmueller and Goll, Physica B 319, 122 (2002), derive.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

/// Ratios soft/hard of the stiffness, the anisotropy and the magnetisation.
struct Phases {
  const char* soft_in;
  double A, K, M;
  double expected;  // [T]

  /// (2 K_hard/M_hard) (1 - A K)/(1 + sqrt(M A))^2
  double pinning_field() const {
    return 2 * 1e6 * constants::mu_0 * (1 - A * K) / std::pow(1 + std::sqrt(M * A), 2);
  }
};
constexpr Phases cases[] = {{"A, K and Ms", 0.25, 0.1, 0.25, 1.568},
                            {"A and K", 0.25, 0.1, 1, 1.089},
                            {"A and Ms", 0.25, 1, 0.25, 1.206},
                            {"A", 0.25, 1, 1, 0.838}};

class WallPinning : public OnEveryBackend {
 protected:
  /// 80 x 1 x 1 nm, the soft half on the left with a wall in it.
  static Problem wire(const Phases& phases) {
    constexpr int cells = 160;
    Problem p = plain_film(cells, 1, 0.5e-9, 1e-9, 1e-9);
    const auto halves = [](double hard, double ratio) {
      std::vector<double> map(cells, hard);
      std::fill(map.begin(), map.begin() + cells / 2, hard * ratio);
      return ScalarMap(std::move(map));
    };
    p.material.set("Msat", halves(1 / constants::mu_0, phases.M));
    p.material.set("Aex", halves(1e-11, phases.A));
    p.material.set("Ku1", halves(1e6, phases.K));
    p.m = texture(p.grid, [](double x, double) {
      return Vec3<double>{1 / std::cosh((x + 10e-9) / 4e-9), 0, -std::tanh((x + 10e-9) / 4e-9)};
    });
    return p;
  }

  /// Whether the wall has gone through the hard half once the film is in the field B [T].
  bool depins(Engine& film, double B) const {
    Relax to;
    to.descent = Descent::barzilai_borwein;
    to.stop_torque = tolerance(1e-5, 2e-4);
    to.B_ext = Vec3<double>{0, 0, B};
    // Just above the pinning field the wall creeps, and a torque that stays as it is ends a
    // minimisation in single precision.
    RelaxInfo info = film.relax(to, {});
    for (int i = 0; i < 20 && !info.converged; ++i) info = film.relax(to, {});
    EXPECT_TRUE(info.converged) << B << " T, torque " << info.max_torque << " T";
    return observable(film.observables(), "mz") > 0.9;
  }
};
KUBOMAG_ON_EVERY_BACKEND(WallPinning);

TEST_P(WallPinning, IsOvercomeInTheAnalyticField) {
  std::vector<Series> profiles;
  for (const Phases& phases : cases) {
    if (&phases != cases && !GetParam().is("cpu")) break;  // the first has maps of all three
    EXPECT_NEAR(phases.pinning_field(), phases.expected, 5e-4);
    const auto film = engine(wire(phases));
    double B = 0;
    for (double step = 0.1 * phases.expected; step > 1e-3 * phases.expected;) {
      const auto before = film->m();
      if (depins(*film, B + step)) {
        film->set_m(before);
        step /= 2;
      } else {
        B += step;
      }
    }
    record(
        {"standard problem 6 (pinning)", std::string("soft in ") + phases.soft_in,
         phases.pinning_field(), 0.01 * phases.pinning_field(), "Heistracher 2022, analytic", "T"},
        B);
    const auto m = film->m();
    profiles.push_back({std::string("soft in ") + phases.soft_in, {}, {m.begin() + 320, m.end()}});
    for (int ix = 0; ix < 160; ++ix) profiles.back().x.push_back((ix - 79.5) * 0.5e-9);
  }
  if (!single())
    plot("standard_problem_6", "Standard problem 6: m_z just below the pinning field", {"x", "m"},
         "", profiles);
}

}  // namespace
}  // namespace kubomag::test
