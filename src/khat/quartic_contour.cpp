#include "khat/quartic_contour.hpp"

#include <algorithm>
#include <cmath>

#include "khat/eigenvalues.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Complex = std::complex<double>;
using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector4d;

// w(p) = eps - k^2 and B(p) on one line, and the quartic w^2 - B^2.
struct Line {
  Vector2d k0, e;
  double w0, w1;
  Vector3d B0, B1;
  double below;  // eps - E(k0)
  bool shallow;  // k0 is the minimum of E_+, close to eps: w0 - |B0| = below, w1 = B0.B1/|B0|

  Line(const LinearBands& bands, const StationaryPoint& centre, double phi)
      : k0(centre.k), e(std::cos(phi), std::sin(phi)), below(centre.below) {
    w0 = bands.eps - k0.squaredNorm();
    w1 = -2 * k0.dot(e);
    B0 = -bands.M;
    B0.head<2>() += bands.A * k0;
    B1 << bands.A * e, 0;
    shallow = centre.band > 0 && std::abs(below) < 1e-3 * B0.norm();
  }

  // From p^0 to p^3; the coefficient of p^4 is 1.
  Vector4d quartic() const {
    const double c0 = shallow ? below * (w0 + B0.norm()) : w0 * w0 - B0.squaredNorm();
    const double c1 = shallow ? 2 * below * w1 : 2 * (w0 * w1 - B0.dot(B1));
    return {c0, c1, w1 * w1 - 2 * w0 - B1.squaredNorm(), -2 * w1};
  }
  template <class T>
  T w(T p) const {
    return w0 + p * (w1 - p);
  }
};

template <class T>
void polish(const Vector4d& c, T& r, int steps) {
  for (int step = 0; step < steps; ++step) {
    const T value = c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r)));
    const T slope = c[1] + r * (2 * c[2] + r * (3 * c[3] + 4.0 * r));
    if (slope == 0.0) return;
    const T change = value / slope;
    r -= change;
    if (std::norm(change) < 1e-30 * std::norm(r)) return;
  }
}

void sort_reals(QuarticRoots& roots) {
  for (int end = roots.reals; end > 1; --end)
    for (int i = 1; i < end; ++i)
      if (roots.real[i] < roots.real[i - 1]) std::swap(roots.real[i], roots.real[i - 1]);
}

// A pair of complex roots stays one and a real root stays real through Newton's steps.
QuarticRoots roots_of(const Vector4d& c) {
  Eigen::Matrix4d companion = Eigen::Matrix4d::Zero();
  companion.diagonal(-1).setOnes();
  companion.col(3) = -c;
  QuarticRoots out;
  const Eigen::Vector4cd all = eigenvalues(companion);
  for (Complex r : all) {
    if (r.imag() < 0) continue;
    if (r.imag() > 0) {
      polish(c, r, 3);
      out.upper[out.pairs++] = r;
    } else {
      double real = r.real();
      polish(c, real, 3);
      out.real[out.reals++] = real;
    }
  }
  sort_reals(out);
  return out;
}

void add_roots(double b, double c, QuarticRoots& roots) {  // of p^2 + b p + c
  const double square = 0.25 * b * b - c;
  if (square < 0) {
    roots.upper[roots.pairs++] = {-0.5 * b, std::sqrt(-square)};
    return;
  }
  const double larger = -0.5 * b - std::copysign(std::sqrt(square), b);
  roots.real[roots.reals++] = larger;
  roots.real[roots.reals++] = c / larger;
}

// Two roots that are small beside the others, of which eigenvalues keep half of the digits only:
// (p^2 + b p + c)(p^2 + B p + C) by iteration; nothing where it does not converge at once.
std::optional<QuarticRoots> split_roots(const Vector4d& c) {
  double small_b = c[1] / c[2], small_c = c[0] / c[2], large_b = 0, large_c = 0, change = 1;
  for (int i = 0; i < 12 && change > 1e-15; ++i) {
    large_b = c[3] - small_b, large_c = c[2] - small_c - large_b * small_b;
    const double next = c[0] / large_c;
    change = std::abs(next / small_c - 1);
    small_c = next, small_b = (c[1] - large_b * small_c) / large_c;
  }
  if (!(change < 1e-12)) return {};
  QuarticRoots out;
  add_roots(small_b, small_c, out);
  add_roots(large_b, large_c, out);
  sort_reals(out);
  return out;
}

