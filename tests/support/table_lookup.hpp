#pragma once
// Torque tables as the right-hand side reads them, the gases that they are tested with, and their
// errors against the models.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "kernels/local_table.hpp"
#include "khat/electron_models.hpp"
#include "khat/torque_table.hpp"
#include "kubomag/constants.hpp"

namespace kubomag::test {

using Drive = LocalTables::Drive;
constexpr double meV = 1e-3 * constants::e_abs, nm = 1e-9;

inline TMatrixSpec rashba_gas(double fermi_energy, SpinOrbit kind = SpinOrbit::rashba) {
  return {kind,
          {fermi_energy * meV, 38.0998212 / 0.8 * meV * nm * nm, 17 * meV * nm, 5 * meV},
          {1e9 * meV * nm * nm, 304 / nm},
          5e-4 / (nm * nm)};
}

/// The lookup of the right-hand side on host memory.
template <class Real>
class Lookup {
 public:
  explicit Lookup(const LocalTables& tables) {
    Keep keep{kept_};
    view_ = LocalTableView<Real>::of(tables, keep);
  }
  LocalTable<Real> operator()(int table) const { return {view_, table}; }

 private:
  struct Keep {
    std::vector<std::shared_ptr<void>>& kept;
    template <class T>
    const T* array(const std::vector<T>& values) {
      const auto own = std::make_shared<std::vector<T>>(values);
      kept.push_back(own);
      return own->data();
    }
    const Real* reals(const std::vector<double>& values) {
      return array(std::vector<Real>(values.begin(), values.end()));
    }
  };

  std::vector<std::shared_ptr<void>> kept_;
  LocalTableView<Real> view_;
};

inline std::vector<Eigen::Vector3d> random_directions(int count) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::vector<Eigen::Vector3d> all = {{0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {0, -1, 0}};
  while (static_cast<int>(all.size()) < count) {
    const double x = normal(random), y = normal(random), z = normal(random);
    all.push_back(Eigen::Vector3d(x, y, z).normalized());
  }
  return all;
}

/// Directions at distances from `from` to `to` of a place, as many in each octave.
inline std::vector<Eigen::Vector3d> towards(const Eigen::Vector3d& place, double from, double to) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> logarithm(std::log(from), std::log(to)), angle(0, 6.2832);
  const Eigen::Vector3d x = place.unitOrthogonal(), y = place.cross(x);
  std::vector<Eigen::Vector3d> out;
  for (int i = 0; i < 500; ++i) {
    const double r = std::exp(logarithm(random)), phi = angle(random);
    out.push_back((place + r * (std::cos(phi) * x + std::sin(phi) * y)).normalized());
  }
  return out;
}

inline RashbaDresselhausSpec mixed_gas(double fermi_energy, double alpha_D) {
  const TMatrixSpec gas = rashba_gas(fermi_energy);
  return {gas.electrons, alpha_D * meV * nm, gas.impurities, gas.density};
}

/// Largest error of <sigma> Delta_sd for E along x and y at the directions, of the largest element.
inline double spin_error(const ElectronModel& model, const LocalTable<double>& table,
                         const std::vector<Eigen::Vector3d>& directions) {
  double worst = 0, largest = 0;
  for (const Eigen::Vector3d& m : directions) {
    const auto K = (model.Delta_sd() * model.response(m).K_E).eval();
    for (const int axis : {0, 1}) {
      const Vec3<double> s =
          table.spin_density({m.x(), m.y(), m.z()}, {double(axis == 0), double(axis == 1)});
      worst = std::max(worst, (Eigen::Vector3d(s.x, s.y, s.z) - K.col(axis)).norm());
    }
    largest = std::max(largest, K.cwiseAbs().maxCoeff());
  }
  return worst / largest;
}

}  // namespace kubomag::test
