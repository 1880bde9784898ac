// Boxes, events, padding, prescribed potentials and refusals of the drive's setup.
#include "setup/drive_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/error.hpp"
#include "setup/drive_events.hpp"
#include "setup/padding.hpp"
#include "solver/signals.hpp"
#include "support/film_drive.hpp"

using namespace kubomag;
using namespace kubomag::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

const double infinity = std::numeric_limits<double>::infinity();

Drive one_drive(Signal signal) {
  Drive drive;
  drive.separable = {{"tip",
                      [](double x, double) {
                        return Vec2<double>{1e12 * x, 0};
                      },
                      std::move(signal)}};
  return drive;
}

std::string refusal(const Grid& grid, const Diffusion& diffusion, const Drive& drive) {
  try {
    make_drive_plan(grid, diffusion, drive, 1);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST(FilmBox, ExtendsTheFilmAsItsEdgesDemand) {
  Diffusion d;
  d.D = 1;
  d.edge_x = Edge::no_flux, d.edge_y = Edge::infinite, d.padding = 25e-9;
  const FilmBox box = make_film_box(open_film(11, 20, 110e-9, 200e-9), d);
  EXPECT_EQ(box.x.p, 22);
  EXPECT_EQ(box.y.p, 28) << "20 + 2 * 3 cells, made even and 7-smooth";
  EXPECT_EQ(box.x.original(11), 10);
  EXPECT_EQ(box.x.original(21), 0);
  EXPECT_NEAR(box.y.position(0), -95e-9, 1e-20);
  EXPECT_NEAR(box.y.position(23), 135e-9, 1e-20);
  EXPECT_NEAR(box.y.position(24), -135e-9, 1e-20);
  EXPECT_NEAR(box.y.position(27), -105e-9, 1e-20);
  d.D = 0;
  EXPECT_EQ(make_film_box(open_film(11, 20, 1e-7, 1e-7), d).points(), 220u);
}

TEST(DriveEvents, AreTheTimesThatNoStepMayCross) {
  Drive drive = one_drive(table_signal({1e-9, 4e-9}, {0, 1}));
  drive.separable[0].signal.terms.push_back(step_signal(2e-9).terms[0]);
  drive.separable[0].signal.terms.push_back(pulse_signal(10e-9, 1e-9).terms[0]);
  drive.separable[0].signal.terms.push_back(sine_signal(1e9, 0, -infinity).terms[0]);
  drive.psi = {{"psi", ScalarMap(1), sine_signal(1e9, 0, 3e-9)}};
  EXPECT_THAT(event_times(drive, 0, 13e-9), ElementsAre(1e-9, 2e-9, 3e-9, 4e-9, 6e-9, 10e-9));
  EXPECT_EQ(drive_knots(drive).next(1e-9), 4e-9);
  EXPECT_EQ(drive_knots(drive).last(3e-9), 1e-9);
  EXPECT_EQ(drive_knots(drive).last(0), -infinity);
}

// Whatever the rounding of n * interval, every knot is met once.
TEST(DriveEvents, WalkAlongACombMeetsEveryTooth) {
  Drive drive;
  drive.sampled = {{"sampled", {}, 0.1e-12}};
  const EventTimes events = drive_events(drive);
  double t = -1;
  for (int n = 0; n < 2000; ++n) {
    t = events.next(t);
    ASSERT_EQ(t, n * 0.1e-12);
    ASSERT_EQ(events.last(t), t);
  }
}

TEST(Signals, ValuesOfEveryKind) {
  Signal signal = table_signal({1, 3}, {2, 4});
  signal.terms[0].amplitude = 0.5;
  EXPECT_DOUBLE_EQ(signal_value(signal, 0, 0), 1);
  EXPECT_DOUBLE_EQ(signal_value(signal, 2, 2), 1.5);
  EXPECT_DOUBLE_EQ(signal_value(signal, 3, 3), 2);
  EXPECT_DOUBLE_EQ(signal_value(signal, 9, 9), 2);
  SignalTerm formula;
  formula.kind = SignalTerm::Kind::formula;
  formula.amplitude = 2, formula.formula = [](double t) { return t * t; };
  signal.terms.push_back(formula);
  signal.terms.push_back(step_signal(2).terms[0]);
  EXPECT_DOUBLE_EQ(signal_value(signal, 2, 1.9), 1.5 + 8);
  EXPECT_DOUBLE_EQ(signal_value(signal, 2, 2.1), 1.5 + 8 + 1);
  EXPECT_DOUBLE_EQ(signal_value(pulse_signal(1, 2), 3, 3), std::exp(-0.5));
  EXPECT_DOUBLE_EQ(signal_value(sine_signal(2, 0.1, 0), 3, 3), std::cos(6.1));
}

// Differences of second order are exact for a quadratic, at the edges, too.
TEST(PrescribedPsi, ComesWithItsGradient) {
  const Grid grid = open_film(6, 5, 6e-8, 5e-8);
  std::vector<double> psi;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy);
      psi.push_back(1e-3 + 2e12 * x * x - 3e12 * x * y + 1e5 * y);
    }
  Drive drive;
  drive.psi = {{"psi", ScalarMap(psi), Signal::constant(2)}};
  const FilmFields f = evaluate(grid, Diffusion{}, drive, 0);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy);
      const std::size_t i = grid.index(ix, iy);
      EXPECT_DOUBLE_EQ(f.psi[i], 2 * psi[i]);
      EXPECT_NEAR(f.Ex[i], 2 * (4e12 * x - 3e12 * y), 1e-4);
      EXPECT_NEAR(f.Ey[i], 2 * (-3e12 * x + 1e5), 1e-4);
    }
}

