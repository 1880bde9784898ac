// Standard problem 2 of muMAG (https://www.ctcms.nist.gov/~rdm/mumag.org.html): remanence and
// coercivity of a bar L : d : t = 5 : 1 : 0.1 without anisotropy in a field along [1 1 1], by its
// width d in exchange lengths l_ex = sqrt(2 Aex/(mu_0 Ms^2)). One layer of cells, t = 0.1 d.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double Ms = 8e5, Aex = 1.3e-11, B_s = constants::mu_0 * Ms;

/// Donahue's submission (J. Appl. Phys. 87, 5520 (2000)): d/l_ex, Hc/Ms, the remanence along the
/// length and the width.
struct Published {
  double d, Hc, mx, my;
};
constexpr Published donahue[] = {{1, 0.05704, 1, 0},
                                 {5, 0.05612, 0.9999, 0},
                                 {8, 0.05515, 0.9995, 0},
                                 {10, 0.05454, 0.9989, 0},
                                 {12, 0.05389, 0.9886, 0.0631},
                                 {15, 0.05258, 0.9784, 0.0795},
                                 {20, 0.04991, 0.9701, 0.0819},
                                 {25, 0.04779, 0.9657, 0.0790},
                                 {30, 0.04594, 0.9627, 0.0756}};
const std::string problem = "standard problem 2";
const std::string source = "Donahue 2000";

/// The bar of width d [l_ex] in cells of a `per_d`-th of d.
Problem bar(double d, int per_d) {
  const double width = d * std::sqrt(2 * Aex / (B_s * Ms)), h = width / per_d;
  Problem p = plain_film(5 * per_d, per_d, h, h, 0.1 * width);
  p.material.set("Msat", Ms);
  p.material.set("Aex", Aex);
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 1, 1}; });
  return p;
}

class StandardProblem2 : public OnEveryBackend {
 protected:
  /// To the minimum in the field H [Ms] along [1 1 1]; m along the field. In float the torque of a
  /// film is rounded to some 1e-5 B_s, that of one moment to less.
  double relax(Engine& film, double H) const {
    const bool one_cell = film.m().size() == 3;
    const double B = H * B_s / std::sqrt(3.0);
    Relax to;
    to.descent = Descent::barzilai_borwein;
    to.stop_torque = tolerance(1e-7, one_cell ? 1e-6 : 5e-5) * B_s;
    to.B_ext = Vec3<double>{B, B, B};
    EXPECT_TRUE(film.relax(to, {}).converged) << H;
    const auto all = film.observables();
    return (observable(all, "mx") + observable(all, "my") + observable(all, "mz")) / std::sqrt(3.0);
  }

  /// Hc/Ms to within `resolution`: steps of the field that are halved before the one that takes m
  /// along the field through zero.
  double coercive_field(Engine& film, double from, double resolution) const {
    double H = from;
    for (double step = 1e-3; step > resolution;) {
      const auto before = film.m();
      if (relax(film, -(H + step)) > 0) {
        H += step;
      } else {
        film.set_m(before);
        step /= 2;
      }
    }
    return H;
  }

  void expect_published(const Published& expected, int per_d) const {
    const auto film = engine(bar(expected.d, per_d));
    for (const double H : {0.1, 0.03, 0.0}) relax(*film, H);
    const auto all = film->observables();
    const std::string at = "d/l_ex = " + std::to_string(std::lround(expected.d));
    record({problem, at + ": remanence along the length", expected.mx, 2e-3, source},
           observable(all, "mx"));
    record({problem, at + ": remanence along the width", expected.my, 2e-3, source},
           observable(all, "my"));
    for (const double H : {0.02, 0.04}) relax(*film, -H);
    record({problem, at + ": Hc/Ms", expected.Hc, 5e-4, source}, coercive_field(*film, 0.04, 1e-5));
  }
};
KUBOMAG_ON_EVERY_BACKEND(StandardProblem2);

// A bar that is small against l_ex is one moment with the demagnetising factors of the prism.
TEST_P(StandardProblem2, SmallBarsTurnAsOneMoment) {
  Problem p = plain_film(1, 1, 5e-9, 1e-9, 0.1e-9);
  p.material.set("Msat", Ms);
  p.demag.enabled = true;
  p.m = {1, 1, 1};
  const auto moment = engine(p);
  for (const double H : {0.1, 0.0, -0.05}) relax(*moment, H);
  record({problem, "d -> 0: Hc/Ms", 0.057069478, tolerance(1e-6, 1e-5), source},
         coercive_field(*moment, 0.05, 1e-8));
}

TEST_P(StandardProblem2, WidthOf10ExchangeLengths) { expect_published(donahue[3], 10); }

TEST_P(StandardProblem2, WidthOf20ExchangeLengths) { expect_published(donahue[6], 20); }

TEST_P(StandardProblem2, SlowWidthOf30ExchangeLengths) { expect_published(donahue[8], 30); }

TEST_P(StandardProblem2, SlowCoercivityOverTheWidth) {
  if (single()) GTEST_SKIP() << "a plot in double precision";
  Series ours{"kubomag", {}, {}, true}, published{"Donahue", {}, {}};
  for (const Published& expected : donahue) {
    const auto film = engine(bar(expected.d, std::max(5, static_cast<int>(expected.d))));
    for (const double H : {0.1, 0.03, 0.0, -0.02, -0.04}) relax(*film, H);
    ours.x.push_back(expected.d), ours.y.push_back(coercive_field(*film, 0.04, 1e-5));
    published.x.push_back(expected.d), published.y.push_back(expected.Hc);
    EXPECT_NEAR(ours.y.back(), expected.Hc, 5e-4) << expected.d;
  }
  plot("standard_problem_2", "Standard problem 2: coercive field over the width of the bar",
       {"d/l_ex", ""}, "", {published, ours});
}

}  // namespace
}  // namespace kubomag::test
