// m and psi moving together (docs/physics-texture.md): energy, charge, symmetry, order in time.
#include <cstring>

#include "khat/local_charge.hpp"
#include "support/backends.hpp"
#include "support/local_film.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;
using constants::pi;
using testing::sine_signal;

const HandMadeSurface surface{0.2 * e_abs, 4e5, 0.13 * e_abs, 0.02, 1.4e5, 2e-9};
constexpr double alpha = 0.01, rate_c = 2e11;

class TextureCoupling : public OnEveryBackend {
 protected:
  void SetUp() override {
    OnEveryBackend::SetUp();
    if (single()) GTEST_SKIP() << "balances need double precision";
  }
};
KUBOMAG_ON_EVERY_BACKEND(TextureCoupling);

/// A texture in exchange, anisotropy and a field, driven by a grating of frequency 50 GHz; walls
/// across x, periodic along y.
Problem driven_texture() {
  Problem p = film_on(surface, {14, 10, 6e-9, 5e-9, 2e-9, false, true});
  p.material.set("Aex", 4e-12), p.material.set("Ku1", 3e4), p.material.set("alpha", alpha);
  p.B_ext = {constant_field({0.15, -0.1, 0.12})};
  const double k = 2 * pi / p.grid.size_y();
  p.m = texture(p.grid, [=](double x, double y) {
    return Vec3<double>{0.5 + std::sin(4e7 * x), std::cos(k * y), 0.7 + 0.6 * std::sin(k * y)};
  });
  make_local(p, surface);
  p.diffusion.rate_c = rate_c;
  p.drive.separable = {drive_of(
      [k](double x, double y) {
        return Vec2<double>{2e6 * std::cos(3e7 * x + 0.5), 1e6 * std::sin(k * y)};
      },
      sine_signal(3e11, 0.3, -INFINITY))};
  return p;
}

/// Ms V alpha |dm/dt|^2 / gamma and e2_nu psi^2 / tau_c, summed over the film [W].
double other_losses(Engine& film, const Problem& p) {
  const auto torque = film.quantity("torque"), psi = film.quantity("psi");
  double intrinsic = 0, leak = 0;
  for (std::size_t i = 0; i < p.grid.cells(); ++i) {
    const Vec3<double> T = at(torque, p.grid, i);
    intrinsic += dot(T, T);
    leak += psi[i] * psi[i];
  }
  const double area = p.grid.dx * p.grid.dy;
  return alpha * p.GammaLL * surface.moment() * area * intrinsic +
         e2_nu(surface) * area * rate_c * leak;
}

struct Balance {
  double error, joule, drive, loss;
};

/// d/dt (E_total + E_psi) against P_drive - P_Joule - the other losses, relative to P_Joule.
Balance balance(Problem p, const OnEveryBackend&, const Target& target) {
  const double h = p.integrator.FixDt = 1e-14;
  const auto film = make_engine_on(target, p);
  take_steps(*film, h, 40);
  std::vector<double> energy;
  Balance out{};
  for (int i = 0; i < 5; ++i) {
    const auto all = film->observables();
    energy.push_back(observable(all, "E_total") + observable(all, "E_psi"));
    if (i == 2)
      out = {0, observable(all, "P_Joule"), observable(all, "P_drive"), other_losses(*film, p)};
    film->step(film->time() + h);
  }
  const double slope = (8 * (energy[3] - energy[1]) - (energy[4] - energy[0])) / (12 * h);
  out.error = (slope - (out.drive - out.joule - out.loss)) / out.joule;
  return out;
}

Problem with_flipped(Problem p, ScalarMap DiracSurface::*part) {
  ScalarMap& map = *p.surface.*part;
  map = ScalarMap(-map(0));
  return p;
}
Problem with_flipped(Problem p, ScalarMap LocalCharge::*part) {
  ScalarMap& map = *p.diffusion.local.*part;
  map = ScalarMap(-map(0));
  return p;
}

