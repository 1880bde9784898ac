#include "khat/table_elements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {

namespace {

/// What is wrong, where, and which edges the Fermi energy has to keep away from.
[[noreturn]] void rethrow(const InputError& error, const ElectronModel& model,
                          const Eigen::Vector3d& m) {
  std::string text = fmt::format("{}, at {}", error.what(), direction_text(m));
  if (const std::string edges = energies_text(model.band_edges(m)); !edges.empty())
    text += "; the band edges there are at " + edges;
  throw InputError(text);
}

}  // namespace

std::string direction_text(const Eigen::Vector3d& m) {
  return fmt::format("m = ({:.4f}, {:.4f}, {:.4f})", m.x(), m.y(), m.z());
}

std::string energies_text(std::vector<double> energies) {
  std::sort(energies.begin(), energies.end());
  for (double& energy : energies) energy /= 1e-3 * constants::e_abs;
  return energies.empty() ? "" : fmt::format("{:.6g} meV", fmt::join(energies, ", "));
}

double append_elements(const ElectronModel& model, LocalTables::Drive drive,
                       const Eigen::Vector3d& m, bool swapped, double in_plane,
                       std::vector<double>& out) {
  Eigen::Matrix3d S = Eigen::Matrix3d::Identity();
  if (swapped) S << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  LocalResponse response;
  try {
    response = model.response(S * m);
  } catch (const InputError& error) {
    rethrow(error, model, S * m);
  }
  const Eigen::Matrix<double, 3, 2> K =
      model.Delta_sd() * S * (drive == LocalTables::Drive::E ? response.K_E : response.K_J());
  const Eigen::Matrix2d& sigma = response.sigma;
  out.insert(out.end(), {K(0, 0), K(0, 1), K(1, 0), K(1, 1), K(2, 0) / in_plane, K(2, 1) / in_plane,
                         sigma(0, 0), sigma(0, 1), sigma(1, 0), sigma(1, 1)});
  return response.relative_error;
}

std::vector<double> scales_of(const VectorFunction& f, double begin, double end) {
  double spin = 0, charge = 0;
  std::vector<double> values;
  for (const double part : {0.017, 0.21, 0.39, 0.58, 0.77, 0.96}) {
    f(begin + part * (end - begin), values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      double& largest = i % table_elements < 6 ? spin : charge;
      largest = std::max(largest, std::abs(values[i]));
    }
  }
  std::vector<double> scales(values.size());
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const double scale = i % table_elements < 6 ? spin : charge;
    scales[i] = scale > 0 ? scale : 1;
  }
  return scales;
}

}  // namespace kubomag
