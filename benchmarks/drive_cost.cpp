// What psi and E' cost beside the demagnetising field: CPU time per evaluation of the same film
// without either, with the demagnetising field, with a surface at rest and with one that is
// driven, the latter two with and without demagnetising field. Rounds of all cases alternate; a
// cost is the difference of the means of its rounds, of all and of the last half. All drives but
// the pulse and the first begin with the run, 96 ps of it: windows of time and spans of samples are
// found and left many times. The gratings stand at an angle, but for those along x, whose fields
// do not vary along y.
//   build/bin/drive_cost [cells along x and y ...]
#include <cstdio>
#include <cstdlib>

#include "rounds.hpp"

namespace {

using namespace kubomag;

constexpr double for_ever = -HUGE_VAL;

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

/// The same as a field times a signal that is no sum of pieces with closed solutions.
void add_sampled_signal(Problem& p, double interval) {
  bench::add_grating(p, true);
  const auto E = p.drive.separable[0].E;
  p.drive.separable.clear();
  const double omega = 2 * constants::pi * 7e9;
  p.drive.sampled = {{"signal", [=](double x, double y, double) { return E(x, y); }, interval,
                      [=](double t) { return std::cos(omega * t); }}};
}

/// The same drives as a grating along x.
void turn_to_x(Problem& p) {
  const auto E = [](double x, double) {
    return Vec2<double>{1e5 * std::sin(2 * constants::pi / 500e-9 * x), 0};
  };
  for (SeparableDrive& drive : p.drive.separable) drive.E = E;
  for (SampledDrive& drive : p.drive.sampled) {
    drive.E = [=](double x, double y, double t) {
      const double now = std::cos(2 * constants::pi * 7e9 * t);
      return Vec2<double>{now * E(x, y).x, 0};
    };
    drive.traits = {true, false, true, false};
  }
}

constexpr std::size_t local = 0, demag = 1, at_rest = 2;  // numbers of cases

void add_sine(Problem& p, double start) {
  bench::add_grating(p, true);
  SignalTerm& term = p.drive.separable[0].signal.terms[0];
  term.kind = SignalTerm::Kind::sine, term.start = start;
}

/// Films of local terms; then those with a surface, driven or not, with demagnetising field.
std::vector<bench::Case> cases() {
  const std::vector<bench::Case> drives = {
      {"surface at rest", [](Problem&) {}},
      {"harmonic for ever", [](Problem& p) { add_sine(p, for_ever); }},
      {"sine from t = 0 on", [](Problem& p) { add_sine(p, 0); }},
      {"pulse", [](Problem& p) { bench::add_grating(p, true); }},
      {"sampled every 1 ps", [](Problem& p) { add_sampled(p, 1e-12); }},
      {"sampled every 6 ps", [](Problem& p) { add_sampled(p, 6e-12); }},
      {"signal, every 1 ps", [](Problem& p) { add_sampled_signal(p, 1e-12); }},
      {"signal, every 6 ps", [](Problem& p) { add_sampled_signal(p, 6e-12); }},
      {"harmonic, along x", [](Problem& p) { add_sine(p, for_ever), turn_to_x(p); }},
      {"pulse, along x", [](Problem& p) { bench::add_grating(p, true), turn_to_x(p); }},
      {"every 1 ps, along x", [](Problem& p) { add_sampled(p, 1e-12), turn_to_x(p); }}};
  std::vector<bench::Case> all = {
      {"local terms", [](Problem&) {}},
      {"demagnetising field", [](Problem& p) { p.demag.enabled = true; }}};
  for (const bool with_demag : {false, true})
    for (const bench::Case& drive : drives)
      all.push_back({drive.name + (with_demag ? ", demag" : ""), [=](Problem& p) {
                       p.demag.enabled = with_demag;
                       bench::add_surface(p);
                       drive.add(p);
                     }});
  return all;
}

void measure(int n, Precision precision) {
  const std::vector<bench::Case> all = cases();
  constexpr bench::RoundPlan plan{12, 80};
  const bench::Rounds rounds(all, n, precision, Scheme::rk4, plan);
  const std::size_t drives = (all.size() - at_rest) / 2;
  const auto share = [&](std::size_t number, std::size_t first) {
    const std::size_t rest = number < at_rest + drives ? at_rest : at_rest + drives;
    const double whole = rounds.mean(demag, first) - rounds.mean(local, first);
    return 100 * (rounds.mean(number, first) - rounds.mean(rest, first)) / whole;
  };
  for (std::size_t c = 0; c < all.size(); ++c) {
    std::printf("%5d  %s  %-26s %9.3f ms", n,
                precision == Precision::single_precision ? "single" : "double", all[c].name.c_str(),
                1e3 * rounds.mean(c, 0));
    if (c > at_rest && c != at_rest + drives)
      std::printf("  drive %5.1f %% of the demagnetising field, %5.1f %% in the last half",
                  share(c, 0), share(c, plan.rounds / 2));
    std::printf("  %8.1f MiB\n", static_cast<double>(rounds.engine(c).bytes()) / (1024 * 1024));
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
