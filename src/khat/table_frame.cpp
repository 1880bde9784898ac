#include "khat/table_frame.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "khat/parallel.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr int looked_at = 24;  // azimuths

TableFrame frame_about(const Vector3d& axis) {
  TableFrame frame;
  if (std::abs(axis.z()) > 1 - 1e-12) return frame;
  const Vector3d x = (Vector3d::UnitZ() - axis.z() * axis).normalized();
  frame.turned = true;
  frame.R << x.transpose(), axis.cross(x).transpose(), axis.transpose();
  return frame;
}

bool are_close(const double* a, const double* b) {
  double spin = 0, charge = 0;
  for (int i = 0; i < table_elements; ++i) {
    double& largest = i < 6 ? spin : charge;
    largest = std::max(largest, std::abs(a[i]));
  }
  for (int i = 0; i < table_elements; ++i)
    if (!(std::abs(a[i] - b[i]) <= 1e-6 * (i < 6 ? spin : charge))) return false;
  return true;
}

/// Finds the symmetry about the axis by comparing three directions with their images.
class SymmetryFinder {
 public:
  SymmetryFinder(const ElectronModel& model, LocalTables::Drive drive, TableFrame& frame)
      : model_(model), drive_(drive), frame_(frame) {
    for (const double theta : {0.8, 1.4, 2.3}) {
      directions_.push_back(frame.direction(theta, 0.911));
      values_.push_back(elements_at(directions_.back()));
    }
  }

  void find() {
    if (!frame_.turned) {
      for (const int fold : {6, 4, 3, 2})
        if (has(fold, Eigen::Rotation2Dd(2 * pi / fold).toRotationMatrix())) return;
    } else if (std::abs(frame_.axis().z()) < 1e-12) {
      const Eigen::Vector2d p = frame_.axis().head<2>();
      const Eigen::Matrix2d mirror = Eigen::Matrix2d::Identity() - 2 * p * p.transpose();
      if (has(2, mirror) || has(2, -mirror)) return;
    }
    frame_.fold = 1;
    frame_.field.setIdentity();
  }

 private:
  const ElectronModel& model_;
  LocalTables::Drive drive_;
  TableFrame& frame_;
  std::vector<Vector3d> directions_;
  std::vector<std::vector<double>> values_;

  std::vector<double> elements_at(const Vector3d& m) const {
    std::vector<double> out;
    append_elements(model_, drive_, m, false, 1, out);
    return out;
  }

  bool has(int fold, const Eigen::Matrix2d& field) {
    frame_.fold = fold;
    frame_.field = field;
    const Eigen::AngleAxisd turn(2 * pi / fold, frame_.axis());
    for (std::size_t i = 0; i < directions_.size(); ++i) {
      double image[table_elements];
      frame_.turn(1, values_[i].data(), image);
      if (!are_close(image, elements_at(turn * directions_[i]).data())) return false;
    }
    return true;
  }
};

struct Jumps {
  std::vector<double> inside;
  bool first_pole = false, last_pole = false;
};

Jumps jumps_at(const ElectronModel& model, const TableFrame& frame, double v) {
  Jumps out;
  for (const double jump : model.jumps(Arc{frame.axis(), frame.direction(pi / 2, v)})) {
    if (jump == 0)
      out.first_pole = true;
    else if (jump == pi)
      out.last_pole = true;
    else
      out.inside.push_back(jump);
  }
  return out;
}

/// The angles inside of jumps that are known as curves, at the azimuth v; nothing where one cannot
/// be told. Those of a pole are left out.
std::optional<std::vector<double>> angles_on(const std::vector<JumpCurve>& curves,
                                             const TableFrame& frame, double v, const Jumps& seen) {
  constexpr double pole = 1e-3;  // more than what ElectronModel::jumps takes for one
  const Vector3d side = frame.direction(pi / 2, v), q = frame.axis().cross(side);
  std::vector<double> out;
  for (const JumpCurve& curve : curves)
    for (std::size_t i = 0; i < curve.vertices.size(); ++i) {
      const Vector3d &a = curve.vertices[i], &b = curve.vertices[(i + 1) % curve.vertices.size()];
      if ((q.dot(a) > 0) == (q.dot(b) > 0) || side.dot(a + b) < 0) continue;
      const std::optional<Vector3d> m = curve.on_plane(i, 0, 1, q, 0);
      if (!m) return {};
      const double theta = std::atan2(side.dot(*m), frame.axis().dot(*m));
      if ((seen.first_pole && theta < pole) || (seen.last_pole && theta > pi - pole)) continue;
      out.push_back(theta);
    }
  std::sort(out.begin(), out.end());
  return out;
}

