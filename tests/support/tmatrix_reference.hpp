#pragma once
// The Rashba film of Veneri 2022 in the units of tests/data/reference-local.json (meV, nm; exchange
// +D m.sigma, so Delta_sd = -D) and that file.
#include <cmath>

#include "khat/tmatrix.hpp"
#include "kubomag/constants.hpp"
#include "support/json.hpp"

namespace kubomag::reference {

constexpr double meV = constants::e_abs * 1e-3, nm = 1e-9;
constexpr double nK_unit = 1 / (meV * nm * nm * nm);  // [1/(J m^3)]
constexpr double K_J_unit = 1 / (meV * nm);           // [1/(J m)]

inline const nlohmann::json& local() {
  static const nlohmann::json data = test::data_file("reference-local.json");
  return data;
}

inline ParabolicElectrons veneri_film(double fermi_energy_meV, double D_meV = 5) {
  return {fermi_energy_meV * meV, 38.0998212 / 0.8 * meV * nm * nm, 17 * meV * nm, -D_meV * meV};
}

/// u in meV nm^2, the cutoff in 1/nm.
inline Impurities impurities(double u = INFINITY, double cutoff = 304) {
  return {u * meV * nm * nm, cutoff / nm, false};
}
inline Impurities first_born(double u) { return {u * meV * nm * nm, 0, true}; }

/// A matrix of the file (or of any rows).
inline Eigen::MatrixXd real_matrix(const nlohmann::json& rows) {
  Eigen::MatrixXd out(rows.size(), rows[0].size());
  for (int i = 0; i < out.rows(); ++i)
    for (int j = 0; j < out.cols(); ++j) out(i, j) = rows[i][j];
  return out;
}

}  // namespace kubomag::reference
