// Spin density, pumped current and single torques of the Dirac surface as outputs: their signs,
// their prefactors, and that they are what the equation of motion is made of.
#include "support/backends.hpp"
#include "support/dirac_film.hpp"
#include "support/film_drive.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;
using constants::hbar;
using constants::pi;

class SurfaceOutputs : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SurfaceOutputs);

const HandMadeSurface electrons{0.2 * e_abs, 5e5, 0.06 * e_abs, 0.03, 3e5, 2e-9};

/// m precesses about B and feels a field and a potential.
Problem film(const HandMadeSurface& s, Vec3<double> m, const SurfaceParts& parts = {}) {
  Problem p = film_on(s, {2, 2, 5e-9, 4e-9, 0, true, true}, parts);
  p.m = uniform(p.grid, m);
  p.material.set("alpha", 0.02);
  p.B_ext = {constant_field({0.3, -0.1, 0.2})};
  p.drive.separable = {{"",
                        [](double, double) {
                          return Vec2<double>{7e4, -3e4};
                        },
                        Signal::constant()}};
  p.drive.psi = {{"", ScalarMap(3e-3), Signal::constant()}};
  return p;
}

Vec3<double> vector(Engine& engine, const char* name, const Grid& grid) {
  const auto field = engine.quantity(name);
  const std::size_t n = grid.cells();
  return {field[0], field[n], field.size() > 2 * n ? field[2 * n] : 0};
}

constexpr Vec3<double> z{0, 0, 1};

// J_pump = (e^2/h)(sigma_0 E_m + sigma_H E_m x z), E_m = (Delta/(e v)) z x dm_par/dt, e = -|e|:
// Ndiaye 2017 (22) corrected, in our helicity. It drives a current along E_m: it costs energy.
TEST_P(SurfaceOutputs, PumpedCurrentFollowsTheMotion) {
  for (const double v : {5e5, -5e5})
    for (const double mz : {0.8, -0.35}) {
      HandMadeSurface s = electrons;
      s.v = v;
      const Problem p = film(s, tilted(mz));
      const auto engine = this->engine(p);
      const Vec3<double> rate = p.GammaLL * vector(*engine, "torque", p.grid);
      const Vec3<double> E_m = (-s.Delta / (e_abs * v)) * cross(z, rate);
      const Vec3<double> J = vector(*engine, "J_pump", p.grid);
      EXPECT_LT(norm(J - s.J(mz, E_m.x, E_m.y)), tolerance(1e-11, 2e-6) * norm(J));
      EXPECT_GT(dot(E_m, J), 0.9 * norm(E_m) * norm(J));
      const Vec3<double> total = vector(*engine, "J_total", p.grid);
      EXPECT_LT(norm(total - vector(*engine, "J", p.grid) - J),
                tolerance(1e-11, 2e-6) * norm(total));
    }
}

TEST_P(SurfaceOutputs, NothingIsPumpedAtRest) {
  Problem p = film(electrons, z);
  p.B_ext = {constant_field({0, 0, 0.3})};
  p.drive = {};
  EXPECT_EQ(norm(vector(*this->engine(p), "J_pump", p.grid)), 0);
}

// s = z x J_total/(e v) in the plane (velocity v sigma x z); s_z = e Delta mz psi/(2 pi hbar^2
// v^2).
TEST_P(SurfaceOutputs, SpinDensityIsThatOfCurrentAndPotential) {
  const double mz = -0.6;
  const Problem p = film(electrons, tilted(mz));
  const auto engine = this->engine(p);
  const Vec3<double> J = vector(*engine, "J_total", p.grid);
  Vec3<double> expected = (-1 / (e_abs * electrons.v)) * cross(z, J);
  expected.z = -e_abs * electrons.Delta * mz * 3e-3 / (2 * pi * std::pow(hbar * electrons.v, 2));
  const Vec3<double> s = vector(*engine, "s", p.grid);
  EXPECT_LT(std::abs(s.z - expected.z), tolerance(1e-11, 2e-6) * std::abs(expected.z));
  EXPECT_LT(norm(s - expected), tolerance(1e-11, 2e-6) * norm(expected));
  // without motion Delta_sd s/(Ms t) is the field on m; the pumped part is the damping
  const double per_spin = electrons.Delta / electrons.moment();
  const Vec3<double> pumped =
      (-1 / (e_abs * electrons.v)) * cross(z, vector(*engine, "J_pump", p.grid));
  const Vec3<double> B = vector(*engine, "B_FL", p.grid) + vector(*engine, "B_diff", p.grid);
  EXPECT_LT(norm(per_spin * (s - pumped) - B), tolerance(1e-10, 2e-5) * norm(B));
  const Vec3<double> damping = vector(*engine, "torque_damping", p.grid);
  const Vec3<double> m = tilted(mz);
  EXPECT_LT(norm(damping - per_spin * cross(pumped, m)), tolerance(1e-10, 2e-5) * norm(damping));
}

// dm/dt = -gamma m x (B_eff + B_FL + B_diff) + alpha m x dm/dt + torque_damping: all of it.
TEST_P(SurfaceOutputs, TorquesAddUpToTheMotion) {
  const Problem p = film(electrons, tilted(0.45));
  const auto engine = this->engine(p);
  const auto at_0 = [&](const char* name) { return vector(*engine, name, p.grid); };
  const Vec3<double> m = tilted(0.45), rate = at_0("torque");
  const Vec3<double> sum = cross(at_0("B_eff"), m) + at_0("torque_FL") + at_0("torque_diff") +
                           at_0("torque_damping") + 0.02 * cross(m, rate);
  EXPECT_LT(norm(sum - rate), tolerance(1e-12, 1e-6) * norm(rate));
  EXPECT_LT(norm(at_0("torque_FL") - cross(at_0("B_FL"), m)), tolerance(1e-12, 1e-6) * norm(rate));
  EXPECT_GT(norm(at_0("torque_damping")), 0);
}

// A_damping_and_units of the reference: alpha' = c0 sigma_0 = 6.49976e-5 for v = 5e5 m/s (helicity
// of Ndiaye 2017), eps = 0.2 eV, Delta = 20 meV, tau = 20 fs, mz = 0.7, Ms = 1e6 A/m, t = 2 nm.
TEST_P(SurfaceOutputs, DampingTorqueOfNdiaye) {
  const double eps = 0.2 * e_abs, disorder = hbar / (2 * pi * 20e-15 * eps);
  const HandMadeSurface s{eps, -5e5, 0.1 * eps, disorder, 1e6, 2e-9};
  Problem p = film(s, tilted(0.7), {HallParts::none, false, false, true});
  const auto engine = this->engine(p);
  const Vec3<double> rate = vector(*engine, "torque", p.grid), m = tilted(0.7);
  const Vec3<double> expected = 6.49976e-5 * cross(m, Vec3<double>{rate.x, rate.y, 0});
  const Vec3<double> damping = vector(*engine, "torque_damping", p.grid);
  EXPECT_LT(norm(damping - expected), 3e-6 * norm(expected));
  EXPECT_EQ(norm(vector(*engine, "torque_FL", p.grid)), 0);
  EXPECT_GT(norm(vector(*engine, "s", p.grid)), 0);  // the electrons are there all the same
}

}  // namespace
}  // namespace kubomag::test