/// Whether all directions around a pole are on one side of the edge that is there: it is no saddle.
bool is_extremum(const ElectronModel& model, const TableFrame& frame, double theta) {
  for (int k = 0; k < looked_at; ++k) {
    const Vector3d from = frame.direction(theta, double(k) / looked_at);
    const Vector3d to = frame.direction(theta, double(k + 1) / looked_at);
    const std::vector<double> jumps =
        model.jumps(Arc{from, (to - from.dot(to) * from).normalized()});
    if (!jumps.empty() && jumps.front() <= std::acos(std::min(1.0, from.dot(to)))) return false;
  }
  return true;
}

/// The pieces of v from 0 to 1/fold, fold times.
void repeat(CubicPieces& pieces, int fold) {
  const std::vector<double> breaks = pieces.breaks, coefficients = pieces.coefficients;
  for (int turn = 1; turn < fold; ++turn) {
    for (std::size_t i = 1; i < breaks.size(); ++i)
      pieces.breaks.push_back(breaks[i] + double(turn) / fold);
    pieces.coefficients.insert(pieces.coefficients.end(), coefficients.begin(), coefficients.end());
  }
  pieces.breaks.back() = 1;
}

/// Whether curves meet, as two do with a kink where a piece ends.
bool touch(const JumpCurves& curves) {
  constexpr double close = 1e-3;  // of their largest distance
  std::vector<double> ends, narrowest(std::size_t(curves.count), HUGE_VAL), widest = narrowest;
  for (double& width : widest) width = 0;
  for (const double v : curves.pieces.breaks) {
    curves.angles(v, ends);
    for (std::size_t k = 1; k < narrowest.size(); ++k) {
      const double width = ends[k + 1] - ends[k];
      narrowest[k] = std::min(narrowest[k], width), widest[k] = std::max(widest[k], width);
    }
  }
  for (std::size_t k = 1; k < narrowest.size(); ++k)
    if (narrowest[k] < close * widest[k]) return true;
  return false;
}

/// The curves of all jumps; nothing unless each goes once round the axis.
std::optional<JumpCurves> curves_about(const ElectronModel& model, const TableFrame& frame,
                                       std::string& why) {
  const auto distinct = static_cast<std::size_t>(std::max(4, looked_at / frame.fold));
  std::vector<Jumps> seen(distinct);
  in_parallel(distinct, [&](std::size_t k) {
    seen[k] = jumps_at(model, frame, double(k) / double(distinct) / frame.fold);
  });
  const std::size_t count = seen.front().inside.size();
  const auto differs = [&](const Jumps& jumps) { return jumps.inside.size() != count; };
  if (const auto other = std::find_if(seen.begin(), seen.end(), differs); other != seen.end()) {
    const auto through = [&](std::size_t k) {
      return direction_text(frame.direction(pi / 2, double(k) / double(distinct) / frame.fold));
    };
    why = fmt::format(
        "on the way from {} to its opposite there are {} jumps through {}, {} through {}",
        direction_text(frame.axis()), count, through(0), other->inside.size(),
        through(std::size_t(other - seen.begin())));
    return {};
  }
  why = fmt::format("a curve runs through {} or its opposite", direction_text(frame.axis()));
  JumpCurves out{static_cast<int>(count), {}, seen.front().first_pole, seen.front().last_pole};
  constexpr double near_pole = 0.02;
  if (out.first_pole && !is_extremum(model, frame, near_pole)) return {};
  if (out.last_pole && !is_extremum(model, frame, pi - near_pole)) return {};
  if (count == 0) return out;
  struct Lost {};
  const std::vector<JumpCurve>& known = model.jump_curves();
  const VectorFunction angles = [&](double v, std::vector<double>& values) {
    const std::optional<std::vector<double>> at =
        known.empty() ? jumps_at(model, frame, v).inside : angles_on(known, frame, v, seen.front());
    if (!at || at->size() != count) throw Lost();
    values = *at;
  };
  const std::vector<double> scales(count, 1.0);
  FitSegment segment;
  segment.end = 1.0 / frame.fold;
  try {
    fit_cubics(angles, scales, segment, model.jump_accuracy(), out.pieces);
  } catch (const Lost&) {
    return {};
  }
  if (out.pieces.error > 10 * model.jump_accuracy()) return {};
  if (!known.empty() && touch(out)) return {};
  repeat(out.pieces, frame.fold);
  return out;
}

}  // namespace

