#include "io/field_scale.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

using constants::pi;

constexpr int most_lines = 64;
constexpr double rounding = 1e-12;  // of squares: what varies less does not vary

/// The cells along one axis of the film, with the padding of infinite edges.
struct Axis {
  int cells, padding;
  double step;
  bool closed;  // the field goes on beyond the last cell as it does before the first

  int count() const { return cells + 2 * padding; }
  double length() const { return count() * step; }
  double at(int i) const { return (i - padding - 0.5 * (cells - 1)) * step; }
};

Axis make_axis(int cells, double step, Edge edge, double padding) {
  const int more = edge == Edge::infinite ? static_cast<int>(std::ceil(padding / step)) : 0;
  return {cells, more, step, edge == Edge::periodic};
}

/// The wave number of a wave whose samples obey sin(q step/2) = `sine`.
double wave_number(double sine, double step) { return 2 / step * std::asin(std::min(1.0, sine)); }

/// Sums over lines along one axis, of both components of E.
class Lines {
 public:
  explicit Lines(const Axis& axis) : axis_(axis) {}

  void add(const std::vector<double>& along, const std::vector<double>& across) {
    ++lines_;
    add(across);
    const Component driven = add(along);
    potential_ = std::max(potential_, driven.potential);
    uniform_ = std::max(uniform_, std::abs(driven.mean));
    mean_squares_ += driven.mean * driven.mean;
  }

  double rms() const { return std::sqrt(squares_ / (lines_ * axis_.count())); }
  double potential() const { return varies() ? potential_ : 0; }
  double uniform() const { return uniform_; }
  double mean_rms() const { return std::sqrt(mean_squares_ / lines_); }

  double q() const {
    if (!varies()) return 0;
    const double h = axis_.step;
    const double whole = wave_number(0.5 * h * std::sqrt(varying_ / integrals_), h);
    if (axis_.closed || whole * axis_.length() >= 4 * pi) return whole;
    const int inner = axis_.count() - 2;
    if (inner < 1) return 0;
    const double bent = std::sqrt(bends_ / inner * axis_.count() / squares_);
    return std::min(whole, wave_number(0.5 * std::sqrt(bent), h));
  }

 private:
  bool varies() const { return varying_ > rounding * squares_ && integrals_ > 0; }

  struct Component {
    double mean = 0, potential = 0;
  };

  Component add(const std::vector<double>& E) {
    Component out;
    double& mean = out.mean;
    for (const double value : E) mean += value / static_cast<double>(E.size());
    std::vector<double> integral;
    double sum = 0, middle = 0;
    for (const double value : E) {
      integral.push_back(sum += (value - mean) * axis_.step);
      middle += sum / static_cast<double>(E.size());
      squares_ += value * value;
      varying_ += (value - mean) * (value - mean);
    }
    for (double& value : integral) {
      value -= middle;
      integrals_ += value * value;
      out.potential = std::max(out.potential, std::abs(value));
    }
    for (std::size_t i = 1; i + 1 < E.size(); ++i) {
      const double bend = E[i - 1] - 2 * E[i] + E[i + 1];
      bends_ += bend * bend;
    }
    return out;
  }

  Axis axis_;
  int lines_ = 0;
  double squares_ = 0, varying_ = 0, integrals_ = 0, bends_ = 0;
  double potential_ = 0, uniform_ = 0, mean_squares_ = 0;
};

/// `line(c, i)` is E at the i-th cell of a line whose other coordinate is c.
template <class At>
Lines sample(const Axis& axis, const Axis& other, const At& at) {
  Lines lines(axis);
  const int count = std::min(other.cells, most_lines);
  std::vector<double> along, across;
  for (int k = 0; k < count; ++k) {
    const int cell = static_cast<int>((2L * k + 1) * other.cells / (2L * count));
    along.clear(), across.clear();
    for (int i = 0; i < axis.count(); ++i) {
      const auto [a, b] = at(axis.at(i), other.at(other.padding + cell));
      along.push_back(a), across.push_back(b);
    }
    lines.add(along, across);
  }
  return lines;
}

