// Coefficient maps of the surface: DiracSurface's formulas must give back dirac_scales at any mz.
#include "khat/surface.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/error.hpp"

using namespace kubomag;
using namespace kubomag::constants;

namespace {

DiracMaps uniform_maps() { return {0.2 * e_abs, 5e5, 0.08 * e_abs, 0.03, 1.4e5}; }

// problem.hpp, DiracSurface.
double sigma_0(const DiracSurface& s, std::size_t cell, double mz) {
  const double y = std::pow(s.b(cell) * mz, 2);
  return s.sigma_s(cell) * (1 - y) / (1 + 3 * y);
}
double sigma_H(const DiracSurface& s, std::size_t cell, double mz) {
  const double y = std::pow(s.b(cell) * mz, 2);
  return s.b(cell) * mz * (s.hall_1(cell) + s.hall_3(cell) * y) / std::pow(1 + 3 * y, 2);
}

}  // namespace

TEST(KhatSurface, FormulasGiveBackTheScalesOfEveryCellAndAngle) {
  DiracMaps maps = uniform_maps();
  maps.fermi_energy = ScalarMap({0.2 * e_abs, 0.3 * e_abs, 0.4 * e_abs});
  maps.Delta_sd = ScalarMap({0.08 * e_abs, -0.1 * e_abs, 0.08 * e_abs});
  maps.Msat = ScalarMap({1e5, 2e5, 3e5});
  for (HallParts parts :
       {HallParts::full, HallParts::ladder, HallParts::crossed, HallParts::none}) {
    const DiracSurface surface = dirac_surface(maps, 4e-9, 1.7e11, {parts});
    for (std::size_t cell = 0; cell < 3; ++cell)
      for (double mz : {-1.0, -0.4, 0.0, 0.7}) {
        const Film film{maps.Msat(cell), 4e-9, 1.7e11};
        const DiracScales scales = dirac_scales(maps(cell), film, mz, parts);
        EXPECT_NEAR(sigma_0(surface, cell, mz) / scales.sigma_0, 1, 1e-13);
        EXPECT_NEAR(sigma_H(surface, cell, mz), scales.sigma_H, 1e-14);
        EXPECT_NEAR(surface.c0(cell) / scales.c0, 1, 1e-13);
        EXPECT_NEAR(surface.B_FL_per_E(cell) / scales.B_FL_per_E, 1, 1e-13);
        EXPECT_NEAR(surface.B_diff_per_psi(cell) / scales.B_diff_per_psi, 1, 1e-13);
      }
  }
}

TEST(KhatSurface, UniformMapsStayUniform) {
  const DiracSurface surface = dirac_surface(uniform_maps(), 5e-9, GammaLL, {});
  for (const ScalarMap* map : {&surface.b, &surface.sigma_s, &surface.hall_1, &surface.hall_3,
                               &surface.c0, &surface.B_FL_per_E, &surface.B_diff_per_psi})
    EXPECT_TRUE(map->uniform());
  EXPECT_DOUBLE_EQ(surface.b(7), 0.4);
}

TEST(KhatSurface, CellsWithoutFilmGetNoFields) {
  DiracMaps maps = uniform_maps();
  maps.Msat = ScalarMap({1.4e5, 0});
  maps.Delta_sd = ScalarMap({0.08 * e_abs, 0.5 * e_abs});  // the second is not felt
  const DiracSurface surface = dirac_surface(maps, 5e-9, GammaLL, {});
  EXPECT_GT(surface.c0(0), 0);
  for (const ScalarMap* map :
       {&surface.b, &surface.c0, &surface.B_FL_per_E, &surface.B_diff_per_psi})
    EXPECT_EQ((*map)(1), 0);
  EXPECT_NEAR(surface.sigma_s(1), 1 / (pi * 0.03), 1e-12);
}

TEST(KhatSurface, SwitchesTurnOffOnePartEach) {
  const DiracMaps maps = uniform_maps();
  const auto surface = [&](bool field_like, bool diffusive, bool damping) {
    return dirac_surface(maps, 5e-9, GammaLL, {HallParts::full, field_like, diffusive, damping});
  };
  const DiracSurface no_field = surface(false, true, true), no_psi = surface(true, false, true),
                     no_damping = surface(true, true, false);
  EXPECT_EQ(no_field.B_FL_per_E(0), 0);
  EXPECT_NE(no_field.B_diff_per_psi(0) * no_field.c0(0), 0);
  EXPECT_EQ(no_psi.B_diff_per_psi(0), 0);
  EXPECT_NE(no_psi.B_FL_per_E(0) * no_psi.c0(0), 0);
  EXPECT_EQ(no_damping.c0(0), 0);
  EXPECT_NE(no_damping.B_FL_per_E(0) * no_damping.B_diff_per_psi(0), 0);
}

TEST(KhatSurface, MeanElectronsLeaveOutCellsWithoutFilm) {
  DiracMaps maps = uniform_maps();
  maps.fermi_energy = ScalarMap({0.2 * e_abs, 0.4 * e_abs, 0.9 * e_abs});
  maps.Msat = ScalarMap({1e5, 1e5, 0});
  EXPECT_NEAR(mean_electrons(maps).fermi_energy / e_abs, 0.3, 1e-12);
  EXPECT_NEAR(mean_electrons(maps).Delta_sd / e_abs, 0.08, 1e-12);
  maps.Msat = ScalarMap(0);
  EXPECT_NEAR(mean_electrons(maps).fermi_energy / e_abs, 0.5, 1e-12);
}

TEST(KhatSurface, DiffusionNumbersByHand) {
  // eps = 0.2 eV, Delta_z = 0.1 eV: sigma_0 = 0.75/(1.75 pi alpha); v = 5e5 m/s.
  const DiracElectrons electrons{0.2 * e_abs, -5e5, 0.125 * e_abs, 0.03};
  const DiffusionNumbers numbers = diffusion_numbers(electrons, -0.8);
  const double sigma = 0.75 / (1.75 * pi * 0.03);
  EXPECT_NEAR(numbers.D / (hbar * 25e10 * sigma / (0.2 * e_abs)), 1, 1e-13);
  EXPECT_EQ(numbers.mz_reference, -0.8);
  const double nu = 0.2 * e_abs / (2 * pi * hbar * hbar * 25e10);
  EXPECT_NEAR(numbers.e2_nu / (e_abs * e_abs * nu), 1, 1e-13);
  EXPECT_THROW(diffusion_numbers(electrons, 1.5), InputError);
}