TEST(ExternalE, IsTheGivenFieldOnTheFilm) {
  const Grid grid = open_film(5, 2, 1e-7, 1e-7);
  Drive drive = one_drive(step_signal(1));
  drive.sampled = {{"s", [](double, double y, double t) { return Vec2<double>{t, y}; }, 2}};
  Diffusion d;
  d.D = 0.01, d.edge_x = d.edge_y = Edge::no_flux;
  DriveEvaluator evaluator(make_drive_plan(grid, d, drive, 1), 1);
  std::vector<double> Ex(10), Ey(10);
  evaluator.external_E(3, Ex.data(), Ey.data());
  EXPECT_NEAR(Ex[grid.index(4, 1)], 1e12 * grid.x(4) + 3, 1e-9);
  EXPECT_NEAR(Ey[grid.index(4, 1)], grid.y(1), 1e-20);
}

TEST(Padding, TakesTheShortestMemory) {
  const Grid grid = open_film(100, 100, 10e-6, 10e-6);
  Diffusion d;
  d.D = 0.008, d.edge_x = Edge::infinite;
  const Drive stepped = one_drive(step_signal(0));
  const Padding run = default_padding(grid, d, stepped, 1e-10);
  EXPECT_EQ(run.reason, "run time");
  EXPECT_NEAR(run.length, std::sqrt(0.008 * 1e-10), 1e-15);
  EXPECT_NEAR(std::erfc(run.width / (2 * run.length)), 1e-4, 1e-10);
  EXPECT_NEAR(run.error, 1e-4, 1e-10);

  const Drive wave = one_drive(sine_signal(4e10, 0, 0));
  const Padding period = default_padding(grid, d, wave, 1e-7);
  EXPECT_EQ(period.reason, "drive period");
  EXPECT_NEAR(period.width, -std::log(1e-4) * std::sqrt(2 * 0.008 / 4e10), 1e-12);

  d.rate_c = 1e12;
  EXPECT_EQ(default_padding(grid, d, wave, 1e-7).reason, "charge leak");
  d.rate_c = 0;
  const Padding capped = default_padding(grid, d, stepped, 1);
  EXPECT_DOUBLE_EQ(capped.width, 4e-5);
  EXPECT_GT(capped.error, 0.9);

  d.screening = Screening{0.05, 3e-11, 1e-9};  // q d -> 0: D grows by 1 + e^2 nu d/eps
  EXPECT_NEAR(default_padding(grid, d, stepped, 1e-10).length,
              std::sqrt(0.008 * (1 + 0.05 * 1e-9 / 3e-11) * 1e-10), 2e-9);
  d.edge_x = Edge::no_flux, d.edge_y = Edge::no_flux;
  EXPECT_EQ(default_padding(grid, d, stepped, 1).width, 0);
}

