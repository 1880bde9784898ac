// What a film at a temperature must reach whatever its damping: Boltzmann's distribution of single
// moments, equal shares of the spin waves, and the temperature that its own fields show. Tolerances
// are four standard errors.
#include <array>

#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/stepped_noise.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double k_B = constants::k_B;

Problem warm_film(int n, double cell, double T, double alpha, double dt) {
  Problem p = plain_film(n, n, cell, cell, cell);
  p.grid.periodic_x = p.grid.periodic_y = true;
  p.material.set("Temp", T);
  p.material.set("alpha", alpha);
  p.integrator.scheme = Scheme::heun;
  p.integrator.FixDt = dt;
  return p;
}

struct Mean {
  double sum = 0, squares = 0;
  int count = 0;
  void add(double value) { sum += value, squares += value * value, ++count; }
  double value() const { return sum / count; }
  double error() const {
    return std::sqrt((squares / count - value() * value()) / std::max(1, count - 1));
  }
};

/// Averages over the cells of what `of` makes of m, at `samples` times.
template <class Of>
Mean sample(Engine& film, const Grid& grid, double begin, double interval, int samples, Of of) {
  Mean mean;
  for (int s = 0; s < samples; ++s) {
    run_to(film, begin + s * interval);
    const auto m = film.m();
    double average = 0;
    for (std::size_t i = 0; i < grid.cells(); ++i) average += of(at(m, grid, i));
    mean.add(average / static_cast<double>(grid.cells()));
  }
  return mean;
}

/// <m_z^2> for the energy -K V m_z^2, kappa = K V/(k_B T), Simpson's rule.
double boltzmann_uniaxial(double kappa) {
  double weight = 0, moment = 0;
  constexpr int n = 200;
  for (int i = 0; i <= n; ++i) {
    const double z = static_cast<double>(i) / n, simpson = i == 0 || i == n ? 1 : 2 + 2 * (i % 2);
    weight += simpson * std::exp(kappa * z * z);
    moment += simpson * z * z * std::exp(kappa * z * z);
  }
  return moment / weight;
}

/// How often m_z was in each of 20 intervals, against the density exp(kappa m_z^2).
class Histogram {
 public:
  void add(double z) {
    ++counts_[std::min<std::size_t>(19, static_cast<std::size_t>(10 * (z + 1)))];
    ++all_;
  }
  std::vector<Series> against(double kappa) const {
    Series ours{"kubomag", {}, {}, true}, theory{"Boltzmann", {}, {}};
    double norm = 0;
    for (int i = 0; i < 2000; ++i) norm += 1e-3 * std::exp(kappa * std::pow(1e-3 * i - 0.9995, 2));
    for (std::size_t k = 0; k < counts_.size(); ++k) {
      ours.x.push_back(0.1 * static_cast<double>(k) - 0.95);
      ours.y.push_back(10.0 * counts_[k] / all_);
    }
    for (double z = -1; z < 1.01; z += 0.05)
      theory.x.push_back(z), theory.y.push_back(std::exp(kappa * z * z) / norm);
    return {theory, ours};
  }

 private:
  std::array<int, 20> counts_{};
  int all_ = 0;
};

class ThermalEquilibrium : public OnEveryBackend {
 protected:
  void expect_boltzmann(double alpha) const {
    constexpr double T = 300, kappa = 1, cell = 2.2e-9;
    const double K = kappa * k_B * T / (cell * cell * cell);
    const double time_constant =  // 1/D of the diffusion on the sphere
        8e5 * cell * cell * cell * (1 + alpha * alpha) / (alpha * constants::GammaLL * k_B * T);
    Problem p = warm_film(32, cell, T, alpha, std::min(time_constant / 400, 50e-15));
    p.material.set("Ku1", K);
    const auto film = engine(p);
    Histogram histogram;
    const Mean mean =
        sample(*film, p.grid, 2 * time_constant, 0.5 * time_constant, 8, [&](Vec3<double> m) {
          histogram.add(m.z);
          return m.z * m.z;
        });
    std::string damping = std::to_string(alpha);
    damping.resize(3);
    record({"moments with an easy axis, K V = k_B T", "<m_z^2>, alpha = " + damping,
            boltzmann_uniaxial(kappa), 4 * mean.error(), "Boltzmann"},
           mean.value());
    EXPECT_LT(mean.error(), 0.01);
    if (!single() && alpha == 1)
      plot("boltzmann", "Moments with an easy axis, K V = k_B T: density of m_z", {"m_z", ""}, "",
           histogram.against(kappa));
  }
};
KUBOMAG_ON_EVERY_BACKEND(ThermalEquilibrium);

TEST_P(ThermalEquilibrium, MomentsWithAnEasyAxisFollowBoltzmann) { expect_boltzmann(1); }

TEST_P(ThermalEquilibrium, SlowMomentsOfLittleDampingFollowBoltzmann) { expect_boltzmann(0.2); }

