#include "khat/sphere_table.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "khat/parallel.hpp"
#include "khat/table_elements.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Drive = LocalTables::Drive;
using Frame = LocalTables::Frame;

/// Fourier interpolation of periodic samples from `from` (even) to `to` equidistant points:
/// out[k * from + j] is the weight of sample j at point k, (1 + 2 sum cos(n x) + cos(from
/// x/2))/from at the distance x, n < from/2, summed up.
std::vector<double> fourier_weights(int from, int to) {
  std::vector<double> weights(static_cast<std::size_t>(from) * to);
  for (int k = 0; k < to; ++k)
    for (int j = 0; j < from; ++j) {
      const double x = 2 * pi * (static_cast<double>(k) / to - static_cast<double>(j) / from);
      const bool same = std::abs(std::sin(0.5 * x)) < 1e-12;
      weights[static_cast<std::size_t>(k) * from + j] =
          same ? 1 : std::sin(0.5 * from * x) / std::tan(0.5 * x) / from;
    }
  return weights;
}

/// `values` has `from` blocks of `block` numbers; returns `to` such blocks.
std::vector<double> resample(const std::vector<double>& values, std::size_t block, int from, int to,
                             const std::vector<double>& weights) {
  std::vector<double> out(block * to, 0.0);
  for (int k = 0; k < to; ++k)
    for (int j = 0; j < from; ++j) {
      const double weight = weights[static_cast<std::size_t>(k) * from + j];
      for (std::size_t c = 0; c < block; ++c) out[k * block + c] += weight * values[j * block + c];
    }
  return out;
}

/// Error of the cubic interpolation between azimuths `step` apart, of a Fourier series: 4-point
/// Lagrange at the middle, where it is largest, against the series itself; `weights` of 2 `to`
/// points.
double azimuth_error(const std::vector<double>& values, std::size_t block, int from, int to,
                     const std::vector<double>& scales, const std::vector<double>& weights) {
  const auto fine = resample(values, block, from, 2 * to, weights);
  double worst = 0;
  for (int k = 0; k < to; ++k)
    for (std::size_t c = 0; c < block; ++c) {
      const auto at = [&](int i) { return fine[2 * ((k + i + to) % to) * block + c]; };
      const double middle = (9 * (at(0) + at(1)) - at(-1) - at(2)) / 16;
      worst = std::max(worst, std::abs(middle - fine[(2 * k + 1) * block + c]) / scales[c]);
    }
  return worst;
}

class SphereTable {
 public:
  SphereTable(const ElectronModel& model, Drive drive, double tolerance)
      : model_(model), drive_(drive), tolerance_(tolerance), fold_(find_fold()) {}

  TorqueTable make() {
    choose_samples();
    const auto segments = static_cast<int>(angles_.front().size()) - 1;
    TorqueTable table;
    table.head.frame = Frame::none;
    table.head.u_end = segments;
    table.head.jumps = segments - 1;
    for (int i = 0; i < segments; ++i)
      fit_cubics(function(), scales_, {double(i), double(i + 1), i > 0, i + 1 < segments, 24},
                 tolerance_, table.cubics);
    refine_azimuths(table);
    table.sharpest = sharp_ > table.cubics.error ? sharpest_ : direction(0, table.cubics.error_at);
    table.cubics.error += sharp_;
    table.model_error = model_error_;
    table.model_error_at = model_error_at_;
    return table;
  }

 private:
  std::size_t distinct() const { return static_cast<std::size_t>(samples_ / fold_); }

  /// All elements at one u, azimuth after azimuth.
  VectorFunction function() const {
    return [this](double u, std::vector<double>& out) {
      std::vector<std::vector<double>> parts(distinct());
      std::vector<double> errors(distinct());
      in_parallel(distinct(), [&](std::size_t k) { errors[k] = evaluate(k, u, parts[k]); });
      out.clear();
      for (int turn = 0; turn < fold_; ++turn)
        for (const auto& part : parts) {
          const std::vector<double> all = turned(part, 2 * pi * turn / fold_);
          out.insert(out.end(), all.begin(), all.end());
        }
      const auto worst = std::max_element(errors.begin(), errors.end());
      if (*worst <= model_error_) return;
      model_error_ = *worst;
      model_error_at_ = direction(static_cast<std::size_t>(worst - errors.begin()), u);
    };
  }

