#include "kubomag/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_engine.hpp"

using namespace kubomag;
using testing_support::FakeEngine;

namespace {

struct Row {
  double t, m;
  bool operator==(const Row&) const = default;
};

class MemoryRecorder : public Recorder {
 public:
  void table_row(Engine& engine) override { rows.push_back({engine.time(), engine.m()[0]}); }
  void fields(Engine& engine, long index) override { sets.emplace_back(index, engine.time()); }
  void pictures(Engine& engine, long index) override { images.emplace_back(index, engine.time()); }

  bool ends() const override { return last_row > 0 && rows.size() == last_row; }

  std::vector<Row> rows;
  std::vector<std::pair<long, double>> sets, images;
  std::size_t last_row = 0;  // ends the run; 0: none does
};

OutputPlan plan(double table, double fields, double pictures) {
  OutputPlan plan;
  plan.table_interval = table;
  plan.field_interval = fields;
  plan.picture_interval = pictures;
  return plan;
}

bool always(const Progress&) { return true; }

constexpr double ps = 1e-12;

}  // namespace

TEST(Simulation, RecordsAtMultiplesOfTheIntervals) {
  Simulation simulation(std::make_unique<FakeEngine>(3.7 * ps), plan(10 * ps, 40 * ps, 200 * ps),
                        {}, 200 * ps);
  MemoryRecorder recorder;
  EXPECT_EQ(simulation.run(recorder, always), Outcome::done);
  ASSERT_EQ(recorder.rows.size(), 21u);  // 0, 10, ..., 200 ps
  for (std::size_t k = 0; k < recorder.rows.size(); ++k)
    EXPECT_NEAR(recorder.rows[k].t, 1e-11 * static_cast<double>(k), 1e-25);
  ASSERT_EQ(recorder.sets.size(), 6u);
  EXPECT_EQ(recorder.sets[5].first, 5);
  EXPECT_NEAR(recorder.sets[5].second, 200 * ps, 1e-25);
  EXPECT_EQ(recorder.images.size(), 2u);
}

TEST(Simulation, TheRecorderEndsARun) {
  Simulation simulation(std::make_unique<FakeEngine>(3 * ps), plan(10 * ps, 20 * ps, 0), {},
                        1000 * ps);
  MemoryRecorder recorder;
  recorder.last_row = 5;  // at 40 ps
  EXPECT_EQ(simulation.run(recorder, always), Outcome::done);
  EXPECT_EQ(recorder.rows.size(), 5u);
  EXPECT_EQ(recorder.sets.size(), 3u);  // that of the same moment among them
  EXPECT_NEAR(simulation.engine().time(), 40 * ps, 1e-24);
  const long steps = simulation.state().steps;
  EXPECT_EQ(simulation.run(recorder, always), Outcome::done);  // resumed: it has ended
  EXPECT_EQ(simulation.state().steps, steps);
}

// 20 * 10 ps and 1 * 200 ps differ by a rounding: no step may have that length.
TEST(Simulation, CoincidingOutputsCostNoTinyStep) {
  auto engine = std::make_unique<FakeEngine>(1);  // only the schedule limits the steps
  double previous = 0, smallest = 1;
  engine->on_step = [&](double t) {
    smallest = std::min(smallest, t - previous);
    previous = t;
  };
  Simulation simulation(std::move(engine), plan(10 * ps, 70 * ps, 0), {}, 1000 * ps);
  MemoryRecorder recorder;
  simulation.run(recorder, always);
  EXPECT_GT(smallest, 9.9 * ps);
  EXPECT_EQ(recorder.rows.size(), 101u);
  EXPECT_EQ(recorder.sets.size(), 15u);
}

TEST(Simulation, NoOutputsAtAll) {
  Simulation simulation(std::make_unique<FakeEngine>(3 * ps), {}, {}, 20 * ps);
  MemoryRecorder recorder;
  EXPECT_EQ(simulation.run(recorder, always), Outcome::done);
  EXPECT_TRUE(recorder.rows.empty());
  EXPECT_DOUBLE_EQ(simulation.engine().time(), 20 * ps);
}

TEST(Simulation, InterruptedAndContinuedIsBitExact) {
  const OutputPlan outputs = plan(10 * ps, 0, 0);
  MemoryRecorder whole;
  Simulation(std::make_unique<FakeEngine>(0.9 * ps), outputs, {}, 300 * ps).run(whole, always);

  for (const int stop_after : {1, 7, 12, 50}) {
    MemoryRecorder parts;
    Simulation first(std::make_unique<FakeEngine>(0.9 * ps), outputs, {}, 300 * ps);
    int steps = 0;
    const auto stop = [&](const Progress&) { return ++steps < stop_after; };
    EXPECT_EQ(first.run(parts, stop), Outcome::interrupted);
    EXPECT_EQ(first.state().steps, stop_after);

    Simulation second(std::make_unique<FakeEngine>(0.9 * ps), outputs, {}, 300 * ps);
    second.engine().restore(first.engine().checkpoint());
    second.set_state(first.state());
    EXPECT_EQ(second.run(parts, always), Outcome::done);
    EXPECT_EQ(parts.rows, whole.rows) << "stopped after " << stop_after;
  }
}

TEST(Simulation, RelaxesFirstAndCanBeInterruptedThere) {
  Relax relax;
  relax.max_steps = 5;
  Simulation simulation(std::make_unique<FakeEngine>(ps), plan(ps, 0, 0), relax, 2 * ps);
  MemoryRecorder recorder;
  const auto stop = [](const Progress& progress) { return progress.steps < 2; };
  EXPECT_EQ(simulation.run(recorder, stop), Outcome::interrupted);
  EXPECT_FALSE(simulation.state().relaxed);
  EXPECT_TRUE(recorder.rows.empty());
  EXPECT_EQ(simulation.run(recorder, always), Outcome::done);
  EXPECT_TRUE(simulation.relax_info()->converged);
  EXPECT_EQ(recorder.rows.size(), 3u);
}

TEST(Simulation, AFailedStepPassesThrough) {
  auto engine = std::make_unique<FakeEngine>(ps);
  engine->fail_at = 5 * ps;
  Simulation simulation(std::move(engine), plan(ps, 0, 0), {}, 10 * ps);
  MemoryRecorder recorder;
  EXPECT_THROW(simulation.run(recorder, always), RunError);
  EXPECT_EQ(recorder.rows.size(), 6u);
}
