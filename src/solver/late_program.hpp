#pragma once
// How a device computes the numbers of an attempted step (kernels/number.hpp) from the state of the
// step: one recipe for each, run by one thread.
#include <cmath>

#include "kernels/signal_code.hpp"
#include "kubomag/vec3.hpp"
#include "solver/run_state.hpp"

namespace kubomag {

/// Formulas of time: a graph, room for the values of its nodes, the nodes that are asked for.
struct LateFormulas {
  const FormulaNode* nodes = nullptr;
  double* values = nullptr;
  const int* asked = nullptr;
  int count = 0, asked_count = 0;
};

/// A signal and the vector that it multiplies.
struct LateTerm {
  SignalCode signal;
  Vec3<double> factor;
};

struct LateRecipe {
  enum class Kind {
    weight,       // factor h
    per_root_dt,  // 1/sqrt(h)
    step,         // the number of the step
    path_step,    // what the step asks of the noise's path
    sum,          // the first component of the sum over terms of signal * factor
    vector_sum,   // all three
    cosine,       // cos(factor t)
    sine,         // sin(factor t)
    formulas,     // the values of formulas
    pieces        // what the modes need of the pieces of signals (SignalAt)
  };
  Kind kind = Kind::weight;
  bool single = false;    // stored as float
  bool at_start = false;  // at the time where the attempt begins, else after the fraction c of it
  double c = 0;
  double factor = 0;
  int first = 0, last = 0;  // terms; pieces; formulas
  void* out = nullptr;
};

struct LateProgram {
  const LateRecipe* recipes = nullptr;
  const LateTerm* terms = nullptr;
  const SignalPiece* pieces = nullptr;
  const LateFormulas* formulas = nullptr;
  int count = 0;

  KUBOMAG_HD void run(int i, const RunState& s) const {
    const LateRecipe& r = recipes[i];
    const double t = r.at_start ? s.t : stage_time(s, r.c);
    const double inside = r.at_start ? just_after(s) : inside_attempt(s);
    using Kind = LateRecipe::Kind;
    if (r.kind == Kind::step)
      *static_cast<std::uint64_t*>(r.out) = s.steps;
    else if (r.kind == Kind::path_step)
      *static_cast<PathStep*>(r.out) = s.path.step;
    else if (r.kind == Kind::pieces)
      for (int j = r.first; j < r.last; ++j)
        static_cast<SignalAt*>(r.out)[j - r.first] = signal_at(pieces[j], t, inside);
    else if (r.kind == Kind::formulas)
      for (int j = r.first; j < r.last; ++j) store_formulas(r, formulas[j], t);
    else if (r.kind == Kind::sum || r.kind == Kind::vector_sum)
      store_sum(r, t, inside);
    else
      store(r, 0, scalar(r, s, t));
  }

 private:
  KUBOMAG_HD static double scalar(const LateRecipe& r, const StepState& s, double t) {
    switch (r.kind) {
      case LateRecipe::Kind::weight:
        return s.h * r.factor;
      case LateRecipe::Kind::cosine:
        return std::cos(r.factor * t);
      case LateRecipe::Kind::sine:
        return std::sin(r.factor * t);
      default:
        return 1 / std::sqrt(s.h);
    }
  }

  KUBOMAG_HD void store_sum(const LateRecipe& r, double t, double inside) const {
    Vec3<double> sum{};
    for (int j = r.first; j < r.last; ++j) sum += terms[j].signal(t, inside) * terms[j].factor;
    store(r, 0, sum.x);
    if (r.kind == LateRecipe::Kind::sum) return;
    store(r, 1, sum.y);
    store(r, 2, sum.z);
  }

  KUBOMAG_HD static void store_formulas(const LateRecipe& r, const LateFormulas& f, double t) {
    evaluate_in_time(f.nodes, f.count, t, f.values);
    for (int k = 0; k < f.asked_count; ++k) store(r, k, f.values[f.asked[k]]);
  }

  KUBOMAG_HD static void store(const LateRecipe& r, int component, double value) {
    if (r.single)
      static_cast<float*>(r.out)[component] = static_cast<float>(value);
    else
      static_cast<double*>(r.out)[component] = value;
  }
};

}  // namespace kubomag
