#include "khat/electron_models.hpp"

#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <optional>

#include "khat/axis_edge.hpp"
#include "khat/band_response.hpp"
#include "khat/edge_curves.hpp"
#include "khat/fermi_surface.hpp"
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

std::vector<double> parabolic_edges(const ParabolicElectrons& electrons, double alpha_D,
                                    const Eigen::Vector3d& m) {
  const ScaledBands scaled = scaled_bands(electrons, alpha_D, m);
  std::vector<double> out;
  for (const StationaryPoint& p : stationary_points(scaled.bands))
    out.push_back(p.energy * scaled.energy);
  return out;
}

constexpr double pole = 5e-4;  // a jump as close as that to a pole that is at an edge is there

// Where on the arc the Fermi energy passes a stationary point of a band, `m_of` giving the m of the
// bands.
template <class F>
std::vector<double> parabolic_jumps(const ParabolicElectrons& electrons, double alpha_D,
                                    const Arc& arc, const F& m_of) {
  const auto bands = [&](double theta) {
    return scaled_bands(electrons, alpha_D, m_of(arc.at(theta))).bands;
  };
  const auto count = [&](double theta) {
    const ContourCount c = contour_count(bands(theta));
    return 16 * c.upper + c.lower;
  };
  const bool first = at_an_edge(bands(0)), last = at_an_edge(bands(pi));
  std::vector<double> out;
  if (first) out.push_back(0);
  for (const double jump : label_changes(count, 0, pi, 64, 1e-12))
    if (!(first && jump < pole) && !(last && jump > pi - pole)) out.push_back(jump);
  if (last) out.push_back(pi);
  return out;
}

class DiracModel final : public ElectronModel {
 public:
  explicit DiracModel(const DiracSpec& spec) : spec_(spec) { check_electrons(spec.electrons); }
  std::string name() const override { return "dirac"; }
  Symmetry symmetry() const override { return Symmetry::rotation; }
  double Delta_sd() const override { return spec_.electrons.Delta_sd; }
  std::vector<double> jumps(const Arc&) const override { return {}; }

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

  std::shared_ptr<const FermiSurface> fermi_surface(const Eigen::Vector3d& m) const override {
    require_unit(m);
    return std::make_shared<FermiSurface>(dirac_surface_states(spec_.electrons, m));
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
    if (spec_.scheme == DensityScheme::full) return full_response(m);
    const TMatrixResponse r = tmatrix_response(spec_.kind, spec_.electrons, spec_.impurities, m);
    return {e_abs * e_abs / hbar / spec_.density * r.nsigma, -e_abs / spec_.density * r.nK,
            r.relative_error};
  }

  std::shared_ptr<const FermiSurface> fermi_surface(const Eigen::Vector3d& m) const override {
    FermiSurface out =
        parabolic_surface(spec_.kind, spec_.electrons, spec_.impurities, spec_.density, m);
    out.white_noise = name_ == "rashba";
    return std::make_shared<FermiSurface>(std::move(out));
  }

  // Dresselhaus: the spin and m are exchanged to those of the Rashba bands.
  std::vector<double> jumps(const Arc& arc) const override {
    return parabolic_jumps(spec_.electrons, 0, arc, [&](const Eigen::Vector3d& m) {
      return rashba_direction(spec_.kind, m);
    });
  }
  std::vector<double> band_edges(const Eigen::Vector3d& m) const override {
    return parabolic_edges(spec_.electrons, 0, rashba_direction(spec_.kind, m));
  }

 private:
  std::string name_;
  TMatrixSpec spec_;

  LocalResponse full_response(const Eigen::Vector3d& m) const {
    const LocalFrame frame = local_frame(spec_.kind, m);
    const FiniteDensityResponse r = finite_density_response(
        spec_.electrons, spec_.impurities, spec_.density, frame.theta, SelfEnergy::self_consistent);
    return {e_abs * e_abs / hbar * frame.plane * r.sigma * frame.plane.transpose(),
            -e_abs * frame.spin * r.K * frame.plane.transpose(), r.relative_error};
  }
};

