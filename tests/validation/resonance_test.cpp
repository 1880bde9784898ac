// Resonances and spin waves found by `analysis/spectrum` in runs of the solver, against Kittel's
// formula, the exact modes of the discretised film, and the linearised equation of motion.
#include <gmock/gmock.h>

#include <complex>

#include "analysis/field_spectrum.hpp"
#include "support/backends.hpp"
#include "support/columns.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double pi = constants::pi, Ms = 8e5, B_s = constants::mu_0 * Ms;

FieldSource constant_field(Vec3<double> B) { return {"", B, {}, Signal::constant()}; }

/// One component of m, averaged over the film or of every cell, every `interval` up to `end`.
FieldSeries recorded(Engine& film, const Grid& grid, int component, double interval, double end) {
  FieldSeries series{grid.nx, grid.ny, grid.dx, grid.dy, interval, {}};
  const std::size_t n = grid.cells();
  const long count = std::lround(end / interval);
  for (long k = 0; k <= count; ++k) {
    run_to(film, static_cast<double>(k) * interval);
    const auto m = film.m();
    const auto begin = m.begin() + static_cast<std::ptrdiff_t>(n) * component;
    series.frames.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(n));
  }
  return series;
}

std::vector<double> signal_of(const FieldSeries& series, std::size_t cell = 0) {
  std::vector<double> signal;
  for (const auto& frame : series.frames) signal.push_back(frame[cell]);
  return signal;
}

/// The strongest frequency [Hz].
double resonance(const std::vector<double>& signal, double interval) {
  const Spectrum spectrum = make_spectrum(signal, interval, {});
  return find_peaks(spectrum.frequency, spectrum.amplitude).at(0).frequency;
}

class Resonance : public OnEveryBackend {
 protected:
  static void expect_frequency(const std::string& of, double f, double expected) {
    record({of, "resonance", 1e-9 * expected, 1e-4, "Kittel 1948", "GHz"}, 1e-9 * f);
  }
  /// One moment with the film's demagnetising factors, slightly off the field's direction.
  double film_resonance(const Grid& grid, Vec3<double> B, Vec3<double> start, int component) const {
    Problem p = plain_film(1, 1);
    p.grid = grid;
    p.demag.enabled = true;
    p.B_ext = {constant_field(B)};
    p.integrator.MaxErr = tolerance(1e-9, 1e-6);
    p.m = {start.x, start.y, start.z};
    const auto film = engine(p);
    return resonance(signal_of(recorded(*film, grid, component, 10e-12, 10e-9)), 10e-12);
  }
};
KUBOMAG_ON_EVERY_BACKEND(Resonance);

// Kittel, Phys. Rev. 73, 155 (1948): w = gamma sqrt([B + (Ny - Nx) B_s] [B + (Nz - Nx) B_s]) for a
// field along x. 1e-3 rad off the minimum the frequency is lower by less than 1e-6. The bin is
// 0.1 GHz; 1e-3 of it is 0.1 MHz.
TEST_P(Resonance, InfiniteFilmInThePlane) {
  const Grid film{1, 1, 4e-9, 4e-9, 3e-9, true, true};
  const double f = film_resonance(film, {0.1, 0, 0}, {1, 1e-3, 0}, 1);
  expect_frequency("infinite film in the plane", f,
                   constants::GammaLL / (2 * pi) * std::sqrt(0.1 * (0.1 + B_s)));
}

TEST_P(Resonance, InfiniteFilmOutOfThePlane) {
  const Grid film{1, 1, 4e-9, 4e-9, 3e-9, true, true};
  const double f = film_resonance(film, {0, 0, 1.5}, {1e-3, 0, 1}, 0);
  expect_frequency("infinite film out of the plane", f,
                   constants::GammaLL / (2 * pi) * (1.5 - B_s));
}

TEST_P(Resonance, PrismWithItsOwnDemagnetisingFactors) {
  // 500 x 125 x 3 nm as one cell: N from tests/data/demag/aharoni_prisms.txt (Aharoni 1998)
  const Grid prism{1, 1, 500e-9, 125e-9, 3e-9, false, false};
  const double Nx = 0.0091796703645389627, Ny = 0.038176123052827660, Nz = 0.95264420658263338;
  const double f = film_resonance(prism, {0.05, 0, 0}, {1, 1e-3, 0}, 1);
  const double B_y = 0.05 + (Ny - Nx) * B_s, B_z = 0.05 + (Nz - Nx) * B_s;
  expect_frequency("500 x 125 x 3 nm as one cell", f,
                   constants::GammaLL / (2 * pi) * std::sqrt(B_y * B_z));
}

