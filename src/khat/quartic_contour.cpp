#include "khat/quartic_contour.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "khat/gauss.hpp"
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
    if (std::abs(change) < 1e-15 * std::abs(r)) return;
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
  const Eigen::Vector4cd all = companion.eigenvalues();
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

void add_line(const ContourLine& line, double weight, FermiContour& out) {
  for (const FermiState& s : line.states)
    out.states.push_back({s.spin, s.velocity, weight * s.weight, s.k, s.B});
  out.Re_g0 += weight * line.Re_g0;
}

FermiContour empty_contour() { return {{}, Vector4d::Zero(), Vector4d::Zero()}; }

}  // namespace

ContourLine QuarticContour::line(double phi, const QuarticRoots* guess) {
  const Line here(bands_, centre_, phi);
  const Vector4d c = here.quartic();
  const std::optional<QuarticRoots> split = here.shallow ? split_roots(c) : std::nullopt;
  const std::optional<QuarticRoots> near = guess && !split ? followed(c, *guess) : std::nullopt;
  ContourLine out{split ? *split : near ? *near : roots_of(c), {}, {}, Vector4d::Zero()};
  LineIntegral integral(here, cutoff_);
  int up = 0, down = 0;
  for (int i = 0; i < out.roots.reals; ++i) {
    const double p = out.roots.real[i];
    (p > 0 ? up : down) += 1;
    if (cutoff_ > 0 && !(p < integral.up() && -p < integral.down()))
      throw InputError("cutoff is inside the Fermi contour (must be outside)");
    out.states.push_back(state_at(here, bands_, p));
    out.bands.push_back(here.w(p) > 0 ? 1 : -1);
  }
  if (per_ray_ == 0) per_ray_ = up;
  if (up != per_ray_ || down != per_ray_ || up == 0)
    throw NotStarShaped(
        "the Fermi contour is not star-shaped about the bottom of a band (the Fermi energy must be "
        "further from the bottom of the lower one)");
  if (cutoff_ > 0) out.Re_g0 = integral.value(out.roots) / (4 * pi * pi);
  return out;
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
  FermiContour out = empty_contour();
  for (const ContourLine& line : lines_) add_line(line, pi / double(count), out);
  out.Im_g0 = Im_g0_of(out.states);
  return out;
}

namespace {

// Nodes and weights on [0, 1], ten of them.
const Rule& panel_rule() {
  static const Rule rule = [] {
    Rule out = legendre_rule(10);
    out.nodes = 0.5 * (1 + out.nodes.array());
    out.weights *= 0.5;
    return out;
  }();
  return rule;
}

class PanelSum {
 public:
  explicit PanelSum(QuarticContour contour) : contour_(std::move(contour)) {}

  PanelContour all() {
    constexpr int parts = 8;
    std::vector<Panel> panels;
    for (int i = 0; i < parts; ++i) panels.push_back(panel(pi / parts * i, pi / parts));
    for (const Panel& p : panels) scale_ += p.moments;
    for (Panel& p : panels) refine(std::move(p), 0);
    out_.fine.Im_g0 = Im_g0_of(out_.fine.states);
    out_.coarse.Im_g0 = Im_g0_of(out_.coarse.states);
    return std::move(out_);
  }

 private:
  // Sums of weight times 1, |v|, spin, velocity of the upper band, the same of the lower one, and
  // Re g0. Together the bands are smooth where they cross, each of them is not.
  using Moments = Eigen::Array<double, 18, 1>;
  struct Panel {
    double begin, width;
    FermiContour part;
    Moments moments;
  };

  QuarticContour contour_;
  std::optional<QuarticRoots> last_;
  int lines_ = 0;
  Moments scale_ = Moments::Zero();
  PanelContour out_{empty_contour(), empty_contour()};

  Panel panel(double begin, double width) {
    Panel out{begin, width, empty_contour(), Moments::Zero()};
    const Rule& rule = panel_rule();
    for (int i = 0; i < rule.nodes.size(); ++i) {
      if (++lines_ > 20000)
        throw InputError(
            "the Fermi contour is too finely bent (the Fermi energy must be further "
            "from an edge or a crossing of the bands)");
      const ContourLine line =
          contour_.line(begin + width * rule.nodes[i], last_ ? &*last_ : nullptr);
      last_ = line.roots;
      const double weight = width * rule.weights[i];
      add_line(line, weight, out.part);
      for (std::size_t k = 0; k < line.states.size(); ++k) {
        const FermiState& s = line.states[k];
        Eigen::Array<double, 7, 1> moments;
        moments << 1, s.velocity.norm(), s.spin, s.velocity;
        out.moments.segment<7>(line.bands[k] > 0 ? 0 : 7) += weight * s.weight * moments;
      }
    }
    out.moments.tail<4>() = out.part.Re_g0.array();
    return out;
  }

  void refine(Panel whole, int depth) {
    Panel left = panel(whole.begin, whole.width / 2);
    Panel right = panel(whole.begin + whole.width / 2, whole.width / 2);
    const Moments change = (left.moments + right.moments - whole.moments).abs();
    const double states = std::max({change[0], change[7], change.segment<3>(2).maxCoeff(),
                                    change.segment<3>(9).maxCoeff(), change.tail<4>().maxCoeff()});
    const double current =
        std::max(change.segment<2>(5).maxCoeff(), change.segment<2>(12).maxCoeff());
    const double all_states = scale_[0] + scale_[7], all_currents = scale_[1] + scale_[8];
    if (depth < 40 && (states > 1e-11 * all_states || current > 1e-11 * all_currents)) {
      refine(std::move(left), depth + 1);
      refine(std::move(right), depth + 1);
      return;
    }
    append(whole.part, out_.coarse);
    append(left.part, out_.fine);
    append(right.part, out_.fine);
  }

  static void append(const FermiContour& part, FermiContour& all) {
    all.states.insert(all.states.end(), part.states.begin(), part.states.end());
    all.Re_g0 += part.Re_g0;
  }
};

}  // namespace

PanelContour panel_contour(QuarticContour contour) { return PanelSum(std::move(contour)).all(); }

}  // namespace kubomag