  /// P K P^T and P sigma P^T for a turn by `angle` about the normal.
  static std::vector<double> turned(const std::vector<double>& e, double angle) {
    const Eigen::Matrix2d P = Eigen::Rotation2Dd(angle).toRotationMatrix();
    Eigen::Matrix2d K, sigma;
    K << e[0], e[1], e[2], e[3];
    sigma << e[6], e[7], e[8], e[9];
    K = (P * K * P.transpose()).eval();
    sigma = (P * sigma * P.transpose()).eval();
    const Eigen::RowVector2d z = Eigen::RowVector2d(e[4], e[5]) * P.transpose();
    return {K(0, 0), K(0, 1),     K(1, 0),     K(1, 1),     z[0],
            z[1],    sigma(0, 0), sigma(0, 1), sigma(1, 0), sigma(1, 1)};
  }

  /// The order of the rotation axis along the normal, 6, 4, 3, 2 or 1: so much fewer azimuths are
  /// computed.
  int find_fold() const {
    const auto elements_at = [&](const Eigen::Vector3d& m) {
      std::vector<double> out;
      append_elements(model_, drive_, m, false, 1, out);
      return out;
    };
    std::vector<Eigen::Vector3d> directions;
    std::vector<std::vector<double>> values;
    for (const double z : {0.9, 0.2, -0.6}) {
      directions.push_back(Eigen::Vector3d(0.8, -0.5, z).normalized());
      values.push_back(elements_at(directions.back()));
    }
    const auto has = [&](int fold) {
      const double angle = 2 * pi / fold;
      for (std::size_t i = 0; i < directions.size(); ++i) {
        const Eigen::Vector3d m =
            Eigen::AngleAxisd(angle, Eigen::Vector3d::UnitZ()) * directions[i];
        if (!are_close(turned(values[i], angle), elements_at(m))) return false;
      }
      return true;
    };
    const bool two = has(2);
    if (has(3)) return two ? 6 : 3;
    return two && has(4) ? 4 : two ? 2 : 1;
  }

  static bool are_close(const std::vector<double>& a, const std::vector<double>& b) {
    double spin = 0, charge = 0;
    for (int i = 0; i < table_elements; ++i) {
      double& largest = i < 6 ? spin : charge;
      largest = std::max(largest, std::abs(a[i]));
    }
    for (int i = 0; i < table_elements; ++i)
      if (!(std::abs(a[i] - b[i]) <= 1e-6 * (i < 6 ? spin : charge))) return false;
    return true;
  }

  Eigen::Vector3d direction(std::size_t k, double u) const {
    const auto segment = std::min(static_cast<std::size_t>(u), angles_[k].size() - 2);
    const double low = angles_[k][segment], high = angles_[k][segment + 1];
    const double theta = low + (u - static_cast<double>(segment)) * (high - low);
    const double phi = 2 * pi * static_cast<double>(k) / samples_;
    return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
  }

  double evaluate(std::size_t k, double u, std::vector<double>& out) const {
    return append_elements(model_, drive_, direction(k, u), false, 1, out);
  }

  /// The polar angles of the jumps, azimuth by azimuth, with 0 and pi.
  void find_jumps() {
    std::vector<std::vector<double>> all(distinct());
    in_parallel(distinct(), [&](std::size_t k) {
      all[k] = model_.jumps(2 * pi * static_cast<double>(k) / samples_);
      all[k].insert(all[k].begin(), 0);
      all[k].push_back(pi);
    });
    for (std::size_t k = 1; k < all.size(); ++k)
      if (all[k].size() != all.front().size())
        throw InputError(fmt::format(
            "the response of the model '{}' jumps at {} polar angles of m at the azimuth {:.0f} "
            "deg but at {} at the azimuth 0 (a table needs as many everywhere); move the Fermi "
            "energy away from the band edge",
            model_.name(), all[k].size() - 2, 360.0 * static_cast<double>(k) / samples_,
            all.front().size() - 2));
    angles_.clear();
    for (int turn = 0; turn < fold_; ++turn) angles_.insert(angles_.end(), all.begin(), all.end());
  }

  /// Doubles the azimuths until the odd ones follow from the even ones by their Fourier series. A
  /// kink at one direction of m (bands that cross at the Fermi energy) ends that at 128.
  void choose_samples() {
    for (samples_ = fold_ % 3 == 0 ? 12 : 16;; samples_ *= 2) {
      find_jumps();
      const VectorFunction f = function();
      scales_ = scales_of(f, 0, static_cast<double>(angles_.front().size() - 1));
      const double worst = unresolved(f);
      tolerance_ = attainable(tolerance_, model_error_);
      if (worst < 0.25 * tolerance_) return halve_samples();
      if (2 * samples_ > 128) return accept(worst);
    }
  }

  /// The even azimuths alone are as good as the odd ones have shown.
  void halve_samples() {
    samples_ /= 2;
    for (int k = 1; k < samples_; ++k) angles_[k] = std::move(angles_[2 * k]);
    angles_.resize(samples_);
    scales_.resize(static_cast<std::size_t>(samples_) * table_elements);
  }

