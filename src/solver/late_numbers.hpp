#pragma once
// Collects, while the passes of an attempted step are recorded, the recipes of the numbers that
// they need (late_program.hpp), and brings them to the device.
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "kernels/number.hpp"
#include "kubomag/error.hpp"
#include "solver/instant.hpp"
#include "solver/late_program.hpp"
#include "solver/signal_arrays.hpp"

namespace kubomag {

class LateNumbers {
 public:
  using Kind = LateRecipe::Kind;
  /// A vector with a signal in time.
  struct Source {
    Vec3<double> value;
    const Signal* signal;
  };

  /// Numbers are kept in `memory` of the device.
  LateNumbers(void* memory, std::size_t bytes)
      : memory_(static_cast<std::byte*>(memory)), bytes_(bytes) {}

  /// From here on the same numbers are asked for again, in the same order.
  void begin_again() { next_ = 0; }
  /// There is something that the device cannot compute by itself.
  void refuse() { complete_ = false; }
  bool complete() const { return complete_; }

  /// factor * h
  template <class Real>
  Number<Real> weight(double factor) {
    return number<Real>(Kind::weight, [&] { return LateRecipe{.factor = factor}; });
  }
  template <class Real>
  Number<Real> per_root_dt() {
    return number<Real>(Kind::per_root_dt, [] { return LateRecipe{}; });
  }
  Number<std::uint64_t> step() {
    return number<std::uint64_t>(Kind::step, [] { return LateRecipe{}; });
  }

  Number<PathStep> path_step() {
    return number<PathStep>(Kind::path_step, [] { return LateRecipe{}; });
  }

  template <class Real>
  Number<Real> signal(const Instant& now, const Signal& signal) {
    return number<Real>(Kind::sum, [&] { return sum_of({{{1, 0, 0}, &signal}}, now); });
  }
  template <class Real>
  Number<Vec3<Real>> sum(const Instant& now, const std::vector<Source>& sources) {
    return number<Vec3<Real>>(Kind::vector_sum, [&] { return sum_of(sources, now); });
  }
  /// cos(omega t) or sin(omega t)
  template <class Real>
  Number<Real> wave(const Instant& now, double omega, bool sine) {
    return number<Real>(sine ? Kind::sine : Kind::cosine,
                        [&] { return placed({.factor = omega}, now); });
  }
  /// What the modes need of these pieces, one after the other.
  const SignalAt* pieces(const Instant& now, const std::vector<SignalPiece>& pieces) {
    const auto make = [&] {
      LateRecipe recipe = placed({}, now);
      recipe.first = static_cast<int>(pieces_.size());
      pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
      recipe.last = static_cast<int>(pieces_.size());
      return recipe;
    };
    return number<SignalAt>(Kind::pieces, make, pieces.size()).at;
  }

  /// The nodes `asked` of a graph, which depend on time alone.
  template <class Real>
  const Real* formulas(const Instant& now, const FormulaGraph& graph,
                       const std::vector<int>& asked) {
    const auto make = [&] {
      LateRecipe recipe = placed({}, now);
      recipe.first = static_cast<int>(formulas_.size());
      recipe.last = recipe.first + 1;
      add_formulas(graph, asked);
      return recipe;
    };
    return number<Real>(Kind::formulas, make, asked.size()).at;
  }

  /// The program and what it reads, on the device.
  template <class Backend>
  class Uploaded {
   public:
    Uploaded() = default;
    Uploaded(const Backend& backend, const LateNumbers& from) {
      const SignalCodes codes =
          from.signals_.on_device([&](const auto& values) { return keep(backend, values); },
                                  reinterpret_cast<double*>(from.memory_));
      std::vector<LateTerm> terms;
      for (const Term& term : from.terms_) terms.push_back({codes(term.signal), term.factor});
      program_.terms = store(backend, terms_, terms);
      program_.pieces = store(backend, pieces_, from.pieces_);
      const FormulaNode* nodes = store(backend, nodes_, from.nodes_);
      const int* asked = store(backend, asked_, from.asked_);
      std::vector<LateFormulas> formulas;
      for (const Formulas& f : from.formulas_)
        formulas.push_back(
            {nodes + f.first_node, f.values, asked + f.first_asked, f.count, f.asked_count});
      program_.formulas = store(backend, formulas_, formulas);
      program_.recipes = store(backend, recipes_, from.recipes_);
      program_.count = static_cast<int>(from.recipes_.size());
    }
    const LateProgram& program() const { return program_; }

