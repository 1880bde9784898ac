#include "khat/band_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numeric>
#include <unsupported/Eigen/FFT>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Eigen::Vector2d;

Vector2d turned(const Vector2d& v) { return {-v.y(), v.x()}; }  // by 90 degrees

double angle_between(const Vector2d& a, const Vector2d& b) {
  return std::atan2(a.x() * b.y() - a.y() * b.x(), a.dot(b));
}

constexpr double shortest_stride = 0.01;
constexpr double coarsest_turn = 0.4;  // of the tangent in one step
constexpr int most_steps = 20000;
constexpr int first_nodes = 32;
constexpr double close_enough = 1e-2;
constexpr std::size_t window = 8;  // points of an interpolation

// Lagrange's polynomial through values at `window` places.
class Interpolation {
 public:
  explicit Interpolation(const std::array<double, window>& x) : x_(x) {
    for (std::size_t i = 0; i < window; ++i) {
      double product = 1;
      for (std::size_t j = 0; j < window; ++j)
        if (j != i) product *= x[i] - x[j];
      inverse_[i] = 1 / product;
    }
  }
  std::array<double, window> weights(double at) const {
    std::array<double, window> out;
    double before = 1, behind = 1;  // products of the distances on either side
    for (std::size_t i = 0; i < window; ++i) out[i] = inverse_[i] * before, before *= at - x_[i];
    for (std::size_t i = window; i-- > 0;) out[i] *= behind, behind *= at - x_[i];
    return out;
  }

 private:
  std::array<double, window> x_, inverse_;
};

// sum_j z_j exp(sign 2 pi i j m/n) in place, sign +1 or -1.
void fourier_sums(std::vector<std::complex<double>>& z, int sign) {
  using Transform = Eigen::FFT<double>;
  thread_local Transform transform(Transform::impl_type(), Transform::Unscaled);
  std::vector<std::complex<double>> out;
  sign < 0 ? transform.fwd(out, z) : transform.inv(out, z);
  z = std::move(out);
}

}  // namespace

BandLoop::BandLoop(const Bands& bands, int band, double energy, double cutoff, const LoopSeed& seed)
    : band_(band), energy_(energy), curves_(std::make_shared<std::vector<std::vector<Curve>>>()) {
  trace(bands, cutoff, seed);
  for (evenly_ = !fit(); evenly_; stride_ /= 2) {
    trace(bands, cutoff, seed);
    if (fit()) break;
    if (stride_ <= shortest_stride)
      throw InputError("the Fermi contour is too finely bent (no smooth curve comes close to it)");
  }
  for (const Point& p : points_) extent_ = std::max(extent_, p.k.norm());
  for (std::size_t i = 0; i < points_.size(); ++i)
    chords_.push_back((points_[(i + 1) % points_.size()].k - points_[i].k).norm());
}

// The rate by a difference, much shorter than the step that led here. Where the speed has an
// extremum on the way into a narrow inlet, as beside a cusp of a curve of jumps, the first
// derivatives alone would make steps too uneven: there the second ones count, too.
BandLoop::Point BandLoop::point_at(const Bands& bands, const Vector2d& k, double step) const {
  const Bands::State s = bands.state(k, band_);
  const double shift = 1e-3 * step;
  const Vector2d along = shift * turned(s.velocity).normalized();
  const Bands::State ahead = bands.state(k + along, band_);
  const double speed = s.velocity.norm();
  double bend = (ahead.velocity - s.velocity).norm() / speed;
  if (evenly_) {
    const Vector2d behind = bands.state(k - along, band_).velocity;
    const double second = (ahead.velocity + behind - 2 * s.velocity).norm() / speed;
    bend = std::sqrt(std::hypot(bend * bend, second));
  }
  const double turn = (ahead.B * ahead.spin - s.B * s.spin).norm() / std::abs(s.B);
  return {k, s.velocity, std::sqrt(bend * bend + turn * turn) / shift};
}

// Predict along the tangent, correct along the gradient; nothing if the step is too long.
std::optional<BandLoop::Point> BandLoop::next(const Bands& bands, double step) const {
  const Point& here = points_.back();
  const Vector2d tangent = turned(here.velocity).normalized();
  Vector2d k = here.k + step * tangent;
  for (int iteration = 0; iteration < 6; ++iteration) {
    const Bands::State s = bands.state(k, band_);
    const Vector2d shift = (energy_ - s.energy) / s.velocity.squaredNorm() * s.velocity;
    if (!(shift.norm() < 0.3 * step)) return {};
    k += shift;
    if (shift.norm() < 1e-4 * step) {
      if (std::abs(angle_between(here.velocity, s.velocity)) > coarsest_turn) return {};
      return point_at(bands, k, step);
    }
  }
  return {};
}

