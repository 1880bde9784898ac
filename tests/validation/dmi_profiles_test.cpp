// Textures that the Dzyaloshinskii-Moriya interaction makes: the one- and two-dimensional standard
// problems of Cortes-Ortuno et al., New J. Phys. 20, 113015 (2018), walls, and the checks of other
// codes.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double Aex = 1.3e-11, Ms = 8.6e5, Ku1 = 4e5, D = 3e-3;
enum Boundary { natural, open, mumax3 };  // the words of dmi_boundary
const std::string paper = "Cortes-Ortuno 2018";

void set_all(Problem& p, const std::vector<std::pair<const char*, double>>& values) {
  for (const auto& [name, value] : values) p.material.set(name, value);
}

Problem film_of_the_paper(int nx, int ny, double h, double thickness) {
  Problem p = plain_film(nx, ny, h, h, thickness);
  set_all(p, {{"Msat", Ms}, {"Aex", Aex}, {"Ku1", Ku1}, {"Dind", D}});
  return p;
}

class DmiProfiles : public OnEveryBackend {
 protected:
  void minimise(Engine& film, double in_double, double in_single) const {
    Relax to;
    to.descent = Descent::barzilai_borwein;
    to.stop_torque = tolerance(in_double, in_single);
    ASSERT_TRUE(film.relax(to, {}).converged);
  }
  double total_energy(Engine& film) const { return observable(film.observables(), "E_total"); }
};
KUBOMAG_ON_EVERY_BACKEND(DmiProfiles);

/// The angle of m to z at the distance s from the end of a long wire: the exact solution
/// tan(theta/2) = tan(theta_e/2) exp(-s/Delta), sin theta_e = D/(2 sqrt(A K)).
double edge_angle(double s) {
  const double theta_e = std::asin(D / (2 * std::sqrt(Aex * Ku1)));
  return 2 * std::atan(std::tan(theta_e / 2) * std::exp(-s / std::sqrt(Aex / Ku1)));
}

TEST_P(DmiProfiles, AWireHasTheProfileOfTheEquation) {
  // three numbers of the paper's solution (result_1d_x-mx_interfacial_ODE.txt, its D < 0)
  EXPECT_NEAR(std::sin(edge_angle(0)), 0.6577935, 1e-6);
  EXPECT_NEAR(std::sin(edge_angle(1e-7 / 99)), 0.5720482, 1e-6);
  EXPECT_NEAR(std::sin(edge_angle(2e-7 / 99)), 0.4923687, 1e-6);
  const Problem p = film_of_the_paper(100, 1, 1e-9, 5e-9);
  const auto film = engine(p);
  minimise(*film, 1e-8, 2e-5);
  const auto m = film->m();
  double worst = 0;
  Series ours{"kubomag, 1 nm", {}, {}, true}, exact{"solution", {}, {}};
  for (int ix = 0; ix < 100; ++ix) {
    const double x = p.grid.x(ix), s = 50e-9 - std::abs(x);
    const double expected = (x < 0 ? 1 : -1) * std::sin(edge_angle(s));
    worst = std::max(worst, std::abs(m[static_cast<std::size_t>(ix)] - expected));
    ours.x.push_back(x), ours.y.push_back(m[static_cast<std::size_t>(ix)]);
    exact.x.push_back(x), exact.y.push_back(expected);
  }
  record({"DMI wire", "first cell, m_x", 0.61345, 1e-3, paper + ", OOMMF"}, m[0]);
  record({"DMI wire", "largest difference of m_x from the solution, cells of 1 nm", 0, 2e-3, paper},
         worst);
  if (!single()) plot("dmi_wire", "DMI wire: m_x along it", {"x", "m"}, "", {exact, ours});
}

/// The disk of 100 nm with a skyrmion in its centre.
Problem disk(int cells) {
  const double h = 100e-9 / cells;
  Problem p = film_of_the_paper(cells, cells, h, 2e-9);
  std::vector<double> inside(p.grid.cells());
  for (int iy = 0; iy < cells; ++iy)
    for (int ix = 0; ix < cells; ++ix)
      inside[p.grid.index(ix, iy)] = std::hypot(p.grid.x(ix), p.grid.y(iy)) < 50e-9 ? Ms : 0;
  p.m = texture(p.grid, [](double x, double y) {
    const double r = std::hypot(x, y), theta = 2 * std::atan(std::exp((22e-9 - r) / 6e-9));
    const double inward = std::sin(theta) / r;  // D > 0: along -r where m_z falls with r
    return Vec3<double>{-inward * x, -inward * y, -std::cos(theta)};
  });
  for (std::size_t i = 0; i < p.m.size(); ++i)
    if (inside[i % p.grid.cells()] == 0) p.m[i] = 0;
  p.material.set("Msat", ScalarMap(std::move(inside)));
  return p;
}