// Newton from the guess; nothing unless sum and product of the roots are those of the quartic,
// which they are not if two guesses went to one root.
std::optional<QuarticRoots> followed(const Vector4d& c, const QuarticRoots& guess) {
  QuarticRoots out = guess;
  double sum = c[3], product = 1, size = 0;
  for (int i = 0; i < out.reals; ++i) {
    polish(c, out.real[i], 10);
    sum += out.real[i], product *= out.real[i], size = std::max(size, std::abs(out.real[i]));
  }
  for (int i = 0; i < out.pairs; ++i) {
    polish(c, out.upper[i], 10);
    if (!(out.upper[i].imag() > 0)) return {};
    sum += 2 * out.upper[i].real(), product *= std::norm(out.upper[i]);
    size = std::max(size, std::abs(out.upper[i]));
  }
  if (!(std::abs(sum) < 1e-11 * size &&
        std::abs(product - c[0]) < 1e-11 * size * size * size * size))
    return {};
  sort_reals(out);
  return out;
}

FermiState state_at(const Line& line, const LinearBands& bands, double p) {
  const Vector2d k = line.k0 + p * line.e;
  const Vector3d spin = std::copysign(1.0, line.w(p)) * (line.B0 + p * line.B1).normalized();
  if (line.shallow && line.w(p) > 0) {
    // n(p) - n(0) in the velocity, which vanishes at p = 0
    const double B0 = line.B0.norm(), B = (line.B0 + p * line.B1).norm();
    const double rise = (2 * line.B0.dot(line.B1) + p * line.B1.squaredNorm()) / (B + B0);
    const Vector3d turn = (line.B1 - rise / B0 * line.B0) / B;
    const Vector2d slope = 2 * line.e + bands.A.transpose() * turn.head<2>();
    return {spin, p * slope, 1 / std::abs(slope.dot(line.e)) / (4 * pi * pi), k, line.w(p)};
  }
  const Vector2d velocity = 2 * k + bands.A.transpose() * spin.head<2>();
  return {spin, velocity, std::abs(p / velocity.dot(line.e)) / (4 * pi * pi), k, line.w(p)};
}

// Real part of int p dp (w + B.sigma)/D over both rays, up to R_up and R_down, by partial
// fractions; principal value at real roots. A residue is the same on either ray.
class LineIntegral {
 public:
  LineIntegral(const Line& line, double cutoff) : line_(line) {
    const double along = line.k0.dot(line.e);
    const double half = std::sqrt(cutoff * cutoff - line.k0.squaredNorm() + along * along);
    R_up_ = half - along, R_down_ = half + along;
  }
  double up() const { return R_up_; }
  double down() const { return R_down_; }

  Vector4d value(const QuarticRoots& roots) {
    for (int i = 0; i < roots.reals; ++i) {
      double slope = 1;
      for (int j = 0; j < roots.reals; ++j)
        if (j != i) slope *= roots.real[i] - roots.real[j];
      for (int j = 0; j < roots.pairs; ++j) slope *= std::norm(roots.real[i] - roots.upper[j]);
      const double r = roots.real[i];
      add(r / slope * std::log(std::abs((R_up_ - r) * (R_down_ + r) / (r * r))), r);
    }
    for (int i = 0; i < roots.pairs; ++i) {
      const Complex r = roots.upper[i];
      Complex slope(0, 2 * r.imag());
      for (int j = 0; j < roots.reals; ++j) slope *= r - roots.real[j];
      for (int j = 0; j < roots.pairs; ++j)
        if (j != i) slope *= (r - roots.upper[j]) * (r - std::conj(roots.upper[j]));
      const Complex logarithm(0.5 * std::log(std::norm(R_up_ - r) * std::norm(R_down_ + r) /
                                             (std::norm(r) * std::norm(r))),
                              pi - 2 * std::arg(r) - std::atan2(r.imag(), R_up_ - r.real()) +
                                  std::atan2(r.imag(), R_down_ + r.real()));
      add(2.0 * r / slope * logarithm, r);
    }
    return sum_;
  }

 private:
  const Line& line_;
  double R_up_, R_down_;
  Vector4d sum_ = Vector4d::Zero();

  template <class T>
  void add(T factor, T r) {
    sum_[0] += std::real(factor * line_.w(r));
    for (int axis = 0; axis < 3; ++axis)
      sum_[axis + 1] += std::real(factor * (line_.B0[axis] + r * line_.B1[axis]));
  }
};

