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
  int azimuths, jumps, buckets;
  int first_break, first_bucket, first_jump, first_cubic;
  Real u_begin, buckets_per_u;
  Real Delta_sd;  // [J]
};

template <class Real>
struct LocalTableView {
  const LocalTableHead<Real>* heads = nullptr;
  const int* buckets = nullptr;
  const Real *breaks = nullptr, *jump_angles = nullptr, *spin = nullptr, *charge = nullptr;
};

/// Where m lies in a table: the interval, the place in it, four azimuths with their weights.
template <class Real>
struct TablePlace {
  int interval = 0;
  Real w{};
  int azimuth[4] = {0, 0, 0, 0};
  Real weight[4] = {1, 0, 0, 0};
  int azimuths = 1;  // used: 1 or 4
};

template <class Real>
struct LocalTable {
  LocalTableHead<Real> head;
  const int* buckets;
  const Real *breaks, *jump_angles, *spin, *charge;

  KUBOMAG_HD LocalTable(const LocalTableView<Real>& all, int table) : head(all.heads[table]) {
    buckets = all.buckets + head.first_bucket;
    breaks = all.breaks + head.first_break;
    jump_angles = all.jump_angles + head.first_jump;
    spin = all.spin + 24 * static_cast<long>(head.first_cubic);
    charge = all.charge + 16 * static_cast<long>(head.first_cubic);
  }

  /// <sigma> Delta_sd for the in-plane drive F (E or J) at the direction m.
  KUBOMAG_HD Vec3<Real> spin_density(Vec3<Real> m, Vec2<Real> F) const {
    const bool swapped = head.frame == LocalTables::Frame::swapped_rotation;
    if (swapped) m = {m.y, m.x, -m.z};
    Real K[6];
    sum<6>(spin, place(m), K);
    Vec3<Real> s;
    if (head.frame == LocalTables::Frame::none) {
      s = {K[0] * F.x + K[1] * F.y, K[2] * F.x + K[3] * F.y, K[4] * F.x + K[5] * F.y};
    } else {
      const Real sign = head.even && m.z < 0 ? Real(-1) : Real(1);
      const Real rho = std::sqrt(m.x * m.x + m.y * m.y);
      const Vec2<Real> e = azimuth_of(m, rho);
      const Real along = e.x * F.x + e.y * F.y, across = e.x * F.y - e.y * F.x;
      const Real sx = sign * K[0] * along + K[1] * across;
      const Real sy = K[2] * along + sign * K[3] * across;
      s = {e.x * sx - e.y * sy, e.y * sx + e.x * sy, rho * (K[4] * along + sign * K[5] * across)};
    }
    return swapped ? Vec3<Real>{s.y, s.x, -s.z} : s;
  }

  /// The sheet current density sigma E [A/m] at the direction m.
  KUBOMAG_HD Vec2<Real> current(Vec3<Real> m, Vec2<Real> E) const {
    if (head.frame == LocalTables::Frame::swapped_rotation) m = {m.y, m.x, -m.z};
    Real g[4];
    sum<4>(charge, place(m), g);
    if (head.frame == LocalTables::Frame::none)
      return {g[0] * E.x + g[1] * E.y, g[2] * E.x + g[3] * E.y};
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

  KUBOMAG_HD TablePlace<Real> place(Vec3<Real> m) const {
    TablePlace<Real> at;
    Real u = head.even ? std::abs(m.z) : m.z;
    if (head.frame == LocalTables::Frame::none) u = polar(m, at);
    int b = static_cast<int>((u - head.u_begin) * head.buckets_per_u);
    b = b < 0 ? 0 : b >= head.buckets ? head.buckets - 1 : b;
    int low = buckets[b], high = buckets[b + 1];
    while (low < high) {  // the last interval that begins at or before u
      const int middle = (low + high + 1) / 2;
      if (u < breaks[middle])
        high = middle - 1;
      else
        low = middle;
    }
    at.interval = low;
    at.w = (u - breaks[low]) / (breaks[low + 1] - breaks[low]);
    return at;
  }

  /// u of Frame::none; fills the azimuths of `at` with the weights of cubic interpolation.
  KUBOMAG_HD Real polar(Vec3<Real> m, TablePlace<Real>& at) const {
    const Real pi = Real(constants::pi);
    const Real theta = std::atan2(std::sqrt(m.x * m.x + m.y * m.y), m.z);
    const Real x = (std::atan2(m.y, m.x) / (2 * pi) + 1) * head.azimuths;  // > 0
    const int k = static_cast<int>(x);
    const Real p = x - k;
    at.azimuths = 4;
    for (int i = 0; i < 4; ++i) at.azimuth[i] = (k + i - 1) % head.azimuths;
    at.weight[0] = -p * (p - 1) * (p - 2) / 6;
    at.weight[1] = (p + 1) * (p - 1) * (p - 2) / 2;
    at.weight[2] = -(p + 1) * p * (p - 2) / 2;
    at.weight[3] = (p + 1) * p * (p - 1) / 6;
    Real low = 0, high = pi;
    int segment = 0;
    for (; segment < head.jumps; ++segment) {
      Real jump = 0;
      for (int i = 0; i < 4; ++i)
        jump += at.weight[i] * jump_angles[at.azimuth[i] * head.jumps + segment];
      high = jump;
      if (theta < jump) break;
      low = jump;
      high = pi;
    }
    const Real part = (theta - low) / (high - low);
    return segment + (part < 1 ? part : Real(1));
  }

  template <int N>
  KUBOMAG_HD void sum(const Real* cubics, const TablePlace<Real>& at, Real* out) const {
    for (int n = 0; n < N; ++n) out[n] = 0;
    for (int i = 0; i < at.azimuths; ++i) {
      const long cubic = static_cast<long>(at.interval) * head.azimuths + at.azimuth[i];
      const Real* c = cubics + 4 * N * cubic;
      for (int n = 0; n < N; ++n, c += 4)
        out[n] += at.weight[i] * (c[0] + at.w * (c[1] + at.w * (c[2] + at.w * c[3])));
    }
  }
};

}  // namespace kubomag
