// The closed solutions of docs/drive.md for waves that fit the grid: psi and E' = E + grad psi.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>

#include "solver/harmonic_basis.hpp"
#include "solver/signals.hpp"
#include "support/film_drive.hpp"
#include "support/json.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;
using namespace kubomag::testing;
using constants::pi;
using nlohmann::json;

namespace {

const double infinity = std::numeric_limits<double>::infinity();

const json& reference() {
  static const json data = test::data_file("diffusive_field.json");
  EXPECT_EQ(data["psi_xt"]["points"].size(), 24u);
  return data["psi_xt"]["points"];
}

Diffusion diffusion_of(const json& point) {
  Diffusion d;
  d.D = point["D"];
  d.rate_c = point["tau_phi"].is_null() ? 0 : 1 / point["tau_phi"].get<double>();
  return d;
}

/// Directions in which a wave of one wave number |q| fits: x, y, diagonal, each both ways.
struct Direction {
  double cx, cy;
};
const Direction directions[] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {M_SQRT1_2, -M_SQRT1_2}};

Grid grid_for(Direction dir, double q) {
  const double L = 2 * pi / q;
  const double Lx = dir.cx == 0 ? L : L / std::abs(dir.cx);
  const double Ly = dir.cy == 0 ? L : L / std::abs(dir.cy);
  return periodic_film(18, 15, Lx, Ly);
}

/// The wave's E is along +q, so psi at the first cell is the reference's at x.
double psi_at_first_cell(const json& p, Direction dir,
                         const std::vector<std::pair<double (*)(double), Signal>>& parts,
                         double t) {
  const double q = p["q"], E0 = p["E0"], x = p["x"];
  const Grid grid = grid_for(dir, q);
  Drive drive;
  for (const auto& [f, signal] : parts)
    drive.separable.push_back(wave(grid, q * dir.cx, q * dir.cy, E0, q * x, f, signal));
  return evaluate(grid, diffusion_of(p), drive, t).psi[0];
}

double scale_of(const json& p) { return p["E0"].get<double>() / p["q"].get<double>(); }

test::ReferenceEntry entry() { return {"reference-ti.json", "psi_xt"}; }

}  // namespace

TEST(DiffusiveWaves, TravellingSteadyAndSwitchedOn) {
  test::ReferenceEntry achieved = entry();
  for (const json& p : reference())
    for (Direction dir : directions)
      for (bool steady : {true, false}) {
        const double omega = p["omega"], t = p["t"], start = steady ? -infinity : 0;
        const double psi = psi_at_first_cell(
            p, dir,
            {{cosine, sine_signal(omega, 0, start)}, {sine, sine_signal(omega, -pi / 2, start)}},
            t);
        const double expected = p[steady ? "psi_travel_steady" : "psi_travel_switch_on"];
        achieved.within(std::abs(psi - expected) / scale_of(p), 1e-12);
      }
}

TEST(DiffusiveWaves, StandingSwitchedOn) {
  test::ReferenceEntry achieved = entry();
  for (const json& p : reference())
    for (Direction dir : directions) {
      const double psi = psi_at_first_cell(p, dir, {{sine, sine_signal(p["omega"], 0, 0)}}, p["t"]);
      const double expected = p["psi_standing_switch_on"];
      achieved.within(std::abs(psi - expected) / scale_of(p), 1e-12);
    }
}

TEST(DiffusiveWaves, Pulse) {
  test::ReferenceEntry achieved = entry();
  for (const json& p : reference())
    for (Direction dir : directions) {
      const json& pulse = p["pulse"];
      const double psi =
          psi_at_first_cell(p, dir, {{sine, pulse_signal(pulse["t0"], pulse["s"])}}, p["t"]);
      const double amplitude =
          pulse["psi"].get<double>() / std::cos(p["q"].get<double>() * p["x"].get<double>());
      achieved.within(std::abs((psi - pulse["psi"].get<double>()) / amplitude), 1e-12);
    }
}

