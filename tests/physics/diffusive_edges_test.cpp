// The diffusive field at edges: closed solutions, conservation and an independent time integration.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "kubomag/error.hpp"
#include "support/film_drive.hpp"
#include "support/json.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;
using namespace kubomag::testing;
using constants::pi;
using nlohmann::json;

namespace {

Diffusion with_edges(double D, Edge x, Edge y, double padding = 0) {
  Diffusion d;
  d.D = D, d.edge_x = x, d.edge_y = y, d.padding = padding;
  return d;
}

SeparableDrive field(std::function<Vec2<double>(double, double)> E, Signal signal) {
  return {"E", std::move(E), std::move(signal)};
}

Drive uniform_field(double Ex, double Ey, Signal signal) {
  Drive drive;
  drive.separable = {field(
      [=](double, double) {
        return Vec2<double>{Ex, Ey};
      },
      std::move(signal))};
  return drive;
}

/// Gate of docs/drive.md, "Closed solutions", e.
Drive gaussian_gate(double phi0, double a) {
  Drive drive;
  drive.separable = {field(
      [=](double x, double y) {
        const double g = phi0 / (a * a) * std::exp(-(x * x + y * y) / (2 * a * a));
        return Vec2<double>{g * x, g * y};
      },
      step_signal(0))};
  return drive;
}

/// Largest error of psi and of E' (times a) on an infinite plane, relative to phi0.
std::pair<double, double> gaussian_error(double D, double a, double t, double padding) {
  const double phi0 = 0.02;
  const Grid grid = open_film(34, 30, 8.5 * a, 7.5 * a);
  const FilmFields f = evaluate(grid, with_edges(D, Edge::infinite, Edge::infinite, padding),
                                gaussian_gate(phi0, a), t);
  const double wide = a * a + 2 * D * t;
  double psi_error = 0, E_error = 0;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double x = grid.x(ix), r2 = x * x + grid.y(iy) * grid.y(iy);
      const double spread = phi0 * a * a / wide * std::exp(-r2 / (2 * wide));
      const double psi = phi0 * std::exp(-r2 / (2 * a * a)) - spread;
      psi_error = std::max(psi_error, std::abs(f.psi[grid.index(ix, iy)] - psi));
      E_error = std::max(E_error, std::abs(f.Ex[grid.index(ix, iy)] - x / wide * spread));
    }
  return {psi_error / phi0, E_error * a / phi0};
}

/// psi of a uniform field E0 along a strip of length L, on at t = 0, no flux through its ends:
/// psi = -E0 x + sum_m (-1)^m 4 E0/(L k^2) sin(k x) exp(-D k^2 t), k = (2 m + 1) pi/L.
double strip_series(double E0, double L, double D, double x, double t) {
  double psi = -E0 * x;
  for (int m = 0; m < 4000; ++m) {
    const double k = (2 * m + 1) * pi / L;
    psi += (m % 2 ? -4 : 4) * E0 / (L * k * k) * std::sin(k * x) * std::exp(-D * k * k * t);
  }
  return psi;
}

/// Finite volumes with explicit Euler steps: the flux D (E + grad psi) between cells, none through
/// the ends. First order in time, second in space.
std::vector<double> finite_volumes(const std::vector<double>& E_faces, double dx, double D,
                                   double rate_c, double t) {
  const std::size_t n = E_faces.size() + 1;
  const int steps = static_cast<int>(t / (0.05 * dx * dx / D)) + 1;
  const double dt = t / steps;
  std::vector<double> psi(n, 0.0), flux(n + 1, 0.0);
  for (int s = 0; s < steps; ++s) {
    for (std::size_t i = 1; i < n; ++i) flux[i] = D * (E_faces[i - 1] + (psi[i] - psi[i - 1]) / dx);
    for (std::size_t i = 0; i < n; ++i)
      psi[i] += dt * ((flux[i + 1] - flux[i]) / dx - rate_c * psi[i]);
  }
  return psi;
}

double sum_of(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

}  // namespace

