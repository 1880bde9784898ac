// psi and E' interpolated in windows of time, against their closed solutions at
// the same times.
#include "solver/drive_windows.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "solver/drive_field_cpu.hpp"
#include "support/film_drive.hpp"

using namespace kubomag;
using namespace kubomag::testing;
using constants::pi;

namespace {

const double infinity = std::numeric_limits<double>::infinity();
constexpr double step = 1e-13;

Problem film(Edge edge, Signal signal) {
  Problem p;
  p.grid = {40, 27, 12e-9, 16e-9, 5e-9, edge == Edge::periodic, edge == Edge::periodic};
  p.diffusion.D = 0.008;
  p.diffusion.edge_x = p.diffusion.edge_y = edge;
  p.diffusion.padding = 2e-7;
  p.integrator.FixDt = step;
  const auto wave = [](double x, double y) {
    const double s = 2 * pi / 300e-9 * (0.8 * x + 0.6 * y);
    return Vec2<double>{1e5 * std::sin(s) + 1e4, 6e4 * std::sin(s + 1)};
  };
  p.drive.separable = {{"wave", wave, std::move(signal)}};
  return p;
}

/// All values of a sample, psi [V] first, then E' [V/m].
template <class Real>
std::vector<double> values(const DriveSample<Real>& sample, std::size_t cells) {
  std::vector<double> out(3 * cells);
  for (std::size_t i = 0; i < cells; ++i) {
    const DriveValue<Real> v = sample(static_cast<int>(i));
    out[i] = v.psi, out[cells + i] = v.Ex, out[2 * cells + i] = v.Ey;
  }
  return out;
}

struct Worst {
  double psi = 0, current = 0;  // of the largest of each
};

std::vector<double> random_times(double begin, double end, int count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(begin, end);
  std::vector<double> times(count);
  for (double& t : times) t = uniform(random);
  return times;
}

/// The largest differences from the closed solution at random times, t_inside =
/// t.
template <class Real>
Worst worst(const Problem& p, double begin, double end, int count = 100) {
  const CpuBackend backend(1);
  DriveField<CpuBackend, Real> drive(p, backend);
  DriveEvaluator exact(make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1);
  const std::size_t cells = p.grid.cells();
  Worst error, size;
  for (double t : random_times(begin, end, count, 5)) {
    const std::vector<double> got = values(drive.sample(t, t), cells);
    std::vector<double> want(3 * cells);
    exact.evaluate(t, t, want.data(), want.data() + cells, want.data() + 2 * cells);
    for (std::size_t i = 0; i < 3 * cells; ++i) {
      double& difference = i < cells ? error.psi : error.current;
      double& most = i < cells ? size.psi : size.current;
      difference = std::max(difference, std::abs(got[i] - want[i]));
      most = std::max(most, std::abs(want[i]));
    }
  }
  return {error.psi / size.psi, error.current / size.current};
}

/// The share of random times that have a window, one in pieces at that.
double share(const Problem& p, double begin, double end) {
  DriveEvaluator exact(make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1);
  DriveWindows windows(exact.plan(), signal_events(p.drive), exact.knots(), step, 1e-10);
  int found = 0;
  for (double t : random_times(begin, end, 200, 3)) {
    const TimeWindow* window = windows.at(t, t);
    found += window && window->pieces > 0;
  }
  return found / 200.0;
}

struct Case {
  const char* name;
  Signal signal;
  double begin, end;  // of the times that are looked at [s]
  double share;       // that have windows, at least
};

std::vector<Case> cases() {
  Signal sum = sine_signal(2 * pi * 9e9, 0.4, 1e-12);
  sum.terms.push_back(pulse_signal(60e-12, 20e-12).terms[0]);
  return {{"pulse", pulse_signal(0, 50e-12), -250e-12, 300e-12, 0.99},
          {"step", step_signal(0), 0, 100e-12, 0.8},
          {"sine", sine_signal(2 * pi * 7e9, -1, 0), 0, 100e-12, 0.8},
          {"sum", sum, 0, 200e-12, 0.8},
          {"ramps", table_signal({0, 30e-12, 80e-12}, {0, 1, -0.5}), -20e-12, 150e-12, 0.8}};
}

}  // namespace

TEST(DriveWindows, InterpolateToTheStatedTolerance) {
  for (const Edge edge : {Edge::no_flux, Edge::periodic, Edge::infinite})
    for (const Case& c : cases()) {
      const Problem p = film(edge, c.signal);
      const Worst error = worst<double>(p, c.begin, c.end);
      EXPECT_LT(error.psi, window_tolerance<double>) << c.name;
      EXPECT_LT(error.current, window_tolerance<double>) << c.name;
      EXPECT_GT(share(p, c.begin, c.end), c.share) << c.name;
    }
}

TEST(DriveWindows, HoldWithScreeningAndLeak) {
  Problem p = film(Edge::no_flux, sine_signal(2 * pi * 9e9, 0.4, 1e-12));
  p.diffusion.rate_c = 3e10;
  p.diffusion.screening = Screening{0.05, 3e-11, 50e-9};
  const Worst error = worst<double>(p, 0, 100e-12);
  EXPECT_LT(error.psi, window_tolerance<double>);
  EXPECT_LT(error.current, window_tolerance<double>);
}

