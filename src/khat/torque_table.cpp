#include "khat/torque_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <thread>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Drive = LocalTables::Drive;
using Frame = LocalTables::Frame;

constexpr int elements = 10;  // 6 of spin, 4 of charge

/// The elements at m in the laboratory frame, K_zx and K_zy over `in_plane`.
/// Returns the model's estimate of its relative error.
double append_elements(const ElectronModel& model, Drive drive, const Eigen::Vector3d& m,
                       bool swapped, double in_plane, std::vector<double>& out) {
  Eigen::Matrix3d S = Eigen::Matrix3d::Identity();
  if (swapped) S << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  const LocalResponse response = model.response(S * m);
  const Eigen::Matrix<double, 3, 2> K =
      model.Delta_sd() * S * (drive == Drive::E ? response.K_E : response.K_J());
  const Eigen::Matrix2d& sigma = response.sigma;
  out.insert(out.end(), {K(0, 0), K(0, 1), K(1, 0), K(1, 1), K(2, 0) / in_plane, K(2, 1) / in_plane,
                         sigma(0, 0), sigma(0, 1), sigma(1, 0), sigma(1, 1)});
  return response.relative_error;
}

/// The largest element of spin and of charge over some directions without symmetry, for every
/// component.
std::vector<double> scales_of(const VectorFunction& f, double begin, double end) {
  double spin = 0, charge = 0;
  std::vector<double> values;
  for (const double part : {0.017, 0.21, 0.39, 0.58, 0.77, 0.96}) {
    f(begin + part * (end - begin), values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      double& largest = i % elements < 6 ? spin : charge;
      largest = std::max(largest, std::abs(values[i]));
    }
  }
  std::vector<double> scales(values.size());
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const double scale = i % elements < 6 ? spin : charge;
    scales[i] = scale > 0 ? scale : 1;
  }
  return scales;
}

void require_accuracy(const ElectronModel& model, double error, double tolerance) {
  if (error > 100 * tolerance)
    throw InputError(fmt::format(
        "the torque of the model '{}' varies too sharply with the direction of m for a table "
        "(interpolation error {:.1e} of its largest element); move the Fermi energy away from "
        "band edges and crossings",
        model.name(), error));
}

/// No fit can follow the noise of the model's own numerics.
double attainable(double tolerance, double model_error) {
  return std::max(tolerance, 12 * model_error);
}

/// Calls f(k) for 0 <= k < count on all processors; throws what one of them threw.
template <class F>
void in_parallel(std::size_t count, const F& f) {
  std::vector<std::exception_ptr> errors(count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t k = next++; k < count; k = next++) try {
        f(k);
      } catch (...) {
        errors[k] = std::current_exception();
      }
  };
  std::vector<std::thread> threads;
  const std::size_t most = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 1; i < std::min(most, count); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

/// Whether the film normal is a mirror axis of the response, K(-m_z) following from K(m_z).
bool is_even(const VectorFunction& f, const std::vector<double>& scales) {
  std::vector<double> up, down;
  constexpr double sign[] = {-1, 1, 1, -1, 1, -1, 1, -1, -1, 1};
  for (const double mz : {0.13, 0.47, 0.83}) {
    f(mz, up);
    f(-mz, down);
    for (std::size_t i = 0; i < up.size(); ++i)
      if (!(std::abs(down[i] - sign[i] * up[i]) < 1e-7 * scales[i])) return false;
  }
  return true;
}

