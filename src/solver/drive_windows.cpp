#include "solver/drive_windows.hpp"

#include <algorithm>
#include <cmath>

#include "solver/film_quantities.hpp"
#include "solver/knotted_drive.hpp"
#include "solver/signals.hpp"

namespace kubomag {
namespace {

constexpr double negligible = 1e-14;  // part of a spectrum
// in the tolerance
constexpr double share_of_window = 0.1, share_of_piece = 0.5;

/// About how large y and its rate become that one piece of a signal drives.
ModeResponse typical(const SignalPiece& piece, double rate) {
  const double a = std::abs(piece.amplitude);
  const bool pulse = piece.kind == SignalPiece::Kind::pulse;
  if (!pulse && piece.omega == 0) return {a / rate, piece.start == -HUGE_VAL ? 0 : a};
  const double change = pulse ? 1 / piece.width : piece.omega;
  return {a / (rate + change), a * change / (rate + change)};
}

double amplitude(const std::vector<SignalPiece>& pieces) {
  double sum = 0;
  for (const SignalPiece& piece : pieces) sum += std::abs(piece.amplitude);
  return sum;
}

double amplitude(const Signal& signal) {
  double sum = 0;
  for (const SignalTerm& term : signal.terms) {
    double largest = term.kind == SignalTerm::Kind::table ? 0 : 1;
    for (double value : term.values) largest = std::max(largest, std::abs(value));
    sum += std::abs(term.amplitude) * largest;
  }
  return sum;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (double value : values) most = std::max(most, std::abs(value));
  return most;
}

bool has_formula(const PrescribedPsi& given) {
  return std::any_of(given.signal.terms.begin(), given.signal.terms.end(),
                     [](const SignalTerm& term) { return term.kind == SignalTerm::Kind::formula; });
}

}  // namespace

int TimeWindow::piece(double t) const {
  return std::clamp(static_cast<int>(std::floor(position(t) * pieces)), 0, pieces - 1);
}

double typical_step(const Problem& problem) {
  if (problem.integrator.FixDt > 0) return problem.integrator.FixDt;
  return 1 / (problem.GammaLL * stiffest_field(problem));
}

bool windows_worth(const Drive& drive, double step) {
  const auto long_enough = [step](const SampledDrive& sampled) {
    return Knots::intervals * sampled.interval >= DriveWindows::steps_per_window * step;
  };
  return std::all_of(drive.sampled.begin(), drive.sampled.end(), long_enough) &&
         std::none_of(drive.psi.begin(), drive.psi.end(), has_formula);
}

DriveWindows::DriveWindows(const DrivePlan& plan, const EventTimes& events, Knots& knots,
                           double step, double tolerance)
    : box_(mode_box(plan)), events_(events), knots_(knots), step_(step), tolerance_(tolerance) {
  for (const PlannedDrive& drive : plan.separable) add_separable(drive);
  for (const PlannedPsi& given : plan.psi) add_prescribed(given);
}

void DriveWindows::add_separable(const PlannedDrive& drive) {
  Separable out{analytic_pieces(drive.signal), {}};
  if (out.pieces.empty()) return;
  const DriveRates rates = drive_rates(box_, reinterpret_cast<const Complex*>(drive.E.Ex.data()),
                                       reinterpret_cast<const Complex*>(drive.E.Ey.data()));
  out.bins = rates.along.bins(negligible);
  const double a = amplitude(out.pieces);
  Weights squares{0, a * a * rates.across_squared};
  for (const RateBin& bin : out.bins) {
    fixed_weights_.push_back({bin.psi, 0});
    fixed_weights_.push_back({0, bin.current});
    ModeResponse size;
    for (const SignalPiece& piece : out.pieces) {
      const ModeResponse own = typical(piece, bin.rate);
      size.y += own.y, size.y_rate += own.y_rate + box_.rate_c * own.y;
    }
    size.y_rate = std::max(size.y_rate, least_current * a);
    squares.psi += bin.psi_squared * size.y * size.y;
    squares.current += bin.current_squared * size.y_rate * size.y_rate;
  }
  fixed_weights_.push_back({0, rates.across});
  fixed_size_.psi += std::sqrt(squares.psi), fixed_size_.current += std::sqrt(squares.current);
  for (const SignalPiece& piece : out.pieces)
    largest_omega_ = std::max(largest_omega_, piece.omega);
  separable_.push_back(std::move(out));
}

void DriveWindows::add_prescribed(const PlannedPsi& given) {
  const Weights weights{largest(given.psi), largest(given.Ex) + largest(given.Ey)};
  fixed_weights_.push_back(weights);
  fixed_size_.psi += weights.psi * amplitude(given.signal);
  fixed_size_.current += weights.current * amplitude(given.signal);
  for (const SignalPiece& piece : analytic_pieces(given.signal))
    largest_omega_ = std::max(largest_omega_, piece.omega);
  prescribed_.push_back(given.signal);
}

const TimeWindow* DriveWindows::at(double t, double t_inside) {
  const Interval interval = interval_of(t_inside);
  double length = longest(interval);
  if (length < shortest()) return nullptr;
  if (!entered_ || interval.from != interval_.from) enter(interval);
  for (Cell& cell : known_)
    if (cell.length > 0 && index(t, cell.length) == cell.index) {
      if (&cell != &known_[0]) std::swap(known_[0], known_[1]);
      return known_[0].found ? &known_[0].window : nullptr;
    }
  Cell cell;
  for (; !cell.found && length >= shortest(); length /= 2) {
    cell.length = length, cell.index = index(t, length);
    cell.window = {origin() + cell.index * length, length};
    cell.found = resolved<TimeWindow::nodes>(cell.window.begin, length, t_inside, share_of_window);
  }
  if (cell.found) {
    cell.window.count = fewest_nodes(cell.window, t_inside);
    cell.window.pieces = pieces_of(cell.window, t_inside);
  }
  known_[1] = known_[0], known_[0] = cell;
  return known_[0].found ? &known_[0].window : nullptr;
}

DriveWindows::Interval DriveWindows::interval_of(double t_inside) {
  Interval interval{events_.last(t_inside), events_.next(t_inside)};
  if (!knots_.any()) return interval;
  knots_.move_to(t_inside);
  return {std::max(interval.from, knots_.begin()), std::min(interval.to, knots_.end())};
}

double DriveWindows::longest(const Interval& interval) const {
  const double most = std::ldexp(shortest(), halvings);
  double length = interval.to - interval.from;
  if (!std::isfinite(length)) return most;
  while (length > most) length /= 2;
  return length;
}

double DriveWindows::origin() const {
  if (std::isfinite(interval_.from)) return interval_.from;
  return std::isfinite(interval_.to) ? interval_.to : 0;
}

/// Which of the pieces of `length` of the interval contains t; its end belongs
/// to the last.
double DriveWindows::index(double t, double length) const {
  double at = std::floor((t - origin()) / length);
  if (std::isfinite(interval_.to))
    at = std::min(at, std::round((interval_.to - origin()) / length) - 1);
  return std::isfinite(interval_.from) ? std::max(at, 0.0) : at;
}

void DriveWindows::enter(const Interval& interval) {
  entered_ = true;
  interval_ = interval;
  known_ = {};
  transients_.clear(), degrees_.clear();
  weights_ = fixed_weights_, size_ = fixed_size_;
  if (!knots_.any()) return;
  const KnotRates rates = knots_.rates();
  transients_ = rates.transients.bins(negligible);
  for (const RateBin& bin : transients_) {
    weights_.push_back({bin.psi, 0});
    weights_.push_back({0, bin.current});
  }
  for (int k = 0; k < KnotRates::slow_terms; ++k) {
    const KnotRates::Weight& weight = rates.polynomials[k];
    if (weight.psi == 0 && weight.current == 0) continue;
    degrees_.push_back(k);
    weights_.push_back({weight.psi, weight.current});
  }
  size_.psi += std::sqrt(rates.psi_squared);
  size_.current += std::sqrt(rates.current_squared);
}

/// Of a window in which the most of them will do.
int DriveWindows::fewest_nodes(const TimeWindow& window, double t_inside) const {
  const auto enough = [&](auto rule) {
    return resolved<rule.count>(window.begin, window.length, t_inside, share_of_window);
  };
  TimeWindow fewer = window;
  for (const int count : {5, 7, 9}) {
    fewer.count = count;
    if (fewer.with_rule(enough)) return count;
  }
  return window.count;
}

/// About the fewest pieces in which a cubic will do; 0 if they would be
/// shorter than a step, for which a sum over the nodes is cheaper.
int DriveWindows::pieces_of(const TimeWindow& window, double t_inside) const {
  for (int pieces = 1; window.length >= pieces * step_; pieces += (pieces + 3) / 4) {
    const double length = window.length / pieces;
    const auto fine = [&](int piece) {
      return resolved<TimeWindow::piece_nodes>(window.begin + piece * length, length, t_inside,
                                               share_of_piece);
    };
    if (fine(0) && fine(pieces / 8) && fine(pieces / 4) && fine(pieces / 2) &&
        fine(pieces - 1 - pieces / 4) && fine(pieces - 1))
      return pieces;
  }
  return 0;
}

/// Whether the polynomial is right to `share` of the tolerance, looked at where
/// the error of Chebyshev interpolation has its extrema.
template <int Count>
bool DriveWindows::resolved(double begin, double length, double t_inside, double share) const {
  if (length * largest_omega_ > Count) return false;
  std::array<std::vector<double>, Count> at_nodes;
  for (int k = 0; k < Count; ++k)
    at_nodes[k] = values(begin + length * ChebyshevRule<Count>::node(k), t_inside);
  for (int j = 0; j <= Count; j += Count > 4 ? 2 : 1) {
    const double u = 0.5 - 0.5 * std::cos(j * constants::pi / Count);
    const auto rule = ChebyshevRule<Count>::weights(u);
    const std::vector<double> exact = values(begin + length * u, t_inside);
    Weights error{0, 0};
    for (std::size_t i = 0; i < exact.size(); ++i) {
      double sum = -exact[i];
      for (int k = 0; k < Count; ++k) sum += rule[k] * at_nodes[k][i];
      error.psi += weights_[i].psi * std::abs(sum);
      error.current += weights_[i].current * std::abs(sum);
    }
    const double tolerance = share * tolerance_;
    if (!(error.psi <= tolerance * size_.psi) || !(error.current <= tolerance * size_.current))
      return false;
  }
  return true;
}

/// The functions of time that weights_ weighs: y and dy/dt + y/tau_c of every
/// rate.
std::vector<double> DriveWindows::values(double t, double t_inside) const {
  std::vector<double> out;
  out.reserve(weights_.size());
  std::vector<SignalAt> now;
  for (const Separable& drive : separable_) {
    now.clear();
    double value = 0;
    for (const SignalPiece& piece : drive.pieces) {
      now.push_back(signal_at(piece, t, t_inside));
      value += now.back().value;
    }
    for (const RateBin& bin : drive.bins) {
      ModeResponse sum;
      for (const SignalAt& piece : now) {
        const ModeResponse own = mode_response(piece, bin.rate);
        sum.y += own.y, sum.y_rate += own.y_rate;
      }
      out.push_back(sum.y);
      out.push_back(sum.y_rate + box_.rate_c * sum.y);
    }
    out.push_back(value);
  }
  for (const Signal& signal : prescribed_) out.push_back(signal_value(signal, t, t_inside));
  if (!knots_.any()) return out;
  const double tau = knots_.since(t), u = tau / knots_.length();
  for (const RateBin& bin : transients_) {
    out.push_back(std::exp(-bin.rate * tau));
    out.push_back((box_.rate_c - bin.rate) * out.back());
  }
  const double angle = std::acos(std::clamp(2 * u - 1, -1.0, 1.0));
  for (int k : degrees_) out.push_back(std::cos(k * angle));
  return out;
}

}  // namespace kubomag
