// What torques without an energy and formulas add to an evaluation, with and without the
// demagnetising field: CPU time of the same film with and without them, rounds of all in turn.
//   build/bin/added_cost [cells along x and y ...]
#include <cstdio>
#include <cstdlib>

#include "rounds.hpp"

namespace {

using namespace kubomag;

void add_current(Problem& p, Vec3<double> j) {
  FieldSource current;
  current.value = j;
  current.signal = Signal::constant();
  p.current = {current};
}

void add_spin_orbit(Problem& p) {
  p.material.set("theta_SH", 0.1);
  add_current(p, {1e11, 0, 0});
}

/// Zhang and Li's torque and Slonczewski's.
void add_spin_transfer(Problem& p) {
  p.material.set("Pol", 0.5);
  p.material.set("xi", 0.1);
  add_current(p, {1e12, 1e11, 1e10});
}

/// B_z = 0.3 mz^3 - 0.1 mz in tesla.
void add_formula(Problem& p) {
  using Op = FormulaOp;
  CustomTerm term;
  term.name = "own";
  term.graph.nodes = {{Op::mz, 0, -1, -1, -1},       {Op::number, 0.3, -1, -1, -1},
                      {Op::number, 0.1, -1, -1, -1}, {Op::number, 0, -1, -1, -1},
                      {Op::multiply, 0, 0, 0, -1},   {Op::multiply, 0, 1, 4, -1},
                      {Op::subtract, 0, 5, 2, -1},   {Op::multiply, 0, 6, 0, -1}};
  term.vector = {3, 3, 7};
  p.custom = {term};
}

std::vector<bench::Case> cases() {
  const std::vector<bench::Case> added{{"nothing", [](Problem&) {}},
                                       {"spin-orbit torque", add_spin_orbit},
                                       {"spin-transfer torques", add_spin_transfer},
                                       {"formula", add_formula}};
  std::vector<bench::Case> all = added;
  for (const bench::Case& one : added)
    all.push_back({"demag, " + one.name, [add = one.add](Problem& p) {
                     p.demag.enabled = true;
                     add(p);
                   }});
  return all;
}

void measure(int n, Precision precision) {
  const std::vector<bench::Case> all = cases();
  const bench::Rounds rounds(all, n, precision, Scheme::dormand_prince, bench::short_rounds(n));
  for (std::size_t c = 0; c < all.size(); ++c)
    std::printf("%5d  %s  %-26s %7.2f ns per cell and evaluation %8.1f MiB\n", n,
                precision == Precision::single_precision ? "single" : "double", all[c].name.c_str(),
                1e9 * rounds.seconds(c) / (static_cast<double>(n) * n),
                static_cast<double>(rounds.engine(c).bytes()) / (1024 * 1024));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {256, 512};
  for (const int n : sizes)
    for (const Precision precision : {Precision::double_precision, Precision::single_precision})
      measure(n, precision);
}