Vector3d TableFrame::direction(double theta, double v) const {
  const double phi = 2 * pi * v;
  return R.transpose() * Vector3d(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                                  std::cos(theta));
}

void TableFrame::turn(int turns, const double* elements, double* out) const {
  using Matrix32 = Eigen::Matrix<double, 3, 2, Eigen::RowMajor>;
  using Matrix22 = Eigen::Matrix<double, 2, 2, Eigen::RowMajor>;
  const Eigen::AngleAxisd rotation(2 * pi * turns / fold, axis());
  Eigen::Matrix2d of_field = Eigen::Matrix2d::Identity();
  for (int i = 0; i < turns; ++i) of_field = (of_field * field).eval();
  Eigen::Map<Matrix32>(out).noalias() =
      rotation.toRotationMatrix() * Eigen::Map<const Matrix32>(elements) * of_field.transpose();
  Eigen::Map<Matrix22>(out + 6).noalias() =
      of_field * Eigen::Map<const Matrix22>(elements + 6) * of_field.transpose();
}

void JumpCurves::angles(double v, std::vector<double>& out) const {
  out.assign(1, 0);
  if (count > 0) {
    const std::vector<double>& breaks = pieces.breaks;
    const auto above = std::upper_bound(breaks.begin() + 1, breaks.end() - 1, v);
    const auto i = static_cast<std::size_t>(above - breaks.begin()) - 1;
    const double w = (v - breaks[i]) / (breaks[i + 1] - breaks[i]);
    const double* c = &pieces.coefficients[4 * i * static_cast<std::size_t>(count)];
    for (int k = 0; k < count; ++k, c += 4)
      out.push_back(c[0] + w * (c[1] + w * (c[2] + w * c[3])));
  }
  out.push_back(pi);
}

FrameWithJumps frame_of(const ElectronModel& model, LocalTables::Drive drive) {
  std::string why;
  std::vector<double> edges;
  std::optional<FrameWithJumps> about_normal;
  for (const Vector3d& axis : model.axes()) {
    FrameWithJumps out{frame_about(axis), {}, false};
    SymmetryFinder(model, drive, out.frame).find();
    if (std::optional<JumpCurves> curves = curves_about(model, out.frame, why)) {
      out.curves = *std::move(curves);
      return out;
    }
    if (!about_normal) about_normal = std::move(out);
    for (const double edge : model.band_edges(axis)) edges.push_back(edge);
  }
  const Jumps there = jumps_at(model, about_normal->frame, 0);
  if (!there.first_pole && !there.last_pole && !model.jump_curves().empty()) {
    about_normal->in_charts = true;
    return *std::move(about_normal);
  }
  throw InputError(fmt::format(
      "fermi_energy: the response of the model '{}' jumps on curves of m that go round none of its "
      "axes ({}), which this model has no table for. Either a band edge that is at the Fermi "
      "energy "
      "for some m has a saddle there, or bands cross all but untilted; allowed is an energy 1e-6 "
      "away from the edges with m along an axis ({}), or above all crossings of the bands",
      model.name(), why, energies_text(edges)));
}

}  // namespace kubomag
