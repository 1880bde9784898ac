#pragma once
// One moment in a field along z that varies in time: the equation of motion has a closed solution.
//   tan(theta/2) = tan(theta_0/2) exp(-alpha G(t)/(1 + alpha^2)),   phi = phi_0 + G(t)/(1 +
//   alpha^2), G(t) = gamma int_0^t B dt'
#include "support/films.hpp"

namespace kubomag::test {

struct Macrospin {
  double B_constant = 0.4, B_alternating = 0.2, frequency = 7e9;  // B = B_c + B_a cos(2 pi f t) [T]
  double alpha = 0.1, theta_0 = 2.5, phi_0 = 0.3;

  Problem problem() const {
    Problem p = plain_film(1, 1);
    p.material.set("alpha", alpha);
    FieldSource constant, alternating;
    constant.value = {0, 0, B_constant};
    constant.signal = Signal::constant();
    alternating.value = {0, 0, B_alternating};
    SignalTerm term;
    term.kind = SignalTerm::Kind::sine;
    term.frequency = frequency;
    alternating.signal = {{term}};
    p.B_ext = {constant, alternating};
    p.m = direction(theta_0, phi_0);
    return p;
  }

  static std::vector<double> direction(double theta, double phi) {
    return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
  }

  std::vector<double> exact(double t, double gamma = constants::GammaLL) const {
    const double omega = 2 * constants::pi * frequency;
    const double G = gamma * (B_constant * t + B_alternating * std::sin(omega * t) / omega);
    const double turned = G / (1 + alpha * alpha);
    const double theta = 2 * std::atan(std::tan(theta_0 / 2) * std::exp(-alpha * turned));
    return direction(theta, phi_0 + turned);
  }
};

inline double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

}  // namespace kubomag::test
