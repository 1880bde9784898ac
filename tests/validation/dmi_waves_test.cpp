// Spin waves in a film with interfacial DMI: the dynamics problem of Cortes-Ortuno et al., New J.
// Phys. 20, 113015 (2018): 1 nm of permalloy with D = -3 mJ/m2 in 0.4 T along y. Here the film is
// infinite, so that the linearised equation of motion is solved by
//   w = gamma [sqrt((B + J + B_s (1 - F)) (B + J + B_s F)) - (2 D/Ms) sin(kh)/h],
//   J = (2 A/Ms) (2 sin(kh/2)/h)^2,  F = (1 - exp(-|k| t))/(|k| t):
// waves along +x and -x have different frequencies.
#include "analysis/field_spectrum.hpp"
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double pi = constants::pi, Ms = 8.6e5, Aex = 1.3e-11, D = -3e-3, B_y = 0.4;
constexpr double h = 2e-9, thickness = 1e-9, B_s = constants::mu_0 * Ms;
constexpr int cells = 250;

double frequency(double k) {
  const double k_exchange = 2 * std::sin(k * h / 2) / h, kt = std::abs(k) * thickness;
  const double stiff = B_y + 2 * Aex / Ms * k_exchange * k_exchange;
  const double F = kt > 0 ? -std::expm1(-kt) / kt : 1;
  return constants::GammaLL / (2 * pi) *
         (std::sqrt((stiff + B_s * (1 - F)) * (stiff + B_s * F)) -
          2 * D / Ms * std::sin(k * h) / h);
}

class DmiWaves : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(DmiWaves);

// 0.1 GHz: a fifth of a bin of the 2 ns.
TEST_P(DmiWaves, RunFasterOneWay) {
  Problem p = plain_film(cells, 1, h, h, thickness);
  p.grid.periodic_x = p.grid.periodic_y = true;
  p.demag.enabled = true;
  p.material.set("Msat", Ms);
  p.material.set("Aex", Aex);
  p.material.set("Dind", D);
  p.B_ext = {{"", {0, B_y, 0}, {}, Signal::constant()}};
  p.integrator.scheme = Scheme::bogacki_shampine;
  p.m = texture(p.grid, [](double x, double) {  // all waves at once
    return Vec3<double>{0.02 * std::exp(-x * x / (2 * 64e-18)), 1, 0};
  });
  const auto film = engine(p);
  FieldSeries series{cells, 1, h, h, 2.5e-12, {}};
  for (int i = 0; i <= 800; ++i) {
    run_to(*film, i * series.interval);
    const auto m = film->m();
    series.frames.emplace_back(m.begin(), m.begin() + cells);
  }
  const auto modes =
      strongest_modes(dispersion_map(series, Axis::x, 0, 0, {}, SpectralWindow::none));
  const double step = 2 * pi / (cells * h);
  Series ours{"kubomag", {}, {}, true}, theory{"theory", {}, {}};
  for (int j = -10; j <= 10; ++j) {
    const double k = j * step;
    theory.x.push_back(k), theory.y.push_back(frequency(k));
    ours.x.push_back(k), ours.y.push_back(modes[static_cast<std::size_t>(cells / 2 + j)].frequency);
  }
  for (const int j : {-8, -4, -2, 2, 4, 8}) {
    const auto i = static_cast<std::size_t>(10 + j);
    record({"waves in a film with DMI",
            "f at k = " + std::to_string(std::lround(ours.x[i] * 1e-6)) + " rad/um",
            1e-9 * theory.y[i], 0.1, "linearised equation of motion; Cortes-Ortuno 2018", "GHz"},
           1e-9 * ours.y[i]);
  }
  if (!single())
    plot("dmi_waves", "Waves in a film with DMI", {"k", "rad/m"}, "Hz", {theory, ours});
}

}  // namespace
}  // namespace kubomag::test