// Between the roots of the neighbours, where they are of one kind.
std::optional<QuarticRoots> between(const QuarticRoots& a, const QuarticRoots& b) {
  if (a.reals != b.reals) return {};
  QuarticRoots out = a;
  for (int i = 0; i < a.reals; ++i) out.real[i] = 0.5 * (a.real[i] + b.real[i]);
  for (int i = 0; i < a.pairs; ++i) out.upper[i] = 0.5 * (a.upper[i] + b.upper[i]);
  return out;
}

// The roots of the same line seen the other way round.
QuarticRoots reversed(const QuarticRoots& roots) {
  QuarticRoots out = roots;
  for (int i = 0; i < roots.reals; ++i) out.real[i] = -roots.real[roots.reals - 1 - i];
  for (int i = 0; i < roots.pairs; ++i) out.upper[i] = -std::conj(roots.upper[i]);
  return out;
}

constexpr double first_angle = 0.1;  // off the axes of symmetry

}  // namespace

void ContourLine::append_to(FermiContour& out, double weight) const {
  for (const FermiState& s : states)
    out.states.push_back({s.spin, s.velocity, weight * s.weight, s.k, s.B});
  out.Re_g0 += weight * Re_g0;
}

ContourLine QuarticContour::any_line(double phi, const QuarticRoots* guess) const {
  const Line here(bands_, centre_, phi);
  const Vector4d c = here.quartic();
  const std::optional<QuarticRoots> split = here.shallow ? split_roots(c) : std::nullopt;
  const std::optional<QuarticRoots> near = guess && !split ? followed(c, *guess) : std::nullopt;
  ContourLine out{split ? *split : near ? *near : roots_of(c), {}, {}, Vector4d::Zero()};
  LineIntegral integral(here, cutoff_);
  for (int i = 0; i < out.roots.reals; ++i) {
    const double p = out.roots.real[i];
    if (cutoff_ > 0 && !(p < integral.up() && -p < integral.down()))
      throw InputError("cutoff is inside the Fermi contour (must be outside)");
    out.states.push_back(state_at(here, bands_, p));
    out.bands.push_back(here.w(p) > 0 ? 1 : -1);
  }
  if (cutoff_ > 0) out.Re_g0 = integral.value(out.roots) / (4 * pi * pi);
  return out;
}

ContourLine QuarticContour::line(double phi, const QuarticRoots* guess) {
  ContourLine out = any_line(phi, guess);
  const auto& roots = out.roots.real;
  const int up = int(std::count_if(roots.begin(), roots.begin() + out.roots.reals,
                                   [](double p) { return p > 0; }));
  if (per_ray_ == 0) per_ray_ = up;
  if (up != per_ray_ || out.roots.reals != 2 * up || up == 0)
    throw NotStarShaped(
        "the Fermi contour is not star-shaped about the bottom of a band (the Fermi energy must be "
        "further from the bottom of the lower one)");
  return out;
}

double QuarticContour::discriminant(double phi) const {
  const Vector4d c = Line(bands_, centre_, phi).quartic();
  const long double e = c[0], d = c[1], b = c[3], f = c[2];
  const long double I = 12 * e - 3 * b * d + f * f;
  const long double J = 72 * f * e + 9 * b * f * d - 27 * (d * d + e * b * b) - 2 * f * f * f;
  return double((4 * I * I * I - J * J) / 27);
}

FermiContour TrapezoidContour::refined() {
  const bool first = lines_.empty();
  const std::size_t count = first ? 16 : 2 * lines_.size();
  std::vector<ContourLine> all;
  all.reserve(count);
  for (std::size_t j = 0; j < count; ++j) {
    if (!first && j % 2 == 0) {
      all.push_back(std::move(lines_[j / 2]));
      continue;
    }
    std::optional<QuarticRoots> guess;
    if (j > 0) guess = all.back().roots;
    if (!first) {
      const std::size_t next = (j + 1) / 2;
      guess = between(all.back().roots,
                      next < lines_.size() ? lines_[next].roots : reversed(all.front().roots));
    }
    all.push_back(
        contour_.line(first_angle + pi * double(j) / double(count), guess ? &*guess : nullptr));
  }
  lines_ = std::move(all);
  FermiContour out{{}, Vector4d::Zero(), Vector4d::Zero()};
  for (const ContourLine& line : lines_) line.append_to(out, pi / double(count));
  out.Im_g0 = Im_g0_of(out.states);
  return out;
}

}  // namespace kubomag
