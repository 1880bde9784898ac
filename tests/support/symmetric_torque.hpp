#pragma once
// Electrons whose torque is stated: a, b, c, d of Ado 2017 (11) or (20) as functions of mz.
#include <Eigen/Geometry>
#include <utility>

#include "analysis/thiele.hpp"
#include "kubomag/constants.hpp"
#include "support/local_torque_film.hpp"

namespace kubomag::test {

/// K_E such that the torque -gamma m x (Delta_sd K_E E)/moment is that of `torque` per V/m, for a
/// film of the magnetic moment `moment` = Ms t [A]. The coefficients have to be even in mz.
class SymmetricTorque final : public ElectronModel {
 public:
  SymmetricTorque(ThieleTorque torque, double moment)
      : torque_(std::move(torque)), moment_(moment) {}

  std::string name() const override { return "symmetric"; }
  Symmetry symmetry() const override {
    return rashba() ? Symmetry::rotation : Symmetry::swapped_rotation;
  }
  double Delta_sd() const override { return meV; }
  std::vector<double> jumps(const Arc&) const override { return {}; }

  LocalResponse response(const Eigen::Vector3d& m) const override {
    LocalResponse r;
    for (int i = 0; i < 2; ++i)
      r.K_E.col(i) = moment_ / Delta_sd() * field(m, Eigen::Vector3d::Unit(i));
    r.sigma = 1e-4 * Eigen::Matrix2d::Identity();
    return r;
  }

 private:
  bool rashba() const { return torque_.symmetry == TorqueSymmetry::rashba; }

  /// B with -gamma m x B = a m x p + b m x (m x p) + c m x (m x z) s + d (m x z) s: p = z x E and
  /// s = m.E, or E_D and (z x m).E_D.
  Eigen::Vector3d field(const Eigen::Vector3d& m, const Eigen::Vector3d& E) const {
    const Eigen::Vector3d z = Eigen::Vector3d::UnitZ(), E_D(E.x(), -E.y(), 0);
    const Eigen::Vector3d p = rashba() ? z.cross(E) : E_D;
    const double s = rashba() ? m.dot(E) : z.cross(m).dot(E_D);
    const auto value = [&](const auto& f) { return f ? f(m.z()) : 0; };
    return -1 / constants::GammaLL *
           (value(torque_.a) * p + value(torque_.b) * m.cross(p) +
            s * (value(torque_.c) * m.cross(z) + value(torque_.d) * z));
  }

  ThieleTorque torque_;
  double moment_;
};

}  // namespace kubomag::test
