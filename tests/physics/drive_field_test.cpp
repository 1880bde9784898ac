// psi and E' of a film while its drive is no sum of fixed fields, on every device: those of the
// closed solutions on the host (solver/drive_evaluator.hpp), which the tests of diffusive fields
// compare with formulas. On a GPU they come by transforms of its own, or by cuFFT.
#include "support/backends.hpp"
#include "support/busy_film.hpp"
#include "support/film_drive.hpp"

namespace kubomag::test {
namespace {

using namespace kubomag::testing;

class DriveFieldTest : public OnEveryBackend {
 protected:
  void TearDown() override { unsetenv("KUBOMAG_CUDA_CONVOLUTION"); }

  /// psi and E' at several times are those of the host.
  void expect_closed_solutions(const Problem& p, const std::string& what) const;
};
KUBOMAG_ON_EVERY_BACKEND(DriveFieldTest);

constexpr double E_0 = 1e5;

/// How a field varies along each axis [1/m]; 0: not at all.
struct Wave {
  double qx, qy;
  Vec2<double> operator()(double x, double y) const {
    const double phase = qx * x + qy * y;
    return {E_0 * std::cos(phase + 0.3), 0.6 * E_0 * std::sin(phase)};
  }
};

struct Film {
  int nx, ny;
  Edge edge_x, edge_y;
  Wave E;
};

Problem problem_of(const Film& film, bool pulse, bool table, bool sampled) {
  Problem p = plain_film(film.nx, film.ny, 4e-9, 5e-9, 3e-9);
  p.grid.periodic_x = film.edge_x == Edge::periodic;
  p.grid.periodic_y = film.edge_y == Edge::periodic;
  p.m = wavy(p.grid);
  add_surface(p);
  p.diffusion.edge_x = film.edge_x, p.diffusion.edge_y = film.edge_y;
  p.diffusion.padding = 20e-9;
  const Wave E = film.E;
  if (pulse) p.drive.separable.push_back({"pulse", E, pulse_signal(1e-12, 1e-12)});
  if (table)
    p.drive.separable.push_back({"table", E, table_signal({0, 1e-12, 4e-12}, {0, 1, -0.5})});
  const auto moving = [E](double x, double y, double t) {
    const Vec2<double> at = E(x, y);
    return Vec2<double>{at.x * std::cos(1e12 * t), at.y * std::sin(2e12 * t)};
  };
  if (sampled) p.drive.sampled = {{"sampled", moving, 0.1e-12}};
  return p;
}

void DriveFieldTest::expect_closed_solutions(const Problem& p, const std::string& what) const {
  const auto engine = this->engine(p);
  DriveEvaluator exact(make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1);
  for (const double t : {0.35e-12, 0.95e-12, 1.25e-12, 0.15e-12}) {
    engine->set_time(t);
    const auto expected = evaluate(exact, t);
    const auto psi = engine->quantity("psi"), E = engine->quantity("E_prime");
    const double psi_most = largest(expected.psi), bound = tolerance(1e-12, 3e-6);
    ASSERT_GT(psi_most, 0);
    for (std::size_t i = 0, n = p.grid.cells(); i < n; ++i) {
      ASSERT_NEAR(psi[i], expected.psi[i], bound * psi_most) << what << ", t = " << t;
      ASSERT_NEAR(E[i], expected.Ex[i], bound * E_0) << what << ", t = " << t;
      ASSERT_NEAR(E[n + i], expected.Ey[i], bound * E_0) << what << ", t = " << t;
    }
  }
}

// Axes of every kind and edge; boxes that our own transforms do not know (11 and 13 cells).
TEST_P(DriveFieldTest, IsThatOfTheClosedSolutions) {
  const double q = 1e8;
  using enum Edge;
  const Film films[] = {{9, 7, no_flux, no_flux, {q, -q}},
                        {12, 8, periodic, periodic, {2 * constants::pi / 48e-9, 0}},
                        {11, 6, infinite, no_flux, {q, q}},
                        {13, 10, periodic, no_flux, {2 * constants::pi / 52e-9, q}},
                        {8, 13, periodic, infinite, {0, 2 * q}},  // x is collapsed
                        {10, 9, infinite, no_flux, {q, 0}},       // and here y
                        {1, 8, no_flux, no_flux, {q, q}},
                        {7, 1, no_flux, periodic, {q, 0}}};
  for (const char* method : {"fused", "batched"}) {
    if (GetParam().is("cpu") && std::string(method) == "batched") break;  // of GPUs
    setenv("KUBOMAG_CUDA_CONVOLUTION", method, 1);
    for (const Film& film : films)
      for (const int kinds : {1, 2, 4, 7})
        expect_closed_solutions(problem_of(film, kinds & 1, kinds & 2, kinds & 4),
                                std::to_string(film.nx) + " x " + std::to_string(film.ny) +
                                    ", kinds " + std::to_string(kinds) + ", " + method);
  }
}

}  // namespace
}  // namespace kubomag::test