class MixedModel final : public ElectronModel {
 public:
  explicit MixedModel(const RashbaDresselhausSpec& spec) : spec_(spec) {
    if (!std::isfinite(spec.alpha_D))
      throw InputError(fmt::format("alpha_D = {:g} J m (must be finite)", spec.alpha_D));
    check_parabolic(spec.electrons);
    check_impurities(spec.impurities);
    require_positive("impurity density", spec.density, "1/m^2");
  }
  std::string name() const override { return "rashba_dresselhaus"; }
  double Delta_sd() const override { return spec_.electrons.Delta_sd; }
  Symmetry symmetry() const override { return Symmetry::none; }

  LocalResponse response(const Eigen::Vector3d& m) const override {
    require_unit(m);
    const TMatrixResponse r = mixed_response(spec_.electrons, spec_.alpha_D, spec_.impurities, m,
                                             [this]() -> const TracedBands& { return traced(); });
    return {e_abs * e_abs / hbar / spec_.density * r.nsigma, -e_abs / spec_.density * r.nK,
            r.relative_error};
  }

  std::shared_ptr<const FermiSurface> fermi_surface(const Eigen::Vector3d& m) const override {
    return std::make_shared<FermiSurface>(
        traced_surface(traced().bands, traced().grid, spec_.impurities, spec_.density, m));
  }

  std::vector<double> jumps(const Arc& arc) const override {
    return parabolic_jumps(spec_.electrons, spec_.alpha_D, arc,
                           [](const Eigen::Vector3d& m) { return m; });
  }

  const std::vector<JumpCurve>& jump_curves() const override {
    std::call_once(curves_once_, [this] { curves_ = edge_curves(traced().bands, traced().grid); });
    return curves_;
  }
  // Cost ends it there: closer by, each octave takes as many directions as the one before.
  Closest closest() const override { return {spec_.impurities.first_born ? 1e-6 : 1e-5, 3e-4, 0}; }

  std::vector<double> band_edges(const Eigen::Vector3d& m) const override {
    return parabolic_edges(spec_.electrons, spec_.alpha_D, m);
  }

  // Every stationary energy is monotonic from each of the principal axes of A A^T to the next two
  // (linear_bands.hpp): the curves on which it is the Fermi energy go round one of them.
  std::vector<Eigen::Vector3d> axes() const override {
    const PrincipalAxes p = principal_axes(any_bands());
    return {Eigen::Vector3d::UnitZ(), p.axes.col(0), p.axes.col(1)};
  }

 private:
  RashbaDresselhausSpec spec_;
  mutable std::once_flag once_;
  mutable std::optional<TracedBands> traced_;  // made where it is needed first
  mutable std::once_flag curves_once_;
  mutable std::vector<JumpCurve> curves_;  // the same

  const TracedBands& traced() const {
    std::call_once(once_,
                   [this] { traced_.emplace(spec_.electrons, spec_.alpha_D, spec_.impurities); });
    return *traced_;
  }

  LinearBands any_bands() const {  // at some m
    return scaled_bands(spec_.electrons, spec_.alpha_D, Eigen::Vector3d::UnitZ()).bands;
  }
};