  /// Elsewhere the table is better than at the kink, but need not be much.
  void accept(double worst) {
    if (worst > 1e-2)
      throw InputError(fmt::format(
          "the torque of the model '{}' varies too sharply with the azimuth of m for a table (by "
          "{:.1e} of its largest element between neighbours of {}, near m = ({:.3f}, {:.3f}, "
          "{:.3f}))",
          model_.name(), worst, samples_, sharpest_.x(), sharpest_.y(), sharpest_.z()));
    sharp_ = worst;
    tolerance_ = std::max(tolerance_, 0.02 * worst);
  }

  /// Largest error of the odd azimuths from the even ones, within every segment and close to the
  /// plane, in which bands may cross.
  double unresolved(const VectorFunction& f) {
    const int half = samples_ / 2;
    const std::vector<double> weights = fourier_weights(half, samples_);
    const auto segments = angles_.front().size() - 1;
    std::vector<double> places{0.5 * static_cast<double>(segments) + 0.003};
    for (std::size_t i = 0; i < segments; ++i)
      for (const double part : {0.31, 0.52, 0.83}) places.push_back(static_cast<double>(i) + part);
    std::vector<double> values, even(static_cast<std::size_t>(half) * table_elements);
    double worst = 0;
    for (const double u : places) {
      f(u, values);
      for (std::size_t i = 0; i < even.size(); ++i)
        even[i] = values[2 * (i / table_elements) * table_elements + i % table_elements];
      const auto all = resample(even, table_elements, half, samples_, weights);
      for (std::size_t i = 0; i < all.size(); ++i) {
        const double error = std::abs(all[i] - values[i]) / scales_[i];
        if (error <= worst) continue;
        worst = error;
        sharpest_ = direction(i / table_elements, u);
      }
    }
    return worst;
  }

  /// As many azimuths as cubic interpolation between them needs.
  void refine_azimuths(TorqueTable& table) const {
    CubicPieces& cubics = table.cubics;
    const std::size_t block = 4 * table_elements, interval = block * samples_;
    const std::size_t intervals = cubics.coefficients.size() / interval;
    int azimuths = samples_;
    double error = HUGE_VAL;
    std::vector<double> scales(table_elements), begin(table_elements * std::size_t(samples_));
    for (int c = 0; c < table_elements; ++c) scales[c] = scales_[c];
    for (; azimuths < 4096; azimuths *= 2) {
      error = 0;
      const std::vector<double> doubled = fourier_weights(samples_, 2 * azimuths);
      for (std::size_t i = 0; i < intervals; i += std::max<std::size_t>(1, intervals / 8)) {
        for (std::size_t c = 0; c < begin.size(); ++c)
          begin[c] = cubics.coefficients[i * interval + 4 * c];
        error = std::max(error,
                         azimuth_error(begin, table_elements, samples_, azimuths, scales, doubled));
      }
      if (error < 0.25 * tolerance_) break;
    }
    cubics.error += error;
    table.head.azimuths = azimuths;
    const std::vector<double> weights = fourier_weights(samples_, azimuths);
    std::vector<double> all;
    for (std::size_t i = 0; i < intervals; ++i) {
      const auto first = cubics.coefficients.begin() + static_cast<std::ptrdiff_t>(i * interval);
      const auto fine = resample({first, first + static_cast<std::ptrdiff_t>(interval)}, block,
                                 samples_, azimuths, weights);
      all.insert(all.end(), fine.begin(), fine.end());
    }
    cubics.coefficients = std::move(all);
    if (table.head.jumps == 0) return;
    std::vector<double> sampled;
    for (const std::vector<double>& angles : angles_)
      sampled.insert(sampled.end(), angles.begin() + 1, angles.end() - 1);
    table.jump_angles =
        resample(sampled, static_cast<std::size_t>(table.head.jumps), samples_, azimuths, weights);
  }

  const ElectronModel& model_;
  Drive drive_;
  double tolerance_;
  int fold_;
  int samples_ = 0;
  std::vector<std::vector<double>> angles_;  // per azimuth: 0, the jumps, pi
  std::vector<double> scales_;
  double sharp_ = 0;  // what 128 azimuths leave
  Eigen::Vector3d sharpest_ = Eigen::Vector3d::UnitZ();
  mutable double model_error_ = 0;  // the largest seen
  mutable Eigen::Vector3d model_error_at_ = Eigen::Vector3d::UnitZ();
};

}  // namespace

TorqueTable make_sphere_table(const ElectronModel& model, Drive drive, double tolerance) {
  return SphereTable(model, drive, tolerance).make();
}

}  // namespace kubomag