/// The eigenvalue of the linearised equation of motion of a film in the plane: frequency [rad/s]
/// and decay [1/s] of (1 + alpha^2) s^2 + gamma alpha (B_y + B_z) s + gamma^2 B_y B_z = 0.
std::complex<double> damped_mode(double alpha, double B_y, double B_z) {
  const double a = 1 + alpha * alpha, b = alpha * (B_y + B_z), c = B_y * B_z;
  return constants::GammaLL / (2 * a) *
         (std::complex<double>(-b, 0) + std::sqrt(std::complex<double>(b * b - 4 * a * c, 0)));
}

TEST_P(Resonance, RingsDownAtTheDampedFrequencyAndRate) {
  Problem p = plain_film(1, 1);
  p.grid = {1, 1, 4e-9, 4e-9, 3e-9, true, true};
  p.demag.enabled = true;
  p.material.set("alpha", 0.01);
  p.B_ext = {constant_field({0.1, 0, 0})};
  p.integrator.MaxErr = tolerance(1e-9, 1e-6);
  p.m = {1, 0.01, 0};
  const auto film = engine(p);
  constexpr double dt = 5e-12;
  const std::vector<double> my = signal_of(recorded(*film, p.grid, 1, dt, 2.4e-9));
  // the same window over two parts of an exponential decay: their ratio is free of the window
  constexpr std::ptrdiff_t length = 320, shift = 160;
  const auto part = [&](std::ptrdiff_t begin) {
    const Spectrum spectrum = make_spectrum({my.begin() + begin, my.begin() + begin + length}, dt,
                                            {SpectralWindow::hann, Detrend::mean, 16});
    return find_peaks(spectrum.frequency, spectrum.amplitude).at(0);
  };
  const Peak early = part(0), late = part(shift);
  const std::complex<double> mode = damped_mode(0.01, 0.1, 0.1 + B_s);
  const double rate =
      std::log(early.amplitude / late.amplitude) / (static_cast<double>(shift) * dt);
  const std::string source = "linearised equation of motion";
  record({"ring-down of a film", "rate over the expected", 1, 1e-4, source}, rate / -mode.real());
  record({"ring-down of a film", "frequency over the expected", 1, 2e-5, source},
         late.frequency * 2 * pi / mode.imag());
}

/// A periodic line of cells along x or y without demagnetising field, m along z in 0.1 T.
Problem wave_guide(bool along_x, int cells) {
  Problem p = along_x ? plain_film(cells, 1, 5e-9, 4e-9) : plain_film(1, cells, 4e-9, 5e-9);
  p.grid.periodic_x = p.grid.periodic_y = true;
  p.material.set("Aex", 1.3e-11);
  p.B_ext = {constant_field({0, 0, 0.1})};
  return p;
}

/// w = gamma (B + (2 Aex/Ms) (2 sin(k h/2)/h)^2), exact for the cells' second difference.
double exchange_wave(double k) {
  constexpr double h = 5e-9;
  const double k_eff = 2 * std::sin(0.5 * k * h) / h;
  return constants::GammaLL * (0.1 + 2 * 1.3e-11 / Ms * k_eff * k_eff) / (2 * pi);
}

