#include "khat/quartic_panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "khat/gauss.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::Vector4d;

constexpr int most_lines = 20000;
constexpr const char* too_finely_bent =
    "the Fermi contour is too finely bent (the Fermi energy must be further from an edge or a "
    "crossing of the bands)";

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

// Directions begin to begin + width by a variable from 0 to pi.
struct Piece {
  double begin = 0, width = pi;
  bool touches = false;  // square roots at both ends

  double angle(double x) const {
    if (!touches) return begin + width * x / pi;
    const double s = std::sin(0.5 * x);
    return begin + width * s * s;
  }
  double slope(double x) const { return touches ? 0.5 * width * std::sin(x) : width / pi; }
};

class PanelSum {
 public:
  using LineAt = std::function<ContourLine(double phi, const QuarticRoots* guess)>;

  PanelSum(LineAt line, double tolerance) : line_(std::move(line)), tolerance_(tolerance) {}

  PanelContour of(const std::vector<Piece>& pieces, int parts) {
    std::vector<Panel> panels;
    for (const Piece& piece : pieces) {
      last_.reset();
      for (int i = 0; i < parts; ++i) panels.push_back(panel(piece, pi / parts * i, pi / parts));
    }
    for (const Panel& p : panels) scale_ += p.moments;
    for (const Panel& p : panels) refine(p, 0);
    out_.fine.Im_g0 = Im_g0_of(out_.fine.states);
    out_.coarse.Im_g0 = Im_g0_of(out_.coarse.states);
    return std::move(out_);
  }

 private:
  // Sums of weight times 1, |v|, spin, velocity of the upper band, the same of the lower one, and
  // Re g0. Together the bands are smooth where they cross, each of them is not.
  using Moments = Eigen::Array<double, 18, 1>;
  struct Panel {
    FermiContour part;
    Moments moments;
    Piece piece;
    double begin, width;
    int reals = -1;  // states on a line
  };

  LineAt line_;
  double tolerance_;
  std::optional<QuarticRoots> last_;
  int lines_ = 0;
  Moments scale_ = Moments::Zero();
  PanelContour out_{empty(), empty()};

  static FermiContour empty() { return {{}, Vector4d::Zero(), Vector4d::Zero()}; }

  Panel panel(const Piece& piece, double begin, double width) {
    Panel out{empty(), Moments::Zero(), piece, begin, width};
    const Rule& rule = panel_rule();
    for (int i = 0; i < rule.nodes.size(); ++i) {
      if (++lines_ > most_lines) throw InputError(too_finely_bent);
      const double x = begin + width * rule.nodes[i];
      const ContourLine line = line_(piece.angle(x), last_ ? &*last_ : nullptr);
      last_ = line.roots;
      if (out.reals < 0) out.reals = line.roots.reals;
      if (line.roots.reals != out.reals) throw InputError(too_finely_bent);
      const double weight = width * rule.weights[i] * piece.slope(x);
      line.append_to(out.part, weight);
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

  void refine(const Panel& whole, int depth) {
    const double half = whole.width / 2;
    const Panel left = panel(whole.piece, whole.begin, half);
    const Panel right = panel(whole.piece, whole.begin + half, half);
    if (left.reals != whole.reals || right.reals != whole.reals) throw InputError(too_finely_bent);
    const Moments change = (left.moments + right.moments - whole.moments).abs();
    const double states = std::max({change[0], change[7], change.segment<3>(2).maxCoeff(),
                                    change.segment<3>(9).maxCoeff(), change.tail<4>().maxCoeff()});
    const double current =
        std::max(change.segment<2>(5).maxCoeff(), change.segment<2>(12).maxCoeff());
    const double all_states = scale_[0] + scale_[7], all_currents = scale_[1] + scale_[8];
    if (depth < 40 && !is_smallest(whole) &&
        (states > tolerance_ * all_states || current > tolerance_ * all_currents)) {
      refine(left, depth + 1);
      refine(right, depth + 1);
      return;
    }
    append(whole.part, out_.coarse);
    append(left.part, out_.fine);
    append(right.part, out_.fine);
  }

  // Closer to the touching line the roots of the quartic that meet there have no digits.
  static bool is_smallest(const Panel& panel) {
    constexpr double smallest = 4e-6;  // angle at which the panel ends
    return panel.piece.touches && panel.piece.width * panel.width * panel.width < smallest &&
           (panel.begin == 0 || panel.begin + 1.5 * panel.width > pi);
  }

  static void append(const FermiContour& part, FermiContour& all) {
    all.states.insert(all.states.end(), part.states.begin(), part.states.end());
    all.Re_g0 += part.Re_g0;
  }
};

// Where the discriminant, a trigonometric polynomial of the twelfth degree, changes its sign.
class TouchingDirections {
 public:
  explicit TouchingDirections(const QuarticContour& contour) : contour_(contour) {}

  std::vector<double> all() {
    constexpr int samples = 512;
    constexpr double first = 0.1;  // off the axes of symmetry
    std::array<double, 3> at{}, value{};
    for (int i = -1; i <= samples; ++i) {
      at = {at[1], at[2], first + pi * i / samples};
      value = {value[1], value[2], contour_.discriminant(at[2])};
      if (i < 1) continue;
      // Of the interval from at[0] to at[1], and of two changes around its ends.
      if (value[0] * value[1] < 0)
        add(at[0], at[1]);
      else if (value[1] * value[2] > 0 && std::abs(value[1]) <= std::abs(value[0]) &&
               std::abs(value[1]) < std::abs(value[2]))
        add_pair(at[0], at[2]);
    }
    std::sort(out_.begin(), out_.end());
    return std::move(out_);
  }

 private:
  const QuarticContour& contour_;
  std::vector<double> out_;

  void add(double low, double high) {
    const bool above = contour_.discriminant(low) > 0;
    while (true) {
      const double middle = 0.5 * (low + high);
      if (middle == low || middle == high) break;
      ((contour_.discriminant(middle) > 0) == above ? low : high) = middle;
    }
    out_.push_back(0.5 * (low + high));
  }

  // Two changes close to each other, if the least absolute value between is one of the other sign.
  void add_pair(double low, double high) {
    const double begin = low, end = high;
    const double sign = contour_.discriminant(low) > 0 ? 1 : -1;
    for (int i = 0; i < 80; ++i) {
      const double a = low + 0.4 * (high - low), b = low + 0.6 * (high - low);
      const double at_a = sign * contour_.discriminant(a), at_b = sign * contour_.discriminant(b);
      if (std::min(at_a, at_b) < 0) {
        const double inside = at_a < at_b ? a : b;
        add(begin, inside);
        add(inside, end);
        return;
      }
      (at_a < at_b ? high : low) = at_a < at_b ? b : a;
    }
  }
};

}  // namespace

PanelContour fan_contour(const QuarticContour& contour) {
  const std::vector<double> ends = TouchingDirections(contour).all();
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const double end = i + 1 < ends.size() ? ends[i + 1] : ends.front() + pi;
    pieces.push_back({ends[i], end - ends[i], true});
  }
  const bool none = pieces.empty();
  if (none) pieces.emplace_back();
  return PanelSum(
             [&](double phi, const QuarticRoots* guess) { return contour.any_line(phi, guess); },
             none ? 1e-11 : 1e-9)
      .of(pieces, none ? 8 : 2);
}

}  // namespace kubomag