/// m_z over r along the row of cells just above the centre, towards +x.
Series profile(const Problem& p, const std::vector<double>& m, const std::string& name) {
  Series out{name, {}, {}, true};
  for (int ix = p.grid.nx / 2; ix < p.grid.nx; ++ix) {
    const std::size_t i = p.grid.index(ix, p.grid.ny / 2);
    if (p.material["Msat"](i) == 0) continue;
    out.x.push_back(std::hypot(p.grid.x(ix), p.grid.y(p.grid.ny / 2)));
    out.y.push_back(m[2 * p.grid.cells() + i]);
  }
  return out;
}

TEST_P(DmiProfiles, ADiskHasTheSkyrmionOfTheEquation) {
  // the paper's solution (result_2d_r-mz_interfacial_ODE.txt), core up
  const std::vector<double> r{10.0200e-9, 15.0301e-9, 20.0401e-9, 25.0501e-9,
                              30.0601e-9, 35.0701e-9, 40.0802e-9, 45.0902e-9};
  const std::vector<double> mz{0.9717849,  0.8486250,  0.3491151,  -0.5145606,
                               -0.9179671, -0.9943022, -0.9971698, -0.9565126};
  const char* const of[] = {"cells of 2 nm", "cells of 1 nm"};
  std::vector<Series> curves{{"solution", r, mz, true}};
  for (const int cells : {50, 100}) {
    const Problem p = disk(cells);
    const auto film = engine(p);
    minimise(*film, 1e-6, 2e-4);
    Series ours = profile(p, film->m(), of[cells / 100]);
    double worst = 0, radius = 0;
    for (std::size_t k = 0; k < r.size(); ++k)
      worst = std::max(worst, std::abs(validation::on_polygon(ours.x, ours.y, r[k]) - mz[k]));
    for (std::size_t i = 0; i + 1 < ours.y.size(); ++i)
      if (ours.y[i] > 0 && ours.y[i + 1] <= 0)
        radius = ours.x[i] + (ours.x[i + 1] - ours.x[i]) * ours.y[i] / (ours.y[i] - ours.y[i + 1]);
    record({"DMI disk", std::string("radius, ") + of[cells / 100], 22.030, cells == 50 ? 0.2 : 0.1,
            paper + "; in 2 nm OOMMF 21.868, mumax3 22.087", "nm"},
           radius * 1e9);
    record(
        {"DMI disk", std::string("largest difference of m_z from the solution, ") + of[cells / 100],
         0, cells == 50 ? 0.03 : 0.015, paper},
        worst);
    curves.push_back(ours);
  }
  if (!single()) plot("dmi_disk", "DMI disk: m_z over the radius", {"r", "m"}, "", curves);
}

// mumax3, test/openbc.mx3: the last cell of a long wire at 0.9 of the critical D = 4 sqrt(A K)/pi.
TEST_P(DmiProfiles, TheEndOfAWireIsCantedAsInTheory) {
  const double Delta = std::sqrt(Aex / Ku1), h = 0.05 * Delta;
  const double D_90 = 0.9 * 4 / constants::pi * std::sqrt(Aex * Ku1);
  Problem p = plain_film(512, 1, h, h, h);
  set_all(p, {{"Msat", Ms}, {"Aex", Aex}, {"Ku1", Ku1}, {"Dind", D_90}});
  const auto film = engine(p);
  minimise(*film, 1e-6, 5e-4);
  const auto m = film->m();
  const double theta_e = std::asin(D_90 / (2 * std::sqrt(Aex * Ku1)));
  const double expected = 2 * std::atan(std::tan(theta_e / 2) * std::exp(-0.025));
  EXPECT_NEAR(expected, 0.59582520, 2e-4);  // mumax+, test_boundaries.py, open, its tolerance
  record({"end of a wire at 0.9 D_c", "canting of the last cell", expected, 1e-3,
          "mumax3 test/openbc, theory", "rad"},
         std::atan2(m[0], m[1024]));
}

