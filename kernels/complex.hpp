#pragma once
// A complex number for host and device; same memory as fftw_complex and cufftDoubleComplex.
#include "kubomag/host_device.hpp"

namespace kubomag {

struct Complex {
  double re = 0, im = 0;

  KUBOMAG_HD Complex& operator+=(Complex b) {
    re += b.re, im += b.im;
    return *this;
  }
};

KUBOMAG_HD Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
KUBOMAG_HD Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
KUBOMAG_HD Complex operator*(double s, Complex a) { return {s * a.re, s * a.im}; }
KUBOMAG_HD Complex operator*(Complex a, Complex b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
KUBOMAG_HD double norm2(Complex a) { return a.re * a.re + a.im * a.im; }
/// 1/a; a must not be 0.
KUBOMAG_HD Complex inverse(Complex a) {
  const double s = 1 / norm2(a);
  return {s * a.re, -s * a.im};
}

}  // namespace kubomag
