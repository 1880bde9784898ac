#pragma once
// Films over electrons with a local torque, and the equation of motion with the model itself.
#include <memory>
#include <utility>

#include "khat/electron_models.hpp"
#include "khat/torque_table.hpp"
#include "support/films.hpp"

namespace kubomag::test {

using Model = std::shared_ptr<const ElectronModel>;

inline constexpr double meV = 1e-3 * constants::e_abs;

/// The gas of Veneri 2022, Fig. 3: alpha_R = 17 meV nm, Delta = 5 meV, very strong impurities.
inline Model rashba_gas(double fermi_energy, double Delta = 5 * meV,
                        SpinOrbit kind = SpinOrbit::rashba) {
  const double nm = 1e-9;
  return make_tmatrix({kind,
                       {fermi_energy, 38.0998212 / 0.8 * meV * nm * nm, 17 * meV * nm, Delta},
                       {1e9 * meV * nm * nm, 304 / nm},
                       5e-4 / (nm * nm)});
}

inline void set_models(Problem& p, const std::vector<Model>& models, LocalTables::Drive drive) {
  p.local = make_local_tables(models, drive);
}

inline SeparableDrive uniform_E(double Ex, double Ey, Signal signal = Signal::constant()) {
  return {"uniform", [=](double, double) { return Vec2<double>{Ex, Ey}; }, std::move(signal)};
}

inline FieldSource sheet_current(double Jx, double Jy) {
  return {"J", {Jx, Jy, 0}, {}, Signal::constant()};
}

inline Vec3<double> to_vec3(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

/// Delta_sd <sigma>/(Ms t) of the model itself [T].
inline Vec3<double> exact_B_SOT(const ElectronModel& model, LocalTables::Drive drive,
                                Vec3<double> m, Eigen::Vector2d F, double moment) {
  const LocalResponse r = model.response(Eigen::Vector3d(m.x, m.y, m.z).normalized());
  const Eigen::Matrix<double, 3, 2> K = drive == LocalTables::Drive::E ? r.K_E : r.K_J();
  return to_vec3(model.Delta_sd() / moment * K * F);
}

}  // namespace kubomag::test