TorqueTable rotation_table(const ElectronModel& model, Drive drive, double tolerance) {
  const bool swapped = model.symmetry() == Symmetry::swapped_rotation;
  double model_error = 0;
  const VectorFunction f = [&](double mz, std::vector<double>& out) {
    const double mx = std::sqrt((1 - mz) * (1 + mz));
    out.clear();
    const double error = append_elements(model, drive, {mx, 0, mz}, swapped, mx, out);
    model_error = std::max(model_error, error);
  };
  const std::vector<double> scales = scales_of(f, -1, 1);
  tolerance = attainable(tolerance, model_error);
  TorqueTable table;
  table.head.frame = swapped ? Frame::swapped_rotation : Frame::rotation;
  table.head.even = is_even(f, scales);
  table.head.u_begin = table.head.even ? 0 : -1;
  // The local frame of the swapped model has its m along S (m_x, 0, m_z) = (0, m_x, -m_z).
  std::vector<double> ends;
  for (const double theta : model.jumps(swapped ? pi / 2 : 0)) {
    const double mz = swapped ? -std::cos(theta) : std::cos(theta);
    if (mz > table.head.u_begin) ends.push_back(mz);
  }
  std::sort(ends.begin(), ends.end());
  ends.insert(ends.begin(), table.head.u_begin);
  ends.push_back(1);
  for (std::size_t i = 0; i + 1 < ends.size(); ++i)
    fit_cubics(f, scales, {ends[i], ends[i + 1], i > 0, i + 2 < ends.size()}, tolerance,
               table.cubics);
  return table;
}

/// The polar angles of the jumps at equidistant azimuths, azimuth by azimuth, with 0 and pi.
std::vector<std::vector<double>> jumps_around(const ElectronModel& model, int azimuths) {
  std::vector<std::vector<double>> all;
  for (int k = 0; k < azimuths; ++k) {
    std::vector<double> angles = model.jumps(2 * pi * k / azimuths);
    angles.insert(angles.begin(), 0);
    angles.push_back(pi);
    if (k > 0 && angles.size() != all.front().size())
      throw InputError(fmt::format(
          "the response of the model '{}' jumps at {} polar angles of m at the azimuth {:.0f} deg "
          "but at {} at the azimuth 0 (a table needs as many everywhere); move the Fermi energy "
          "away from the band edge",
          model.name(), angles.size() - 2, 360.0 * k / azimuths, all.front().size() - 2));
    all.push_back(std::move(angles));
  }
  return all;
}

