#include "khat/torque_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "khat/parallel.hpp"
#include "khat/sphere_table.hpp"
#include "khat/table_elements.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Drive = LocalTables::Drive;
using Frame = LocalTables::Frame;

constexpr double coarsest = 1e-2, worth_saying = 10;  // of the largest element; tolerances

std::string place(const Eigen::Vector3d& m) {
  return fmt::format("m = ({:.4f}, {:.4f}, {:.4f})", m.x(), m.y(), m.z());
}

void require_accuracy(const ElectronModel& model, const TorqueTable& table) {
  if (table.cubics.error > coarsest)
    throw InputError(fmt::format(
        "the torque of the model '{}' varies too sharply with the direction of m for a table "
        "(interpolation error {:.1e} of its largest element near {}); move the Fermi energy away "
        "from band edges and crossings",
        model.name(), table.cubics.error, place(table.sharpest)));
}

/// What the worst of the tables are good for, where that is less than was asked.
std::vector<std::string> warnings_of(const std::vector<TorqueTable>& tables, double tolerance) {
  std::vector<std::string> out;
  const auto worse = [](const TorqueTable& a, const TorqueTable& b) {
    return a.model_error < b.model_error;
  };
  const auto coarser = [](const TorqueTable& a, const TorqueTable& b) {
    return a.cubics.error < b.cubics.error;
  };
  const TorqueTable& numerics = *std::max_element(tables.begin(), tables.end(), worse);
  const TorqueTable& table = *std::max_element(tables.begin(), tables.end(), coarser);
  if (numerics.model_error > tolerance)
    out.push_back(fmt::format("the response of the electrons is known to {:.1e} only near {}",
                              numerics.model_error, place(numerics.model_error_at)));
  if (table.cubics.error > worth_saying * tolerance)
    out.push_back(
        fmt::format("a torque table is exact to {:.1e} of its largest element only, near {}",
                    table.cubics.error, place(table.sharpest)));
  return out;
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
  TorqueTable table;
  const VectorFunction f = [&](double mz, std::vector<double>& out) {
    const double mx = std::sqrt((1 - mz) * (1 + mz));
    out.clear();
    const double error = append_elements(model, drive, {mx, 0, mz}, swapped, mx, out);
    if (error <= table.model_error) return;
    table.model_error = error;
    table.model_error_at = {mx, 0, mz};
  };
  const std::vector<double> scales = scales_of(f, -1, 1);
  tolerance = attainable(tolerance, table.model_error);
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
  const double u = table.cubics.error_at;
  table.sharpest = {std::sqrt((1 - u) * (1 + u)), 0, u};
  return table;
}

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
                          ? make_sphere_table(model, drive, tolerance)
                          : rotation_table(model, drive, tolerance);
  table.head.Delta_sd = model.Delta_sd();
  require_accuracy(model, table);
  return table;
}

LocalTables make_local_tables(const std::vector<std::shared_ptr<const ElectronModel>>& models,
                              Drive drive, double tolerance, std::vector<std::string>* warnings) {
  std::vector<TorqueTable> tables(models.size());
  in_parallel(models.size(),
              [&](std::size_t i) { tables[i] = make_torque_table(*models[i], drive, tolerance); });
  LocalTables all;
  all.drive = drive;
  for (const TorqueTable& table : tables) pack(table, all);
  if (warnings && !tables.empty()) *warnings = warnings_of(tables, tolerance);
  return all;
}

}  // namespace kubomag
