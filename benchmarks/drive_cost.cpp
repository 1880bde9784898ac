// What psi and E' cost beside the demagnetising field: CPU time per evaluation of the same film
// without either, with the demagnetising field, with a surface at rest and with one that is
// driven. Rounds of all cases alternate; a cost is the difference of the means of its rounds.
//   build/bin/drive_cost [cells along x and y ...]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "films.hpp"

namespace {

using namespace kubomag;

constexpr int rounds = 5;
constexpr double for_ever = -HUGE_VAL;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Case {
  std::string name;
  std::function<void(Problem&)> add;
};

/// The wave of the general drive as a field of x, y and t.
void add_sampled(Problem& p, double interval) {
  bench::add_grating(p, true);
  const auto E = p.drive.separable[0].E;
  p.drive.separable.clear();
  const double omega = 2 * constants::pi * 7e9;
  p.drive.sampled = {{"sampled",
                      [=](double x, double y, double t) {
                        const double now = std::cos(omega * t);
                        const Vec2<double> E0 = E(x, y);
                        return Vec2<double>{now * E0.x, now * E0.y};
                      },
                      interval}};
}

std::vector<Case> cases() {
  return {{"local terms", [](Problem&) {}},
          {"demagnetising field", [](Problem& p) { p.demag.enabled = true; }},
          {"surface at rest", [](Problem& p) { bench::add_surface(p); }},
          {"harmonic for ever",
           [](Problem& p) {
             bench::add_surface(p);
             bench::add_grating(p, true);
             p.drive.separable[0].signal.terms[0].kind = SignalTerm::Kind::sine;
             p.drive.separable[0].signal.terms[0].start = for_ever;
           }},
          {"sine after its start",
           [](Problem& p) {
             bench::add_surface(p);
             bench::add_grating(p, true);
             p.drive.separable[0].signal.terms[0].kind = SignalTerm::Kind::sine;
             p.drive.separable[0].signal.terms[0].start = -20e-12;
           }},
          {"pulse",
           [](Problem& p) {
             bench::add_surface(p);
             bench::add_grating(p, true);
           }},
          {"sampled every 1 ps",
           [](Problem& p) {
             bench::add_surface(p);
             add_sampled(p, 1e-12);
           }},
          {"sampled every 10 ps", [](Problem& p) {
             bench::add_surface(p);
             add_sampled(p, 1e-11);
           }}};
}

/// Seconds per evaluation of `steps` steps of 0.1 ps.
double round_of(Engine& engine, int steps) {
  const double begin = cpu_seconds();
  for (int i = 0; i < steps; ++i) engine.step(engine.time() + 1e-13);
  return (cpu_seconds() - begin) / (steps * bench::evaluations_per_step(Scheme::rk4));
}

void measure(int n, Precision precision) {
  const std::vector<Case> all = cases();
  std::vector<std::unique_ptr<Engine>> engines;
  for (const Case& one : all) {
    Problem p = bench::film(n);
    one.add(p);
    engines.push_back(make_engine(p, {"cpu", precision, 1}));
    engines.back()->step(1e-13);
  }
  const int steps = std::max(15, 30 * 256 * 256 / (n * n));
  std::vector<std::vector<double>> seconds(all.size());
  for (int r = 0; r < rounds; ++r)
    for (std::size_t c = 0; c < all.size(); ++c) seconds[c].push_back(round_of(*engines[c], steps));
  const auto median = [](std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
  };
  const double demag = median(seconds[1]) - median(seconds[0]);
  for (std::size_t c = 0; c < all.size(); ++c) {
    const double now = median(seconds[c]);
    std::printf("%5d  %s  %-20s %9.3f ms", n,
                precision == Precision::single_precision ? "single" : "double", all[c].name.c_str(),
                1e3 * now);
    if (c > 2)
      std::printf("  drive %7.3f ms, %5.1f %% of %.3f ms", 1e3 * (now - median(seconds[2])),
                  100 * (now - median(seconds[2])) / demag, 1e3 * demag);
    std::printf("  %8.1f MiB\n", static_cast<double>(engines[c]->bytes()) / (1024 * 1024));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {256, 512, 1024};
  for (const int n : sizes)
    for (const Precision precision : {Precision::double_precision, Precision::single_precision})
      measure(n, precision);
}
