#include "khat/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "khat/electron_models.hpp"
#include "khat/electron_scales.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Json = nlohmann::ordered_json;

constexpr double shown_E = 1e5;     // [V/m]
constexpr double shown_psi = 1e-3;  // [V]

std::string hall_source(HallParts parts) {
  switch (parts) {
    case HallParts::full:
      return "Sokolewicz 2019 (9)";
    case HallParts::ladder:
      return "Sinitsyn 2007, ladder part of Sokolewicz 2019 (9)";
    case HallParts::crossed:
      return "X and Psi diagrams of Sokolewicz 2019 (9)";
    case HallParts::none:
      return "switched off";
  }
  throw Error("unknown HallParts");
}

std::vector<Coefficient> coefficients_of(const DiracScales& s, HallParts parts) {
  return {
      {"longitudinal conductivity", "sigma_0", s.sigma_0, "e^2/h", "Sokolewicz 2019 (9)"},
      {"anomalous Hall conductivity", "sigma_H", s.sigma_H, "e^2/h", hall_source(parts)},
      {"diffusion constant", "D", s.D, "m^2/s", "Sokolewicz 2019, below (9)"},
      {"transport time", "tau_tr", s.tau_tr, "s", "Sokolewicz 2019, below (9)"},
      {"mean free path", "l", s.mean_free_path, "m", "|v| tau_tr"},
      {"density of states", "nu", s.nu, "1/(J m^2)", "Dirac cone"},
      {"electron density", "n_e", s.n_e, "1/m^2", "Dirac cone"},
      {"quantum capacitance", "e2_nu", s.e2_nu, "F/m^2", "Dirac cone"},
      {"damping constant of the surface", "c0", s.c0, "1",
       "Sokolewicz 2019 (16), factor 2 corrected"},
      {"strength of the diffusive torque", "eta", s.eta, "rad/(s V)", "Sokolewicz 2018 (13)"},
      {"damping of in-plane dm/dt", "alpha_G", s.alpha_G, "1",
       "Sokolewicz 2019 (16), (18), factor 2 corrected"},
      {"Hall part of the damping", "alpha_H", s.alpha_H, "1",
       "Sokolewicz 2019 (16), factor 2 and sign corrected"},
      {"field-like field per sheet current", "B_FL_per_J", s.B_FL_per_J, "T m/A",
       "Sokolewicz 2019 (3)"},
      {"field-like field per e^2/h and E", "B_FL_per_E", s.B_FL_per_E, "T m/V",
       "Sokolewicz 2019 (3)"},
      {"diffusive field per psi and mz", "B_diff_per_psi", s.B_diff_per_psi, "T/V",
       "Sokolewicz 2018 (12), (13)"},
  };
}

// What the surface has in common with every model; numbers that are there already stay.
void add_scales(KhatReport& report) {
  const double mz = report.mz;
  const Eigen::Vector3d m(std::sqrt(std::max(0.0, 1 - mz * mz)), 0, mz);
  const auto model = make_dirac({report.electrons, report.parts});
  const std::vector<Coefficient> here = report.coefficients;
  for (const Coefficient& c :
       scale_coefficients(*model->fermi_surface(m.normalized()),
                          model->response(m.normalized()).sigma, model->Delta_sd()))
    if (std::none_of(here.begin(), here.end(),
                     [&](const Coefficient& known) { return known.symbol == c.symbol; }))
      report.coefficients.push_back(c);
}

// Where element (row, column) of K is printed, and what of it had to be corrected.
const char* K_source(int row, int column) {
  if (row == 2 && column == 2)
    return "Sokolewicz 2019 (15), sign corrected, all orders in omega tau";
  if (row == 2 || column == 2) return "Sokolewicz 2019 (14), all orders in omega tau";
  if (row != column) return "Sokolewicz 2019 (8), diffusion pole of the Hall part corrected";
  return "Sokolewicz 2019 (13), all orders in omega tau";
}

std::vector<Coefficient> K_elements(const Eigen::Matrix3cd& K) {
  const char axes[] = "xyz";
  std::vector<Coefficient> out;
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column) {
      const std::string label = fmt::format("K_{}{}", axes[row], axes[column]);
      const std::complex<double> value = K(row, column) + 0.0;  // no "-0" in print
      const char* source = K_source(row, column);
      out.push_back({"spin response, real part", "Re " + label, value.real(), "1", source});
      out.push_back(
          {"spin response, imaginary part", "Im " + label, value.imag() + 0.0, "1", source});
    }
  return out;
}

AngleRow angle_row(const DiracScales& s) {
  return {s.mz,
          s.sigma_0,
          s.sigma_H,
          s.D,
          s.alpha_G,
          s.alpha_H,
          s.B_FL_per_E * s.sigma_0 * shown_E,
          s.B_diff_per_psi * s.mz * shown_psi};
}