// A thermal field that is constant over the step makes averages too large in first order of the
// step. How much is known exactly (support/stepped_noise.hpp); at 4.2 ps it is 6 and 10 standard
// errors, so that Boltzmann's value itself fails here.
TEST_P(ThermalEquilibrium, StepsOfAGivenLengthHaveTheBiasOfTheory) {
  constexpr double T = 300, cell = 4e-9, x = 1.85, step = 0.08;
  const double B_T = k_B * T / (8e5 * cell * cell * cell);  // k_B T/(Ms V) [T]
  for (const double alpha : {0.3, 1.0}) {
    Problem p = warm_film(128, cell, T, alpha, step / (constants::GammaLL * B_T));
    p.integrator.scheme = Scheme::dormand_prince;
    p.B_ext = {{"", {0, 0, x * B_T}, {}, Signal::constant()}};
    const auto film = engine(p);
    const double decay = (1 + alpha * alpha) / (2 * alpha * constants::GammaLL * B_T);
    const Mean mean =
        sample(*film, p.grid, 5 * decay, 1.5 * decay, 12, [](Vec3<double> m) { return m.z; });
    std::string damping = std::to_string(alpha);
    damping.resize(3);
    const std::string problem = "moments in a field, Ms V B = 1.85 k_B T, alpha = " + damping;
    record({problem, "<m_z> at steps of 0.08 Ms V/(gamma k_B T)",
            mean_of_stepped_moments(x, alpha, step), 4 * mean.error(),
            "noise constant over a step, exact"},
           mean.value());
    EXPECT_GT(mean.value() - (1 / std::tanh(x) - 1 / x), 4 * mean.error());
  }
  record({"moments in a field, Ms V B = 1.85 k_B T", "<m_z> of the theory for steps towards 0",
          1 / std::tanh(x) - 1 / x, 1e-5, "coth x - 1/x, Langevin"},
         mean_of_stepped_moments(x, 0.3, 1e-4));
}

// Waves in a field B: <|m_q|^2> = k_B T/(Ms V (B + J_q)) per component, V the film's volume;
// J_q of the grid. Summed over q this is <m_x^2 + m_y^2>, here 0.9 %.
TEST_P(ThermalEquilibrium, SpinWavesShareTheEnergyEqually) {
  constexpr double T = 20, B = 1, cell = 4e-9, Aex = 4e-12;
  Problem p = warm_film(32, cell, T, 0.5, 50e-15);
  p.material.set("Aex", Aex);
  p.B_ext = {{"", {0, 0, B}, {}, Signal::constant()}};
  double share = 0;
  for (int a = 0; a < 32; ++a)
    for (int b = 0; b < 32; ++b) {
      const double sx = std::sin(constants::pi * a / 32), sy = std::sin(constants::pi * b / 32);
      share += 1 / (B + 2 * Aex / 8e5 * 4 / (cell * cell) * (sx * sx + sy * sy)) / 1024;
    }
  const double expected = 2 * k_B * T / (8e5 * cell * cell * cell) * share;
  EXPECT_LT(expected, 0.02);  // beyond, the waves are not independent
  const auto film = engine(p);
  const Mean mean = sample(*film, p.grid, 40e-12, 10e-12, 16,
                           [](Vec3<double> m) { return m.x * m.x + m.y * m.y; });
  record({"spin waves of a warm film", "<m_x^2 + m_y^2>", expected,
          4 * mean.error() + expected * expected, "equipartition"},
         mean.value());
  EXPECT_LT(mean.error(), 0.02 * expected);
}

// mumax3, test/thermometer.go: T = (Ms V/(2 k_B)) <sum |m x B|^2>/<sum m.B> (Ma et al., Phys. Rev.
// E 82, 031111 (2010)), B without the thermal field; the constant that exchange leaves out of m.B
// is added. A film with perpendicular anisotropy at 177 K.
TEST_P(ThermalEquilibrium, AThermometerShowsTheTemperature) {
  constexpr double T = 177, cell = 4e-9, Aex = 15e-12, Ms = 580e3;
  Problem p = warm_film(32, cell, T, 0.1, 50e-15);
  p.material.set("Msat", Ms);
  p.material.set("Aex", Aex);
  p.material.set("Ku1", 6e5);
  p.demag.enabled = true;
  const auto film = engine(p);
  double torque = 0, along = 0;
  for (int s = 0; s < 25; ++s) {
    run_to(*film, (60 + 4 * s) * 1e-12);
    const auto m = film->m(), B = film->quantity("B_eff");
    for (std::size_t i = 0; i < p.grid.cells(); ++i) {
      const Vec3<double> mi = at(m, p.grid, i), Bi = at(B, p.grid, i);
      torque += dot(cross(mi, Bi), cross(mi, Bi));
      along += dot(mi, Bi) + 8 * Aex / (Ms * cell * cell);
    }
  }
  record({"film with perpendicular anisotropy at 177 K", "temperature of its fields", T, 5,
          "mumax3 test/thermometer, Ma 2010", "K"},
         Ms * cell * cell * cell / (2 * k_B) * torque / along);
}

// mumax3, test/rk4temperature.mx3: moments along their easy axis, 5 ns after they became warm: not
// yet in equilibrium.
TEST_P(ThermalEquilibrium, SlowWarmMomentsOfMumax3) {
  Problem p = warm_film(128, 10e-9, 100, 0.1, 2e-12);
  p.material.set("Msat", 1e6);
  p.material.set("Ku1", 2500);
  p.integrator.scheme = Scheme::rk4;
  const auto film = engine(p);
  run_to(*film, 5e-9);
  const auto m = film->m();
  Mean mz;
  for (std::size_t i = 2 * p.grid.cells(); i < m.size(); ++i) mz.add(m[i]);
  // their 65536 moments, to 1e-3, and our 16384
  record({"moments along their axis, 5 ns at 100 K", "<m_z>", 0.8366, 1e-3 + 4 * mz.error(),
          "mumax3 test/rk4temperature"},
         mz.value());
}

}  // namespace
}  // namespace kubomag::test
