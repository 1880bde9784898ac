// The implicit equation with tensor damping, dm = a + m x [alpha dm + A0 dm_par + A1 dm_par x z]
// (Sokolewicz 2019 (16)-(18), corrected: docs/physics.md, "Equation of motion"), and its closed
// solution in kernels/gilbert.hpp. Fields and rates dm/dt are in units of gamma: tesla.
#include <random>

#include "kernels/gilbert.hpp"
#include "support/backends.hpp"
#include "support/dirac_film.hpp"
#include "support/dirac_reference.hpp"
#include "support/reference_entry.hpp"
#include "support/tmatrix_reference.hpp"

namespace kubomag::test {
namespace {

Vec3<double> vec(const nlohmann::json& v) { return {v[0], v[1], v[2]}; }

/// One cell's case.
struct Case {
  Vec3<double> m, a;
  double alpha, A0, A1;
};

std::vector<Case> reference_cases() {
  std::vector<Case> cases;
  for (const auto& p : reference::ti()["damping_solve"]["points"])
    cases.push_back({vec(p["n"]), vec(p["a"]), p["alpha_i"], p["A0"], p["A1"]});
  return cases;
}

std::vector<Case> random_cases(std::size_t count) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> number(-1, 1), positive(0, 0.5);
  const auto vector = [&] { return Vec3<double>{number(random), number(random), number(random)}; };
  std::vector<Case> cases(count);
  for (Case& c : cases) {
    const Vec3<double> v = vector();
    c.m = (1 / norm(v)) * v;
    c.a = cross(vector(), c.m);
    c.alpha = positive(random), c.A0 = positive(random), c.A1 = 0.6 * number(random);
  }
  return cases;
}

template <class F>
ScalarMap map_of(const std::vector<Case>& cases, F value) {
  std::vector<double> cells;
  for (const Case& c : cases) cells.push_back(value(c));
  return ScalarMap(std::move(cells));
}

/// A film in which every cell is one case: without exchange they do not feel each other, and the
/// field m x a makes the explicit torque a.
Problem film_of(const std::vector<Case>& cases) {
  const std::size_t n = cases.size();
  Problem p = plain_film(static_cast<int>(n), 1);
  p.material.set("alpha", map_of(cases, [](const Case& c) { return c.alpha; }));
  p.surface = given_damping(map_of(cases, [](const Case& c) { return c.A0; }),
                            map_of(cases, [](const Case& c) { return c.A1; }),
                            map_of(cases, [](const Case& c) { return c.m.z; }));
  p.B_ext = {constant_field({})};
  for (std::size_t i = 0; i < n; ++i) {
    p.m[i] = cases[i].m.x, p.m[n + i] = cases[i].m.y, p.m[2 * n + i] = cases[i].m.z;
    p.B_ext[0].map.push_back(cross(cases[i].m, cases[i].a));
  }
  return p;
}

class SurfaceDamping : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SurfaceDamping);

TEST(GilbertSolve, MatchesTheReference) {
  ReferenceEntry entry("reference-ti.json", "damping_solve");
  for (const auto& p : reference::ti()["damping_solve"]["points"]) {
    const double alpha = p["alpha_i"], A0 = p["A0"], A1 = p["A1"];
    const Vec3<double> dm = solve_gilbert(vec(p["n"]), vec(p["a"]), 1.0, alpha, A0, A1);
    entry.within(norm(dm - vec(p["dn"])) / norm(dm), 1e-13);
  }
}

// The worked example of the anisotropic damping, T = -gamma m x B + alpha m x dm + alpha' m x
// dm_par + chi mz^2 dm (Ndiaye 2017 (22)-(24), corrected): A0 = alpha', A1 = chi mz. Ten digits are
// given, and its own residual is rounding.
TEST(GilbertSolve, AnisotropicDampingOfTheWorkedExample) {
  const auto& numbers = reference::local()["A_damping_and_units"];
  const auto& x = numbers["anisotropic_damping_example"];
  const Vec3<double> m = vec(x["m"]), expected = vec(x["dmdt"]);
  const double gamma = x["gamma"], chi = x["chi"];
  const Vec3<double> dm = solve_gilbert(m, -gamma * cross(m, vec(x["B"])), 1.0, double(x["alpha"]),
                                        double(x["alpha_prime"]), chi * m.z);
  ReferenceEntry("reference-local.json", "A_damping_and_units.anisotropic_damping_example")
      .within(norm(dm - expected) / norm(expected), 5e-10);
  ReferenceEntry("reference-local.json", "A_damping_and_units.anisotropic_damping_residual")
      .within(std::abs(double(numbers["anisotropic_damping_residual"])), 1e-15);
}

// Relaxation uses precession = 0 and alpha = 1.
TEST(GilbertSolve, WithoutPrecessionIsSteepestDescent) {
  for (const Case& c : random_cases(100)) {
    const Vec3<double> descent = cross(c.m, c.a);
    EXPECT_LT(norm(solve_gilbert(c.m, c.a, 0.0, 1.0) - descent), 1e-15);
    EXPECT_LT(norm(solve_gilbert(c.m, c.a, 0.0, 1.0, 0.0, 0.0) - descent), 1e-15);
  }
}

