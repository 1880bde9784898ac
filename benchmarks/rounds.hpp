#pragma once
// CPU time of films that are stepped in turn, so that what else the machine does hits all alike.
#include <time.h>

#include <algorithm>
#include <functional>
#include <memory>
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

/// Films of n x n cells on one thread, and seconds per evaluation of each.
class Rounds {
 public:
  Rounds(const std::vector<Case>& cases, int n, Precision precision, Scheme scheme)
      : scheme_(scheme), steps_(std::max(15, 30 * 256 * 256 / (n * n))), seconds_(cases.size()) {
    for (const Case& one : cases) {
      Problem p = film(n, scheme);
      one.add(p);
      engines_.push_back(make_engine(p, {"cpu", precision, 1}));
      engines_.back()->step(1e-13);
    }
    constexpr int rounds = 5;
    for (int r = 0; r < rounds; ++r)
      for (std::size_t c = 0; c < cases.size(); ++c) seconds_[c].push_back(round_of(*engines_[c]));
  }

  double seconds(std::size_t number) const { return median(seconds_[number]); }
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
