#include "khat/torque_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "khat/parallel.hpp"
#include "khat/sphere_table.hpp"
#include "khat/table_elements.hpp"
#include "khat/table_leaves.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Drive = LocalTables::Drive;
using Frame = LocalTables::Frame;

constexpr double coarsest = 1e-2, worth_saying = 10;  // of the largest element; tolerances
constexpr double narrow_enough = 1e-6;                // [rad]; single precision resolves m to 6e-8
constexpr double in_widths = 5;  // of a rectangle, how far from a meeting such ones are

void require_accuracy(const ElectronModel& model, const TorqueTable& table) {
  if (table.data.error > coarsest)
    throw InputError(fmt::format(
        "the torque of the model '{}' varies too sharply with the direction of m for a table "
        "(interpolation error {:.1e} of its largest element near {}); move the Fermi energy away "
        "from band edges and crossings",
        model.name(), table.data.error, direction_text(table.sharpest)));
}

/// What the worst of the tables are good for, where that is less than was asked.
std::vector<std::string> warnings_of(const std::vector<TorqueTable>& tables, double tolerance) {
  std::vector<std::string> out;
  const auto worse = [](const TorqueTable& a, const TorqueTable& b) {
    return a.model_error < b.model_error;
  };
  const auto coarser = [](const TorqueTable& a, const TorqueTable& b) {
    return a.data.error < b.data.error;
  };
  const auto narrower = [](const TorqueTable& a, const TorqueTable& b) {
    return a.meeting_width < b.meeting_width;
  };
  const TorqueTable& numerics = *std::max_element(tables.begin(), tables.end(), worse);
  const TorqueTable& table = *std::max_element(tables.begin(), tables.end(), coarser);
  if (numerics.model_error > tolerance)
    out.push_back(fmt::format("the response of the electrons is known to {:.1e} only near {}",
                              numerics.model_error, direction_text(numerics.model_error_at)));
  if (table.data.error > worth_saying * tolerance)
    out.push_back(
        fmt::format("a torque table is exact to {:.1e} of its largest element only, near {}",
                    table.data.error, direction_text(table.sharpest)));
  const TorqueTable& blurred = *std::max_element(tables.begin(), tables.end(), narrower);
  if (blurred.meeting_width > narrow_enough)
    out.push_back(
        fmt::format("a torque table is not exact within some {:.0e} rad of directions where curves "
                    "of jumps meet, such as {}",
                    in_widths * blurred.meeting_width, direction_text(blurred.meeting)));
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

/// m_z from `begin` to 1, cut at the jumps.
std::vector<FitSegment> segments_of(const ElectronModel& model, bool swapped, double begin) {
  // The local frame of the swapped model has its m along S (m_x, 0, m_z) = (0, m_x, -m_z).
  std::vector<double> jumps;
  for (const double theta : model.jumps(swapped ? pi / 2 : 0))
    jumps.push_back(swapped ? -std::cos(theta) : std::cos(theta));
  std::sort(jumps.begin(), jumps.end());
  std::vector<FitSegment> out{{begin, 1}};
  for (const double mz : jumps) {
    if (!(mz > begin && mz < 1)) continue;
    out.back().end = mz, out.back().singular_end = true;
    out.push_back({mz, 1, true});
  }
  return out;
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
  table.data.tables.emplace_back();
  LocalTables::Table& head = table.data.tables.front();
  head.frame = swapped ? Frame::swapped_rotation : Frame::rotation;
  head.even = is_even(f, scales);
  CubicPieces cubics;
  const std::vector<FitSegment> segments = segments_of(model, swapped, head.even ? 0 : -1);
  for (const FitSegment& segment : segments) fit_cubics(f, scales, segment, tolerance, cubics);
  add_breaks(cubics.breaks, table.data);
  for (auto c = cubics.coefficients.begin(); c != cubics.coefficients.end(); c += 40) {
    table.data.spin.insert(table.data.spin.end(), c, c + 24);
    table.data.charge.insert(table.data.charge.end(), c + 24, c + 40);
  }
  table.data.error = cubics.error;
  const double u = cubics.error_at;
  table.sharpest = {std::sqrt((1 - u) * (1 + u)), 0, u};
  return table;
}

/// Whether something sharp is at a pole, such as a band edge: m_z does not tell such angles apart.
bool is_sharp_at_a_pole(const ElectronModel& model, Drive drive) {
  const auto at = [&](double theta) {
    std::vector<double> out;
    const bool swapped = model.symmetry() == Symmetry::swapped_rotation;
    append_elements(model, drive, {std::sin(theta), 0, std::cos(theta)}, swapped, std::sin(theta),
                    out);
    return Eigen::Map<const Eigen::VectorXd>(out.data(), table_elements).eval();
  };
  constexpr double near = 1e-3, nearer = 1e-5, smooth = 2e-5;
  for (const double pole : {0.0, pi}) try {
      const Eigen::VectorXd a = at(std::abs(pole - near)), b = at(std::abs(pole - nearer));
      if (!((a - b).head<6>().norm() < smooth * a.head<6>().norm())) return true;
    } catch (const InputError&) {
      return true;
    }
  return false;
}

/// Which parts of several tables are done.
class PartsDone {
 public:
  /// Tells that nothing is done yet.
  PartsDone(std::size_t tables, const TableReport& report) : report_(report), parts_(tables, 0.0) {
    if (tables > 0) set(0, 0);
  }

  void set(std::size_t table, double part) {
    if (!report_) return;
    const std::lock_guard lock(mutex_);
    parts_[table] = part;
    TableProgress now{0, parts_.size(), 0};
    for (const double one : parts_) {
      now.done += one == 1 ? 1 : 0;
      now.part += one / double(parts_.size());
    }
    report_(now);
  }

 private:
  const TableReport& report_;
  std::mutex mutex_;
  std::vector<double> parts_;
};

}  // namespace

TorqueTable make_torque_table(const ElectronModel& model, Drive drive, double tolerance,
                              const std::function<void(double)>& report) {
  TorqueTable table = model.symmetry() == Symmetry::none || is_sharp_at_a_pole(model, drive)
                          ? make_sphere_table(model, drive, tolerance, report)
                          : rotation_table(model, drive, tolerance);
  table.data.tables.front().Delta_sd = model.Delta_sd();
  require_accuracy(model, table);
  return table;
}

LocalTables make_local_tables(const std::vector<std::shared_ptr<const ElectronModel>>& models,
                              Drive drive, double tolerance, std::vector<std::string>* warnings,
                              const TableReport& report) {
  std::vector<TorqueTable> tables(models.size());
  PartsDone parts(models.size(), report);
  in_parallel(models.size(), [&](std::size_t i) {
    try {
      tables[i] = make_torque_table(*models[i], drive, tolerance,
                                    [&](double part) { parts.set(i, 0.99 * part); });
      parts.set(i, 1);
    } catch (const InputError& error) {
      if (models.size() == 1) throw;
      throw InputError(
          fmt::format("{} (of set {} of {} of electrons)", error.what(), i + 1, models.size()));
    }
  });
  LocalTables all;
  all.drive = drive;
  for (const TorqueTable& table : tables) all.append(table.data);
  if (warnings && !tables.empty()) *warnings = warnings_of(tables, tolerance);
  return all;
}

}  // namespace kubomag