TEST_P(SurfaceDamping, FilmMatchesTheReference) {
  const Problem p = film_of(reference_cases());
  const auto got = engine(p)->quantity("torque");
  const auto& points = reference::ti()["damping_solve"]["points"];
  ReferenceEntry entry("reference-ti.json", "damping_solve");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Vec3<double> expected = vec(points[i]["dn"]);
    entry.within(norm(at(got, p.grid, i) - expected) / norm(expected), tolerance(1e-13, 3e-6));
  }
}

TEST_P(SurfaceDamping, SolvesTheImplicitEquation) {
  const auto cases = random_cases(20000);
  const Problem p = film_of(cases);
  const auto got = engine(p)->quantity("torque");
  double worst = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [m, a, alpha, A0, A1] = cases[i];
    const Vec3<double> expected = implicit_gilbert(m, a, alpha, A0, A1);
    worst = std::max(worst, norm(at(got, p.grid, i) - expected));
  }
  EXPECT_LT(worst, tolerance(1e-13, 1e-5));  // |a| is of the order 1
}

// The work of the field is what damping takes, B.dm = alpha |dm|^2 + A0 |dm_par|^2; A1 takes none.
TEST_P(SurfaceDamping, DissipatesWhatTheFieldDoes) {
  const auto cases = random_cases(20000);
  const Problem p = film_of(cases);
  const auto got = engine(p)->quantity("torque");
  double worst = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Vec3<double> dm = at(got, p.grid, i);
    const double work = dot(p.B_ext[0].map[i], dm);
    const double heat = cases[i].alpha * dot(dm, dm) + cases[i].A0 * (dm.x * dm.x + dm.y * dm.y);
    worst = std::max(worst, std::abs(work - heat));
  }
  EXPECT_LT(worst, tolerance(1e-13, 1e-5));
}

// Ndiaye 2017 (22)-(24), corrected: alpha' and chi mz^2 are A0 and A1 mz. dm/dt by a separate
// solution of its implicit equation at alpha = 0.02, alpha' = 0.1, chi = 0.05.
TEST_P(SurfaceDamping, AgreesWithTheAnisotropicDampingOfAnotherPaper) {
  const Vec3<double> m{0.6, 0, 0.8}, B{0.1, 0.2, 0.3};
  const Problem p = film_of({{m, cross(B, m), 0.02, 0.1, 0.05 * m.z}});
  const auto dm = constants::GammaLL * at(engine(p)->quantity("torque"), p.grid, 0);
  const Vec3<double> expected{26989661114.302, 21104250430.787, -20242245835.727};
  EXPECT_LT(norm(dm - expected), tolerance(1e-13, 1e-6) * norm(expected));
}

/// The rate at which the ellipse around the equilibrium shrinks: for a linear motion the area
/// spanned by two positions a fixed time apart falls as exp(-2 rate t), whatever their phase.
double ring_down_rate(Engine& engine, Vec3<double> h, double w0, double turns) {
  const Vec3<double> e1{h.z, 0, -h.x}, e2{0, 1, 0};
  const double quarter = 0.5 * constants::pi / w0;
  const auto position = [&](double t) {
    run_to(engine, t);
    const auto m = engine.m();
    const Vec3<double> v{m[0], m[1], m[2]};
    return std::pair{dot(v, e1), dot(v, e2)};
  };
  const auto area = [&](double t) {
    const auto [x0, y0] = position(t);
    const auto [x1, y1] = position(t + quarter);
    return x0 * y1 - x1 * y0;
  };
  const double first = area(0);
  return std::log(first / area(4 * turns * quarter)) / (8 * turns * quarter);
}

// rate = w0 A0 (1 + cos^2 chi) / (2 [(1 - A1 cos chi)^2 + A0^2 cos^2 chi]) and the reference.
TEST_P(SurfaceDamping, RingsDownAtTheRateOfTheTensor) {
  const double w0 = 1e9, tilt = tolerance(1e-6, 3e-3);
  ReferenceEntry entry("reference-ti.json", "ringdown");
  for (const auto& point : reference::ti()["ringdown"]["points"]) {
    const double chi = point["chi"], A0 = point["A0"], A1 = point["A1"];
    const Vec3<double> h{std::sin(chi), 0, std::cos(chi)};
    Problem p = plain_film(1, 1);
    p.surface = given_damping(A0, A1, h.z);  // to first order in the tilt mz is that of the field
    p.B_ext = {constant_field((w0 / p.GammaLL) * h)};
    p.integrator.FixDt = 0.02 / w0;
    p.m = {h.x, tilt, h.z};
    const double rate = ring_down_rate(*engine(p), h, w0, 4) / w0, c = h.z;
    const double shift = 1 - A1 * c;
    const double formula = A0 * (1 + c * c) / (2 * (shift * shift + A0 * A0 * c * c));
    EXPECT_NEAR(rate, formula, tolerance(1e-5, 1e-2) * formula);
    entry.within(std::abs(rate - double(point["rate"])) / formula, tolerance(1e-5, 1e-2));
  }
}

}  // namespace
}  // namespace kubomag::test
