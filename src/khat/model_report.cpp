#include "khat/model_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "khat/electron_scales.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;

Eigen::Vector3d direction(double theta, double phi) {
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

std::optional<TorqueNumbers> torques(const Matrix32& K, const Eigen::Vector3d& m, Symmetry symmetry,
                                     double field_per_sigma) {
  if (symmetry == Symmetry::none) return std::nullopt;
  const LocalFrame local =
      local_frame(symmetry == Symmetry::rotation ? SpinOrbit::rashba : SpinOrbit::dresselhaus, m);
  if (!torque_numbers_exist(local.theta)) return std::nullopt;
  TorqueNumbers t = torque_numbers(local.spin.transpose() * K * local.plane, local.theta);
  for (double* number : {&t.a, &t.b, &t.c, &t.d}) *number *= field_per_sigma;
  return t;
}

void add_matrix(std::vector<Coefficient>& out, const Eigen::MatrixXd& K, const std::string& symbol,
                const std::string& name, const std::string& unit, const std::string& source) {
  const char axes[] = "xyz";
  for (int row = 0; row < K.rows(); ++row)
    for (int column = 0; column < K.cols(); ++column)
      out.push_back({name, fmt::format("{}_{}{}", symbol, axes[row], axes[column]),
                     K(row, column) + 0.0, unit, source});
}

void add_torques(std::vector<Coefficient>& out, const TorqueNumbers& t, const std::string& ending,
                 const std::string& unit) {
  const char* source = "Ado 2017 (12b), sign of b and d corrected";
  out.push_back({"m x (z x F)", "a" + ending, t.a, unit, source});
  out.push_back({"m x (m x (z x F))", "b" + ending, t.b, unit, source});
  out.push_back({"m x (m x z) (m.F)", "c" + ending, t.c, unit, source});
  out.push_back({"(m x z) (m.F)", "d" + ending, t.d, unit, source});
}

}  // namespace

ModelPoint model_point(const ElectronModel& model, const Film& film, double theta, double phi,
                       const LocalDrive& drive) {
  if (!(film.Ms > 0 && film.thickness > 0))
    throw InputError("a film with Msat above 0 and a thickness above 0 is needed");
  const Eigen::Vector3d m = direction(theta, phi);
  ModelPoint point{theta, phi, model.response(m), model.fermi_surface(m), {}, {}, {}, {}};
  const double field_per_sigma = model.Delta_sd() / (film.Ms * film.thickness);
  const Matrix32 K_J = point.response.K_J();
  point.of_E = torques(point.response.K_E, m, model.symmetry(), field_per_sigma);
  point.of_j = torques(K_J, m, model.symmetry(), field_per_sigma);
  const Eigen::Vector3d B =
      field_per_sigma * ((drive.current ? K_J : point.response.K_E) * drive.value);
  point.B_SOT = B - m * m.dot(B);
  return point;
}

std::vector<Coefficient> model_coefficients(const ElectronModel& model, const ModelPoint& point) {
  const LocalResponse& r = point.response;
  const char* response_source =
      model.name() == "dirac" ? "Ndiaye 2017 (13), (14), corrected" : "Veneri 2022 (10)-(27)";
  std::vector<Coefficient> out;
  if (point.surface) out = scale_coefficients(*point.surface, r.sigma, model.Delta_sd());
  for (std::size_t i = 0; i < point.jumps.size(); ++i)
    out.push_back({"polar angle of m at a jump", fmt::format("theta_jump_{}", i + 1),
                   point.jumps[i], "rad", "E_star = fermi_energy, Veneri 2022, Fig. 4"});
  add_matrix(out, r.sigma, "sigma", "sheet conductivity", "1/Ohm", response_source);
  const double mean = 0.5 * (r.sigma(0, 0) + r.sigma(1, 1));
  out.push_back({"small parameter of diffusion", "1/sigma", e2_over_h / mean, "1",
                 "e^2/h over the mean of sigma_xx and sigma_yy"});
  out.push_back({"Hall angle", "theta_H", std::atan2(0.5 * (r.sigma(0, 1) - r.sigma(1, 0)), mean),
                 "rad", "(sigma_xy - sigma_yx)/(sigma_xx + sigma_yy)"});
  add_matrix(out, r.K_E / -e_abs, "K", "K_hat, <sigma> per q E", "1/(J m)", response_source);
  add_matrix(out, r.K_J(), "K_J", "<sigma> per sheet current", "1/(A m)", "K_hat sigma^-1");
  if (point.of_E) add_torques(out, *point.of_E, "", "T m/V");
  if (point.of_j) add_torques(out, *point.of_j, "_J", "T m/A");
  for (int axis = 0; axis < 3; ++axis)
    out.push_back({"field on m for the drive, across m", fmt::format("B_SOT_{}", "xyz"[axis]),
                   point.B_SOT[axis] * 1e3 + 0.0, "mT", "Delta_sd <sigma>/(Ms t)"});
  const bool caution = r.relative_error > 1e-6;  // the tolerance of torque tables
  out.push_back({"estimated error of the numerics", "error", r.relative_error, "1",
                 caution ? "relative to the largest element; caution: above 1e-6 at this m"
                         : "relative to the largest element"});
  return out;
}

}  // namespace kubomag
