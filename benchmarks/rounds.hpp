#pragma once
// CPU time of films that are stepped in turn, so that what else the machine does hits all alike.
#include <time.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "films.hpp"

namespace kubomag::bench {

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A film of the benchmark, and what makes it from the plain one.
struct Case {
  std::string name;
  std::function<void(Problem&)> add;
};

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// How many rounds, and how many steps each.
struct RoundPlan {
  int rounds, steps;
};

/// For films whose steps all cost the same.
inline RoundPlan short_rounds(int n) { return {5, std::max(15, 30 * 256 * 256 / (n * n))}; }

/// Films of n x n cells on one thread, and seconds per evaluation of each.
class Rounds {
 public:
  Rounds(const std::vector<Case>& cases, int n, Precision precision, Scheme scheme,
         const RoundPlan& plan)
      : scheme_(scheme), steps_(plan.steps), seconds_(cases.size()) {
    for (const Case& one : cases) {
      Problem p = film(n, scheme);
      one.add(p);
      engines_.push_back(make_engine(p, {"cpu", precision, 1}));
      engines_.back()->step(1e-13);
    }
    for (int r = 0; r < plan.rounds; ++r)
      for (std::size_t c = 0; c < cases.size(); ++c) seconds_[c].push_back(round_of(*engines_[c]));
  }

  double seconds(std::size_t number) const { return median(seconds_[number]); }
  /// The mean of the rounds from `first` on.
  double mean(std::size_t number, std::size_t first) const {
    const auto& all = seconds_[number];
    return std::accumulate(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), 0.0) /
           static_cast<double>(all.size() - first);
  }
  const Engine& engine(std::size_t number) const { return *engines_[number]; }

 private:
  /// Steps of 0.1 ps.
  double round_of(Engine& engine) const {
    const double begin = cpu_seconds();
    for (int i = 0; i < steps_; ++i) engine.step(engine.time() + 1e-13);
    return (cpu_seconds() - begin) / (steps_ * evaluations_per_step(scheme_));
  }

  Scheme scheme_;
  int steps_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::vector<double>> seconds_;
};

}  // namespace kubomag::bench