   private:
    template <class T>
    using Buffer = typename Backend::template Buffer<T>;

    /// One more array that signals have.
    template <class T>
    const T* keep(const Backend& backend, const std::vector<T>& values) {
      return store(backend, std::get<Buffer<T>>(signals_), values);
    }
    template <class T>
    static const T* store(const Backend& backend, Buffer<T>& buffer, const std::vector<T>& values) {
      if (values.empty()) return nullptr;
      buffer = backend.template make_buffer<T>(values.size());
      backend.upload(buffer, values);
      return std::as_const(buffer).data();
    }

    LateProgram program_;
    Buffer<LateRecipe> recipes_;
    Buffer<LateTerm> terms_;
    Buffer<SignalPiece> pieces_;
    std::tuple<Buffer<double>, Buffer<FormulaNode>, Buffer<SignalTable>, Buffer<SignalPiece>,
               Buffer<SignalFormula>>
        signals_;
    Buffer<LateFormulas> formulas_;
    Buffer<FormulaNode> nodes_;
    Buffer<int> asked_;
  };

 private:
  struct Term {
    SignalPlace signal;
    Vec3<double> factor;
  };

  struct Formulas {
    std::ptrdiff_t first_node, first_asked;
    int count, asked_count;
    double* values;
  };

  static LateRecipe placed(LateRecipe recipe, const Instant& now) {
    recipe.at_start = now.at_start;
    recipe.c = now.c;
    return recipe;
  }

  LateRecipe sum_of(const std::vector<Source>& sources, const Instant& now) {
    LateRecipe recipe = placed({}, now);
    recipe.first = static_cast<int>(terms_.size());
    for (const Source& source : sources) add_term(source);
    recipe.last = static_cast<int>(terms_.size());
    return recipe;
  }

  /// A signal that only the host can evaluate is refused.
  void add_term(const Source& source) {
    if (!is_plain(*source.signal)) return refuse();
    const auto room = [this](std::size_t count) {
      return static_cast<double*>(take(count * sizeof(double))) -
             reinterpret_cast<double*>(memory_);
    };
    terms_.push_back({signals_.add(*source.signal, room), source.value});
  }

  void add_formulas(const FormulaGraph& graph, const std::vector<int>& asked) {
    auto* values = static_cast<double*>(take(graph.nodes.size() * sizeof(double)));
    formulas_.push_back(
        {static_cast<std::ptrdiff_t>(nodes_.size()), static_cast<std::ptrdiff_t>(asked_.size()),
         static_cast<int>(graph.nodes.size()), static_cast<int>(asked.size()), values});
    nodes_.insert(nodes_.end(), graph.nodes.begin(), graph.nodes.end());
    asked_.insert(asked_.end(), asked.begin(), asked.end());
  }

  template <class T, class Make>
  Number<T> number(Kind kind, const Make& make, std::size_t count = 1) {
    if (next_ < recipes_.size()) {
      const LateRecipe& known = recipes_[next_++];
      if (known.kind != kind) throw Error("the passes of a step were recorded differently");
      return Number<T>::found_at(static_cast<const T*>(known.out));
    }
    LateRecipe recipe = make();
    recipe.kind = kind;
    recipe.single = sizeof(T) % sizeof(double) != 0;
    recipe.out = take(count * sizeof(T));
    recipes_.push_back(recipe);
    ++next_;
    return Number<T>::found_at(static_cast<const T*>(recipe.out));
  }

  /// A place in the device's memory.
  void* take(std::size_t bytes) {
    void* place = memory_ + used_;
    const std::size_t size = (bytes + 15) / 16 * 16;
    if (used_ + size > bytes_)
      refuse();
    else
      used_ += size;
    return place;
  }

  std::byte* memory_;
  std::size_t bytes_, used_ = 0, next_ = 0;
  bool complete_ = true;
  std::vector<LateRecipe> recipes_;
  std::vector<Term> terms_;
  SignalArrays signals_;
  std::vector<SignalPiece> pieces_;
  std::vector<Formulas> formulas_;
  std::vector<FormulaNode> nodes_;
  std::vector<int> asked_;
};

}  // namespace kubomag