// dL/dt = -int sigma_0 |E'|^2 - intrinsic damping - leak + int J.E with L = film + e2_nu psi^2 / 2.
// It is exact on the grid; 1e-5 is what steps of 10 fs leave.
TEST_P(TextureCoupling, EnergyIsBalanced) {
  const Balance right = balance(driven_texture(), *this, GetParam());
  EXPECT_LT(std::abs(right.error), 1e-5);
  EXPECT_GT(right.joule, 0);
  EXPECT_GT(std::abs(right.drive), 0.1 * right.joule);
  EXPECT_GT(right.loss, 0.01 * right.joule);
}

TEST_P(TextureCoupling, EverySignOfTheCouplingIsNeededForTheBalance) {
  const Problem p = driven_texture();
  for (const Problem& wrong :
       {with_flipped(p, &LocalCharge::emf), with_flipped(p, &LocalCharge::pumped),
        with_flipped(p, &DiracSurface::B_diff_per_psi), with_flipped(p, &DiracSurface::B_FL_per_E)})
    EXPECT_GT(std::abs(balance(wrong, *this, GetParam()).error), 1e-3);
  Problem doubled = p;  // the factor 2 of the printed damping
  doubled.surface->c0 = 2 * p.surface->c0(0);
  EXPECT_GT(std::abs(balance(doubled, *this, GetParam()).error), 1e-3);
}

// The gate's answer to the charge is part of E_psi.
TEST_P(TextureCoupling, EnergyIsBalancedWithAGate) {
  Problem p = driven_texture();
  p.diffusion.screening = Screening{e2_nu(surface), 4 * constants::epsilon_0, 20e-9};
  p.diffusion.rate_c = 0;
  const double h = p.integrator.FixDt = 1e-14;
  const auto film = engine(p);
  take_steps(*film, h, 40);
  std::vector<double> energy;
  double expected = 0, joule = 0;
  for (int i = 0; i < 5; ++i) {
    const auto all = film->observables();
    energy.push_back(observable(all, "E_total") + observable(all, "E_psi"));
    if (i == 2) {
      const auto torque = film->quantity("torque");
      double squares = 0;
      for (double T : torque) squares += T * T;
      joule = observable(all, "P_Joule");
      expected = observable(all, "P_drive") - joule -
                 alpha * p.GammaLL * surface.Ms * p.grid.cell_volume() * squares;
    }
    film->step(film->time() + h);
  }
  const double slope = (8 * (energy[3] - energy[1]) - (energy[4] - energy[0])) / (12 * h);
  EXPECT_NEAR(slope, expected, 1e-5 * joule);
}

// A closed film, electrons that vary: the sum of e2_nu psi - pumped mz^2 / 2 stays.
TEST_P(TextureCoupling, ChargeIsConserved) {
  Problem p = driven_texture();
  p.grid.periodic_y = false, p.diffusion.edge_y = Edge::no_flux;
  p.diffusion.rate_c = 0;
  std::vector<double> eps(p.grid.cells());
  for (std::size_t i = 0; i < eps.size(); ++i)
    eps[i] = surface.eps * (1 + 0.2 * std::sin(0.7 * static_cast<double>(i)));
  DiracMaps maps = maps_of(surface);
  maps.fermi_energy = ScalarMap(eps);
  p.surface = dirac_surface(maps, surface.thickness, surface.gamma, {});
  p.diffusion.local = local_charge(maps, {});
  const auto film = engine(p);
  const auto charge = [&](bool absolute) {
    const auto psi = film->quantity("psi"), m = film->m();
    double sum = 0;
    for (std::size_t i = 0; i < p.grid.cells(); ++i) {
      const double mz = m[2 * p.grid.cells() + i];
      const double Q = p.diffusion.local->e2_nu(i) * psi[i];
      const double pumped_charge = 0.5 * p.diffusion.local->pumped(i) * mz * mz;
      sum += absolute ? std::abs(Q) + pumped_charge : Q - pumped_charge;
    }
    return sum;
  };
  const double first = charge(false), first_psi = film->quantity("psi")[3];
  run_to(*film, 3e-12);
  EXPECT_NEAR(charge(false), first, 1e-12 * charge(true));
  EXPECT_GT(std::abs(film->quantity("psi")[3] - first_psi), 1e-4);
}

