#include "khat/table_elements.hpp"

#include <algorithm>
#include <cmath>

namespace kubomag {

double append_elements(const ElectronModel& model, LocalTables::Drive drive,
                       const Eigen::Vector3d& m, bool swapped, double in_plane,
                       std::vector<double>& out) {
  Eigen::Matrix3d S = Eigen::Matrix3d::Identity();
  if (swapped) S << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  const LocalResponse response = model.response(S * m);
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
