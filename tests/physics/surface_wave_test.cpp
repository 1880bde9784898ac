// A film of uniform m under a travelling wave of E: the diffusive torque of Sokolewicz 2018 (14) in
// every cell, and the field-like torque of the full current, conduction and diffusion.
//   E = E0 cos(w t - q s),  lambda = D q^2 + 1/tau_c
//   psi = D q E0 Im{e^{-iqs} (e^{iwt} - e^{-lambda t}) / (lambda + iw)}   switched on at t = 0
//   E'  = E0 Re{e^{-iqs} [e^{iwt} - D q^2 (e^{iwt} - e^{-lambda t}) / (lambda + iw)]}
// the transient absent in the steady state, where E' = E0 (iw + 1/tau_c) / (iw + lambda).
#include <complex>

#include "setup/gate.hpp"
#include "support/backends.hpp"
#include "support/dirac_film.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;
using constants::pi;

const HandMadeSurface surface{0.2 * e_abs, 5e5, 0.1 * e_abs, 0.02, 1.4e5, 5e-9};
constexpr double wavelength = 1e-6, E0 = 1e5, frequency = 7e9, rate_c = 2e10, mz_reference = 0.7;

/// A wave along x or y, forwards or backwards.
struct Wave {
  bool along_y;
  double sign;

  double q() const { return sign * 2 * pi / wavelength; }
  double omega() const { return 2 * pi * frequency; }
  double lambda() const { return surface.D(mz_reference) * q() * q() + rate_c; }

  struct Values {
    double psi, E_prime;  // [V], [V/m], E' along s
  };
  Values at(double s, double t, bool switched_on) const {
    using namespace std::complex_literals;
    const double D = surface.D(mz_reference);
    const auto wave = std::exp(1i * omega() * t);
    const auto transient = switched_on ? std::exp(-lambda() * t) : 0.0;
    const auto moved = std::exp(-1i * q() * s) * (wave - transient) / (lambda() + 1i * omega());
    return {D * q() * E0 * moved.imag(),
            E0 * (std::cos(omega() * t - q() * s) - D * q() * q() * moved.real())};
  }
};

const Wave waves[] = {{false, 1}, {false, -1}, {true, 1}, {true, -1}};

Problem film_under(const Wave& wave, double start, double mz, const SurfaceParts& parts = {}) {
  const double d = wavelength / 40;
  Grid grid{wave.along_y ? 4 : 40, wave.along_y ? 40 : 4, d, d, 0, true, true};
  Problem p = film_on(surface, grid, parts);
  p.m = uniform(p.grid, tilted(mz));
  p.diffusion.D = surface.D(mz_reference), p.diffusion.rate_c = rate_c;
  GateSpec gate;
  gate.kind = GateSpec::Kind::travelling_wave;
  gate.period = wave.sign * wavelength, gate.amplitude = E0, gate.frequency = frequency;
  gate.direction = wave.along_y ? pi / 2 : 0, gate.start = start;
  for (GateField& field : make_gate(gate)) p.drive.separable.push_back(std::move(field.drive));
  return p;
}

double along(const Wave& wave, const Grid& grid, std::size_t cell) {
  const int ix = static_cast<int>(cell) % grid.nx, iy = static_cast<int>(cell) / grid.nx;
  return wave.along_y ? grid.y(iy) : grid.x(ix);
}

/// Largest difference of the film's quantity from `expected(psi, Ex, Ey)` of every cell.
template <class F>
double worst_deviation(Engine& film, const Problem& p, const Wave& wave, const char* name, double t,
                       bool switched_on, F expected) {
  film.set_time(t);
  const auto got = film.quantity(name);
  double worst = 0;
  for (std::size_t i = 0; i < p.grid.cells(); ++i) {
    const auto [psi, E] = wave.at(along(wave, p.grid, i), t, switched_on);
    const Vec3<double> e = wave.along_y ? expected(psi, 0.0, E) : expected(psi, E, 0.0);
    worst = std::max(worst, norm(at(got, p.grid, i) - e));
  }
  return worst;
}

class SurfaceWave : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SurfaceWave);

