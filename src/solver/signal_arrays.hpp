#pragma once
// Any number of signals as plain arrays, in which a device finds the parts of each.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "kernels/signal_code.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// Whether it is plain data, or a function that only the host can call.
inline bool is_plain(const SignalTerm& term) {
  return term.kind != SignalTerm::Kind::formula ||
         term.formula.target<FormulaOfTime>() != nullptr ||
         term.formula.target<CubicOfTime>() != nullptr;
}
inline bool is_plain(const Signal& signal) {
  return std::all_of(signal.terms.begin(), signal.terms.end(),
                     [](const SignalTerm& term) { return is_plain(term); });
}

/// What the device keeps of a formula beside its SignalFormula [bytes].
inline std::size_t bytes_of_formula(const SignalTerm& term) {
  if (const auto* cubic = term.formula.target<CubicOfTime>())
    return 3 * sizeof(double) * cubic->times.size();
  if (const auto* formula = term.formula.target<FormulaOfTime>())
    return (sizeof(FormulaNode) + sizeof(double)) * formula->graph.nodes.size();
  return 0;
}

/// Where the parts of a signal are.
struct SignalPlace {
  int first_table = 0, tables = 0, first_piece = 0, pieces = 0, first_formula = 0, formulas = 0;
};

/// The arrays on a device.
struct SignalCodes {
  const SignalTable* tables = nullptr;
  const SignalPiece* pieces = nullptr;
  const SignalFormula* formulas = nullptr;

  KUBOMAG_HD SignalCode operator()(const SignalPlace& place) const {
    return {tables + place.first_table,
            pieces + place.first_piece,
            formulas + place.first_formula,
            place.tables,
            place.pieces,
            place.formulas};
  }
};

class SignalArrays {
 public:
  /// The signal must be plain. room(count): the number of the first of so many places for values
  /// of nodes.
  template <class Room>
  SignalPlace add(const Signal& signal, const Room& room) {
    SignalPlace place{size(tables_), 0, size(pieces_), 0, size(formulas_), 0};
    for (const SignalTerm& term : signal.terms) {
      if (term.kind == SignalTerm::Kind::table) add_table(term);
      if (term.kind == SignalTerm::Kind::formula) add_formula(term, room);
    }
    const std::vector<SignalPiece> pieces = analytic_pieces(signal);
    pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
    place.tables = size(tables_) - place.first_table;
    place.pieces = size(pieces_) - place.first_piece;
    place.formulas = size(formulas_) - place.first_formula;
    return place;
  }

  /// store(vector): its values on the device, null where there are none. `values`: place number 0.
  template <class Store>
  SignalCodes on_device(const Store& store, double* values) const {
    const double* numbers = store(numbers_);
    const FormulaNode* nodes = store(nodes_);
    std::vector<SignalTable> tables;
    for (const Table& t : tables_)
      tables.push_back({numbers + t.first, numbers + t.first + t.count, t.count, t.amplitude});
    std::vector<SignalFormula> formulas;
    for (const Formula& f : formulas_) {
      SignalFormula code{{}, nodes + f.first_node, values + f.room, f.nodes, f.value, f.amplitude};
      const double* times = numbers + f.first_number;
      if (f.knots > 0) code.cubic = {times, times + f.knots, times + 2 * f.knots, f.knots};
      formulas.push_back(code);
    }
    return {store(tables), store(pieces_), store(formulas)};
  }

 private:
  struct Table {
    std::ptrdiff_t first;  // of its times in numbers_; its values follow
    int count;
    double amplitude;
  };
  /// A cubic, whose times, values and slopes are in numbers_, or a graph.
  struct Formula {
    std::ptrdiff_t first_number = 0, first_node = 0, room = 0;
    int knots = 0, nodes = 0, value = 0;
    double amplitude = 1;
  };

  template <class T>
  static int size(const std::vector<T>& all) {
    return static_cast<int>(all.size());
  }
  template <class T>
  static std::ptrdiff_t append(std::vector<T>& all, const std::vector<T>& more) {
    const auto first = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), more.begin(), more.end());
    return first;
  }

  void add_table(const SignalTerm& term) {
    tables_.push_back({append(numbers_, term.times), size(term.times), term.amplitude});
    append(numbers_, term.values);
  }

  template <class Room>
  void add_formula(const SignalTerm& term, const Room& room) {
    Formula made;
    made.amplitude = term.amplitude;
    if (const auto* cubic = term.formula.target<CubicOfTime>()) {
      made.first_number = append(numbers_, cubic->times);
      made.knots = size(cubic->times);
      append(numbers_, cubic->values), append(numbers_, cubic->slopes);
    } else if (const auto* formula = term.formula.target<FormulaOfTime>()) {
      made.first_node = append(nodes_, formula->graph.nodes);
      made.nodes = size(formula->graph.nodes), made.value = formula->value;
      made.room = room(formula->graph.nodes.size());
    }
    formulas_.push_back(made);
  }

  std::vector<double> numbers_;
  std::vector<FormulaNode> nodes_;
  std::vector<Table> tables_;
  std::vector<SignalPiece> pieces_;
  std::vector<Formula> formulas_;
};

}  // namespace kubomag
