#include "khat/table_sheet.hpp"

#include <algorithm>
#include <cmath>

#include "khat/parallel.hpp"
#include "khat/table_elements.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

int segment_of(const TableSheet& sheet, double u) {
  return std::clamp(static_cast<int>(std::floor(u)), 0, sheet.segments - 1);
}

class RangeFinder {
 public:
  RangeFinder(const ElectronModel& model, LocalTables::Drive drive, const TableSheet& sheet)
      : model_(model), sheet_(sheet), f_(patch_function(model, drive, sheet)) {}

  std::vector<PatchRange> all() {
    for (int k = 0; k < sheet_.segments; ++k)
      add_segment(k, k > 0 || sheet_.first, k + 1 < sheet_.segments || sheet_.last);
    for (PatchRange& range : out_) range.v_1 = sheet_.v_1;
    return std::move(out_);
  }

 private:
  const ElectronModel& model_;
  const TableSheet& sheet_;
  PatchFunction f_;
  std::vector<PatchRange> out_;

  void add_segment(double begin, bool first, bool last) {
    constexpr double middle_of_two = 0.5;
    const double end = begin + 1, reach = first && last ? middle_of_two : 1;
    if (!first && !last) out_.push_back({begin, {}, begin, end});
    if (first) {
      const FitVariable variable{FitVariable::Kind::from_begin, begin};
      const double gap = nearest(begin, 1);
      out_.push_back({begin, {}, begin + gap, begin + gap, 0, 1, true});
      add_logarithms(variable, std::log(gap), std::log(reach));
    }
    if (last) {
      const FitVariable variable{FitVariable::Kind::from_end, end};
      const double gap = nearest(end, -1);
      add_logarithms(variable, std::log(reach), std::log(gap));
      out_.push_back({end - gap, {}, end - gap, end - gap, 0, 1, true});
    }
  }

  void add_logarithms(const FitVariable& variable, double s_0, double s_1) {
    constexpr double most_parts = 3, longest = 4.7;  // 12 nodes see as much of a logarithm
    const auto parts = int(std::min(most_parts, std::ceil(std::abs(s_1 - s_0) / longest)));
    for (int i = 0; i < parts; ++i) {
      const double from = s_0 + (s_1 - s_0) * i / parts;
      out_.push_back({variable.u(from), variable, from, s_0 + (s_1 - s_0) * (i + 1) / parts});
    }
  }

  /// The smallest distance to a jump, up to 1e-2 (0.1 of a short segment), at which the model has
  /// an answer everywhere: from where the curve of the jump does not blur it, and from 1e-6 of the
  /// shorter one of the segments that meet there; at a pole, where no curve is, much closer.
  double nearest(double jump, int side) const {
    constexpr std::size_t looked_at = 32;
    const double accuracy = model_.jump_accuracy();
    const double length = sheet_.lengths(jump + 0.5 * side, 0.5 * sheet_.v_1)[0];
    constexpr double nearest_to_pole = 1e-10;  // [rad]
    constexpr double largest_gap = 0.1;        // of a very short segment
    const bool pole = jump == 0 || jump == sheet_.segments;
    double gap = nearest_to_pole / length;
    if (!pole) {
      gap = std::max(10 * accuracy, sheet_.nearest) / length;
      const double other = sheet_.lengths(jump - 0.5 * side, 0.5 * sheet_.v_1)[0];
      gap = std::max(gap, std::min(1.0, other / length) * std::max(1e-6, 1e4 * accuracy));
      gap = std::min(gap, largest_gap);
    }
    for (;; gap *= 10) try {
        in_parallel(looked_at, [&](std::size_t k) {
          double values[table_elements];
          f_(jump + side * gap, (double(k) + 0.5) / looked_at * sheet_.v_1, values);
        });
        return gap;
      } catch (const InputError&) {
        if (gap > (length < 1e-3 ? 0.05 : 0.005)) throw;
      }
  }
};

}  // namespace

Vector3d TableSheet::direction(double u, double v) const {
  std::vector<double> at;
  ends(v, at);
  const auto k = static_cast<std::size_t>(segment_of(*this, u));
  const Vector2d place = angles(at[k] + (u - double(k)) * (at[k + 1] - at[k]), v);
  return frame.direction(place[0], place[1]);
}

Vector2d TableSheet::lengths(double u, double v) const {
  std::vector<double> at;
  ends(v, at);
  const auto k = static_cast<std::size_t>(segment_of(*this, u));
  const double width = at[k + 1] - at[k], s = at[k] + (u - double(k)) * width;
  constexpr double step = 1e-5;
  const auto place = [&](double ds, double dv) {
    const Vector2d angles_there = angles(s + ds, v + dv);
    return frame.direction(angles_there[0], angles_there[1]);
  };
  const Vector3d here = place(0, 0);
  return {width * (place(step, 0) - here).norm() / step, (place(0, step) - here).norm() / step};
}

TableSheet sheet_about_axis(const FrameWithJumps& where) {
  const JumpCurves& curves = where.curves;
  return {where.frame,
          curves.count + 1,
          1.0 / where.frame.fold,
          [&curves](double v, std::vector<double>& ends) { curves.angles(v, ends); },
          [](double theta, double v) { return Vector2d(theta, v); },
          curves.first_pole,
          curves.last_pole,
          0};
}

PatchFunction patch_function(const ElectronModel& model, LocalTables::Drive drive,
                             const TableSheet& sheet) {
  return [&model, drive, &sheet](double u, double v, double* elements) {
    std::vector<double> values;
    const double error = append_elements(model, drive, sheet.direction(u, v), false, 1, values);
    std::copy(values.begin(), values.end(), elements);
    return error;
  };
}

std::vector<PatchRange> ranges_of(const ElectronModel& model, LocalTables::Drive drive,
                                  const TableSheet& sheet) {
  return RangeFinder(model, drive, sheet).all();
}

}  // namespace kubomag