class BandsModel final : public ElectronModel {
 public:
  BandsModel(std::string name, const BandSpec& spec)
      : name_(std::move(name)), spec_(checked(spec)), grid_(spec.bands) {
    grid_.set_axis_edges(axis_edges(spec_.bands, grid_, axes()));
  }
  std::string name() const override { return name_; }
  double Delta_sd() const override { return spec_.bands.Delta_sd; }
  Symmetry symmetry() const override { return Symmetry::none; }
  std::vector<double> jumps(const Arc& arc) const override {
    return band_jumps(spec_.bands, grid_, arc);
  }
  double jump_accuracy() const override { return 1e-9; }
  const std::vector<JumpCurve>& jump_curves() const override {
    std::call_once(curves_once_, [this] {
      std::vector<JumpCurve> curves = edge_curves(spec_.bands, grid_);
      if (have_all_jumps(curves)) curves_ = std::move(curves);
    });
    return curves_;
  }
  // With T matrices a direction takes fifty times as long. By differences for velocities contours
  // beside cusps are not followed well enough.
  Closest closest() const override {
    if (spec_.bands.gradient && spec_.impurities.first_born) return {1e-6, 3e-4, 0};
    return {};
  }
  std::vector<double> band_edges(const Eigen::Vector3d& m) const override {
    std::vector<double> out;
    for (const BandContours::Edge& edge :
         BandContours(spec_.bands, grid_, m).edges(-HUGE_VAL, HUGE_VAL))
      out.push_back(edge.energy);
    return out;
  }
  std::vector<Eigen::Vector3d> axes() const override { return spin_axes(spec_.bands, grid_); }

  LocalResponse response(const Eigen::Vector3d& m) const override {
    const BandResponse r = band_response(spec_.bands, grid_, spec_.impurities, m);
    return {e_abs * e_abs / hbar / spec_.density * r.solved.nsigma,
            -e_abs / spec_.density * r.solved.nK, r.relative_error};
  }

  std::shared_ptr<const FermiSurface> fermi_surface(const Eigen::Vector3d& m) const override {
    return std::make_shared<FermiSurface>(
        traced_surface(spec_.bands, grid_, spec_.impurities, spec_.density, m));
  }

 private:
  std::string name_;
  BandSpec spec_;
  BandGrid grid_;
  mutable std::once_flag curves_once_;
  mutable std::vector<JumpCurve> curves_;  // made where they are needed first

  /// Whether the curves meet every jump that contours show on some arcs.
  bool have_all_jumps(const std::vector<JumpCurve>& curves) const {
    constexpr int arcs = 12;
    for (int i = 0; i < arcs; ++i) {
      const double phi = pi * (2 * i + 0.31) / arcs;
      const Arc arc{Eigen::Vector3d::UnitZ(), {std::cos(phi), std::sin(phi), 0}};
      for (const double jump : jumps(arc))
        if (!lies_on_one(arc.at(jump), curves)) return false;
    }
    return true;
  }

  static const BandSpec& checked(const BandSpec& spec) {
    check_bands(spec.bands);
    Impurities impurities = spec.impurities;
    impurities.cutoff = spec.bands.cutoff;
    check_impurities(impurities);
    require_positive("impurity density", spec.density, "1/m^2");
    return spec;
  }
};

}  // namespace

std::unique_ptr<ElectronModel> make_custom(const BandSpec& spec) {
  return std::make_unique<BandsModel>("custom", spec);
}

std::unique_ptr<ElectronModel> make_rashba_dresselhaus(const RashbaDresselhausSpec& spec) {
  return std::make_unique<MixedModel>(spec);
}

std::unique_ptr<ElectronModel> make_dirac(const DiracSpec& spec) {
  return std::make_unique<DiracModel>(spec);
}

std::unique_ptr<ElectronModel> make_rashba(const RashbaSpec& spec) {
  check_parabolic(spec.electrons);
  require_positive("tau", spec.tau, "s");
  // Any u serves: n u^2 = 2 C hbar/tau alone counts.
  const double u = spec.electrons.C, n_u2 = 2 * spec.electrons.C * hbar / spec.tau;
  return std::make_unique<ParabolicModel>(
      "rashba",
      TMatrixSpec{
          SpinOrbit::rashba, spec.electrons, {u, 0, true}, n_u2 / u / u, DensityScheme::dilute});
}

std::unique_ptr<ElectronModel> make_tmatrix(const TMatrixSpec& spec) {
  return std::make_unique<ParabolicModel>(
      spec.kind == SpinOrbit::rashba ? "rashba_tmatrix" : "dresselhaus", spec);
}

}  // namespace kubomag