TEST(InfiniteEdges, ReferencePointsOfTheGaussianGate) {
  const json data = test::data_file("diffusive_field.json");
  ASSERT_EQ(data["psi_gauss_gate"]["points"].size(), 6u);
  test::ReferenceEntry entry("reference-ti.json", "psi_gauss_gate");
  for (const json& p : data["psi_gauss_gate"]["points"]) {
    const double a = p["a"], r = p["r"], t = p["t"], D = p["D"];
    const Grid grid = open_film(41, 21, 41 * a / 4, 21 * a / 4);  // r is a multiple of a/4 or 0
    const FilmFields f = evaluate(grid, with_edges(D, Edge::infinite, Edge::infinite, 60 * a),
                                  gaussian_gate(p["phi0"], a), t);
    const int ix = 20 + static_cast<int>(std::lround(r / (a / 4)));
    const double psi = p["psi"], phi0 = p["phi0"];
    entry.within(std::abs((f.psi[grid.index(ix, 10)] - psi) / phi0), 1e-9);
  }
}

// At t = 50 ps the diffusion length sqrt(2 D t) is 4.5 a, so that the gate's spread potential comes
// back over the wrap-around unless the padding is wide.
TEST(InfiniteEdges, ErrorFallsWithThePadding) {
  const double a = 2e-7, D = 0.008, t = 5e-11;
  const auto none = gaussian_error(D, a, t, 0);
  const auto some = gaussian_error(D, a, t, 8 * a);
  const auto more = gaussian_error(D, a, t, 16 * a);
  const auto wide = gaussian_error(D, a, t, 30 * a);
  EXPECT_GT(none.first, 1e-3);
  EXPECT_LT(some.first, none.first / 30);
  EXPECT_LT(more.first, some.first / 30);
  EXPECT_LT(wide.first, 1e-9);
  EXPECT_LT(wide.second, 1e-9);
}

TEST(NoFluxEdges, MatchingModesAreExactInBothDirections) {
  const double Lx = 1e-6, Ly = 0.6e-6, D = 0.008, E0 = 1e5, omega = 4e10, t = 1.3e-11;
  const double kx = 3 * pi / Lx, ky = 2 * pi / Ly;
  const Grid grid = open_film(24, 15, Lx, Ly);
  const auto X = [&](double x) { return kx * (x + Lx / 2); };
  const auto Y = [&](double y) { return ky * (y + Ly / 2); };
  Drive drive;  // a field that is no gradient, with components of either parity
  drive.separable = {field(
      [=](double x, double y) {
        return Vec2<double>{E0 * std::sin(X(x)) * std::cos(Y(y)),
                            0.4 * E0 * std::cos(X(x)) * std::sin(Y(y))};
      },
      sine_signal(omega, 0, 0))};
  const FilmFields f = evaluate(grid, with_edges(D, Edge::no_flux, Edge::no_flux), drive, t);
  const double lambda = D * (kx * kx + ky * ky), div = kx * E0 + 0.4 * ky * E0;
  const double y = (lambda * std::cos(omega * t) + omega * std::sin(omega * t) -
                    lambda * std::exp(-lambda * t)) /
                   (lambda * lambda + omega * omega);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double a = X(grid.x(ix)), b = Y(grid.y(iy)), s = std::cos(omega * t);
      const std::size_t i = grid.index(ix, iy);
      EXPECT_NEAR(f.psi[i], D * div * y * std::cos(a) * std::cos(b), 1e-12 * E0 / kx);
      EXPECT_NEAR(f.Ex[i], (E0 * s - kx * D * div * y) * std::sin(a) * std::cos(b), 1e-11 * E0);
      EXPECT_NEAR(f.Ey[i], (0.4 * E0 * s - ky * D * div * y) * std::cos(a) * std::sin(b),
                  1e-11 * E0);
    }
}

