#pragma once
// Vectors of three and two components, safe on host and device.
#include <cmath>

#include "kubomag/host_device.hpp"

namespace kubomag {

template <class Real>
struct Vec3 {
  Real x{}, y{}, z{};

  KUBOMAG_HD Vec3& operator+=(Vec3 b) {
    x += b.x, y += b.y, z += b.z;
    return *this;
  }
};

template <class Real>
KUBOMAG_HD Vec3<Real> operator+(Vec3<Real> a, Vec3<Real> b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
template <class Real>
KUBOMAG_HD Vec3<Real> operator-(Vec3<Real> a, Vec3<Real> b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
template <class Real>
KUBOMAG_HD Vec3<Real> operator-(Vec3<Real> a) {
  return {-a.x, -a.y, -a.z};
}
template <class Real>
KUBOMAG_HD Vec3<Real> operator*(Real s, Vec3<Real> a) {
  return {s * a.x, s * a.y, s * a.z};
}
template <class Real>
KUBOMAG_HD Real dot(Vec3<Real> a, Vec3<Real> b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
template <class Real>
KUBOMAG_HD Vec3<Real> cross(Vec3<Real> a, Vec3<Real> b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
template <class Real>
KUBOMAG_HD Real norm(Vec3<Real> a) {
  return std::sqrt(dot(a, a));
}
template <class To, class From>
KUBOMAG_HD Vec3<To> cast(Vec3<From> a) {
  return {static_cast<To>(a.x), static_cast<To>(a.y), static_cast<To>(a.z)};
}

template <class Real>
struct Vec2 {
  Real x{}, y{};
};

}  // namespace kubomag
