// Standard problem 1 of muMAG (https://www.ctcms.nist.gov/~rdm/mumag.org.html): loops of a
// permalloy film of 2 um x 1 um x 20 nm along both axes, the field 1 degree off. The submissions
// disagree on every number: tested is what holds for any loop of energy minima.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr int steps = 20;  // of 2.5 mT from +50 mT to -50 mT

struct Loop {
  std::vector<double> B, down, up;  // m along the field, both at the field B
  double coercive_field() const {
    for (std::size_t i = 0; i + 1 < B.size(); ++i)
      if (down[i] > 0 && down[i + 1] <= 0)
        return B[i] + (B[i + 1] - B[i]) * down[i] / (down[i] - down[i + 1]);
    return 0;
  }
};

class StandardProblem1 : public OnEveryBackend {
 protected:
  double relax(Engine& film, double B, Vec3<double> u) const {
    Relax to;
    to.descent = Descent::barzilai_borwein;
    to.stop_torque = 1e-5;
    to.B_ext = B * u;
    EXPECT_TRUE(film.relax(to, {}).converged) << B;
    const auto all = film.observables();
    return observable(all, "mx") * u.x + observable(all, "my") * u.y;
  }

  Loop loop_along(double degrees) const {
    Problem p = plain_film(100, 50, 20e-9, 20e-9, 20e-9);
    p.material.set("Aex", 1.3e-11);
    p.material.set("Ku1", 500);
    p.material.set("anisU_x", 1), p.material.set("anisU_z", 0);
    p.demag.enabled = true;
    const double angle = degrees * constants::pi / 180;
    const Vec3<double> u{std::cos(angle), std::sin(angle), 0};
    p.m = texture(p.grid, [=](double, double) { return u; });
    const auto film = engine(p);
    Loop loop;
    for (int i = 0; i <= 2 * steps; ++i) {
      loop.B.push_back(50e-3 * (1 - static_cast<double>(i) / steps));
      loop.down.push_back(relax(*film, loop.B.back(), u));
    }
    loop.up.assign(loop.B.size(), loop.down.back());
    for (std::size_t i = loop.B.size() - 1; i-- > 0;) loop.up[i] = relax(*film, loop.B[i], u);
    return loop;
  }

  void expect_a_loop(const std::string& axis, double degrees) const {
    if (single()) GTEST_SKIP() << "long, and nothing of it depends on the precision";
    const Loop loop = loop_along(degrees);
    const std::size_t n = loop.B.size();
    double asymmetry = 0;
    for (std::size_t i = 0; i < n; ++i)
      asymmetry = std::max(asymmetry, std::abs(loop.down[i] + loop.up[n - 1 - i]));
    const std::string problem = "standard problem 1, along the " + axis + " axis";
    record({problem, "closure of the loop at 50 mT", 0, 1e-3, "by definition"},
           loop.up[0] - loop.down[0]);
    record({problem, "largest m(B) + m(-B) of the two branches", 0, 0.05, "symmetry of the energy"},
           asymmetry);
    EXPECT_LT(loop.coercive_field(), 0);
    note(problem, "coercive field (the submissions disagree)", -1e3 * loop.coercive_field(), "mT");
    plot("standard_problem_1_" + axis, "Standard problem 1: loop along the " + axis + " axis",
         {"B", "T"}, "",
         {{"down", {loop.B.rbegin(), loop.B.rend()}, {loop.down.rbegin(), loop.down.rend()}},
          {"up", {loop.B.rbegin(), loop.B.rend()}, {loop.up.rbegin(), loop.up.rend()}}});
  }
};
KUBOMAG_ON_EVERY_BACKEND(StandardProblem1);

TEST_P(StandardProblem1, SlowLoopAlongTheLongAxis) { expect_a_loop("long", 1); }

TEST_P(StandardProblem1, SlowLoopAlongTheShortAxis) { expect_a_loop("short", 91); }

}  // namespace
}  // namespace kubomag::test