// Column titles and numbers of a row against mz, for all three formats.
struct AngleColumn {
  const char* title;
  double AngleRow::*value;
};
constexpr AngleColumn angle_columns[] = {
    {"mz (1)", &AngleRow::mz},
    {"sigma_0 (e^2/h)", &AngleRow::sigma_0},
    {"sigma_H (e^2/h)", &AngleRow::sigma_H},
    {"D (m^2/s)", &AngleRow::D},
    {"alpha_G (1)", &AngleRow::alpha_G},
    {"alpha_H (1)", &AngleRow::alpha_H},
    {"B_FL at 1e5 V/m (T)", &AngleRow::B_FL},
    {"B_diff at 1 mV (T)", &AngleRow::B_diff},
};

}  // namespace

KhatReport khat_report(const DiracElectrons& electrons, const Film& film, double mz,
                       HallParts parts, const std::optional<Wave>& wave, int angle_count) {
  if (angle_count < 0 || angle_count == 1)
    throw InputError(fmt::format(
        "{} rows against mz (must be 0 for none, or at least 2 from mz = -1 to 1)", angle_count));
  KhatReport report{electrons, film, mz, parts, {}, wave, {}, {}};
  report.coefficients = coefficients_of(dirac_scales(electrons, film, mz, parts), parts);
  add_scales(report);
  if (wave) report.K = K_elements(K_hat(electrons, mz, *wave, parts));
  for (int i = 0; i < angle_count; ++i) {
    const double at = (2.0 * i - (angle_count - 1)) / (angle_count - 1);
    report.angles.push_back(angle_row(dirac_scales(electrons, film, at, parts)));
  }
  return report;
}

std::string report_text(const KhatReport& report) {
  const DiracElectrons& e = report.electrons;
  std::string out = fmt::format(
      "Dirac surface: eps = {:g} meV, v = {:g} m/s, Delta_sd = {:g} meV, disorder = {:g}\n"
      "film: Msat = {:g} A/m, thickness = {:g} nm, GammaLL = {:g} rad/(T s); mz = {:g}, hall = "
      "{}\n\n",
      e.fermi_energy / e_abs * 1e3, e.velocity, e.Delta_sd / e_abs * 1e3, e.disorder,
      report.film.Ms, report.film.thickness * 1e9, report.film.GammaLL, report.mz,
      hall_name(report.parts));
  out += coefficient_text(report.coefficients);
  if (report.wave)
    out += fmt::format("\nK_hat at q = ({:g}, {:g}) /m, omega = {:g} rad/s\n", report.wave->qx,
                       report.wave->qy, report.wave->omega) +
           coefficient_text(report.K);
  if (report.angles.empty()) return out;
  out += "\nB_FL = -(the number) z x E/|E|, B_diff = -(the number) z\n";
  for (const AngleColumn& column : angle_columns) out += fmt::format("{:>21}", column.title);
  for (const AngleRow& row : report.angles) {
    out += '\n';
    for (const AngleColumn& column : angle_columns)
      out += fmt::format("{:>21.7g}", row.*column.value);
  }
  return out + '\n';
}

std::string report_csv(const KhatReport& report) {
  std::string out =
      coefficient_csv_title + coefficient_csv(report.coefficients) + coefficient_csv(report.K);
  if (report.angles.empty()) return out;
  out += '\n';
  const char* separator = "";
  for (const AngleColumn& column : angle_columns) {
    out += fmt::format("{}{}", separator, column.title);
    separator = ",";
  }
  for (const AngleRow& row : report.angles) {
    separator = "\n";
    for (const AngleColumn& column : angle_columns) {
      out += fmt::format("{}{}", separator, row.*column.value);
      separator = ",";
    }
  }
  return out + '\n';
}

std::string report_json(const KhatReport& report) {
  const DiracElectrons& e = report.electrons;
  Json out = {{"electrons",
               {{"fermi_energy", e.fermi_energy},
                {"velocity", e.velocity},
                {"Delta_sd", e.Delta_sd},
                {"disorder", e.disorder}}},
              {"film",
               {{"Msat", report.film.Ms},
                {"thickness", report.film.thickness},
                {"GammaLL", report.film.GammaLL}}},
              {"mz", report.mz},
              {"hall", hall_name(report.parts)},
              {"coefficients", coefficient_json(report.coefficients)}};
  if (report.wave) {
    out["wave"] = {{"qx", report.wave->qx}, {"qy", report.wave->qy}, {"omega", report.wave->omega}};
    out["K"] = coefficient_json(report.K);
  }
  out["angles"] = Json::array();
  for (const AngleRow& row : report.angles) {
    Json entry;
    for (const AngleColumn& column : angle_columns) entry[column.title] = row.*column.value;
    out["angles"].push_back(std::move(entry));
  }
  return out.dump(2) + '\n';
}

}  // namespace kubomag