/// Checks B_diff and B_FL at time t.
void expect_fields(Engine& film, const Problem& p, const Wave& wave, double mz, double t,
                   bool switched_on, double tolerance) {
  const auto B_diff = [&](double psi, double, double) { return surface.B_diff(mz, psi); };
  const auto B_FL = [&](double, double Ex, double Ey) {
    return surface.B_FL(surface.J(mz, Ex, Ey));
  };
  const double largest_diff = norm(surface.B_diff(mz, E0 / std::abs(wave.q())));
  const double largest_FL = norm(surface.B_FL(surface.J(mz, E0, 0)));
  EXPECT_LT(worst_deviation(film, p, wave, "B_diff", t, switched_on, B_diff),
            tolerance * largest_diff)
      << "q = " << wave.q() << ", mz = " << mz << ", t = " << t;
  EXPECT_LT(worst_deviation(film, p, wave, "B_FL", t, switched_on, B_FL), tolerance * largest_FL)
      << "q = " << wave.q() << ", mz = " << mz << ", t = " << t;
}

TEST_P(SurfaceWave, SteadyFieldsInEveryCell) {
  for (const Wave& wave : waves)
    for (const double mz : {0.8, -0.35}) {
      const Problem p = film_under(wave, -std::numeric_limits<double>::infinity(), mz);
      const auto film = engine(p);
      for (const double t : {0.0, 23e-12, 1.03e-9})
        expect_fields(*film, p, wave, mz, t, false, tolerance(1e-10, 2e-6));
    }
}

TEST_P(SurfaceWave, FieldsWhileItIsSwitchedOnAndLongAfter) {
  for (const Wave& wave : waves) {
    const double mz = 0.6;
    const Problem p = film_under(wave, 0, mz);
    const auto film = engine(p);
    for (const double t : {0.4e-12, 2e-12, 11e-12, 0.6e-9})
      expect_fields(*film, p, wave, mz, t, true, tolerance(1e-10, 2e-6));
  }
}

// With this term alone dm/dt = +f(x, t) m x m_z z, f = |eta| psi.
TEST_P(SurfaceWave, DiffusiveTorqueAlone) {
  const SurfaceParts diffusive_only{HallParts::full, false, true, false};
  for (const Wave& wave : waves)
    for (const double mz : {0.8, -0.35}) {
      const Problem p = film_under(wave, 0, mz, diffusive_only);
      const Vec3<double> m = tilted(mz);
      const double eta_over_gamma = e_abs * surface.c0() / (constants::hbar * surface.gamma);
      const auto torque = [&](double psi, double, double) {
        return (eta_over_gamma * psi) * cross(m, Vec3<double>{0, 0, mz});
      };
      const double largest_torque = norm(torque(E0 / std::abs(wave.q()), 0, 0));
      for (const double t : {3e-12, 0.6e-9})
        EXPECT_LT(worst_deviation(*engine(p), p, wave, "torque", t, true, torque),
                  tolerance(1e-10, 2e-6) * largest_torque);
    }
}

// The diffusion current nearly cancels the conduction current: without leak |E'/E| = w/|iw + Dq^2|.
TEST_P(SurfaceWave, DiffusionCurrentSuppressesTheFieldLikeTorque) {
  const Wave wave = waves[0];
  Problem p = film_under(wave, -std::numeric_limits<double>::infinity(), 0.8);
  p.diffusion.rate_c = 0;
  const auto B = engine(p)->quantity("B_FL");
  const std::vector<double> By(B.begin() + static_cast<std::ptrdiff_t>(p.grid.cells()),
                               B.begin() + static_cast<std::ptrdiff_t>(2 * p.grid.cells()));
  const double Dq2 = surface.D(mz_reference) * wave.q() * wave.q();
  const double uniform_field = std::abs(surface.B_FL(surface.J(0.8, E0, 0)).y);
  // 40 cells to the wave: the largest sample is within 1 - cos(pi/40) of the amplitude
  EXPECT_NEAR(largest(By) / uniform_field, wave.omega() / std::hypot(wave.omega(), Dq2), 6e-4);
  EXPECT_LT(largest(By), 0.2 * uniform_field);
}

}  // namespace
}  // namespace kubomag::test