// The estimate is an upper bound for the Gaussian gate, whose sources are well inside the film.
TEST(Padding, EstimateBoundsTheErrorOfAGaussianGate) {
  const double a = 1e-7, D = 0.008, t = 1e-11;
  const Grid grid = open_film(40, 40, 1e-6, 1e-6);
  Diffusion d;
  d.D = D, d.edge_x = d.edge_y = Edge::infinite;
  Drive drive;
  drive.separable = {{"gate",
                      [=](double x, double y) {
                        const double g = 1 / (a * a) * std::exp(-(x * x + y * y) / (2 * a * a));
                        return Vec2<double>{g * x, g * y};
                      },
                      step_signal(0)}};
  const Padding padding = default_padding(grid, d, drive, t, 1e-3);
  d.padding = padding.width;
  const FilmFields f = evaluate(grid, d, drive, t);
  d.padding = 10 * padding.width;
  const FilmFields wide = evaluate(grid, d, drive, t);
  double error = 0;
  for (std::size_t i = 0; i < grid.cells(); ++i)
    error = std::max(error, std::abs(f.psi[i] - wide.psi[i]));
  EXPECT_LT(error, padding.error * largest(wide.psi));
}

TEST(DrivePlan, RefusesWhatHasNoMeaning) {
  const Grid film = open_film(4, 4, 1e-7, 1e-7);
  Diffusion d;
  d.D = 0.01;
  EXPECT_THAT(refusal(film, d, one_drive(step_signal(0))), HasSubstr("periodic"));
  d.edge_x = d.edge_y = Edge::no_flux;
  EXPECT_EQ(refusal(film, d, one_drive(step_signal(0))), "accepted");
  EXPECT_THAT(refusal(film, d, one_drive(pulse_signal(0, 0))), HasSubstr("tip: a pulse"));
  EXPECT_THAT(refusal(film, d, one_drive(sine_signal(-1, 0, 0))), HasSubstr("frequency"));
  EXPECT_THAT(refusal(film, d, one_drive(table_signal({0, 0}, {1, 2}))), HasSubstr("increase"));
  EXPECT_THAT(refusal(film, d, one_drive(table_signal({0, 1}, {1}))), HasSubstr("as many"));
  EXPECT_THAT(refusal(film, d, one_drive(Signal::constant(NAN))), HasSubstr("amplitude"));

  Drive formula = one_drive(Signal::constant());
  formula.separable[0].signal.terms[0].kind = SignalTerm::Kind::formula;
  EXPECT_THAT(refusal(film, d, formula), HasSubstr("interval"));
  Drive broken = one_drive(Signal::constant());
  broken.separable[0].E = [](double x, double) { return Vec2<double>{1 / (x > 0 ? 0. : 1.), 0}; };
  EXPECT_THAT(refusal(film, d, broken), HasSubstr("tip: E = (inf, 0) V/m at x = "));
  Drive sampled;
  sampled.sampled = {{"s", {}, 0}};
  EXPECT_THAT(refusal(film, d, sampled), HasSubstr("interval"));
  d.edge_x = Edge::infinite, d.padding = -1;
  EXPECT_THAT(refusal(film, d, one_drive(step_signal(0))), HasSubstr("padding"));
  d.padding = 1e3;
  EXPECT_THAT(refusal(film, d, one_drive(step_signal(0))), HasSubstr("smaller padding"));
  d.padding = 0, d.D = NAN;
  EXPECT_THAT(refusal(film, d, one_drive(step_signal(0))), HasSubstr("D = nan"));
  d.D = 1, d.rate_c = -1;
  EXPECT_THAT(refusal(film, d, one_drive(step_signal(0))), HasSubstr("tau_c"));
}
