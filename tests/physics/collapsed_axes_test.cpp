// A drive that does not vary along an axis is transformed in one dimension. Same fields, less work.
#include <gtest/gtest.h>

#include <cmath>

#include "support/film_drive.hpp"

using namespace kubomag;
using namespace kubomag::testing;

namespace {

const Grid film = {24, 15, 20e-9, 20e-9, 5e-9, false, false};

Diffusion closed_film() {
  Diffusion d;
  d.D = 8e-3;
  d.edge_x = d.edge_y = Edge::no_flux;
  return d;
}

Diffusion open_along_y() {
  Diffusion d = closed_film();
  d.edge_y = Edge::infinite, d.padding = 40e-9;
  return d;
}

SeparableDrive along(double angle, const Signal& signal) {
  const double cos = std::cos(angle), sin = std::sin(angle);
  return {"wave",
          [=](double x, double y) {
            const double E = 1e5 * std::sin(1.3e7 * (x * cos + y * sin) + 0.3);
            return Vec2<double>{E * cos, E * sin};
          },
          signal};
}

/// The same drive beside a silent one that varies along both axes: nothing can be collapsed.
Drive with_silent_partner(const SeparableDrive& drive) {
  Signal silence = Signal::constant(0);
  SeparableDrive silent = along(0.7, silence);
  return {{drive, silent}, {}, {}};
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out = std::max(out, std::abs(a[i] - b[i]));
  return out;
}

void expect_same_fields(const SeparableDrive& drive, int points,
                        const Diffusion& diffusion = closed_film()) {
  const Drive alone{{drive}, {}, {}};
  const DrivePlan plan = make_drive_plan(film, diffusion, alone, 1);
  EXPECT_EQ(plan.box.points(), static_cast<std::size_t>(points));
  const FilmFields got = evaluate(film, diffusion, alone, 3e-12);
  const FilmFields full = evaluate(film, diffusion, with_silent_partner(drive), 3e-12);
  EXPECT_LT(largest_difference(got.psi, full.psi), 1e-12 * 1e5 / 1.3e7) << "of E0/q";
  EXPECT_LT(largest_difference(got.Ex, full.Ex), 1e-11 * 1e5) << "of E0";
  EXPECT_LT(largest_difference(got.Ey, full.Ey), 1e-11 * 1e5);
  EXPECT_GT(largest_difference(got.psi, std::vector<double>(film.cells())), 1e-4);
}

}  // namespace

TEST(CollapsedAxes, AGratingAlongXOrYIsOneDimensional) {
  const Signal sine = sine_signal(3e10, 0.2, 0);
  expect_same_fields(along(0, sine), 2 * film.nx);
  expect_same_fields(along(constants::pi / 2, sine), 2 * film.ny);  // cos(pi/2) is not quite 0
  expect_same_fields(along(0, sine), 2 * film.nx, open_along_y());
}

TEST(CollapsedAxes, NothingThatVariesIsLost) {
  const Signal sine = sine_signal(3e10, 0.2, 0);
  const auto points = [&](const Drive& drive, const Diffusion& diffusion) {
    return make_drive_plan(film, diffusion, drive, 1).box.points();
  };
  const std::size_t whole = 4 * film.cells();
  EXPECT_EQ(points({{along(0.3, sine)}, {}, {}}, closed_film()), whole);
  // a uniform field at right angles to a no-flux edge is screened there
  const SeparableDrive uniform{"uniform",
                               [](double, double) {
                                 return Vec2<double>{0, 1e4};
                               },
                               sine};
  EXPECT_EQ(points({{uniform}, {}, {}}, closed_film()), 2u * film.ny);
  // on the film alone, which is seen beyond infinite edges only
  const auto on_film = [](double x, double y) {
    const double E = std::abs(y) < 0.5 * film.size_y() ? 1e5 * std::sin(1.3e7 * x) : 0;
    return Vec2<double>{E, 0};
  };
  EXPECT_EQ(points({{{"gate", on_film, sine}}, {}, {}}, closed_film()), 2u * film.nx);
  EXPECT_GT(points({{{"gate", on_film, sine}}, {}, {}}, open_along_y()), 2 * whole / 4);
}
