#include "khat/cubic_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

constexpr int deepest = 10;                            // bisections of a piece
constexpr double closest = 1e-6, not_so_close = 1e-2;  // to a singular end, of the segment

/// u as a function of the variable s in which the function is smooth: u itself, or the logarithm
/// of the distance to a singular end.
struct Variable {
  enum class Kind { plain, from_begin, from_end } kind = Kind::plain;
  double end = 0;

  double u(double s) const {
    if (kind == Kind::plain) return s;
    return kind == Kind::from_begin ? end + std::exp(s) : end - std::exp(s);
  }
};

/// The Chebyshev polynomials of all components over [s_0, s_1].
class Polynomial {
 public:
  Polynomial(const VectorFunction& f, std::size_t components, int nodes, const Variable& variable,
             double s_0, double s_1)
      : components_(components),
        nodes_(nodes),
        middle_(0.5 * (s_0 + s_1)),
        half_(0.5 * (s_1 - s_0)) {
    using constants::pi;
    std::vector<double> values;
    coefficients_.assign(static_cast<std::size_t>(nodes) * components, 0);
    for (int k = 0; k < nodes; ++k) {
      const double angle = pi * (k + 0.5) / nodes;
      f(variable.u(middle_ + half_ * std::cos(angle)), values);
      for (int j = 0; j < nodes; ++j) {
        const double weight = (j == 0 ? 1.0 : 2.0) / nodes * std::cos(j * angle);
        for (std::size_t c = 0; c < components; ++c)
          coefficients_[static_cast<std::size_t>(j) * components + c] += weight * values[c];
      }
    }
  }

  /// Clenshaw's sum.
  void operator()(double s, std::vector<double>& out) const {
    const double x = (s - middle_) / half_;
    std::vector<double> b1(components_), b2(components_);
    for (int j = nodes_ - 1; j > 0; --j)
      for (std::size_t c = 0; c < components_; ++c) {
        const double b = at(j, c) + 2 * x * b1[c] - b2[c];
        b2[c] = b1[c], b1[c] = b;
      }
    out.resize(components_);
    for (std::size_t c = 0; c < components_; ++c) out[c] = at(0, c) + x * b1[c] - b2[c];
  }

  /// Size of the last two coefficients: what a longer series would change.
  double tail(const std::vector<double>& scales) const {
    double largest = 0;
    for (const int j : {nodes_ - 2, nodes_ - 1})
      for (std::size_t c = 0; c < components_; ++c)
        largest = std::max(largest, std::abs(at(j, c)) / scales[c]);
    return largest;
  }

 private:
  double at(int j, std::size_t c) const {
    return coefficients_[static_cast<std::size_t>(j) * components_ + c];
  }

  std::size_t components_;
  int nodes_;
  double middle_, half_;
  std::vector<double> coefficients_;
};

class Fitter {
 public:
  Fitter(const VectorFunction& f, const std::vector<double>& scales, int nodes, double tolerance,
         CubicPieces& pieces)
      : f_(f), scales_(scales), nodes_(nodes), tolerance_(tolerance), pieces_(pieces) {}

  /// Covers u(s_0) to u(s_1); s_1 < s_0 where u falls with s.
  void cover(const Variable& variable, double s_0, double s_1, int depth = 0) {
    const Polynomial polynomial(f_, scales_.size(), nodes_, variable, s_0, s_1);
    const double s_check = s_0 + 0.371 * (s_1 - s_0);
    std::vector<double> exact, fitted;
    f_(variable.u(s_check), exact);
    polynomial(s_check, fitted);
    pieces_.evaluations += nodes_ + 1;
    const double error = std::max(polynomial.tail(scales_), distance(exact, fitted));
    if (error > 0.25 * tolerance_ && depth < deepest) {
      const double middle = 0.5 * (s_0 + s_1);
      cover(variable, s_0, middle, depth + 1);
      cover(variable, middle, s_1, depth + 1);
      return;
    }
    note(error, variable.u(s_check));
    add_cubics(polynomial, variable, s_0, s_1, error, 0);
  }

  /// The same of a logarithm, in parts short enough for one polynomial as a rule.
  void cover_logarithm(const Variable& variable, double s_0, double s_1) {
    constexpr int parts = 3;
    const double step = (s_1 - s_0) / parts;
    for (int i = 0; i < parts; ++i)
      cover(variable, s_0 + i * step, i + 1 < parts ? s_0 + (i + 1) * step : s_1);
  }

  void add_constant(double end, const std::vector<double>& values) {
    for (const double value : values)
      pieces_.coefficients.insert(pieces_.coefficients.end(), {value, 0, 0, 0});
    pieces_.breaks.push_back(end);
  }

 private:
  void note(double error, double u) {
    if (error <= pieces_.error) return;
    pieces_.error = error;
    pieces_.error_at = u;
  }

