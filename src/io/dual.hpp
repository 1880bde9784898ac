#pragma once
// Numbers with their derivatives by two variables: a formula evaluated on them gives its slopes to
// rounding. Where a function has no derivative (sqrt at 0) they are not finite.
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag::io {

struct Dual {
  double value = 0, dx = 0, dy = 0;

  Dual(double number = 0) : value(number) {}
  Dual(double number, double by_x, double by_y) : value(number), dx(by_x), dy(by_y) {}

  /// f(this), f'(value) = slope.
  Dual through(double f, double slope) const { return {f, slope * dx, slope * dy}; }

  friend Dual operator-(const Dual& a) { return {-a.value, -a.dx, -a.dy}; }
  friend Dual operator+(const Dual& a, const Dual& b) {
    return {a.value + b.value, a.dx + b.dx, a.dy + b.dy};
  }
  friend Dual operator-(const Dual& a, const Dual& b) {
    return {a.value - b.value, a.dx - b.dx, a.dy - b.dy};
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.dx * b.value + a.value * b.dx, a.dy * b.value + a.value * b.dy};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const double ratio = a.value / b.value;
    return {ratio, (a.dx - ratio * b.dx) / b.value, (a.dy - ratio * b.dy) / b.value};
  }
  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  friend bool operator<=(const Dual& a, const Dual& b) { return a.value <= b.value; }
  friend bool operator>=(const Dual& a, const Dual& b) { return a.value >= b.value; }
  friend bool operator==(const Dual& a, const Dual& b) { return a.value == b.value; }
};

inline Dual sin(const Dual& a) { return a.through(std::sin(a.value), std::cos(a.value)); }
inline Dual cos(const Dual& a) { return a.through(std::cos(a.value), -std::sin(a.value)); }
inline Dual tan(const Dual& a) {
  const double t = std::tan(a.value);
  return a.through(t, 1 + t * t);
}
inline Dual asin(const Dual& a) {
  return a.through(std::asin(a.value), 1 / std::sqrt(1 - a.value * a.value));
}
inline Dual acos(const Dual& a) {
  return a.through(std::acos(a.value), -1 / std::sqrt(1 - a.value * a.value));
}
inline Dual atan(const Dual& a) {
  return a.through(std::atan(a.value), 1 / (1 + a.value * a.value));
}
inline Dual sinh(const Dual& a) { return a.through(std::sinh(a.value), std::cosh(a.value)); }
inline Dual cosh(const Dual& a) { return a.through(std::cosh(a.value), std::sinh(a.value)); }
inline Dual tanh(const Dual& a) {
  const double t = std::tanh(a.value);
  return a.through(t, 1 - t * t);
}
inline Dual asinh(const Dual& a) {
  return a.through(std::asinh(a.value), 1 / std::hypot(1, a.value));
}
inline Dual acosh(const Dual& a) {
  return a.through(std::acosh(a.value), 1 / std::sqrt(a.value * a.value - 1));
}
inline Dual atanh(const Dual& a) {
  return a.through(std::atanh(a.value), 1 / (1 - a.value * a.value));
}
inline Dual exp(const Dual& a) {
  const double e = std::exp(a.value);
  return a.through(e, e);
}
inline Dual log(const Dual& a) { return a.through(std::log(a.value), 1 / a.value); }
inline Dual log2(const Dual& a) {
  return a.through(std::log2(a.value), 1 / (std::log(2.0) * a.value));
}
inline Dual log10(const Dual& a) {
  return a.through(std::log10(a.value), 1 / (std::log(10.0) * a.value));
}
inline Dual sqrt(const Dual& a) {
  const double root = std::sqrt(a.value);
  return a.through(root, 0.5 / root);
}
inline Dual abs(const Dual& a) {
  return a.through(std::abs(a.value), (a.value > 0) - (a.value < 0));
}
inline Dual floor(const Dual& a) { return std::floor(a.value); }
inline Dual erf(const Dual& a) {
  const double slope = 2 / std::sqrt(constants::pi) * std::exp(-a.value * a.value);
  return a.through(std::erf(a.value), slope);
}
inline Dual erfc(const Dual& a) {
  const double slope = -2 / std::sqrt(constants::pi) * std::exp(-a.value * a.value);
  return a.through(std::erfc(a.value), slope);
}
inline Dual pow(const Dual& a, const Dual& b) {
  const double power = std::pow(a.value, b.value);
  const Dual of_base = a.through(power, b.value * std::pow(a.value, b.value - 1));
  if (b.dx == 0 && b.dy == 0) return of_base;  // a negative base has no logarithm
  const double slope = std::log(a.value) * power;
  return {power, of_base.dx + slope * b.dx, of_base.dy + slope * b.dy};
}
inline Dual atan2(const Dual& a, const Dual& b) {
  const double r2 = a.value * a.value + b.value * b.value;
  return {std::atan2(a.value, b.value), (b.value * a.dx - a.value * b.dx) / r2,
          (b.value * a.dy - a.value * b.dy) / r2};
}

}  // namespace kubomag::io
