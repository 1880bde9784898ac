// Single precision against double, which everything else is tested in: fields of one state, and the
// way of a film over a nanosecond. A float has 24 bits, 6e-8. A field is a sum of differences of m:
// next to the largest field its error is some units of that; exchange differences lose what
// neighbouring cells have in common, |B| / (2 Aex/(Ms dx^2)) of it. Bounds allow 30 units for sums,
// and for the trajectory what 1 ns of precession at 0.1 T (3 turns) makes of 1000 steps' rounding.
#include <gtest/gtest.h>

#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double unit = 6e-8;

Problem film() {
  Problem p = plain_film(100, 25, 5e-9, 5e-9, 3e-9);  // standard problem 4
  p.material.set("Aex", 1.3e-11);
  p.material.set("alpha", 0.02);
  p.GammaLL = 2.211e5 / (4e-7 * constants::pi);
  p.demag.enabled = true;
  FieldSource field;
  field.value = {-24.6e-3, 4.3e-3, 0};
  field.signal = Signal::constant();
  p.B_ext = {field};
  p.integrator.MaxErr = 1e-6;
  p.m = wavy(p.grid);
  return p;
}

std::unique_ptr<Engine> engine(const Problem& p, Precision precision) {
  return make_engine(p, {"cpu", precision, 1});
}

TEST(SinglePrecision, FieldsAreGoodToSomeUnitsOfTheLargest) {
  const Problem p = film();
  const auto exact = engine(p, Precision::double_precision);
  const auto single = engine(p, Precision::single_precision);
  const double neighbours = 2 * 1.3e-11 / (8e5 * 5e-9 * 5e-9);  // [T]
  for (const std::string name : {"B_demag", "B_exch", "B_eff"}) {
    const auto expected = exact->quantity(name), found = single->quantity(name);
    const double scale = std::max(largest(expected), name == "B_demag" ? 0 : neighbours);
    double error = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
      error = std::max(error, std::abs(found[i] - expected[i]));
    record({"film of standard problem 4, single precision",
            "largest error of " + name + " over its scale", 0, 30 * unit, "double precision"},
           error / scale);
    EXPECT_GT(error, 0) << name << " was not computed in single precision";
  }
}

TEST(SinglePrecision, FollowsDoubleForANanosecond) {
  Problem p = film();
  p.m = texture(p.grid, [](double x, double) { return Vec3<double>{1, 0.1, 1e6 * x}; });
  const auto exact = engine(p, Precision::double_precision);
  const auto single = engine(p, Precision::single_precision);
  double worst_mean = 0, worst_cell = 0;
  for (int i = 1; i <= 10; ++i) {
    for (Engine* one : {exact.get(), single.get()}) run_to(*one, i * 1e-10);
    const auto a = exact->m(), b = single->m();
    const std::size_t cells = p.grid.cells();
    for (std::size_t c = 0; c < 3; ++c) {
      double mean = 0;
      for (std::size_t k = c * cells; k < (c + 1) * cells; ++k) {
        mean += (b[k] - a[k]) / static_cast<double>(cells);
        worst_cell = std::max(worst_cell, std::abs(b[k] - a[k]));
      }
      worst_mean = std::max(worst_mean, std::abs(mean));
    }
  }
  // rounding of 1000 steps at random, 30 units each way: 30 sqrt(1000) 6e-8; both integrators
  // besides stop at MaxErr = 1e-6 a step
  const std::string problem = "film of standard problem 4, single precision, 1 ns";
  record({problem, "largest difference of the mean of m", 0, 1e-4, "double precision"}, worst_mean);
  record({problem, "largest difference of m in a cell", 0, 1e-3, "double precision"}, worst_cell);
}

}  // namespace
}  // namespace kubomag::test