TEST(NoFluxEdges, UniformFieldConvergesToTheCosineSeries) {
  const double L = 1e-6, D = 0.008, E0 = 1e5, t = 6e-12;
  double errors[2];
  for (int i = 0; i < 2; ++i) {
    const Grid grid = open_film(i ? 128 : 64, 1, L, 1e-7);
    const FilmFields f = evaluate(grid, with_edges(D, Edge::no_flux, Edge::no_flux),
                                  uniform_field(E0, 0, step_signal(0)), t);
    errors[i] = 0;
    for (int ix = 0; ix < grid.nx; ++ix)
      errors[i] = std::max(errors[i], std::abs(f.psi[ix] - strip_series(E0, L, D, grid.x(ix), t)));
  }
  EXPECT_LT(errors[0], 2e-4 * E0 * L);
  EXPECT_NEAR(errors[0] / errors[1], 4, 0.5);
}

TEST(NoFluxEdges, AgreesWithFiniteVolumes) {
  const double L = 1e-6, D = 0.008, rate_c = 3e10, t = 1.1e-11;
  const Grid grid = open_film(200, 1, L, 1e-7);
  const auto E = [=](double x) { return 1e5 * std::exp(2 * x / L) * (1 + std::sin(9 * x / L)); };
  Drive drive;
  drive.separable = {field(
      [=](double x, double) {
        return Vec2<double>{E(x), 0};
      },
      step_signal(0))};
  Diffusion diffusion = with_edges(D, Edge::no_flux, Edge::no_flux);
  diffusion.rate_c = rate_c;
  const FilmFields f = evaluate(grid, diffusion, drive, t);
  std::vector<double> faces;
  for (int ix = 0; ix + 1 < grid.nx; ++ix) faces.push_back(E(grid.x(ix) + grid.dx / 2));
  const std::vector<double> psi = finite_volumes(faces, grid.dx, D, rate_c, t);
  for (int ix = 0; ix < grid.nx; ++ix) EXPECT_NEAR(f.psi[ix], psi[ix], 2e-4 * largest(psi)) << ix;
}

// The mean of psi stays 0, and the current's normal component, extrapolated to the edges, vanishes
// with the square of the cell size (E has no curl: else grad psi has r log r in the corners).
TEST(NoFluxEdges, ChargeIsConservedAndNoneLeaves) {
  Drive drive;
  drive.separable = {field(
      [](double x, double y) {
        const double g = 1e5 * std::exp(3e6 * x + 1e6 * y);
        return Vec2<double>{g, g / 3 - 1e11 * y};
      },
      sine_signal(5e10, 0.7, 0))};
  double leak[2];
  for (int i = 0; i < 2; ++i) {
    const Grid grid = open_film(i ? 120 : 60, i ? 66 : 33, 1e-6, 0.5e-6);
    const FilmFields f =
        evaluate(grid, with_edges(0.008, Edge::no_flux, Edge::no_flux), drive, 8e-12);
    EXPECT_LT(std::abs(sum_of(f.psi)), 1e-12 * largest(f.psi) * static_cast<double>(grid.cells()));
    leak[i] = 0;
    for (int iy = 0; iy < grid.ny; ++iy) {
      const std::size_t end = grid.index(grid.nx - 1, iy);
      leak[i] = std::max(leak[i], std::abs(1.5 * f.Ex[end] - 0.5 * f.Ex[end - 1]));
    }
    for (int ix = 0; ix < grid.nx; ++ix)
      leak[i] = std::max(leak[i], std::abs(1.5 * f.Ey[ix] - 0.5 * f.Ey[grid.index(ix, 1)]));
    leak[i] /= largest(f.Ex);
  }
  EXPECT_LT(leak[0], 0.03);
  EXPECT_LT(leak[1], leak[0] / 3);
}

// A static field ends with no current anywhere, for an odd number of cells (which has the Nyquist
// mode in its mirrored field), too.
TEST(NoFluxEdges, StaticFieldIsBalanced) {
  for (int n : {20, 21}) {
    const Grid grid = open_film(n, 7, 1e-6, 0.35e-6);
    const FilmFields f = evaluate(grid, with_edges(0.008, Edge::no_flux, Edge::no_flux),
                                  uniform_field(1e5, -2e4, Signal::constant()), 0);
    EXPECT_LT(largest(f.Ex), 1e-10 * 1e5);
    EXPECT_LT(largest(f.Ey), 1e-10 * 1e5);
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        EXPECT_NEAR(f.psi[grid.index(ix, iy)], -1e5 * grid.x(ix) + 2e4 * grid.y(iy), 1e-12);
  }
}

