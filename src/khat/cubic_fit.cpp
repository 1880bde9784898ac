#include "khat/cubic_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "khat/fit_variable.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

constexpr int deepest = 24;   // bisections of a piece ...
constexpr long most = 40000;  // ... within so many evaluations of a segment
constexpr double closest = 1e-6, not_so_close = 1e-2, short_ones = 0.1;  // to a singular end

/// The Chebyshev polynomials of all components over [s_0, s_1].
class Polynomial {
 public:
  Polynomial(const VectorFunction& f, std::size_t components, int nodes,
             const FitVariable& variable, double s_0, double s_1)
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
      : f_(f),
        scales_(scales),
        nodes_(nodes),
        tolerance_(tolerance),
        pieces_(pieces),
        last_(pieces.evaluations + most) {}

  /// Covers u(s_0) to u(s_1); s_1 < s_0 where u falls with s.
  void cover(const FitVariable& variable, double s_0, double s_1, int depth = 0) {
    const Polynomial polynomial(f_, scales_.size(), nodes_, variable, s_0, s_1);
    const double s_check = s_0 + 0.371 * (s_1 - s_0);
    std::vector<double> exact, fitted;
    f_(variable.u(s_check), exact);
    polynomial(s_check, fitted);
    pieces_.evaluations += nodes_ + 1;
    const double error = std::max(polynomial.tail(scales_), distance(exact, fitted));
    if (error > 0.25 * tolerance_ && depth < deepest && pieces_.evaluations < last_) {
      const double middle = 0.5 * (s_0 + s_1);
      cover(variable, s_0, middle, depth + 1);
      cover(variable, middle, s_1, depth + 1);
      return;
    }
    note(error, variable.u(s_check));
    add_cubics(polynomial, variable, s_0, s_1, error, 0);
  }

  /// The same of a logarithm, in parts short enough for one polynomial as a rule.
  void cover_logarithm(const FitVariable& variable, double s_0, double s_1) {
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

  void add_cubics(const Polynomial& p, const FitVariable& variable, double s_0, double s_1,
                  double error, int depth) {
    const double u_0 = variable.u(s_0), u_1 = variable.u(s_1);
    const auto value = [&](double w, std::vector<double>& out) {
      p(variable.s(u_0 + w * (u_1 - u_0)), out);
    };
    std::array<std::vector<double>, 4> at;
    for (int k = 0; k < 4; ++k) value(cubic_nodes[k], at[k]);
    std::vector<double> cubics;
    for (std::size_t c = 0; c < scales_.size(); ++c) {
      to_cubic(at[0][c], at[1][c], at[2][c], at[3][c]);
      cubics.insert(cubics.end(), {at[0][c], at[1][c], at[2][c], at[3][c]});
    }
    double worst = 0;
    std::vector<double> wanted;
    for (const double w : cubic_checks) {
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

  const VectorFunction& f_;
  const std::vector<double>& scales_;
  int nodes_;
  double tolerance_;
  CubicPieces& pieces_;
  long last_;
};

/// The smallest distance to a singular end, of the segment, at which f has a value: up to 1e-2, or
/// to 0.1 of a segment that is short itself.
double reach(const VectorFunction& f, double end, double length, std::vector<double>& values) {
  for (double distance = closest;; distance *= 10) try {
      f(end + distance * length, values);
      return distance;
    } catch (const InputError&) {
      if (distance > (std::abs(length) < 1e-3 ? 0.5 * short_ones : 0.5 * not_so_close)) throw;
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
    fitter.cover_logarithm({FitVariable::Kind::from_begin, segment.begin}, std::log(gap),
                           std::log(middle - segment.begin));
  }
  if (segment.singular_end) {
    const double gap = length * reach(f, segment.end, -length, values);
    fitter.cover_logarithm({FitVariable::Kind::from_end, segment.end},
                           std::log(segment.end - middle), std::log(gap));
    fitter.add_constant(segment.end, values);
  }
}

}  // namespace kubomag
