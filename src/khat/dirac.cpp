#include "khat/dirac.hpp"

#include <fmt/format.h>

#include <cmath>

#include "khat/validity.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;

void require_positive(const char* name, double value, const char* unit) {
  if (!(value > 0) || !std::isfinite(value))
    throw InputError(fmt::format("{} = {:g}{} (must be positive and finite)", name, value, unit));
}

void check_film(const Film& film) {
  require_positive("material.Msat", film.Ms, " A/m");
  require_positive("grid.thickness", film.thickness, " m");
  require_positive("material.GammaLL", film.GammaLL, " rad/(T s)");
}

}  // namespace

HallParts hall_parts(const std::string& name) {
  for (HallParts parts : {HallParts::full, HallParts::ladder, HallParts::crossed, HallParts::none})
    if (name == hall_name(parts)) return parts;
  throw InputError(
      fmt::format("surface.hall = \"{}\" (allowed: full, ladder, crossed, none)", name));
}

std::string hall_name(HallParts parts) {
  switch (parts) {
    case HallParts::full:
      return "full";
    case HallParts::ladder:
      return "ladder";
    case HallParts::crossed:
      return "crossed";
    case HallParts::none:
      return "none";
  }
  throw Error("unknown HallParts");
}

HallNumbers hall_numbers(HallParts parts) {
  switch (parts) {
    case HallParts::full:
      return {0, 8};
    case HallParts::ladder:
      return {4, 4};
    case HallParts::crossed:
      return {-4, 4};
    case HallParts::none:
      return {0, 0};
  }
  throw Error("unknown HallParts");
}

double sigma_0_of(double x, double disorder) {
  return (1 - x * x) / (pi * disorder * (1 + 3 * x * x));
}

double sigma_H_of(double x, HallParts parts) {
  const HallNumbers hall = hall_numbers(parts);
  const double denominator = 1 + 3 * x * x;
  return x * (hall.hall_1 + hall.hall_3 * x * x) / (denominator * denominator);
}

double disorder_from_sigma_0(double sigma_0) {
  require_positive("surface.sigma_0", sigma_0, " e^2/h");
  return 1 / (pi * sigma_0);
}

double disorder_from_tau_tr(double tau_tr, double fermi_energy) {
  require_positive("surface.tau_tr", tau_tr, " s");
  require_positive("surface.fermi_energy", fermi_energy, " J");
  return hbar / (pi * tau_tr * fermi_energy);
}

double sigma_0_from_disorder(double disorder) {
  require_positive("surface.disorder", disorder, "");
  return 1 / (pi * disorder);
}

double tau_tr_from_disorder(double disorder, double fermi_energy) {
  require_positive("surface.disorder", disorder, "");
  require_positive("surface.fermi_energy", fermi_energy, " J");
  return hbar / (pi * disorder * fermi_energy);
}

DiracScales dirac_scales(const DiracElectrons& electrons, const Film& film, double mz,
                         HallParts parts) {
  check_electrons(electrons);
  check_mz(mz);
  check_film(film);
  const double eps = electrons.fermi_energy, v = electrons.velocity, Delta = electrons.Delta_sd;
  const double x = Delta * mz / eps;
  const double hbar_v = hbar * std::abs(v);
  const double sheet_moment = film.Ms * film.thickness;  // [A]

  DiracScales s;
  s.mz = mz;
  s.sigma_0 = sigma_0_of(x, electrons.disorder);
  s.sigma_H = sigma_H_of(x, parts);
  s.D = hbar * v * v * s.sigma_0 / eps;
  s.tau_tr = hbar * s.sigma_0 / (eps * (1 + x * x));
  s.mean_free_path = std::abs(v) * s.tau_tr;
  s.nu = eps / hbar_v / hbar_v / (2 * pi);
  s.n_e = (eps / hbar_v) * (eps / hbar_v) * (1 - x * x) / (4 * pi);
  s.e2_nu = e_abs * e_abs * s.nu;
  s.B_diff_per_psi = e_abs * (Delta / hbar_v) * (Delta / hbar_v) / (2 * pi * sheet_moment);
  s.eta = film.GammaLL * s.B_diff_per_psi;
  s.c0 = hbar * s.eta / e_abs;
  s.alpha_G = s.c0 * s.sigma_0;
  s.alpha_H = s.c0 * s.sigma_H;
  s.B_FL_per_J = Delta / (sheet_moment * e_abs * v);
  s.B_FL_per_E = s.B_FL_per_J * e2_over_h;
  return s;
}

}  // namespace kubomag