// One point more; `last`: the step to the one before, and then to this one.
void BandLoop::advance(const Bands& bands, double cutoff, const LoopSeed& seed, double& last) {
  double step = std::min(stride_ / points_.back().rate, 2 * last);
  std::optional<Point> p;
  while (!(p = next(bands, step))) {
    step /= 2;
    if (step > 1e-9 * seed.step) continue;
    throw InputError(fmt::format(
        "the Fermi contour cannot be followed at kx = {:g}, ky = {:g} 1/m (the Fermi energy must "
        "be further from a band edge or a crossing of the bands)",
        points_.back().k.x(), points_.back().k.y()));
  }
  if (p->k.norm() > cutoff)
    throw InputError(fmt::format(
        "the Fermi contour reaches the cutoff {:g} 1/m (must close inside it)", cutoff));
  points_.push_back(*p);
  last = step;
}

// Once around, and half a window of points beyond the first. As the steps depend on k alone, the
// points are those of a smooth parameter at equal distances.
void BandLoop::trace(const Bands& bands, double cutoff, const LoopSeed& seed) {
  points_.assign(1, point_at(bands, seed.k, seed.step));
  double step = 50 * seed.step;
  for (int n = 0; n < most_steps; ++n) {
    advance(bands, cutoff, seed, step);
    const Point &q = points_.back(), &p = points_[points_.size() - 2];
    const Vector2d chord = q.k - p.k, home = points_.front().k - p.k;
    const double along = home.dot(chord) / chord.squaredNorm();
    const bool passed =
        along > 0 && along <= 1 && (home - along * chord).norm() < 0.1 * chord.norm();
    if (n <= 8 || !passed || q.velocity.dot(points_.front().velocity) <= 0) continue;
    for (std::size_t more = 1; more < window / 2; ++more) advance(bands, cutoff, seed, step);
    return;
  }
  throw InputError("the Fermi contour does not close (too finely bent)");
}

bool BandLoop::contains(const Vector2d& k, const Vector2d& v, double distance) const {
  const std::size_t n = points_.size();
  for (std::size_t step = 0; step < n; ++step) {  // away from where the last one was
    const std::size_t away = (step + 1) / 2, i = (last_ + (step % 2 ? away : n - away)) % n;
    const Vector2d a = points_[i].k, from = k - a;
    // The arc bulges out of its chord by length * angle/8.
    const double width = distance + 0.05 * chords_[i];
    if (from.squaredNorm() > std::pow(width + chords_[i], 2)) continue;
    const Vector2d chord = points_[(i + 1) % n].k - a;
    const double along = std::clamp(from.dot(chord) / chord.squaredNorm(), 0.0, 1.0);
    if ((along * chord - from).squaredNorm() < width * width && points_[i].velocity.dot(v) > 0) {
      last_ = i;
      return true;
    }
  }
  return false;
}

// du = ds (rate and, where that is small, 2 pi/length). Leaves one turn of points.
BandLoop::Parametrised BandLoop::parametrised() {
  const std::size_t n = points_.size() - window / 2;  // the first beyond, or at, points_[0]
  const Vector2d tangent = turned(points_[0].velocity).normalized();
  double length = 0;
  for (std::size_t i = 0; i < n; ++i) length += (points_[i + 1].k - points_[i].k).norm();
  const auto rate = [&](std::size_t i) { return std::hypot(points_[i].rate, 2 * pi / length); };
  Parametrised out;
  out.u.push_back(0);
  for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
    const double chord = (points_[i + 1].k - points_[i].k).norm();
    out.u.push_back(out.u[i] + 0.5 * chord * (rate(i) + rate(i + 1)));
    out.fastest = std::max(out.fastest, rate(i));
  }
  std::array<double, window> u, along;  // the tangent in the first point, which is crossed again
  for (std::size_t i = 0; i < window; ++i) {
    u[i] = out.u[n - window / 2 + i];
    along[i] = tangent.dot(points_[n - window / 2 + i].k - points_[0].k);
  }
  double low = out.u[n - 1], high = out.u[n];
  const Interpolation between(u);
  for (int halving = 0; halving < 50; ++halving) {
    const double mid = 0.5 * (low + high);
    const std::array<double, window> weights = between.weights(mid);
    (std::inner_product(along.begin(), along.end(), weights.begin(), 0.0) < 0 ? low : high) = mid;
  }
  out.period = low;
  // Neither twice the first point nor a step that is much shorter than the others.
  const bool close = out.period - out.u[n - 1] < 0.5 * (out.u[n] - out.u[n - 1]);
  points_.resize(close ? n - 1 : n);
  out.u.resize(points_.size());
  return out;
}