/// The norm of f'' at t by second differences, of the first step for which three halvings agree; 0
/// where none does (a jump, a kink) and where it is lost in rounding.
double bend(const Signals& f, double t, const Vec2<double>& value, double step) {
  constexpr double least = 1e-16, agree = 0.2, noise = 1e-11;
  const double size = std::hypot(value.x, value.y);
  for (double h = step; h > least; h /= 4) {
    double low = INFINITY, high = 0;
    for (const double part : {h, h / 2, h / 4}) {
      const Vec2<double> a = f(t - part), b = f(t + part);
      const double change = std::hypot(a.x + b.x - 2 * value.x, a.y + b.y - 2 * value.y);
      if (change <= noise * size) return 0;
      low = std::min(low, change / (part * part));
      high = std::max(high, change / (part * part));
    }
    if (high - low <= agree * high) return low;
  }
  return 0;
}

}  // namespace

FieldScale field_scale(const Grid& grid, const Diffusion& edges, const StillField& E) {
  const Axis x = make_axis(grid.nx, grid.dx, edges.edge_x, edges.padding);
  const Axis y = make_axis(grid.ny, grid.dy, edges.edge_y, edges.padding);
  const Lines rows = sample(x, y, [&](double a, double b) { return E(a, b); });
  const Lines columns = sample(y, x, [&](double a, double b) {
    const Vec2<double> at = E(b, a);
    return Vec2<double>{at.y, at.x};
  });
  FieldScale scale;
  scale.q = std::hypot(rows.q(), columns.q());
  scale.rms = std::max(rows.rms(), columns.rms());
  scale.potential = std::max(rows.potential(), columns.potential());
  scale.uniform = {rows.uniform(), columns.uniform()};
  scale.uniform_rms = {rows.mean_rms(), columns.mean_rms()};
  return scale;
}

SignalScale signal_scale(const Signals& f, double end, double interval) {
  constexpr double most = 1 << 20;
  constexpr int most_bends = 8192;  // one where a block of samples is bent most
  const double count = std::clamp(std::ceil(end / interval), 1.0, most);
  const int samples = static_cast<int>(count), block = (samples + most_bends - 1) / most_bends;
  const double step = std::min(interval, end / count);
  const auto at = [&](int i) { return f((i + 0.381966) * end / count); };
  SignalScale scale;
  double bent = 0;
  Vec2<double> before = at(0), here = before;
  for (int begin = 0; begin < samples; begin += block) {
    double sharpest = -1;
    int where = begin;
    for (int i = begin; i < std::min(begin + block, samples); ++i) {
      const Vec2<double> after = i + 1 < samples ? at(i + 1) : here;
      if (const double size = std::hypot(here.x, here.y); std::isfinite(size))
        scale.largest = std::max(scale.largest, size);
      const double change =
          std::hypot(before.x + after.x - 2 * here.x, before.y + after.y - 2 * here.y);
      if (change > sharpest) sharpest = change, where = i;
      before = here, here = after;
    }
    const double t = (where + 0.381966) * end / count;
    if (const double more = bend(f, t, f(t), step / 4); std::isfinite(more))
      bent = std::max(bent, more);
  }
  if (scale.largest > 0) scale.omega = std::sqrt(bent / scale.largest);
  return scale;
}

double static_answer(const Diffusion& diffusion, double q) {
  if (!(q > 0 && diffusion.D > 0)) return 0;
  const double rate = diffusion.D * q * q;
  double s = 0;
  if (const auto& screening = diffusion.screening)
    s = -screening->e2_nu * std::expm1(-2 * q * screening->distance) /
        (2 * screening->permittivity * q);
  return rate / (rate * (1 + s) + diffusion.rate_c);
}

}  // namespace kubomag::io