TEST(DriveWindows, TakeGivenPotentialsAlong) {
  Problem p = film(Edge::no_flux, step_signal(-1));
  p.drive.psi = {{"given", ScalarMap(2e-3), pulse_signal(20e-12, 10e-12)}};
  EXPECT_LT(worst<double>(p, -50e-12, 90e-12).psi, window_tolerance<double>);
}

TEST(DriveWindows, AreRightToRoundingInSinglePrecision) {
  const Worst error = worst<float>(film(Edge::no_flux, pulse_signal(0, 50e-12)), -2e-10, 3e-10);
  EXPECT_LT(error.psi, 5e-7);
  EXPECT_LT(error.current, 5e-7);
}

/// A field that is sampled: smooth between samples up to about 10 ps apart, and with a kink.
Problem sampled_film(double interval, bool kink) {
  Problem p = film(Edge::no_flux, pulse_signal(0, 50e-12));
  p.drive.separable.clear();
  p.drive.sampled = {{"sampled",
                      [kink](double x, double y, double t) {
                        const double now = kink ? std::abs(t - 21.3e-12) * 1e11 : 1;
                        return Vec2<double>{1e5 * now * std::sin(1e7 * x + 3e10 * t), 1e11 * y};
                      },
                      interval}};
  return p;
}

TEST(DriveWindows, SampledFields) {
  for (const bool kink : {false, true})
    for (const double interval : {0.05e-12, 0.4e-12, 1e-12, 7e-12, 20e-12}) {
      const Problem p = sampled_film(interval, kink);
      for (const Edge edge : {Edge::no_flux, Edge::infinite}) {
        Problem now = p;
        now.diffusion.edge_x = now.diffusion.edge_y = edge;
        const Worst error = worst<double>(now, -5e-12, 60e-12, 60);
        EXPECT_LT(error.psi, window_tolerance<double>) << interval;
        EXPECT_LT(error.current, window_tolerance<double>) << interval;
      }
    }
}

// Spans of eight intervals have windows where the field is smooth, intervals do where it is not.
TEST(DriveWindows, LieWithinSpansOfSamples) {
  EXPECT_GT(share(sampled_film(1e-12, false), 0, 100e-12), 0.8);
  EXPECT_GT(share(sampled_film(7e-12, false), 0, 200e-12), 0.8);
  const Problem p = sampled_film(1e-12, true);
  DriveEvaluator exact(make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1);
  EXPECT_NEAR(exact.knots(17e-12).length(), 1e-12, 1e-24);
  EXPECT_NEAR(exact.knots(40e-12).length(), 8e-12, 1e-24);
}

// What was asked for before does not change a bit: steps may be refused, runs
// interrupted.
TEST(DriveWindows, DoNotDependOnTheWay) {
  for (const Case& c : cases()) {
    const Problem p = film(Edge::no_flux, c.signal);
    const CpuBackend one(1), three(3);
    DriveField<CpuBackend, double> at_random(p, one), in_order(p, three);
    std::vector<double> times = random_times(c.begin, c.end, 60, 7);
    std::vector<std::vector<double>> seen(times.size());
    std::vector<std::size_t> order(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      seen[i] = values(at_random.sample(times[i], times[i]), p.grid.cells());
      order[i] = i;
    }
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return times[a] < times[b]; });
    for (std::size_t i : order) {
      const auto again = values(in_order.sample(times[i], times[i]), p.grid.cells());
      ASSERT_EQ(std::memcmp(again.data(), seen[i].data(), 8 * again.size()), 0)
          << c.name << " " << times[i];
    }
  }
}

TEST(DriveWindows, EndsOfAnIntervalBelongToIt) {
  Problem p = film(Edge::no_flux, table_signal({0, 30e-12, 80e-12}, {0, 1, -0.5}));
  const CpuBackend backend(1);
  DriveField<CpuBackend, double> drive(p, backend);
  DriveEvaluator exact(make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1);
  const std::size_t cells = p.grid.cells();
  for (const double inside : {29.9e-12, 30.1e-12}) {
    const std::vector<double> got = values(drive.sample(30e-12, inside), cells);
    std::vector<double> want(3 * cells);
    exact.evaluate(30e-12, inside, want.data(), want.data() + cells, want.data() + 2 * cells);
    for (std::size_t i = 0; i < cells; ++i) {
      EXPECT_NEAR(got[i], want[i], 1e-9 * 1e5 * 300e-9);
      EXPECT_NEAR(got[cells + i], want[cells + i], 1e-9 * 1e5);
    }
  }
}

// A kink is followed by stiff modes: no window reaches over it, and those after
// it grow.
TEST(DriveWindows, GrowAfterAKink) {
  const Problem p = film(Edge::no_flux, step_signal(10e-12));
  DriveEvaluator exact(make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1);
  DriveWindows windows(exact.plan(), signal_events(p.drive), exact.knots(), step, 1e-10);
  EXPECT_EQ(windows.at(10.01e-12, 10.01e-12), nullptr);
  double length = 0;
  for (const double after : {3e-12, 30e-12, 300e-12}) {
    const TimeWindow* window = windows.at(10e-12 + after, 10e-12 + after);
    ASSERT_NE(window, nullptr) << after;
    EXPECT_GE(window->begin, 10e-12);
    EXPECT_GT(window->length, length);
    length = window->length;
  }
}
