// Loops of energy minima: the single moment of Stoner and Wohlfarth, and loops that are
// interrupted.
#include <cstring>

#include "io/config_hysteresis.hpp"
#include "kubomag/error.hpp"
#include "kubomag/simulation.hpp"
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double Ms = 8e5, Ku1 = 4e4, B_K = 2 * Ku1 / Ms;  // 0.1 T, easy axis x

struct LoopRow {
  long index;
  std::vector<double> m;
  std::vector<double> numbers;  // the observables
  bool converged;
};

class LoopRecorder : public Recorder {
 public:
  void table_row(Engine&) override { FAIL() << "a loop has its own rows"; }
  void fields(Engine&, long index) override { sets.push_back(index); }
  void pictures(Engine&, long) override {}
  void loop_row(Engine& engine, long index, const RelaxInfo& info) override {
    std::vector<double> numbers;
    for (const Observable& o : engine.observables()) numbers.push_back(o.value);
    rows.push_back({index, engine.m(), numbers, info.converged});
  }
  std::vector<LoopRow> rows;
  std::vector<long> sets;
};

Problem one_moment() {
  Problem p = plain_film(1, 1);
  p.material.set("Msat", Ms);
  p.material.set("Ku1", Ku1);
  p.material.set("anisU_x", 1);
  p.material.set("anisU_y", 0);
  p.material.set("anisU_z", 0);
  return p;
}

/// From +1.5 B_K down to -1.5 B_K and back, `steps` steps each way, at the angle psi to the axis.
Hysteresis loop_at(double psi, int steps, double stop_torque, double kick) {
  Hysteresis loop;
  loop.direction = Vec3<double>{std::cos(psi), std::sin(psi), 0};
  for (int i = 0; i <= 2 * steps; ++i)
    loop.B.push_back((1.5 * B_K * (std::abs(2.0 * (i - steps) / steps) - 1)) * *loop.direction);
  loop.descent.descent = Descent::barzilai_borwein;
  loop.descent.stop_torque = stop_torque;
  loop.kick = kick;
  return loop;
}

/// The angle of the minimum that the one at `phi` turns into in the field B at the angle psi:
/// sin(2 phi)/2 + h sin(phi - psi) = 0 by Newton's method from the minimum before.
double follow(double phi, double h, double psi) {
  for (int i = 0; i < 100; ++i)
    phi -= (0.5 * std::sin(2 * phi) + h * std::sin(phi - psi)) /
           (std::cos(2 * phi) + h * std::cos(phi - psi));
  return phi;
}

/// h_sw = (cos^(2/3) psi + sin^(2/3) psi)^(-3/2) (Stoner and Wohlfarth, Phil. Trans. R. Soc. A 240,
/// 599 (1948)).
double switching_field(double psi) {
  return std::pow(std::pow(std::cos(psi), 2. / 3) + std::pow(std::sin(psi), 2. / 3), -1.5);
}

class HysteresisLoop : public OnEveryBackend {
 protected:
  std::vector<LoopRow> run(Problem p, const Hysteresis& loop) const {
    io::add_loop_field(loop, p.B_ext);
    Simulation simulation(engine(p), {}, {}, 0, loop);
    LoopRecorder recorder;
    EXPECT_EQ(simulation.run(recorder, [](const Progress&) { return true; }), Outcome::done);
    return recorder.rows;
  }
  double stop_torque() const { return tolerance(1e-9, 1e-7); }

  /// At `degrees` the moment follows its minimum until the analytic field, and then jumps within a
  /// step of the field.
  void expect_stoner_wohlfarth(double degrees) const {
    const double psi = degrees * constants::pi / 180;
    const int steps = 300;  // of B_K/100
    Problem p = one_moment();
    p.m = {std::cos(psi), std::sin(psi), 0};
    const Hysteresis loop = loop_at(psi, steps, stop_torque(), 0);
    const auto rows = run(p, loop);
    ASSERT_EQ(rows.size(), 601u);
    double phi = psi / 2, jump = 0;
    Worst on_the_branch, way_back;
    for (int i = 0; i <= steps && jump == 0; ++i) {
      const LoopRow& row = rows[static_cast<std::size_t>(i)];
      EXPECT_TRUE(row.converged) << i;
      const double h = 1.5 * (1 - 2.0 * i / steps);
      if (h > -switching_field(psi) + 1e-3) {
        phi = follow(phi, h, psi);
        on_the_branch(row.m[0] - std::cos(phi)), on_the_branch(row.m[1] - std::sin(phi));
      }
      if (row.m[0] < -0.5) jump = -h;
    }
    for (std::size_t i = 0; i < rows.size() / 2; ++i)
      way_back(rows[rows.size() / 2 + i].m[0] + rows[i].m[0]);
    const std::string moment = "single moment, field " + std::to_string(std::lround(degrees)) +
                               " degrees off the easy axis";
    record({moment, "largest error of m up to the jump", 0, tolerance(1e-5, 1e-3),
            "minimum of the energy by Newton's method"},
           on_the_branch);
    EXPECT_GE(jump, switching_field(psi) - 1e-3);
    record({moment, "switching field over B_K, in steps of 0.01", switching_field(psi), 0.0101,
            "Stoner and Wohlfarth 1948"},
           jump);
    record({moment, "largest m(B) + m(-B) of the two branches", 0, tolerance(1e-5, 2e-3),
            "symmetry of the energy"},
           way_back);
  }
};
KUBOMAG_ON_EVERY_BACKEND(HysteresisLoop);

