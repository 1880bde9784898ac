#pragma once
// Looks up the electrons' response at one direction of m (include/kubomag/local_tables.hpp).
#include <cmath>

#include "field.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {

/// One table as the device reads it.
template <class Real>
struct LocalTableHead {
  LocalTables::Frame frame;
  bool even;
  int jumps, buckets, cells;
  int first_break, first_bucket, first_jump, first_cell, first_node, first_box, first_chart;
  int first_cubic, first_axis;
  Real begin, buckets_per_unit;
  Real Delta_sd;  // [J]

  static LocalTableHead of(const LocalTables::Table& t) {
    return {t.frame,
            t.even,
            t.jumps,
            t.buckets,
            t.cells,
            t.first_break,
            t.first_bucket,
            t.first_jump,
            t.first_cell,
            t.first_node,
            t.first_box,
            t.first_chart,
            t.first_cubic,
            t.first_axis,
            static_cast<Real>(t.begin),
            static_cast<Real>(t.buckets / (t.end - t.begin)),
            static_cast<Real>(t.Delta_sd)};
  }
};

template <class Real>
struct LocalTableView {
  const LocalTableHead<Real>* heads = nullptr;
  const int *buckets = nullptr, *cells = nullptr;
  const LocalTables::Node* nodes = nullptr;
  const LocalTables::Chart* charts = nullptr;
  const Real *breaks = nullptr, *jump_angles = nullptr, *axes = nullptr, *curves = nullptr,
             *splits = nullptr, *boxes = nullptr, *spin = nullptr, *charge = nullptr;

  /// What `upload` makes of the arrays.
  template <class Upload>
  static LocalTableView of(const LocalTables& tables, Upload& upload) {
    std::vector<LocalTableHead<Real>> heads;
    for (const LocalTables::Table& t : tables.tables) heads.push_back(LocalTableHead<Real>::of(t));
    LocalTableView view;
    view.heads = upload.array(heads);
    view.buckets = upload.array(tables.buckets);
    view.cells = upload.array(tables.cells);
    view.nodes = upload.array(tables.nodes);
    view.charts = upload.array(tables.charts);
    view.breaks = upload.reals(tables.breaks);
    view.jump_angles = upload.reals(tables.jump_angles);
    view.axes = upload.reals(tables.axes);
    view.curves = upload.reals(tables.curves);
    view.splits = upload.reals(tables.splits);
    view.boxes = upload.reals(tables.boxes);
    view.spin = upload.reals(tables.spin);
    view.charge = upload.reals(tables.charge);
    return view;
  }
};

/// Where m lies in a table: the piece, and the place in it.
template <class Real>
struct TablePlace {
  int piece = 0;
  Real w{}, x{};  // from 0 to 1, along u and v
};

template <class Real>
struct LocalTable {
  LocalTableHead<Real> head;
  LocalTableView<Real> all;

  KUBOMAG_HD LocalTable(const LocalTableView<Real>& tables, int table)
      : head(tables.heads[table]), all(tables) {}

  /// <sigma> Delta_sd for the in-plane drive F (E or J) at the direction m.
  KUBOMAG_HD Vec3<Real> spin_density(Vec3<Real> m, Vec2<Real> F) const {
    if (head.frame == LocalTables::Frame::sphere) {
      Real K[6];
      bicubics<6>(all.spin, leaf(m), K);
      return {K[0] * F.x + K[1] * F.y, K[2] * F.x + K[3] * F.y, K[4] * F.x + K[5] * F.y};
    }
    const bool swapped = head.frame == LocalTables::Frame::swapped_rotation;
    if (swapped) m = {m.y, m.x, -m.z};
    Real K[6];
    cubics<6>(all.spin, interval(head.even ? std::abs(m.z) : m.z), K);
    const Real sign = head.even && m.z < 0 ? Real(-1) : Real(1);
    const Real rho = std::sqrt(m.x * m.x + m.y * m.y);
    const Vec2<Real> e = azimuth_of(m, rho);
    const Real along = e.x * F.x + e.y * F.y, across = e.x * F.y - e.y * F.x;
    const Real sx = sign * K[0] * along + K[1] * across;
    const Real sy = K[2] * along + sign * K[3] * across;
    const Vec3<Real> s = {e.x * sx - e.y * sy, e.y * sx + e.x * sy,
                          rho * (K[4] * along + sign * K[5] * across)};
    return swapped ? Vec3<Real>{s.y, s.x, -s.z} : s;
  }

  /// The sheet current density sigma E [A/m] at the direction m.
  KUBOMAG_HD Vec2<Real> current(Vec3<Real> m, Vec2<Real> E) const {
    Real g[4];
    if (head.frame == LocalTables::Frame::sphere) {
      bicubics<4>(all.charge, leaf(m), g);
      return {g[0] * E.x + g[1] * E.y, g[2] * E.x + g[3] * E.y};
    }
    if (head.frame == LocalTables::Frame::swapped_rotation) m = {m.y, m.x, -m.z};
    cubics<4>(all.charge, interval(head.even ? std::abs(m.z) : m.z), g);
    const Real sign = head.even && m.z < 0 ? Real(-1) : Real(1);
    const Vec2<Real> e = azimuth_of(m, std::sqrt(m.x * m.x + m.y * m.y));
    const Real along = e.x * E.x + e.y * E.y, across = e.x * E.y - e.y * E.x;
    const Real jx = g[0] * along + sign * g[1] * across;
    const Real jy = sign * g[2] * along + g[3] * across;
    return {e.x * jx - e.y * jy, e.y * jx + e.x * jy};
  }

