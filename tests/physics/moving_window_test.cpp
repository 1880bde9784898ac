// A wall in a field along z: without in-plane anisotropy it turns with gamma B/(1 + alpha^2) and
// moves with v = alpha gamma B Delta/(1 + alpha^2), Delta = sqrt(Aex/Ku1): Schryer and Walker, J.
// Appl. Phys. 45, 5406 (1974), with the in-plane anisotropy left out.
#include "analysis/moving_window.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/table_analysis.hpp"
#include "kubomag/error.hpp"
#include "setup/texture_state.hpp"
#include "support/backends.hpp"
#include "support/films.hpp"

using namespace kubomag;
using namespace kubomag::test;

namespace {

constexpr double nm = 1e-9, alpha = 0.5, B = 0.1, end = 2e-9;
const double Delta = std::sqrt(15e-12 / 8e5);
const double speed = alpha / (1 + alpha * alpha) * constants::GammaLL * B * Delta;

Problem wall_in_a_field() {
  Problem p = plain_film(60, 1);
  p.grid = {60, 1, nm, nm, nm, false, false};
  p.material.set("Msat", 580e3);
  p.material.set("Aex", 15e-12);
  p.material.set("Ku1", 8e5);
  p.material.set("alpha", alpha);
  p.B_ext = {{"", {0, 0, B}, {}, Signal::constant()}};
  p.m = make_initial_state(p.grid, 1, wall_state({{0}, Delta, 0, 0.3, 1}));
  return p;
}

class Positions : public Recorder {
 public:
  explicit Positions(const Simulation& simulation) : simulation_(simulation) {}
  void table_row(Engine& engine) override {
    const Grid grid = wall_in_a_field().grid;
    const std::vector<double> m = engine.m();
    inside.push_back(find(grid, m));
    t.push_back(engine.time());
    x.push_back(inside.back() + static_cast<double>(simulation_.state().window_x) * grid.dx);
  }
  void fields(Engine&, long) override {}
  void pictures(Engine&, long) override {}

  std::vector<double> t, x, inside;

 private:
  static double find(const Grid& grid, const std::vector<double>& m) {
    TableAnalysis analysis(grid, {Analysis::wall});
    return analysis.row(0, m).front().value;
  }
  const Simulation& simulation_;
};

class MovingWindowTest : public OnEveryBackend {
 protected:
  Simulation simulation() const {
    const Problem problem = wall_in_a_field();
    OutputPlan plan;
    plan.table_interval = end / 20;
    Simulation simulation(engine(problem), plan, {}, end);
    simulation.set_follower(
        Window{}.every,
        [window = MovingWindow(problem.grid, {Window::Target::wall})](
            Engine& engine, SimulationState& state) { window.follow(engine, state); });
    return simulation;
  }
};

}  // namespace

KUBOMAG_ON_EVERY_BACKEND(MovingWindowTest);

// The wall moves by the length of the film; the field favours the up domain on the left, so it
// moves to the right. Cells of 0.23 Delta allow 1 %. Between two looks a device takes the steps by
// itself: the host has few turns, which begin with single steps and end at looks and table rows.
TEST_P(MovingWindowTest, TheWallStaysWhileTheFilmMoves) {
  Simulation run = simulation();
  Positions positions(run);
  long turns = 0, steps = 0;
  run.run(positions, [&](const Progress& progress) {
    ++turns, steps = progress.steps;
    return true;
  });
  if (GetParam().is("cpu"))
    EXPECT_EQ(turns, steps);
  else
    EXPECT_LE(turns, steps / Window{}.every + 20 + 5);
  ASSERT_EQ(positions.x.size(), 21u);
  for (std::size_t k = 0; k < positions.x.size(); ++k) {
    EXPECT_NEAR(positions.x[k], speed * positions.t[k], 0.01 * speed * end);
    EXPECT_LT(std::abs(positions.inside[k]), 3 * nm);
  }
  EXPECT_GT(run.state().window_x, 50);
  EXPECT_EQ(run.state().window_y, 0);
}

TEST_P(MovingWindowTest, AResumedRunGoesOnToTheBit) {
  Simulation whole = simulation();
  Positions ignored(whole);
  whole.run(ignored, [](const Progress&) { return true; });

  Simulation first = simulation();
  Positions also_ignored(first);
  first.run(also_ignored, [](const Progress& p) { return p.steps < 333; });
  ASSERT_GT(first.state().window_x, 0);
  Simulation second = simulation();
  second.engine().restore(first.engine().checkpoint());
  second.set_state(first.state());
  Positions rest(second);
  second.run(rest, [](const Progress&) { return true; });
  EXPECT_EQ(second.engine().m(), whole.engine().m());
  EXPECT_EQ(second.state().window_x, whole.state().window_x);
}

TEST(ShiftedFilm, RepeatsTheEdgeThatComesIn) {
  const Grid grid{3, 2, nm, nm, nm, false, false};
  const std::vector<double> x{1, 2, 3, 4, 5, 6};
  std::vector<double> m = x;
  m.insert(m.end(), x.begin(), x.end());
  m.insert(m.end(), x.begin(), x.end());
  const std::vector<double> right = shifted_film(grid, m, 1, 0);
  EXPECT_EQ(std::vector<double>(right.begin(), right.begin() + 6),
            (std::vector<double>{2, 3, 3, 5, 6, 6}));
  const std::vector<double> both = shifted_film(grid, m, -2, 1);
  EXPECT_EQ(std::vector<double>(both.begin() + 12, both.end()),
            (std::vector<double>{4, 4, 4, 4, 4, 4}));
  EXPECT_THROW(shifted_film(grid, m, 3, 0), InputError);
}