// mumax3, test/dmi.mx3, after Thiaville et al., Europhys. Lett. 100, 57002 (2012): a wall between
// Bloch and Neel.
TEST_P(DmiProfiles, AWallIsBetweenBlochAndNeel) {
  const double h = 250e-9 / 128;
  Problem p = plain_film(128, 128, h, h, 0.6e-9);
  set_all(p, {{"Msat", 1.1e6},
              {"Aex", 1.6e-11},
              {"Ku1", 1.27e6},
              {"Dind", 1e-4},
              {"dmi_boundary", mumax3}});
  p.demag.enabled = true;
  p.m = texture(p.grid, [&](double x, double) {
    const double wall = std::exp(-x * x / (4 * h * h));
    return Vec3<double>{wall, wall, (x < 0 ? -1 : 1) * (1 - wall)};
  });
  const auto film = engine(p);
  minimise(*film, 1e-4, 5e-4);
  const auto all = film->observables();
  record({"wall of Co/Pt, D = 0.1 mJ/m2", "<m_x>", 0.059, 0.01, "mumax3 test/dmi, Thiaville 2012"},
         observable(all, "mx"));
  record({"wall of Co/Pt, D = 0.1 mJ/m2", "<m_y>", 0.035, 0.01, "mumax3 test/dmi, Thiaville 2012"},
         observable(all, "my"));
}

// fidimag, tests/test_dw_dmi.py: a head-to-head wall in bulk DMI, m_x = -tanh(x/Delta), the rest
// turned by phi = D x/(2 A), Delta = sqrt(A/(K - D^2/(4 A))).
TEST_P(DmiProfiles, AHeadToHeadWallIsTwistedByBulkDmi) {
  constexpr double K = 8e4, D_bulk = 4e-4;
  Problem p = plain_film(150, 1, 2e-9, 2e-9, 2e-9);
  set_all(p, {{"Aex", Aex}, {"Ku1", K}, {"anisU_x", 1}, {"anisU_z", 0}, {"Dbulk", D_bulk}});
  const double Delta = std::sqrt(Aex / (K - D_bulk * D_bulk / (4 * Aex)));
  const auto wall = texture(p.grid, [&](double x, double) {
    const double phi = D_bulk * x / (2 * Aex), s = 1 / std::cosh(x / Delta);
    return Vec3<double>{-std::tanh(x / Delta), s * std::cos(phi), s * std::sin(phi)};
  });
  p.m = texture(p.grid, [](double x, double) {
    return x < -10e-9 ? Vec3<double>{1, 0, 0}
                      : (x > 10e-9 ? Vec3<double>{-1, 0, 0} : Vec3<double>{0, 1, 0});
  });
  const auto film = engine(p);
  minimise(*film, 1e-8, 2e-5);
  const auto m = film->m();
  const char* const names[] = {"m_x", "m_y", "m_z"};
  for (std::size_t c = 0; c < 3; ++c) {
    double worst = 0;
    for (std::size_t i = 150 * c; i < 150 * (c + 1); ++i)
      worst = std::max(worst, std::abs(m[i] - wall[i]));
    record({"head-to-head wall in bulk DMI", std::string("largest difference of ") + names[c], 0,
            c == 2 ? 6e-4 : 2e-3, "fidimag test_dw_dmi, exact"},
           worst);
  }
}

// sigma = 4 sqrt(A K) - pi D; the exchange of cells of Delta/4 is 0.26 % too small, its part of
// sigma being 2 sqrt(A K).
TEST_P(DmiProfiles, AWallCostsPiDLess) {
  const double Delta = std::sqrt(Aex / Ku1),
               D_half = 0.5 * 4 / constants::pi * std::sqrt(Aex * Ku1);
  Problem p = plain_film(120, 1, Delta / 4, 4e-9);
  set_all(p, {{"Msat", Ms}, {"Aex", Aex}, {"Ku1", Ku1}, {"Dind", D_half}});
  const auto uniform = engine(p);
  p.m = texture(p.grid, [&](double x, double) {
    return Vec3<double>{1 / std::cosh(x / Delta), 0, std::tanh(x / Delta)};
  });
  const auto wall = engine(p);
  minimise(*uniform, 1e-7, 1e-4), minimise(*wall, 1e-7, 1e-4);
  const double sigma = (total_energy(*wall) - total_energy(*uniform)) / (p.grid.dy * p.grid.dz);
  const double expected = 4 * std::sqrt(Aex * Ku1) - constants::pi * D_half;
  record({"Neel wall, D = D_c/2", "energy per area", 1e3 * expected, 5e-3 * 1e3 * expected,
          "4 sqrt(A K) - pi D", "mJ/m2"},
         1e3 * sigma);
}

}  // namespace
}  // namespace kubomag::test
