#pragma once
// Where in time the fields of a drive may be interpolated instead of evaluated.
//
// Between the events of a drive psi and E' are smooth in time. A window is a
// piece of time in which the polynomial through their values at a few Chebyshev
// nodes, up to twelve of them, is right to a stated part of their largest values; it is cut into
// shorter pieces in which a cubic is, so that an evaluation reads four fields
// only. Every mode follows one of a few functions of time and its rate, so that
// the error is found from those functions and the spectrum of rates, without
// transforms.
//
// Windows are halves of halves ... of the interval between two events (of a
// fixed length where an interval has no end), the largest that will do at the
// time asked for: they become shorter towards a kink, after which stiff modes
// relax. They do not depend on the times that were asked for before, nor
// therefore do the bits of a run.
#include <array>
#include <cmath>
#include <vector>

#include "setup/drive_events.hpp"
#include "setup/drive_plan.hpp"
#include "solver/knots.hpp"

namespace kubomag {

/// Values at `Count` Chebyshev nodes of [0, 1] make a polynomial.
template <int Count>
struct ChebyshevRule {
  static constexpr int count = Count;
  static double node(int k) {
    return 0.5 - 0.5 * std::cos((2 * k + 1) * constants::pi / (2 * Count));
  }
  /// The weights of the values in the polynomial's value at u.
  static std::array<double, Count> weights(double u) {
    std::array<double, Count> w;
    for (int k = 0; k < Count; ++k) {
      w[k] = 1;
      for (int j = 0; j < Count; ++j)
        if (j != k) w[k] *= (u - node(j)) / (node(k) - node(j));
    }
    return w;
  }
};

struct TimeWindow {
  static constexpr int nodes = 12;       // of a window, at most
  static constexpr int piece_nodes = 4;  // of the cubic in a piece
  static constexpr int fields_held = nodes + 2 * piece_nodes;

  double begin = 0, length = 0;  // [s]
  int count = nodes;             // of its nodes: 5, 7, 9 or 12
  int pieces = 0;                // into which it is cut; 0: interpolate from the window's nodes

  /// Where t is in the window, and in its piece: from 0 to 1, beyond that by
  /// rounding alone.
  double position(double t) const { return (t - begin) / length; }
  double position_in_piece(double t) const { return pieces * position(t) - piece(t); }
  int piece(double t) const;
  /// f(rule), with the rule of its nodes.
  template <class F>
  auto with_rule(const F& f) const {
    if (count == 5) return f(ChebyshevRule<5>{});
    if (count == 7) return f(ChebyshevRule<7>{});
    if (count == 9) return f(ChebyshevRule<9>{});
    return f(ChebyshevRule<nodes>{});
  }
  double node(int k) const {
    return begin + length * with_rule([k](auto rule) { return rule.node(k); });
  }
  /// Where the node k of a piece lies in the window, from 0 to 1.
  double piece_node(int piece, int k) const {
    return (piece + ChebyshevRule<piece_nodes>::node(k)) / pieces;
  }
  bool operator==(const TimeWindow&) const = default;
};

class DriveWindows {
 public:
  static constexpr double fewest_cells = 1024;   // else looking for windows costs more
  static constexpr double steps_per_window = 6;  // at least; else evaluating is cheaper

  /// `events`: those of the signals. `step` [s]: about the length of a time step; a
  /// window must be worth its nodes. `tolerance`: of the largest psi and E'.
  /// `knots` must outlive this object.
  DriveWindows(const DrivePlan& plan, const EventTimes& events, Knots& knots, double step,
               double tolerance);

  /// The window around t, in the interval between two events that contains
  /// t_inside; null where the fields change too fast. Valid until the next
  /// call.
  const TimeWindow* at(double t, double t_inside);

 private:
  /// Of a function of time in the bounds of psi [V] and E' [V/m].
  struct Weights {
    double psi, current;
  };
  struct Separable {
    std::vector<SignalPiece> pieces;
    std::vector<RateBin> bins;
  };
  struct Interval {
    double from, to;  // [s]
  };
  struct Cell {  // a window, or a piece of time that has none
    double length = 0, index = 0;
    bool found = false;
    TimeWindow window;
  };

  void add_separable(const PlannedDrive& drive);
  void add_prescribed(const PlannedPsi& given);
  Interval interval_of(double t_inside);
  void enter(const Interval& interval);
  double shortest() const { return steps_per_window * step_; }
  double longest(const Interval& interval) const;
  double origin() const;
  double index(double t, double length) const;
  int fewest_nodes(const TimeWindow& window, double t_inside) const;
  int pieces_of(const TimeWindow& window, double t_inside) const;
  template <int Count>
  bool resolved(double begin, double length, double t_inside, double share) const;
  std::vector<double> values(double t, double t_inside) const;

  static constexpr int halvings = 9;  // from the longest window to the shortest

  ModeBox box_;
  EventTimes events_;
  Knots& knots_;
  double step_, tolerance_;
  std::vector<Separable> separable_;
  std::vector<Signal> prescribed_;
  double largest_omega_ = 0;
  std::vector<Weights> fixed_weights_;  // all but those of the knots' transients
  Weights fixed_size_{0, 0};            // about the largest psi and E' without the knots
  // of the interval that was asked for last
  bool entered_ = false;
  Interval interval_{0, 0};
  std::vector<RateBin> transients_;
  std::vector<int> degrees_;  // of the polynomials of the knots' modes
  std::vector<Weights> weights_;
  Weights size_{0, 0};
  std::array<Cell, 2> known_;  // the last one asked for first
};

/// Whether any time may have a window in a film of `fewest_cells` and more; `step` as above.
bool windows_worth(const Drive& drive, double step);

/// What interpolation may be wrong by, of the largest psi and E': far below the
/// error that the integrator allows (MaxErr), in single precision below
/// rounding.
template <class Real>
inline constexpr double window_tolerance = sizeof(Real) == 4 ? 1e-8 : 1e-9;

/// About the length of the time steps that a problem allows [s].
double typical_step(const Problem& problem);

}  // namespace kubomag