TEST(Screening, StaticLimitAndRateOfAMode) {
  const double D = 0.008, q = 2 * pi / 1e-6, E0 = 1e5, phi = E0 / q;
  const Grid grid = periodic_film(16, 1, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = D;
  // 0.2 eV and 5e5 m/s, 50 nm of 4 epsilon_0
  const double hv = constants::hbar * 5e5, energy = 0.2 * constants::e_abs;
  const double nu = energy / (2 * pi * hv * hv), eps = 4 * constants::epsilon_0;
  const double e2_nu = constants::e_abs * constants::e_abs * nu;
  for (double d : {1e-12, 50e-9, 1.0, std::numeric_limits<double>::infinity()}) {
    diffusion.screening = Screening{e2_nu, eps, d};
    const double s = e2_nu * (1 - std::exp(-2 * q * d)) / (2 * eps * q);
    if (d == 50e-9) {
      EXPECT_NEAR(1 + s, 50, 1);
    }
    const auto E = [=](double x, double) { return Vec2<double>{E0 * std::sin(q * x), 0}; };
    Drive drive;  // potential phi cos(q x)
    drive.separable = {field(E, Signal::constant())};
    const FilmFields f = evaluate(grid, diffusion, drive, 0);
    for (int ix = 0; ix < grid.nx; ++ix)
      EXPECT_NEAR(f.psi[ix], phi * std::cos(q * grid.x(ix)) / (1 + s), 1e-10 * phi / (1 + s));
    EXPECT_LT(largest(f.Ex), 1e-12 * E0);

    const double lambda = D * q * q * (1 + s), t = 0.7 / lambda;
    drive.separable[0].signal = step_signal(0);
    const FilmFields g = evaluate(grid, diffusion, drive, t);
    for (int ix = 0; ix < grid.nx; ++ix) {
      EXPECT_NEAR(g.psi[ix], phi * std::cos(q * grid.x(ix)) * (1 - std::exp(-0.7)) / (1 + s),
                  1e-10 * phi / (1 + s));
      EXPECT_NEAR(g.Ex[ix], E0 * std::sin(q * grid.x(ix)) * std::exp(-0.7), 1e-10 * E0);
    }
  }
}

TEST(Screening, FactorHasItsLimits) {
  ModeBox box;
  box.e2_nu = 0.05, box.permittivity = 3e-11, box.distance = 5e-8;
  EXPECT_NEAR(screening_factor(box, 1e-3), 0.05 * 5e-8 / 3e-11, 1e-7);
  EXPECT_DOUBLE_EQ(screening_factor(box, 1e10), 0.05 / (2 * 3e-11 * 1e10));
  box.e2_nu = 0;
  EXPECT_EQ(screening_factor(box, 1e6), 0);
}

TEST(NoDiffusion, FieldPassesThrough) {
  const Grid grid = open_film(9, 5, 1e-6, 1e-6);
  Drive drive = gaussian_gate(0.01, 2e-7);
  drive.separable[0].signal = sine_signal(1e10, 0, 0);
  for (double rate_c : {0.0, 1e10}) {
    Diffusion diffusion = with_edges(0, Edge::no_flux, Edge::infinite, 1e-6);
    diffusion.rate_c = rate_c;
    const FilmFields f = evaluate(grid, diffusion, drive, 2e-11);
    EXPECT_EQ(largest(f.psi), 0);
    for (int ix = 0; ix < grid.nx; ++ix)
      EXPECT_NEAR(f.Ex[grid.index(ix, 2)],
                  drive.separable[0].E(grid.x(ix), grid.y(2)).x * std::cos(0.2), 1e-9);
  }
}

// A field that is sampled at the knots of a table is the same drive as one with that table for a
// signal; its coefficients come by another way (the film's sines and cosines, not the mirrored
// box).
TEST(NoFluxEdges, SampledAndTabulatedFieldsAgree) {
  const Grid grid = open_film(24, 17, 1e-6, 0.6e-6);
  Diffusion diffusion = with_edges(0.008, Edge::no_flux, Edge::no_flux);
  diffusion.rate_c = 2e10;
  diffusion.screening = Screening{0.02, 3e-11, 50e-9};
  const auto E = [](double x, double y) {
    return Vec2<double>{1e5 * std::cos(5e6 * x + 4e6 * y) + 2e4,
                        7e4 * std::sin(6e6 * x - 8e6 * y + 1)};
  };
  const auto value = [](double t) { return std::max(0.0, 3e11 * t - 4e22 * t * t); };
  const double interval = 1e-12;
  Signal table = table_signal({}, {});
  for (int n = 0; n < 12; ++n) {
    table.terms[0].times.push_back(n * interval);
    table.terms[0].values.push_back(value(n * interval));
  }
  Drive tabulated, sampled;
  tabulated.separable = {field(E, table)};
  const auto sample = [=](double x, double y, double t) {
    const Vec2<double> at = E(x, y);
    return Vec2<double>{value(t) * at.x, value(t) * at.y};
  };
  sampled.sampled = {{"E", sample, interval}};
  for (double t : {0.5e-12, 3e-12, 7.3e-12}) {
    const FilmFields a = evaluate(grid, diffusion, tabulated, t);
    const FilmFields b = evaluate(grid, diffusion, sampled, t);
    for (std::size_t i = 0; i < grid.cells(); ++i) {
      EXPECT_NEAR(a.psi[i], b.psi[i], 1e-13 * 1e5 * 1e-6);
      EXPECT_NEAR(a.Ex[i], b.Ex[i], 1e-12 * 1e5);
      EXPECT_NEAR(a.Ey[i], b.Ey[i], 1e-12 * 1e5);
    }
  }
}

// The film's sums of sines and cosines against transforms of the whole mirrored box: a periodic
// film of twice the length and width whose field is the mirrored one by construction.
TEST(NoFluxEdges, AreThoseOfThePeriodicMirroredFilm) {
  const double Lx = 1e-6, Ly = 0.6e-6;
  const Grid grid = open_film(24, 17, Lx, Ly), twice = periodic_film(48, 34, 2 * Lx, 2 * Ly);
  // normal components vanish at the edges, so that nothing jumps
  const auto on_film = [=](double x, double y) {
    const double u = pi * (x / Lx + 0.5), v = pi * (y / Ly + 0.5);
    return Vec2<double>{
        1e5 * std::sin(u) * std::exp(std::cos(2 * u)) * std::cos(v) * std::cos(3 * u),
        4e4 * std::sin(2 * v) * std::exp(std::cos(v)) * (0.3 + std::cos(u))};
  };
  const auto mirrored = [=](double x, double y) {  // the film is the lower left quarter
    const bool over_x = x > 0, over_y = y > 0;
    const Vec2<double> E =
        on_film(over_x ? Lx / 2 - x : x + Lx / 2, over_y ? Ly / 2 - y : y + Ly / 2);
    return Vec2<double>{over_x ? -E.x : E.x, over_y ? -E.y : E.y};
  };
  for (const Signal& signal : {sine_signal(4e10, 0.3, 0), pulse_signal(5e-12, 2e-12),
                               table_signal({1e-12, 4e-12, 9e-12}, {0.5, 2, -1})}) {
    Drive film, box;
    film.separable = {field(on_film, signal)}, box.separable = {field(mirrored, signal)};
    for (double t : {2e-12, 6e-12}) {
      const FilmFields a = evaluate(grid, with_edges(0.008, Edge::no_flux, Edge::no_flux), film, t);
      const FilmFields b =
          evaluate(twice, with_edges(0.008, Edge::periodic, Edge::periodic), box, t);
      for (int iy = 0; iy < grid.ny; ++iy)
        for (int ix = 0; ix < grid.nx; ++ix) {
          const std::size_t i = grid.index(ix, iy), j = twice.index(ix, iy);
          EXPECT_NEAR(a.psi[i], b.psi[j], 1e-12 * 1e5 * 1e-6);
          EXPECT_NEAR(a.Ex[i], b.Ex[j], 1e-11 * 1e5);
          EXPECT_NEAR(a.Ey[i], b.Ey[j], 1e-11 * 1e5);
        }
    }
  }
}