// x + iy at equal distances in u, from the points around.
std::vector<std::complex<double>> BandLoop::resampled(const Parametrised& by, int count) const {
  const std::size_t n = points_.size();
  std::vector<std::complex<double>> out;
  std::array<std::size_t, window> from;
  std::optional<Interpolation> around;
  std::size_t left = 0;
  for (int j = 0; j < count; ++j) {
    const double u = by.period * j / count;
    for (; left + 1 < n && by.u[left + 1] <= u; ++left) around.reset();
    if (!around) {
      std::array<double, window> x;
      for (std::size_t i = 0; i < window; ++i) {
        const std::size_t at = n + left + i + 1 - window / 2, turn = at / n;  // 0, 1, 2
        from[i] = at % n;
        x[i] = by.u[from[i]] + (double(turn) - 1) * by.period;
      }
      around.emplace(x);
    }
    const std::array<double, window> weights = around->weights(u);
    Vector2d k(0, 0);
    for (std::size_t i = 0; i < window; ++i) k += weights[i] * points_[from[i]].k;
    out.emplace_back(k.x(), k.y());
  }
  return out;
}

// The shortest trigonometric polynomial that is close to the contour on its smallest length.
// Whether there is one of no more modes than points: more are those of the kinks of an
// interpolation between points that are too far apart.
bool BandLoop::fit() {
  const Parametrised by = parametrised();
  const double tolerance = close_enough / by.fastest;
  const int points = int(points_.size());
  for (int count = first_nodes; count <= 4 * points; count *= 2) {
    if (count * stride_ < by.period) continue;
    std::vector<std::complex<double>> z = resampled(by, count);
    fourier_sums(z, -1);
    const auto mode = [&](int m) { return z[std::size_t(m & (count - 1))] / double(count); };
    int highest = count / 2;
    double left_out = 0;
    while (highest > 1 && left_out < tolerance)
      --highest, left_out += std::abs(mode(highest)) + std::abs(mode(-highest));
    if (highest > std::min(count / 4, points / 2)) continue;
    modes_.clear();
    for (int m = -highest; m <= highest; ++m) modes_.push_back(mode(m));
    return true;
  }
  return false;
}

// At u = first + 2 pi j/count.
std::vector<BandLoop::Curve> BandLoop::curves(double first, int count) const {
  const int highest = int(modes_.size()) / 2;
  Vector2d Curve::*const derivatives[] = {&Curve::c, &Curve::dc, &Curve::ddc};
  std::vector<std::complex<double>> wave = modes_;
  for (std::size_t i = 0; i < wave.size(); ++i)
    wave[i] *= std::polar(1.0, (int(i) - highest) * first);
  const auto nodes = static_cast<std::size_t>(count);
  std::vector<Curve> out(nodes);
  for (Vector2d Curve::*const derivative : derivatives) {
    std::vector<std::complex<double>> z(nodes);
    for (std::size_t i = 0; i < wave.size(); ++i) {
      const int mode = int(i) - highest;
      std::complex<double>& part = wave[i];
      z[std::size_t(mode & (count - 1))] += part;
      part = {-mode * part.imag(), mode * part.real()};  // i mode part
    }
    fourier_sums(z, 1);
    for (std::size_t j = 0; j < z.size(); ++j) out[j].*derivative = {z[j].real(), z[j].imag()};
  }
  return out;
}

int BandLoop::fewest_nodes() const {
  constexpr int per_mode = 4;
  return per_mode * int(modes_.size() / 2);
}

const std::vector<BandLoop::Curve>& BandLoop::curves(int count) const {
  constexpr double first = 0.1;
  std::size_t level = 0;
  for (int nodes = first_nodes; nodes < count; nodes *= 2) ++level;
  while (curves_->size() <= level) {
    const int half = first_nodes << curves_->size() >> 1;  // the odd ones of twice as many
    curves_->push_back(curves_->empty() ? curves(first, first_nodes)
                                        : curves(first + pi / half, half));
  }
  return (*curves_)[level];
}