 private:
  /// The direction of the in-plane part of m; where there is none every direction will do.
  KUBOMAG_HD static Vec2<Real> azimuth_of(Vec3<Real> m, Real rho) {
    if (rho > 0) return {m.x / rho, m.y / rho};
    return {Real(1), Real(0)};
  }

  /// The last interval that begins at or before `at`.
  KUBOMAG_HD TablePlace<Real> interval(Real at) const {
    const int* buckets = all.buckets + head.first_bucket;
    const Real* breaks = all.breaks + head.first_break;
    int b = static_cast<int>((at - head.begin) * head.buckets_per_unit);
    b = b < 0 ? 0 : b >= head.buckets ? head.buckets - 1 : b;
    int low = buckets[b], high = buckets[b + 1];
    while (low < high) {
      const int middle = (low + high + 1) / 2;
      if (at < breaks[middle])
        high = middle - 1;
      else
        low = middle;
    }
    return {low, (at - breaks[low]) / (breaks[low + 1] - breaks[low]), Real(0)};
  }

  KUBOMAG_HD TablePlace<Real> leaf(Vec3<Real> m) const {
    if (head.first_axis >= 0) {
      const Real* R = all.axes + head.first_axis;
      m = {R[0] * m.x + R[1] * m.y + R[2] * m.z, R[3] * m.x + R[4] * m.y + R[5] * m.z,
           R[6] * m.x + R[7] * m.y + R[8] * m.z};
    }
    const Real turn = std::atan2(m.y, m.x) * Real(0.5 / constants::pi);
    Real v = turn < 0 ? turn + 1 : turn;
    Real u = polar(std::atan2(std::sqrt(m.x * m.x + m.y * m.y), m.z), v);
    const int around =
        all.cells[head.first_cell + cell(u / (head.jumps + 1)) * head.cells + cell(v)];
    LocalTables::Node end = below(around, u, v);
    if (end.along == LocalTables::Node::chart) {
      const int root = enter(end.next, u, v);
      end = below(root, u, v);
    }
    const int number = end.next;
    const Real* box = all.boxes + 4 * (static_cast<long>(head.first_box) + number);
    return {4 * number, (u - box[0]) * box[1], (v - box[2]) * box[3]};
  }

  /// The leaf, or the chart, below a node.
  KUBOMAG_HD LocalTables::Node below(int node, Real u, Real v) const {
    const LocalTables::Node* nodes = all.nodes + head.first_node;
    const Real* splits = all.splits + head.first_node;
    while (nodes[node].along >= 0)
      node = nodes[node].next + ((nodes[node].along == 0 ? u : v) >= splits[node] ? 1 : 0);
    return nodes[node];
  }

  /// Turns u and v into those of a chart, and returns its root.
  KUBOMAG_HD int enter(int number, Real& u, Real& v) const {
    constexpr int powers = LocalTables::Chart::powers;
    const LocalTables::Chart chart = all.charts[head.first_chart + number];
    const Real* c = all.curves + chart.first_curve;
    const Real s = chart.across == 0 ? u : v, t = chart.across == 0 ? v : u;
    v = (t - c[0]) * c[1];
    const Real x = 2 * v - 1;
    Real low = c[2], high = c[3];
    c += 4;
    int segment = 0;
    for (; segment < chart.jumps; ++segment, c += powers) {
      Real curve = c[powers - 1];
      for (int power = powers - 2; power >= 0; --power) curve = c[power] + x * curve;
      if (s < curve) {
        high = curve;
        break;
      }
      low = curve;
    }
    const Real part = (s - low) / (high - low);
    u = segment + (part < 1 ? part : Real(1));
    return chart.root;
  }

  KUBOMAG_HD int cell(Real part) const {
    const int k = static_cast<int>(part * head.cells);
    return k < 0 ? 0 : k >= head.cells ? head.cells - 1 : k;
  }

  /// u of Frame::sphere.
  KUBOMAG_HD Real polar(Real theta, Real v) const {
    if (head.jumps == 0) return theta * Real(1 / constants::pi);
    const TablePlace<Real> at = interval(v);
    const Real* c = all.jump_angles + head.first_jump + 4 * at.piece * head.jumps;
    Real low = 0, high = Real(constants::pi);
    int segment = 0;
    for (; segment < head.jumps; ++segment, c += 4) {
      const Real jump = c[0] + at.w * (c[1] + at.w * (c[2] + at.w * c[3]));
      if (theta < jump) {
        high = jump;
        break;
      }
      low = jump;
    }
    const Real part = (theta - low) / (high - low);
    return segment + (part < 1 ? part : Real(1));
  }

  template <int N>
  KUBOMAG_HD void cubics(const Real* table, const TablePlace<Real>& at, Real* out) const {
    const Real* c = table + 4L * N * (head.first_cubic + at.piece);
    for (int n = 0; n < N; ++n, c += 4) out[n] = c[0] + at.w * (c[1] + at.w * (c[2] + at.w * c[3]));
  }

  template <int N>
  KUBOMAG_HD void bicubics(const Real* table, const TablePlace<Real>& at, Real* out) const {
    const Real* c = table + 4L * N * (head.first_cubic + at.piece);
    for (int n = 0; n < N; ++n) {
      Real row[4];
      for (int i = 0; i < 4; ++i, c += 4)
        row[i] = c[0] + at.x * (c[1] + at.x * (c[2] + at.x * c[3]));
      out[n] = row[0] + at.w * (row[1] + at.w * (row[2] + at.w * row[3]));
    }
  }
};

}  // namespace kubomag
