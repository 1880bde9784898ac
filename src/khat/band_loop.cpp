#include "khat/band_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "khat/fourier.hpp"
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

constexpr double coarsest_turn = 0.25, finest_turn = 0.1;  // of the tangent in one step
constexpr int most_steps = 20000;
constexpr int first_nodes = 32;

}  // namespace

BandLoop::BandLoop(const Bands& bands, int band, double energy, double cutoff, const LoopSeed& seed)
    : band_(band), energy_(energy), curves_(std::make_shared<std::vector<std::vector<Curve>>>()) {
  energy_scale_ = std::abs(energy) + bands.at(seed.k).h.norm();
  trace(bands, cutoff, seed);
  for (const Point& p : points_) extent_ = std::max(extent_, p.k.norm());
  fit(bands);
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
      return Point{k, s.velocity};
    }
  }
  return {};
}

void BandLoop::trace(const Bands& bands, double cutoff, const LoopSeed& seed) {
  points_.push_back({seed.k, bands.state(seed.k, band_).velocity});
  double step = seed.step;
  for (int n = 0; n < most_steps; ++n) {
    const std::optional<Point> p = next(bands, step);
    if (!p) {
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
    const Vector2d chord = p->k - points_.back().k, home = points_.front().k - points_.back().k;
    const double along = home.dot(chord) / chord.squaredNorm();
    const bool passed =
        along > 0 && along <= 1 && (home - along * chord).norm() < 0.1 * chord.norm();
    if (n > 8 && passed && p->velocity.dot(points_.front().velocity) > 0) return;
    const double turn = std::abs(angle_between(points_.back().velocity, p->velocity));
    points_.push_back(*p);
    if (turn < finest_turn) step *= 1.4;
  }
  throw InputError("the Fermi contour does not close (too finely bent)");
}

bool BandLoop::contains(const Vector2d& k, const Vector2d& v, double distance) const {
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const Vector2d a = points_[i].k, chord = points_[(i + 1) % points_.size()].k - a;
    const double along = std::clamp((k - a).dot(chord) / chord.squaredNorm(), 0.0, 1.0);
    // The arc bulges out of its chord by length * angle/8.
    if ((a + along * chord - k).norm() < distance + 0.05 * chord.norm() &&
        points_[i].velocity.dot(v) > 0)
      return true;
  }
  return false;
}

// Points at equal distances in a parameter that grows faster where the contour bends.
std::vector<Vector2d> BandLoop::resampled(int count) const {
  const std::size_t n = points_.size();
  std::vector<double> chord(n), turn(n), at(n + 1, 0);
  double length = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Point &p = points_[i], &q = points_[(i + 1) % n];
    length += chord[i] = (q.k - p.k).norm();
    turn[i] = angle_between(p.velocity, q.velocity);
  }
  for (std::size_t i = 0; i < n; ++i)
    at[i + 1] = at[i] + std::hypot(chord[i] / length, turn[i] / (2 * pi));
  std::vector<Vector2d> out;
  std::size_t i = 0;
  for (int j = 0; j < count; ++j) {
    const double u = at[n] * j / count;
    while (at[i + 1] < u) ++i;
    const double x = (u - at[i]) / (at[i + 1] - at[i]), y = 1 - x;
    const Point &p = points_[i], &q = points_[(i + 1) % n];
    out.push_back(y * y * (1 + 2 * x) * p.k + x * x * (1 + 2 * y) * q.k +
                  x * y * chord[i] *
                      (y * turned(p.velocity).normalized() - x * turned(q.velocity).normalized()));
  }
  return out;
}

// The shortest trigonometric polynomial from whose normals the contour can be reached.
void BandLoop::fit(const Bands& bands) {
  for (int highest = 8; highest <= 1024; highest *= 2) {
    const int count = 4 * highest;
    const std::vector<Vector2d> k = resampled(count);
    std::vector<std::complex<double>> z;
    for (const Vector2d& point : k) z.emplace_back(point.x(), point.y());
    fourier_sums(z, -1);
    modes_.clear();
    for (int mode = -highest; mode <= highest; ++mode)
      modes_.push_back(z[(mode + count) % count] / double(count));
    bool reached = true;
    Hint hint;
    for (const Curve& at : curves(0.3 * pi / count, 2 * count)) {
      reached = state_at(bands, energy_, at, hint).has_value() &&
                hint.bend < 0.2;  // with a margin for the nodes between these
      if (!reached) break;
    }
    if (reached) return;
  }
  throw InputError("the Fermi contour is too finely bent (no smooth curve comes close to it)");
}

// At u = first + 2 pi j/count.
std::vector<BandLoop::Curve> BandLoop::curves(double first, int count) const {
  const int highest = int(modes_.size()) / 2;
  Vector2d Curve::*const derivatives[] = {&Curve::c, &Curve::dc, &Curve::ddc};
  std::vector<std::complex<double>> wave;
  for (int mode = -highest; mode <= highest; ++mode)
    wave.push_back(std::polar(1.0, mode * first) * modes_[std::size_t(mode + highest)]);
  const auto nodes = static_cast<std::size_t>(count);
  std::vector<Curve> out(nodes);
  for (Vector2d Curve::*const derivative : derivatives) {
    std::vector<std::complex<double>> z(nodes);
    for (int mode = -highest; mode <= highest; ++mode) {
      std::complex<double>& part = wave[std::size_t(mode + highest)];
      z[std::size_t(mode & (count - 1))] += part;
      part *= std::complex<double>(0, mode);
    }
    fourier_sums(z, 1);
    for (std::size_t j = 0; j < z.size(); ++j) out[j].*derivative = {z[j].real(), z[j].imag()};
  }
  return out;
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
  double r = start.r, slope = start.slope, excess = bands.energy(at.c + r * n, band_) - energy;
  for (int iteration = 0; iteration < 20 && std::abs(excess) > 4e-16 * energy_scale_; ++iteration) {
    const double step = -excess / slope;
    if (!(std::abs(r + step) * dn.norm() < 0.5 * at.dc.norm())) return {};
    const double before = excess;
    excess = bands.energy(at.c + (r + step) * n, band_) - energy;
    r += step;
    if (std::abs(excess) > 0.5 * std::abs(before)) break;
    slope = (excess - before) / step;
  }
  if (std::abs(excess) > 1e-13 * energy_scale_) return {};
  return r;
}

// k(u) = c + r n with n = c' turned, E(k) = energy; then v.k' = 0 gives r'.
std::optional<FermiState> BandLoop::state_at(const Bands& bands, double energy, const Curve& at,
                                             Hint& hint) const {
  const Vector2d n = turned(at.dc), dn = turned(at.ddc);
  std::optional<double> r;
  if (hint.known) r = reach(bands, energy, at, hint);
  if (!r) r = reach(bands, energy, at, {0, bands.state(at.c, band_).velocity.dot(n), true, 0});
  if (!r) return {};
  const Vector2d k = at.c + *r * n;
  const Bands::State s = bands.state(k, band_);
  const double across = s.velocity.dot(n);
  hint = {*r, across, true, std::abs(*r) * dn.norm() / at.dc.norm()};
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
    add(between[j], {0.5 * (a.r + b.r), 0.5 * (a.slope + b.slope), true, 0}, states, hints);
  }
  states_ = std::move(states);
  hints_ = std::move(hints);
}

void LoopSamples::append_to(std::vector<FermiState>& states) const {
  const double du = 2 * pi / double(states_.size());
  for (const FermiState& s : states_)
    states.push_back({s.spin, s.velocity, s.weight * du, s.k, s.B});
}

}  // namespace kubomag