/// psi and m at time t with fixed steps.
std::vector<double> state_after(Problem p, const Target& target, double t, int steps) {
  p.integrator.FixDt = t / steps;
  const auto film = make_engine_on(target, p);
  take_steps(*film, t / steps, steps);
  std::vector<double> state = film->m();
  for (double psi : film->quantity("psi")) state.push_back(psi / 2e-3);  // about 1, as m
  return state;
}

// Frequency and fields are such that m turns by a fifth of a radian.
TEST_P(TextureCoupling, StepsAreOfSecondOrder) {
  const double t = 1.2e-12;
  const auto a = state_after(driven_texture(), GetParam(), t, 24);
  const auto b = state_after(driven_texture(), GetParam(), t, 48);
  const auto c = state_after(driven_texture(), GetParam(), t, 96);
  EXPECT_NEAR(relative_difference(a, b) / relative_difference(b, c), 4, 0.8);
  EXPECT_LT(relative_difference(b, c), 1e-3);
}

// The adaptive step keeps the error per step that was asked for.
TEST_P(TextureCoupling, AdaptiveStepsReachTheSameState) {
  const double t = 1.2e-12;
  // by the CPU: the host waits for a GPU many times in each of these steps
  const auto expected = state_after(driven_texture(), {"cpu", Precision::double_precision}, t, 800);
  Problem p = driven_texture();
  p.integrator.MaxErr = 1e-6;
  const auto film = engine(p);
  run_to(*film, t);
  auto m = film->m(), expected_m = expected;
  expected_m.resize(m.size());
  EXPECT_LT(relative_difference(m, expected_m), 2e-4);
}

/// The problem turned by 90 degrees, x to y.
Problem turned(const Problem& p) {
  Problem q = p;
  q.grid = {p.grid.ny, p.grid.nx,         p.grid.dy,        p.grid.dx,
            p.grid.dz, p.grid.periodic_y, p.grid.periodic_x};
  std::swap(q.diffusion.edge_x, q.diffusion.edge_y);
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix) {
      const Vec3<double> m = at(p.m, p.grid, p.grid.index(ix, iy));
      const std::size_t i = q.grid.index(p.grid.ny - 1 - iy, ix), n = q.grid.cells();
      q.m[i] = -m.y, q.m[n + i] = m.x, q.m[2 * n + i] = m.z;
    }
  const Vec3<double> B = p.B_ext[0].value;
  q.B_ext[0].value = {-B.y, B.x, B.z};
  q.drive.separable[0].E = [E = p.drive.separable[0].E](double x, double y) {
    const Vec2<double> before = E(y, -x);
    return Vec2<double>{-before.y, before.x};
  };
  return q;
}

TEST_P(TextureCoupling, ATurnedFilmDoesTheSame) {
  Problem p = driven_texture();
  p.integrator.FixDt = 2e-14;
  const Problem q = turned(p);
  const auto film = engine(p), other = engine(q);
  take_steps(*film, 2e-14, 50), take_steps(*other, 2e-14, 50);
  const auto psi = film->quantity("psi"), theirs = other->quantity("psi");
  std::vector<double> back(psi.size());
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix)
      back[p.grid.index(ix, iy)] = theirs[q.grid.index(p.grid.ny - 1 - iy, ix)];
  EXPECT_LT(relative_difference(back, psi), 1e-8);
  EXPECT_NEAR(observable(other->observables(), "mx"), -observable(film->observables(), "my"), 1e-9);
}