TEST_P(HysteresisLoop, StonerWohlfarthAt30Degrees) { expect_stoner_wohlfarth(30); }

TEST_P(HysteresisLoop, StonerWohlfarthAt45Degrees) { expect_stoner_wohlfarth(45); }

TEST_P(HysteresisLoop, StonerWohlfarthAlongTheEasyAxis) {
  // In the exact direction of the field a moment has no reason to leave: the kick gives it one.
  Problem p = one_moment();
  p.m = {1, 0, 0};
  const auto rows = run(p, loop_at(0, 300, 1e-6, 0.01));
  double jump = 0;
  for (std::size_t i = 0; i <= 300; ++i)
    if (rows[i].m[0] < 0 && jump == 0) jump = -1.5 * (1 - 2.0 * static_cast<double>(i) / 300);
  record({"single moment, field along the easy axis, kicked",
          "switching field over B_K, in steps of 0.01", 1, 0.0101, "Stoner and Wohlfarth 1948"},
         jump);
  EXPECT_NEAR(rows[150].m[0], 1, 1e-4);  // B = 0
  EXPECT_NEAR(rows[300].m[0], -1, 1e-4);
}

TEST_P(HysteresisLoop, StonerWohlfarthAlongTheHardAxis) {
  // m_y = B/B_K up to 1: no remanence, no loss
  Problem p = one_moment();
  p.m = {0, 1, 0};
  const auto rows = run(p, loop_at(constants::pi / 2, 300, tolerance(1e-8, 1e-7), 0.01));
  Worst worst;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double h = 1.5 * (std::abs(2.0 * (static_cast<double>(i) - 300) / 300) - 1);
    if (std::abs(std::abs(h) - 1) < 0.03) continue;  // soft there: stop_torque is met early
    worst(rows[i].m[1] - std::clamp(h, -1.0, 1.0));
  }
  record({"single moment, field along the hard axis", "largest error of m_y = B/B_K", 0, 1e-4,
          "minimum of the energy"},
         worst);
}

TEST_P(HysteresisLoop, EnergiesAreThoseOfTheLoopsField) {
  Problem p = one_moment();
  p.m = {1, 0, 0};
  const Hysteresis loop = loop_at(0.5, 4, 1e-6, 0);
  io::add_loop_field(loop, p.B_ext);
  Simulation simulation(engine(p), {}, {}, 0, loop);
  LoopRecorder recorder;
  simulation.run(recorder, [](const Progress&) { return true; });
  const auto film = engine(p);
  const auto names = film->observables();
  const double moment = Ms * p.grid.cell_volume();
  for (const LoopRow& row : recorder.rows) {
    const Vec3<double> B = loop.B[static_cast<std::size_t>(row.index)];
    const double expected = -moment * (row.m[0] * B.x + row.m[1] * B.y + row.m[2] * B.z);
    for (std::size_t k = 0; k < names.size(); ++k)
      if (names[k].name == "E_Zeeman") {
        EXPECT_NEAR(row.numbers[k], expected, tolerance(1e-12, 1e-5) * moment * B_K);
      }
  }
}

Problem small_film() {
  Problem p = plain_film(12, 6, 5e-9, 5e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 0.2, 0.1}; });
  return p;
}

TEST_P(HysteresisLoop, AnInterruptedLoopContinuesBitByBit) {
  Problem p = small_film();
  const Hysteresis loop = loop_at(0.2, 6, 1e-4, 1e-3);
  io::add_loop_field(loop, p.B_ext);
  OutputPlan plan;
  plan.fields = {"m"};
  Simulation whole(engine(p), plan, {}, 0, loop);
  LoopRecorder expected;
  long calls = 0;
  EXPECT_EQ(whole.run(expected, [&](const Progress&) { return ++calls > 0; }), Outcome::done);
  for (const long stop : {1l, calls / 3, calls / 2, calls - 2}) {
    Simulation first(engine(p), plan, {}, 0, loop);
    LoopRecorder rows;
    long asked = 0;
    EXPECT_EQ(first.run(rows, [&](const Progress&) { return ++asked < stop; }),
              Outcome::interrupted);
    Simulation second(engine(p), plan, {}, 0, loop);
    second.engine().restore(first.engine().checkpoint());
    second.set_state(first.state());
    EXPECT_EQ(second.run(rows, [](const Progress&) { return true; }), Outcome::done);
    ASSERT_EQ(rows.rows.size(), expected.rows.size()) << stop;
    EXPECT_EQ(rows.sets, expected.sets);
    EXPECT_EQ(second.state().steps, whole.state().steps);
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      EXPECT_EQ(rows.rows[i].index, static_cast<long>(i));
      EXPECT_EQ(rows.rows[i].m, expected.rows[i].m) << "point " << i << ", stop " << stop;
      EXPECT_EQ(rows.rows[i].numbers, expected.rows[i].numbers);
    }
  }
}

TEST_P(HysteresisLoop, HeldCellsAreNotKicked) {
  Problem p = small_film();
  std::vector<double> frozen(p.grid.cells(), 0.0);
  frozen[5] = 1;
  p.material.set("frozen", ScalarMap(frozen));
  Hysteresis loop = loop_at(0.2, 2, 1e-4, 0.1);
  loop.frozen = p.material["frozen"];
  const auto before = engine(p)->m();
  for (const LoopRow& row : run(p, loop))
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(row.m[c * p.grid.cells() + 5], before[c * p.grid.cells() + 5],
                  tolerance(1e-14, 1e-6));
}

}  // namespace
}  // namespace kubomag::test