  double distance(const std::vector<double>& a, const std::vector<double>& b) const {
    double largest = 0;
    for (std::size_t c = 0; c < a.size(); ++c)
      largest = std::max(largest, std::abs(a[c] - b[c]) / scales_[c]);
    return largest;
  }

  void add_cubics(const Polynomial& p, const Variable& variable, double s_0, double s_1,
                  double error, int depth) {
    const double u_0 = variable.u(s_0), u_1 = variable.u(s_1);
    const auto value = [&](double w, std::vector<double>& out) {
      p(s_of(variable, u_0 + w * (u_1 - u_0)), out);
    };
    std::array<std::vector<double>, 4> at;
    constexpr double nodes[] = {0, 0.25, 0.75, 1};  // close to Chebyshev's, with both ends
    for (int k = 0; k < 4; ++k) value(nodes[k], at[k]);
    std::vector<double> cubics;
    for (std::size_t c = 0; c < scales_.size(); ++c)
      append_cubic(at[0][c], at[1][c], at[2][c], at[3][c], cubics);
    double worst = 0;
    std::vector<double> wanted;
    for (const double w : {0.1, 0.5, 0.9}) {  // where the error of such a cubic is largest
      value(w, wanted);
      for (std::size_t c = 0; c < scales_.size(); ++c) {
        const double* k = &cubics[4 * c];
        const double got = k[0] + w * (k[1] + w * (k[2] + w * k[3]));
        worst = std::max(worst, std::abs(got - wanted[c]) / scales_[c]);
      }
    }
    if (worst > 0.5 * tolerance_ && depth < deepest) {
      const double middle = 0.5 * (s_0 + s_1);
      add_cubics(p, variable, s_0, middle, error, depth + 1);
      add_cubics(p, variable, middle, s_1, error, depth + 1);
      return;
    }
    note(error + worst, 0.5 * (u_0 + u_1));
    pieces_.coefficients.insert(pieces_.coefficients.end(), cubics.begin(), cubics.end());
    pieces_.breaks.push_back(u_1);
  }

  static double s_of(const Variable& variable, double u) {
    return variable.kind == Variable::Kind::plain ? u : std::log(std::abs(u - variable.end));
  }

  /// The cubic through values at w = 0, 1/4, 3/4, 1.
  static void append_cubic(double f0, double f1, double f3, double f4, std::vector<double>& out) {
    const double d1 = 4 * (f1 - f0), d3 = 2 * (f3 - f1), d4 = 4 * (f4 - f3);
    const double e1 = (d3 - d1) / 0.75, e3 = (d4 - d3) / 0.75, g = e3 - e1;
    // Newton's form f0 + w (d1 + (w - 1/4)(e1 + (w - 3/4) g)), multiplied out
    const double c2 = e1 - g, c1 = d1 - 0.25 * e1 + 0.1875 * g;
    out.insert(out.end(), {f0, c1, c2, g});
  }

  const VectorFunction& f_;
  const std::vector<double>& scales_;
  int nodes_;
  double tolerance_;
  CubicPieces& pieces_;
};

/// The smallest distance to a singular end, of the segment, at which f has a value.
double reach(const VectorFunction& f, double end, double length, std::vector<double>& values) {
  for (double distance = closest;; distance *= 10) try {
      f(end + distance * length, values);
      return distance;
    } catch (const InputError&) {
      if (distance > not_so_close) throw;
    }
}

}  // namespace

void fit_cubics(const VectorFunction& f, const std::vector<double>& scales, FitSegment segment,
                double tolerance, CubicPieces& pieces) {
  Fitter fitter(f, scales, segment.nodes, tolerance, pieces);
  const double length = segment.end - segment.begin;
  if (pieces.breaks.empty()) pieces.breaks.push_back(segment.begin);
  const bool both = segment.singular_begin && segment.singular_end;
  const double middle = segment.begin + (both ? 0.5 : segment.singular_begin ? 1 : 0) * length;
  std::vector<double> values;
  if (!segment.singular_begin && !segment.singular_end) {
    fitter.cover({}, segment.begin, segment.end);
    return;
  }
  if (segment.singular_begin) {
    const double gap = length * reach(f, segment.begin, length, values);
    fitter.add_constant(segment.begin + gap, values);
    fitter.cover_logarithm({Variable::Kind::from_begin, segment.begin}, std::log(gap),
                           std::log(middle - segment.begin));
  }
  if (segment.singular_end) {
    const double gap = length * reach(f, segment.end, -length, values);
    fitter.cover_logarithm({Variable::Kind::from_end, segment.end}, std::log(segment.end - middle),
                           std::log(gap));
    fitter.add_constant(segment.end, values);
  }
}

}  // namespace kubomag