TEST_P(Resonance, ExchangeWavesHaveTheDispersionOfTheGrid) {
  constexpr int cells = 48;
  const double step = 2 * pi / (cells * 5e-9);
  const int waves[] = {-5, -3, -1, 2, 4, 6};  // each runs towards its own sign of k
  double worst = 0;
  for (const bool along_x : {true, false}) {
    Problem p = wave_guide(along_x, cells);
    p.integrator.MaxErr = tolerance(1e-8, 1e-6);
    // m_x + i m_y = sum of e exp(i (w t - k s)): counter-clockwise about B
    p.m = texture(p.grid, [&](double x, double y) {
      Vec3<double> m{0, 0, 1};
      for (const int j : waves) {
        const double phase = j * step * (along_x ? x : y) + j;
        m.x += 1e-3 * std::cos(phase), m.y -= 1e-3 * std::sin(phase);
      }
      return m;
    });
    const auto film = engine(p);
    const FieldSeries series = recorded(*film, p.grid, 0, 10e-12, 4e-9);
    const DispersionMap map =
        dispersion_map(series, along_x ? Axis::x : Axis::y, 0, 0, {}, SpectralWindow::none);
    const std::vector<Peak> modes = strongest_modes(map);
    for (const int j : waves) {
      const Peak& mode = modes[static_cast<std::size_t>(cells / 2 + j)];
      const Peak& opposite = modes[static_cast<std::size_t>(cells / 2 - j)];
      worst = std::max(worst, std::abs(mode.frequency - exchange_wave(j * step)));
      EXPECT_NEAR(mode.amplitude, 1e-3, tolerance(1e-5, 2e-5)) << j;
      EXPECT_LT(opposite.amplitude, 2e-5) << j;  // what the detrending makes of so few periods
    }
  }
  record({"exchange waves along x and y", "largest error of six frequencies", 0,
          1e-6 * tolerance(2.5e5, 2e6), "gamma (B + (2 Aex/Ms) k_eff^2)", "MHz"},
         1e-6 * worst);
}

/// The standard problem of Baker et al., J. Magn. Magn. Mater. 421, 428 (2017), in 5 nm cells.
Problem resonator(Vec3<double> direction) {
  Problem p = plain_film(24, 24, 5e-9, 5e-9, 10e-9);
  p.GammaLL = 2.210173e5 / constants::mu_0;
  p.material.set("Aex", 1.3e-11);
  p.material.set("alpha", 0.008);
  p.demag.enabled = true;
  p.integrator.scheme = Scheme::bogacki_shampine;
  p.B_ext = {constant_field((constants::mu_0 * 80e3 / norm(direction)) * direction)};
  p.m = texture(p.grid, [=](double, double) { return direction; });
  return p;
}

/// Up to 20 GHz, with the modes that a uniform field drives as points at the axis.
std::vector<Series> spectrum_plot(const Spectrum& spectrum) {
  Series ours{"kubomag", {}, {}};
  for (std::size_t i = 0; i < spectrum.frequency.size() && spectrum.frequency[i] < 20e9; ++i)
    ours.x.push_back(spectrum.frequency[i]), ours.y.push_back(spectrum.amplitude[i]);
  return {ours,
          {"exact modes", {8.25392e9, 11.23523e9, 11.99492e9, 13.83441e9}, {0, 0, 0, 0}, true}};
}

TEST_P(Resonance, StandardProblemHasTheExactModes) {
  // The modes that a uniform field drives, from fmr_eigenfrequencies.txt. 10 MHz: the ring-down
  // is 5 ns long (0.2 GHz a bin), and alpha shifts by less.
  const auto at_first = engine(resonator({1, 0.715, 0}));
  Relax to;
  to.descent = Descent::barzilai_borwein, to.stop_torque = tolerance(1e-8, 1e-5);
  ASSERT_TRUE(at_first->relax(to, {}).converged);
  Problem p = resonator({1, 0.7, 0});
  p.m = at_first->m();
  const auto film = engine(p);
  const FieldSeries series = recorded(*film, p.grid, 1, 5e-12, 5e-9);
  const FieldSpectrum spectrum =
      field_spectrum(series, std::vector<char>(p.grid.cells(), 1), SpectrumOptions{});
  const auto peaks = find_peaks(spectrum.local.frequency, spectrum.local.amplitude, 0.05);
  ASSERT_GE(peaks.size(), 2u);
  const std::string exact = "exact modes of the discrete film";
  record({"resonance problem (Baker 2017)", "first mode", 8.25392, 0.01, exact, "GHz"},
         1e-9 * peaks[0].frequency);
  record({"resonance problem (Baker 2017)", "second mode", 11.23523, 0.03, exact, "GHz"},
         1e-9 * peaks[1].frequency);
  if (!single())
    plot("resonance", "Resonance problem: spectrum of m_y, local, and the exact modes", {"f", "Hz"},
         "", spectrum_plot(spectrum.local));
}

}  // namespace
}  // namespace kubomag::test
