#include "analysis/skyrmion_profile.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

// In x = rho/w and tau = ln x the equation has no singular point:
// theta_tautau = sin(2 theta)/2 - d x sin^2 theta + (x^2/2) sin 2 theta, d = |D| w/Aex.
constexpr double dtau = 1e-3;

struct Point {
  double theta = 0, rate = 0;  // rate = d theta / d tau
};

double acceleration(double d, double x, double theta) {
  const double sine = std::sin(theta);
  return (0.5 + 0.5 * x * x) * std::sin(2 * theta) - d * x * sine * sine;
}

Point runge_kutta_4(double d, double x, Point p) {
  const double middle = x * std::exp(0.5 * dtau), end = x * std::exp(dtau);
  const auto slope = [&](double at, Point q) {
    return Point{q.rate, acceleration(d, at, q.theta)};
  };
  const auto ahead = [&](double h, Point k) {
    return Point{p.theta + h * k.theta, p.rate + h * k.rate};
  };
  const Point k1 = slope(x, p), k2 = slope(middle, ahead(0.5 * dtau, k1));
  const Point k3 = slope(middle, ahead(0.5 * dtau, k2)), k4 = slope(end, ahead(dtau, k3));
  return {p.theta + dtau / 6 * (k1.theta + 2 * k2.theta + 2 * k3.theta + k4.theta),
          p.rate + dtau / 6 * (k1.rate + 2 * k2.rate + 2 * k3.rate + k4.rate)};
}

/// pi - theta = s x + e x^3 near the core.
Point near_core(double d, double s, double x) {
  const double e = (d * s * s + s - 2.0 / 3 * s * s * s) / 8;
  return {s * x + e * x * x * x, s * x + 3 * e * x * x * x};
}

/// All points until theta turns back or falls below 0; `too_steep` tells which. In the core the
/// small quantity is pi - theta, which obeys the same equation with -d.
std::vector<Point> shoot(double d, double s, double x0, bool& too_steep) {
  std::vector<Point> path;
  const auto x = [&] { return x0 * std::exp(dtau * static_cast<double>(path.size() - 1)); };
  const auto mirrored = [](Point p) { return Point{constants::pi - p.theta, -p.rate}; };
  Point core = near_core(d, s, x0);
  for (path.push_back(mirrored(core)); core.theta < constants::pi / 2;
       path.push_back(mirrored(core)))
    core = runge_kutta_4(-d, x(), core);
  for (;;) {
    const Point next = runge_kutta_4(d, x(), path.back());
    too_steep = next.theta < 0;
    if (too_steep || next.rate > 0) return path;
    path.push_back(next);
  }
}

void refuse_other_films(const SkyrmionFilm& film) {
  if (!(film.Aex > 0 && film.K > 0))
    throw InputError(fmt::format(
        "Aex = {} J/m, K = {} J/m3 (Ku1 less mu_0 Msat^2/2 with demag): both must be above 0 for a "
        "skyrmion in a film along z",
        film.Aex, film.K));
  const double most = 4 / constants::pi * std::sqrt(film.Aex * film.K), D = std::abs(film.D);
  if (!(D < most && D > 0.1 * most))
    throw InputError(fmt::format(
        "D = {} J/m2: an isolated skyrmion needs |D| between {:.4g} and {:.4g} J/m2, from 0.1 to 1 "
        "times 4 sqrt(Aex K)/pi",
        film.D, 0.1 * most, most));
}

struct Trajectory {
  double x0 = 0;
  std::vector<Point> points;
};

/// The path between too steep and not steep enough, as far as both agree.
Trajectory bisect(double d) {
  double flat = std::log(1e-30), steep = std::log(1e4);
  const double x0 = 1e-6;
  std::vector<Point> below, above;
  for (int k = 0; k < 70; ++k) {
    const double middle = 0.5 * (flat + steep);
    bool too_steep = false;
    std::vector<Point> path = shoot(d, std::exp(middle), x0, too_steep);
    (too_steep ? steep : flat) = middle;
    (too_steep ? above : below) = std::move(path);
  }
  Trajectory best{x0, {}};
  for (std::size_t i = 0; i < std::min(below.size(), above.size()); ++i) {
    const double theta = 0.5 * (below[i].theta + above[i].theta);
    if (std::abs(below[i].theta - above[i].theta) > 1e-6 * theta || theta < 1e-5) break;
    best.points.push_back({theta, 0.5 * (below[i].rate + above[i].rate)});
  }
  return best;
}

/// Goes on with theta = C K1(x) until nothing is left.
void add_tail(Trajectory& path) {
  const auto x_of = [&](std::size_t i) {
    return path.x0 * std::exp(dtau * static_cast<double>(i));
  };
  const double from = x_of(path.points.size() - 1);
  const double C = path.points.back().theta / std::cyl_bessel_k(1.0, from);
  for (std::size_t i = path.points.size();; ++i) {
    const double x = x_of(i);
    if (x > from + 30 && i % 2 == 1) return;  // an odd number of points for Simpson's rule
    const double K0 = std::cyl_bessel_k(0.0, x), K1 = std::cyl_bessel_k(1.0, x);
    path.points.push_back({C * K1, -C * (x * K0 + K1)});
  }
}

double radius_of(const SkyrmionProfile& p) {
  std::size_t i = 1;
  while (p.theta[i] > constants::pi / 2) ++i;
  const double part = (p.theta[i - 1] - constants::pi / 2) / (p.theta[i - 1] - p.theta[i]);
  return p.rho[i - 1] + part * (p.rho[i] - p.rho[i - 1]);
}

void add_energies(const SkyrmionFilm& film, SkyrmionProfile& p) {
  std::vector<double> exchange, dmi, anisotropy;
  for (std::size_t i = 0; i < p.rho.size(); ++i) {
    const double rho = p.rho[i], sine = std::sin(p.theta[i]);
    exchange.push_back(rho * p.slope[i] * p.slope[i] + sine * sine / rho);
    dmi.push_back(rho * p.slope[i] + 0.5 * std::sin(2 * p.theta[i]));
    anisotropy.push_back(rho * sine * sine);
  }
  p.exchange = 2 * constants::pi * film.Aex * integrate(p, exchange);
  p.dmi = 2 * constants::pi * std::abs(film.D) * integrate(p, dmi);
  p.anisotropy = 2 * constants::pi * film.K * integrate(p, anisotropy);
}

}  // namespace

double integrate(const SkyrmionProfile& profile, const std::vector<double>& f) {
  double sum = 0;
  const std::size_t n = f.size();
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = i == 0 || i + 1 == n ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * profile.rho[i] * f[i];
  }
  return sum * std::log(profile.rho[n - 1] / profile.rho[0]) / (3 * static_cast<double>(n - 1));
}

SkyrmionProfile skyrmion_profile(const SkyrmionFilm& film) {
  refuse_other_films(film);
  const double w = std::sqrt(film.Aex / film.K);
  Trajectory path = bisect(std::abs(film.D) * w / film.Aex);
  add_tail(path);
  SkyrmionProfile profile;
  for (std::size_t i = 0; i < path.points.size(); ++i) {
    const double rho = w * path.x0 * std::exp(dtau * static_cast<double>(i));
    profile.rho.push_back(rho);
    profile.theta.push_back(path.points[i].theta);
    profile.slope.push_back(path.points[i].rate / rho);
  }
  profile.radius = radius_of(profile);
  add_energies(film, profile);
  return profile;
}

}  // namespace kubomag