// How far along the normal the contour is: secants from the start.
std::optional<double> BandLoop::reach(const Bands& bands, double energy, const Curve& at,
                                      const Hint& start) const {
  const Vector2d n = turned(at.dc), dn = turned(at.ddc);
  double size = 0;  // of what the energy is a sum of
  const auto excess_at = [&](double along) {
    const BandPoint p = bands.at(at.c + along * n);
    size = std::abs(p.h0) + p.h.norm();
    return Bands::energy_of(p, band_) - energy;
  };
  constexpr double solved = 4e-16, rounding = 4e-15;
  double r = start.r, slope = start.slope, excess = excess_at(r);
  for (int iteration = 0; iteration < 20 && std::abs(excess) > solved * size; ++iteration) {
    const double step = -excess / slope;
    if (!(std::abs(r + step) * dn.norm() < 0.5 * at.dc.norm())) return {};
    const double before = excess;
    excess = excess_at(r + step);
    if (std::abs(excess) > 0.5 * std::abs(before)) {
      if (std::abs(before) > rounding * size) return {};
      return std::abs(excess) < std::abs(before) ? r + step : r;
    }
    r += step;
    slope = (excess - before) / step;
  }
  if (std::abs(excess) > rounding * size) return {};
  return r;
}

// k(u) = c + r n with n = c' turned, E(k) = energy; then v.k' = 0 gives r'.
std::optional<FermiState> BandLoop::state_at(const Bands& bands, double energy, const Curve& at,
                                             Hint& hint) const {
  const Vector2d n = turned(at.dc), dn = turned(at.ddc);
  std::optional<double> r;
  if (hint.known) r = reach(bands, energy, at, hint);
  if (!r) r = reach(bands, energy, at, {0, bands.state(at.c, band_).velocity.dot(n), true});
  if (!r) return {};
  const Vector2d k = at.c + *r * n;
  const Bands::State s = bands.state(k, band_);
  const double across = s.velocity.dot(n);
  hint = {*r, across, true};
  if (std::abs(across) < 0.3 * s.velocity.norm() * n.norm()) return {};
  const Vector2d dk = at.dc + *r * dn - s.velocity.dot(at.dc + *r * dn) / across * n;
  return FermiState{s.spin, s.velocity, dk.norm() / s.velocity.norm() / (4 * pi * pi), k, s.B};
}

LoopSamples::LoopSamples(const Bands& bands, const BandLoop& loop, double energy)
    : bands_(bands), loop_(loop), energy_(energy) {
  BandLoop::Hint hint;
  for (const BandLoop::Curve& at : loop.curves(first_nodes)) {
    add(at, hint, states_, hints_);
    hint = hints_.back();
  }
}

void LoopSamples::add(const BandLoop::Curve& at, const BandLoop::Hint& start,
                      std::vector<FermiState>& states, std::vector<BandLoop::Hint>& hints) const {
  BandLoop::Hint hint = start;
  const std::optional<FermiState> s = loop_.state_at(bands_, energy_, at, hint);
  if (!s) throw InputError("the Fermi contour is too finely bent (no smooth curve fits it)");
  states.push_back(*s);
  hints.push_back(hint);
}

void LoopSamples::refine() {
  const std::size_t old = states_.size();
  const std::vector<BandLoop::Curve>& between = loop_.curves(int(2 * old));
  std::vector<FermiState> states;
  std::vector<BandLoop::Hint> hints;
  for (std::size_t j = 0; j < old; ++j) {
    states.push_back(states_[j]);
    hints.push_back(hints_[j]);
    const BandLoop::Hint &a = hints_[j], &b = hints_[(j + 1) % old];
    add(between[j], {0.5 * (a.r + b.r), 0.5 * (a.slope + b.slope), true}, states, hints);
  }
  states_ = std::move(states);
  hints_ = std::move(hints);
}

void LoopSamples::append_to(std::vector<FermiState>& states) const {
  const double du = 2 * pi / double(states_.size());
  for (const FermiState& s : states_)
    states.push_back({s.spin, s.velocity, s.weight * du, s.k, s.B});
}

bool are_enough(const std::vector<LoopSamples>& samples) {
  return std::all_of(samples.begin(), samples.end(),
                     [](const LoopSamples& of_loop) { return of_loop.are_enough(); });
}

}  // namespace kubomag
