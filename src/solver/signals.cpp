#include "solver/signals.hpp"

#include <cmath>

#include "kernels/signal_code.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

SignalPiece piece_of(const SignalTerm& term) {
  SignalPiece piece;
  piece.amplitude = term.amplitude;
  if (term.kind == SignalTerm::Kind::pulse) {
    piece.kind = SignalPiece::Kind::pulse;
    piece.centre = term.centre, piece.width = term.width;
    return piece;
  }
  if (term.kind == SignalTerm::Kind::constant) return piece;
  piece.start = term.start;
  if (term.kind == SignalTerm::Kind::sine) {
    piece.omega = 2 * constants::pi * term.frequency;
    piece.phase = term.phase;
  }
  return piece;
}

double interpolate(const SignalTerm& table, double t) {
  return SignalTable{table.times.data(), table.values.data(), static_cast<int>(table.times.size()),
                     table.amplitude}(t);
}

/// The cubic is evaluated here, and not where it was made, so that tests find the roundings of a
/// device (tests/cuda_emulation/CMakeLists.txt).
double formula_value(const SignalTerm& term, double t) {
  const auto* cubic = term.formula.target<CubicOfTime>();
  return cubic != nullptr ? (*cubic)(t) : term.formula(t);
}

bool analytic(const SignalTerm& term) {
  return term.kind != SignalTerm::Kind::table && term.kind != SignalTerm::Kind::formula;
}

}  // namespace

std::vector<SignalPiece> analytic_pieces(const Signal& signal) {
  std::vector<SignalPiece> pieces;
  for (const SignalTerm& term : signal.terms)
    if (analytic(term)) pieces.push_back(piece_of(term));
  return pieces;
}

double table_value(const Signal& signal, double t) {
  double sum = 0;
  for (const SignalTerm& term : signal.terms)
    if (term.kind == SignalTerm::Kind::table) sum += interpolate(term, t);
  return sum;
}

double signal_value(const Signal& signal, double t, double t_inside) {
  double sum = table_value(signal, t);
  for (const SignalTerm& term : signal.terms)
    if (analytic(term)) sum += signal_at(piece_of(term), t, t_inside).value;
  for (const SignalTerm& term : signal.terms)
    if (term.kind == SignalTerm::Kind::formula) sum += term.amplitude * formula_value(term, t);
  return sum;
}

double resting_value(const Signal& signal, double t) {
  double value = signal_value(signal, t, std::nextafter(t, -HUGE_VAL));
  for (const SignalTerm& term : signal.terms)
    if (term.kind == SignalTerm::Kind::sine && std::isinf(term.start))
      value -= signal_at(piece_of(term), t, t).value;
  return value;
}

}  // namespace kubomag