/// Fourier interpolation of periodic samples from `from` (even) to `to` equidistant points:
/// out[k * from + j] is the weight of sample j at point k.
std::vector<double> fourier_weights(int from, int to) {
  std::vector<double> weights(static_cast<std::size_t>(from) * to);
  for (int k = 0; k < to; ++k)
    for (int j = 0; j < from; ++j) {
      const double x = 2 * pi * (static_cast<double>(k) / to - static_cast<double>(j) / from);
      double sum = 1 + std::cos(0.5 * from * x);
      for (int n = 1; n < from / 2; ++n) sum += 2 * std::cos(n * x);
      weights[static_cast<std::size_t>(k) * from + j] = sum / from;
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
/// Lagrange at the middle, where it is largest, against the series itself.
double azimuth_error(const std::vector<double>& values, std::size_t block, int from, int to,
                     const std::vector<double>& scales) {
  const auto coarse = resample(values, block, from, to, fourier_weights(from, to));
  const auto fine = resample(values, block, from, 2 * to, fourier_weights(from, 2 * to));
  double worst = 0;
  for (int k = 0; k < to; ++k)
    for (std::size_t c = 0; c < block; ++c) {
      const auto at = [&](int i) { return coarse[((k + i + to) % to) * block + c]; };
      const double middle = (9 * (at(0) + at(1)) - at(-1) - at(2)) / 16;
      worst = std::max(worst, std::abs(middle - fine[(2 * k + 1) * block + c]) / scales[c]);
    }
  return worst;
}

class SphereTable {
 public:
  SphereTable(const ElectronModel& model, Drive drive, double tolerance)
      : model_(model), drive_(drive), tolerance_(tolerance), two_fold_(is_two_fold()) {}

  TorqueTable make() {
    choose_samples();
    const auto segments = static_cast<int>(angles_.front().size()) - 1;
    TorqueTable table;
    table.head.frame = Frame::none;
    table.head.u_end = segments;
    table.head.jumps = segments - 1;
    for (int i = 0; i < segments; ++i)
      fit_cubics(function(), scales_, {double(i), double(i + 1), i > 0, i + 1 < segments, 36},
                 tolerance_, table.cubics);
    refine_azimuths(table);
    return table;
  }

 private:
  /// All elements at one u, azimuth after azimuth.
  VectorFunction function() const {
    return [this](double u, std::vector<double>& out) {
      std::vector<std::vector<double>> parts(samples_);
      std::vector<double> errors(samples_);
      const std::size_t distinct = two_fold_ ? parts.size() / 2 : parts.size();
      in_parallel(distinct, [&](std::size_t k) { errors[k] = evaluate(k, u, parts[k]); });
      for (std::size_t k = distinct; k < parts.size(); ++k) {
        parts[k] = parts[k - distinct];
        parts[k][4] *= -1, parts[k][5] *= -1;  // K_zx, K_zy
      }
      out.clear();
      for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
      model_error_ = std::max(model_error_, *std::max_element(errors.begin(), errors.end()));
    };
  }

  /// Whether a turn by 180 degrees about the normal, k -> -k, is a symmetry: half of the azimuths
  /// are enough then.
  bool is_two_fold() const {
    for (const double z : {0.9, 0.2, -0.6}) {
      const Eigen::Vector3d m = Eigen::Vector3d(0.8, -0.5, z).normalized();
      std::vector<double> one, other;
      append_elements(model_, drive_, m, false, 1, one);
      append_elements(model_, drive_, {-m.x(), -m.y(), m.z()}, false, 1, other);
      other[4] *= -1, other[5] *= -1;
      double spin = 0, charge = 0;
      for (int i = 0; i < elements; ++i) {
        double& largest = i < 6 ? spin : charge;
        largest = std::max(largest, std::abs(one[i]));
      }
      for (int i = 0; i < elements; ++i)
        if (!(std::abs(one[i] - other[i]) <= 1e-6 * (i < 6 ? spin : charge))) return false;
    }
    return true;
  }

  double evaluate(std::size_t k, double u, std::vector<double>& out) const {
    const auto segment = std::min(static_cast<std::size_t>(u), angles_[k].size() - 2);
    const double low = angles_[k][segment], high = angles_[k][segment + 1];
    const double theta = low + (u - static_cast<double>(segment)) * (high - low);
    const double phi = 2 * pi * static_cast<double>(k) / samples_;
    const Eigen::Vector3d m(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                            std::cos(theta));
    return append_elements(model_, drive_, m, false, 1, out);
  }

  /// Doubles the azimuths until the odd ones follow from the even ones by their Fourier series.
  void choose_samples() {
    for (samples_ = 16; samples_ <= 256; samples_ *= 2) {
      angles_ = jumps_around(model_, samples_);
      const VectorFunction f = function();
      scales_ = scales_of(f, 0, static_cast<double>(angles_.front().size() - 1));
      const double worst = unresolved(f);
      tolerance_ = attainable(tolerance_, model_error_);
      if (worst < 0.25 * tolerance_) return;
    }
    throw InputError(fmt::format(
        "the torque of the model '{}' varies too sharply with the azimuth of m for a table",
        model_.name()));
  }

  double unresolved(const VectorFunction& f) const {
    const int half = samples_ / 2;
    const std::vector<double> weights = fourier_weights(half, samples_);
    std::vector<double> values, even(static_cast<std::size_t>(half) * elements);
    double worst = 0;
    for (const double part : {0.31, 0.52, 0.83}) {
      f(part * static_cast<double>(angles_.front().size() - 1), values);
      for (std::size_t i = 0; i < even.size(); ++i)
        even[i] = values[2 * (i / elements) * elements + i % elements];
      const auto all = resample(even, elements, half, samples_, weights);
      for (std::size_t i = 0; i < all.size(); ++i)
        worst = std::max(worst, std::abs(all[i] - values[i]) / scales_[i]);
    }
    return worst;
  }

  /// As many azimuths as cubic interpolation between them needs.
  void refine_azimuths(TorqueTable& table) const {
    CubicPieces& cubics = table.cubics;
    const std::size_t block = 4 * elements, interval = block * samples_;
    const std::size_t intervals = cubics.coefficients.size() / interval;
    int azimuths = samples_;
    double error = HUGE_VAL;
    std::vector<double> scales(elements), begin(elements * std::size_t(samples_));
    for (int c = 0; c < elements; ++c) scales[c] = scales_[c];
    for (; azimuths < 4096; azimuths *= 2) {
      error = 0;
      for (std::size_t i = 0; i < intervals; i += std::max<std::size_t>(1, intervals / 8)) {
        for (std::size_t c = 0; c < begin.size(); ++c)
          begin[c] = cubics.coefficients[i * interval + 4 * c];
        error = std::max(error, azimuth_error(begin, elements, samples_, azimuths, scales));
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
  bool two_fold_;
  int samples_ = 0;
  std::vector<std::vector<double>> angles_;  // per azimuth: 0, the jumps, pi
  std::vector<double> scales_;
  mutable double model_error_ = 0;  // the largest seen
};

/// For every bucket the interval that contains its beginning; one more for the end.
std::vector<int> bucket_starts(const std::vector<double>& breaks, int buckets) {
  std::vector<int> starts;
  const int last = static_cast<int>(breaks.size()) - 2;
  for (int b = 0; b <= buckets; ++b) {
    const double u = breaks.front() + (breaks.back() - breaks.front()) * b / buckets;
    const auto above = std::upper_bound(breaks.begin(), breaks.end(), u);
    starts.push_back(std::clamp(static_cast<int>(above - breaks.begin()) - 1, 0, last));
  }
  return starts;
}

void pack(const TorqueTable& table, LocalTables& all) {
  LocalTables::Table head = table.head;
  const CubicPieces& cubics = table.cubics;
  head.intervals = static_cast<int>(cubics.breaks.size()) - 1;
  head.buckets = 2 * head.intervals;
  head.first_break = static_cast<int>(all.breaks.size());
  head.first_bucket = static_cast<int>(all.buckets.size());
  head.first_jump = static_cast<int>(all.jump_angles.size());
  head.first_cubic = static_cast<int>(all.spin.size() / 24);
  const std::vector<int> starts = bucket_starts(cubics.breaks, head.buckets);
  all.buckets.insert(all.buckets.end(), starts.begin(), starts.end());
  all.breaks.insert(all.breaks.end(), cubics.breaks.begin(), cubics.breaks.end());
  all.jump_angles.insert(all.jump_angles.end(), table.jump_angles.begin(), table.jump_angles.end());
  for (auto c = cubics.coefficients.begin(); c != cubics.coefficients.end(); c += 40) {
    all.spin.insert(all.spin.end(), c, c + 24);
    all.charge.insert(all.charge.end(), c + 24, c + 40);
  }
  all.error = std::max(all.error, cubics.error);
  all.tables.push_back(head);
}

}  // namespace

TorqueTable make_torque_table(const ElectronModel& model, Drive drive, double tolerance) {
  TorqueTable table = model.symmetry() == Symmetry::none
                          ? SphereTable(model, drive, tolerance).make()
                          : rotation_table(model, drive, tolerance);
  table.head.Delta_sd = model.Delta_sd();
  require_accuracy(model, table.cubics.error, tolerance);
  return table;
}

LocalTables make_local_tables(const std::vector<std::shared_ptr<const ElectronModel>>& models,
                              Drive drive, double tolerance) {
  std::vector<TorqueTable> tables(models.size());
  in_parallel(models.size(),
              [&](std::size_t i) { tables[i] = make_torque_table(*models[i], drive, tolerance); });
  LocalTables all;
  all.drive = drive;
  for (const TorqueTable& table : tables) pack(table, all);
  return all;
}

}  // namespace kubomag