// The plane x = 0: m and B are axial, E is polar; sigma_H changes sign with mz.
TEST_P(TextureCoupling, AMirroredFilmDoesTheSame) {
  Problem p = driven_texture();
  p.integrator.FixDt = 2e-14;
  Problem q = p;
  const std::size_t n = p.grid.cells();
  const auto mirrored = [&](std::size_t i) {
    return i - i % p.grid.nx + (p.grid.nx - 1 - i % p.grid.nx);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const Vec3<double> m = at(p.m, p.grid, mirrored(i));
    q.m[i] = m.x, q.m[n + i] = -m.y, q.m[2 * n + i] = -m.z;
  }
  const Vec3<double> B = p.B_ext[0].value;
  q.B_ext[0].value = {B.x, -B.y, -B.z};
  q.drive.separable[0].E = [E = p.drive.separable[0].E](double x, double y) {
    const Vec2<double> before = E(-x, y);
    return Vec2<double>{-before.x, before.y};
  };
  const auto film = engine(p), other = engine(q);
  take_steps(*film, 2e-14, 50), take_steps(*other, 2e-14, 50);
  const auto psi = film->quantity("psi"), theirs = other->quantity("psi");
  std::vector<double> back(n);
  for (std::size_t i = 0; i < n; ++i) back[i] = theirs[mirrored(i)];
  EXPECT_LT(relative_difference(back, psi), 1e-8);
  EXPECT_NEAR(observable(other->observables(), "mz"), -observable(film->observables(), "mz"), 1e-9);
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

class TextureBits : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(TextureBits);

TEST_P(TextureBits, ThreadsDoNotChangeABit) {
  Problem p = driven_texture();
  p.integrator.FixDt = 2e-14;
  const auto expected = engine(p, 1);
  take_steps(*expected, 2e-14, 4);
  for (const int threads : {2, 3}) {
    const auto film = engine(p, threads);
    take_steps(*film, 2e-14, 4);
    EXPECT_TRUE(same_bits(film->m(), expected->m())) << threads << " threads";
    EXPECT_TRUE(same_bits(film->quantity("psi"), expected->quantity("psi")));
    EXPECT_EQ(observable(film->observables(), "P_Joule"),
              observable(expected->observables(), "P_Joule"));
  }
}

TEST_P(TextureBits, ACheckpointContinuesBitByBit) {
  Problem p = driven_texture();
  p.integrator.MaxErr = tolerance(1e-6, 1e-4);
  p.diffusion.screening = Screening{e2_nu(surface), 4 * constants::epsilon_0, 20e-9};
  p.drive.separable.push_back(
      drive_of(p.drive.separable[0].E, testing::step_signal(0.2e-12)));  // a kink on the way
  for (const double stop : {0.0, 0.11e-12, 0.2e-12, 0.31e-12}) {
    const auto film = engine(p), continued = engine(p);
    run_to(*film, stop);
    continued->restore(film->checkpoint());
    run_to(*film, 0.4e-12), run_to(*continued, 0.4e-12);
    EXPECT_TRUE(same_bits(film->m(), continued->m())) << stop;
    EXPECT_TRUE(same_bits(film->quantity("psi"), continued->quantity("psi"))) << stop;
  }
}

// A GPU iterates psi in a graph; without graphs the host does, by the same passes.
TEST_P(TextureBits, GraphsDoNotChangeABit) {
  for (const bool screened : {false, true}) {
    Problem p = driven_texture();
    p.integrator.MaxErr = tolerance(1e-6, 1e-4);
    if (screened)
      p.diffusion.screening = Screening{e2_nu(surface), 4 * constants::epsilon_0, 20e-9};
    const auto with = engine(p);
    setenv("KUBOMAG_CUDA_GRAPHS", "off", 1);
    const auto without = engine(p);
    unsetenv("KUBOMAG_CUDA_GRAPHS");
    for (int step = 0; step < 6; ++step) with->step(1), without->step(1);
    EXPECT_TRUE(with->checkpoint() == without->checkpoint());
    EXPECT_GE(observable(with->observables(), "psi_iterations"), 4);
  }
}

// Single precision follows double.
TEST_P(TextureBits, BothPrecisionsAgree) {
  Problem p = driven_texture();
  p.integrator.FixDt = 2e-14;
  const auto film = engine(p);
  const auto expected = make_engine(p, {"cpu", Precision::double_precision, 1});
  take_steps(*film, 2e-14, 30), take_steps(*expected, 2e-14, 30);
  EXPECT_LT(relative_difference(film->m(), expected->m()), tolerance(1e-9, 1e-4));
  EXPECT_LT(relative_difference(film->quantity("psi"), expected->quantity("psi")),
            tolerance(1e-8, 1e-3));
}

}  // namespace
}  // namespace kubomag::test
