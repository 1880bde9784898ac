#include "khat/electron_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "khat/jumps.hpp"
#include "khat/validity.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;

void require_positive(const char* what, double value, const char* unit) {
  if (!(value > 0) || !std::isfinite(value))
    throw InputError(fmt::format("{} = {:g} {} (must be positive and finite)", what, value, unit));
}

void require_unit(const Eigen::Vector3d& m) {
  if (!(std::abs(m.norm() - 1) < 1e-9))
    throw InputError(fmt::format("|m| = {:g} (must be a unit vector)", m.norm()));
}

class DiracModel final : public ElectronModel {
 public:
  explicit DiracModel(const DiracSpec& spec) : spec_(spec) { check_electrons(spec.electrons); }
  std::string name() const override { return "dirac"; }
  Symmetry symmetry() const override { return Symmetry::rotation; }
  double Delta_sd() const override { return spec_.electrons.Delta_sd; }
  std::vector<double> jumps(double) const override { return {}; }

  LocalResponse response(const Eigen::Vector3d& m) const override {
    require_unit(m);
    const DiracElectrons& e = spec_.electrons;
    const double x = e.Delta_sd * m.z() / e.fermi_energy;
    const double sigma_0 = e2_over_h * sigma_0_of(x, e.disorder);
    const double sigma_H = e2_over_h * sigma_H_of(x, spec_.hall);
    LocalResponse out;
    out.sigma << sigma_0, sigma_H, -sigma_H, sigma_0;
    Eigen::Matrix<double, 3, 2> z_cross;
    z_cross << 0, -1, 1, 0, 0, 0;
    out.K_E = z_cross * out.sigma / (-e_abs * e.velocity);
    return out;
  }

 private:
  DiracSpec spec_;
};

class ParabolicModel final : public ElectronModel {
 public:
  ParabolicModel(std::string name, const TMatrixSpec& spec) : name_(std::move(name)), spec_(spec) {
    check_parabolic(spec.electrons);
    check_impurities(spec.impurities);
    require_positive("impurity density", spec.density, "1/m^2");
  }
  std::string name() const override { return name_; }
  double Delta_sd() const override { return spec_.electrons.Delta_sd; }
  Symmetry symmetry() const override {
    return spec_.kind == SpinOrbit::rashba ? Symmetry::rotation : Symmetry::swapped_rotation;
  }

  LocalResponse response(const Eigen::Vector3d& m) const override {
    const TMatrixResponse r = tmatrix_response(spec_.kind, spec_.electrons, spec_.impurities, m);
    return {-e_abs / spec_.density * r.nK, e_abs * e_abs / hbar / spec_.density * r.nsigma,
            r.relative_error};
  }

  // The edges are even about the plane of the film and do not depend on the azimuth.
  std::vector<double> jumps(double) const override {
    std::vector<double> out;
    for (double BandEdges::*edge : {&BandEdges::lower, &BandEdges::upper})
      for (const double theta : sign_changes(
               [&](double angle) {
                 return band_edges(spec_.electrons, angle).*edge - spec_.electrons.fermi_energy;
               },
               0, pi / 2, 64))
        out.insert(out.end(), {theta, pi - theta});
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::string name_;
  TMatrixSpec spec_;
};

}  // namespace

std::unique_ptr<ElectronModel> make_dirac(const DiracSpec& spec) {
  return std::make_unique<DiracModel>(spec);
}

std::unique_ptr<ElectronModel> make_rashba(const RashbaSpec& spec) {
  check_parabolic(spec.electrons);
  require_positive("tau", spec.tau, "s");
  // Any u serves: n u^2 = 2 C hbar/tau alone counts.
  const double u = spec.electrons.C, n_u2 = 2 * spec.electrons.C * hbar / spec.tau;
  return std::make_unique<ParabolicModel>(
      "rashba", TMatrixSpec{SpinOrbit::rashba, spec.electrons, {u, 0, true}, n_u2 / u / u});
}

std::unique_ptr<ElectronModel> make_tmatrix(const TMatrixSpec& spec) {
  return std::make_unique<ParabolicModel>(
      spec.kind == SpinOrbit::rashba ? "rashba_tmatrix" : "dresselhaus", spec);
}

}  // namespace kubomag