// (14) of Sokolewicz 2018 in every cell, and its gradient: E' = E (i w + 1/tau_c)/(i w + lambda).
TEST(DiffusiveWaves, CurrentFieldOfATravellingWave) {
  const double D = 0.008, q = 2 * pi / 1e-6, omega = 4e10, E0 = 1e5, t = 7e-12;
  const Grid grid = periodic_film(32, 4, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = D, diffusion.rate_c = 2e10;
  Drive drive;
  drive.separable = {wave(grid, q, 0, E0, 0, cosine, sine_signal(omega, 0, -infinity)),
                     wave(grid, q, 0, E0, 0, sine, sine_signal(omega, -pi / 2, -infinity))};
  const FilmFields f = evaluate(grid, diffusion, drive, t);
  const double lambda = D * q * q + diffusion.rate_c, d = omega * omega + lambda * lambda;
  for (int ix = 0; ix < grid.nx; ++ix) {
    const double a = omega * t - q * (grid.x(ix) - grid.x(0));
    const double psi = D * q * E0 * (lambda * std::sin(a) - omega * std::cos(a)) / d;
    const double slope =
        -q * D * q * E0 * (lambda * std::cos(a) + omega * std::sin(a)) / d;  // d psi/dx
    EXPECT_NEAR(f.psi[ix], psi, 1e-12 * E0 / q);
    EXPECT_NEAR(f.Ex[ix], E0 * std::cos(a) + slope, 1e-12 * E0);
    EXPECT_EQ(f.Ey[ix], 0);
  }
}

// A transverse field has no divergence and a uniform one no gradient: both pass unchanged.
TEST(DiffusiveWaves, TransverseAndUniformFieldsPass) {
  const Grid grid = periodic_film(12, 8, 1e-6, 1e-6);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive drive;
  drive.separable = {{"transverse",
                      [](double x, double) {
                        return Vec2<double>{3e4, 1e5 * std::sin(2 * pi * x / 1e-6)};
                      },
                      step_signal(0)}};
  const FilmFields f = evaluate(grid, diffusion, drive, 1e-12);
  EXPECT_LT(largest(f.psi), 1e-12 * 1e5 * 1e-6);
  for (int ix = 0; ix < grid.nx; ++ix) {
    EXPECT_NEAR(f.Ex[ix], 3e4, 1e-9);
    EXPECT_NEAR(f.Ey[ix], 1e5 * std::sin(2 * pi * grid.x(ix) / 1e-6), 1e-7);
  }
}

// The shortest waves of the grid have no direction: what they carry along their wave vector is
// balanced at once, what they carry across it stays.
TEST(DiffusiveWaves, NyquistModesDriveNoCurrent) {
  const Grid grid = periodic_film(8, 6, 8, 6);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive drive;
  drive.separable = {{"alternating",
                      [](double x, double) {
                        const double sign = std::lround(x + 20.5) % 2 ? 1 : -1;
                        return Vec2<double>{sign, sign};
                      },
                      step_signal(0)}};
  const FilmFields f = evaluate(grid, diffusion, drive, 1);
  EXPECT_LT(largest(f.psi), 1e-15);
  EXPECT_LT(largest(f.Ex), 1e-15);
  for (double Ey : f.Ey) EXPECT_NEAR(std::abs(Ey), 1, 1e-15);
}

// A static field without leak drives no current at all in the end; E' is E exp(-lambda t) before.
TEST(DiffusiveWaves, CurrentOfASwitchedStaticFieldDiesOut) {
  const double D = 0.008, q = 2 * pi / 1e-6, E0 = 1e5;
  const Grid grid = periodic_film(16, 1, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = D;
  Drive drive;
  drive.separable = {wave(grid, q, 0, E0, 0, sine, step_signal(1e-12))};
  for (double tau : {1e-13, 1e-11, 1e-10}) {
    const FilmFields f = evaluate(grid, diffusion, drive, 1e-12 + tau);
    for (int ix = 0; ix < grid.nx; ++ix)
      EXPECT_NEAR(f.Ex[ix],
                  E0 * std::sin(q * (grid.x(ix) - grid.x(0))) * std::exp(-D * q * q * tau),
                  1e-15 * E0);
  }
  EXPECT_EQ(largest(evaluate(grid, diffusion, drive, 0.5e-12).psi), 0);
}

TEST(DiffusiveWaves, SignalsAndDrivesAddUp) {
  const Grid grid = periodic_film(16, 12, 1e-6, 0.5e-6);
  Diffusion diffusion;
  diffusion.D = 0.008, diffusion.rate_c = 1e9;
  const double q = 2 * pi / 1e-6, t = 2.3e-11;
  const Signal signals[] = {sine_signal(5e10, 0.3, 1e-12), pulse_signal(2e-11, 3e-12),
                            Signal::constant(-0.4), table_signal({0, 3e-11}, {1, 2})};
  Drive together;
  Signal sum;
  for (const Signal& s : signals) sum.terms.push_back(s.terms[0]);
  together.separable = {wave(grid, q, 0, 1e5, 0, sine, sum),
                        wave(grid, 0, 2 * q, 2e4, 0, cosine, signals[0])};
  const FilmFields all = evaluate(grid, diffusion, together, t);
  FilmFields parts{std::vector<double>(grid.cells()), std::vector<double>(grid.cells()),
                   std::vector<double>(grid.cells())};
  const auto add = [&](SeparableDrive d) {
    Drive one;
    one.separable = {std::move(d)};
    const FilmFields f = evaluate(grid, diffusion, one, t);
    for (std::size_t i = 0; i < grid.cells(); ++i)
      parts.psi[i] += f.psi[i], parts.Ex[i] += f.Ex[i], parts.Ey[i] += f.Ey[i];
  };
  for (const Signal& s : signals) add(wave(grid, q, 0, 1e5, 0, sine, s));
  add(together.separable[1]);
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    EXPECT_NEAR(all.psi[i], parts.psi[i], 1e-13 * 1e5 / q);
    EXPECT_NEAR(all.Ex[i], parts.Ex[i], 1e-12 * 1e5);
    EXPECT_NEAR(all.Ey[i], parts.Ey[i], 1e-12 * 1e5);
  }
}

// A triangle in time as a table, against 5c written out for its three segments.
TEST(DiffusiveWaves, PiecewiseLinearSignal) {
  const double D = 0.008, q = 2 * pi / 1e-6, E0 = 1e5, lambda = D * q * q;
  const Grid grid = periodic_film(16, 1, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = D;
  const double t1 = 2e-12, t2 = 5e-12, t3 = 11e-12, t = 15e-12;
  Drive drive;
  drive.separable = {wave(grid, q, 0, E0, 0, sine, table_signal({t1, t2, t3}, {0.5, 2, -1}))};
  // response to a ramp of slope a that begins at 0: a (tau - (1 - e^{-lambda tau})/lambda)/lambda
  const auto ramp = [&](double tau) {
    return tau <= 0 ? 0 : (tau - (1 - std::exp(-lambda * tau)) / lambda) / lambda;
  };
  const double up = 1.5 / (t2 - t1), down = -3 / (t3 - t2);
  for (double now : {1e-12, 3e-12, 9e-12, t}) {
    const double y =
        0.5 / lambda + up * ramp(now - t1) + (down - up) * ramp(now - t2) - down * ramp(now - t3);
    const FilmFields f = evaluate(grid, diffusion, drive, now);
    for (int ix = 0; ix < grid.nx; ++ix)
      EXPECT_NEAR(f.psi[ix], D * q * E0 * std::cos(q * (grid.x(ix) - grid.x(0))) * y,
                  1e-12 * E0 / q)
          << now;
    const double value = signal_value(drive.separable[0].signal, now, now);
    for (int ix = 0; ix < grid.nx; ++ix)  // E' = E + d psi/dx
      EXPECT_NEAR(f.Ex[ix], E0 * std::sin(q * (grid.x(ix) - grid.x(0))) * (value - lambda * y),
                  1e-11 * E0);
  }
}

TEST(DiffusiveWaves, HarmonicBasisIsTheLongTimeLimit) {
  const Grid grid = periodic_film(16, 10, 1e-6, 0.5e-6);
  Diffusion diffusion;
  diffusion.D = 0.008, diffusion.rate_c = 1e10;
  const double q = 2 * pi / 1e-6;
  Drive drive;
  Signal two = sine_signal(5e10, 0.3, 2e-12);
  two.terms.push_back(step_signal(4e-12).terms[0]);
  drive.separable = {wave(grid, q, 0, 1e5, 0.2, sine, two),
                     wave(grid, q, 2 * q, 3e4, 0, cosine, sine_signal(8e10, -1, -infinity))};
  drive.psi = {{"given", ScalarMap(1e-3), sine_signal(5e10, 0, -infinity)}};
  const DrivePlan plan = make_drive_plan(grid, diffusion, drive, 1);
  const auto basis = make_harmonic_basis(plan, 1);
  ASSERT_TRUE(basis);
  EXPECT_EQ(basis->fields.size(), 5u) << "static, and cos and sin of two frequencies";
  // the slowest mode driven by the switched signals is q along x
  EXPECT_NEAR(basis->valid_from, 4e-12 + 39.14 / (0.008 * q * q + 1e10), 1e-13);
  DriveEvaluator evaluator(plan, 1);
  for (double t : {basis->valid_from, basis->valid_from + 3.7e-11}) {
    const FilmFields f = evaluate(evaluator, t);
    for (std::size_t i = 0; i < grid.cells(); ++i) {
      double psi = 0, Ex = 0, Ey = 0;
      for (const BasisField& b : basis->fields) {
        psi += b.weight(t) * b.psi[i];
        Ex += b.weight(t) * b.Ex[i], Ey += b.weight(t) * b.Ey[i];
      }
      EXPECT_NEAR(f.psi[i], psi, 1e-13 * 1e5 / q);
      EXPECT_NEAR(f.Ex[i], Ex, 1e-12 * 1e5);
      EXPECT_NEAR(f.Ey[i], Ey, 1e-12 * 1e5);
    }
  }
  drive.separable[0].signal = pulse_signal(0, 1e-12);
  EXPECT_FALSE(make_harmonic_basis(make_drive_plan(grid, diffusion, drive, 1), 1));
}

TEST(DiffusiveWaves, ThreadsDoNotChangeABit) {
  const Grid grid = open_film(37, 26, 1e-6, 0.7e-6);
  Diffusion diffusion;
  diffusion.D = 0.008;
  diffusion.edge_x = Edge::infinite, diffusion.edge_y = Edge::no_flux, diffusion.padding = 3e-7;
  Drive drive;
  drive.separable = {{"blob",
                      [](double x, double y) {
                        const double g = 1e12 * std::exp(-(x * x + y * y) / 2e-14);
                        return Vec2<double>{x * g, y * g};
                      },
                      sine_signal(5e10, 0, 0)}};
  const DrivePlan plan = make_drive_plan(grid, diffusion, drive, 1);
  DriveEvaluator one(plan, 1), three(make_drive_plan(grid, diffusion, drive, 3), 3);
  const FilmFields a = evaluate(one, 1e-11), b = evaluate(three, 1e-11);
  EXPECT_EQ(a.psi, b.psi);
  EXPECT_EQ(a.Ex, b.Ex);
  EXPECT_EQ(a.Ey, b.Ey);
}
