// What the memory model predicts is what engines hold, for films of every kind.
#include "solver/device_memory.hpp"

#include <gmock/gmock.h>

#include "kubomag/error.hpp"
#include "solver/step_ring.hpp"
#include "solver/traffic.hpp"
#include "support/backends.hpp"
#include "support/emulated_cuda.hpp"
#include "support/films_of_every_kind.hpp"

using namespace kubomag;
using namespace kubomag::test::films;
using testing::HasSubstr;

namespace {

class MemoryModelTest : public test::OnEveryBackend {
 protected:
  bool cuda() const { return std::string(GetParam().device) != "cpu"; }
  MemoryModel model(const Problem& problem, int threads) const {
    return {problem, cuda() ? DeviceKind::cuda : DeviceKind::cpu, GetParam().precision, threads};
  }
};

bool pulsed(const std::string& name) { return name == "pulsed" || name == "grating"; }

/// With adaptive steps the noise is a path, of which pieces are kept.
Problem noise_of_a_path() {
  Problem p = thermal_film();
  p.integrator.FixDt = 0;
  return p;
}

std::vector<Case> all_cases() {
  std::vector<Case> all(std::begin(cases), std::end(cases));
  all.push_back({"noise of a path", noise_of_a_path});
  return all;
}

/// On the CPU to the byte, but for the rows of a sweep that has not begun. On a GPU the work areas
/// of cuFFT and the block sums are not known before: no less than there is, and not much more.
TEST_P(MemoryModelTest, PredictsWhatEnginesHold) {
  for (const Case& one : all_cases())
    for (const int threads : {1, 3}) {
      const Problem problem = one.problem();
      const auto engine = this->engine(problem, threads);
      engine->step(1e-14);
      engine->observables();
      const double held = static_cast<double>(engine->bytes());
      const double predicted = model(problem, threads).bytes();
      if (cuda()) {
        EXPECT_GE(predicted, held) << one.name;
        EXPECT_LE(predicted - 512 * 1024, 1.5 * held) << one.name;
      } else if (pulsed(one.name)) {  // its first steps may not be swept
        EXPECT_GE(predicted, held) << threads << " threads";
        EXPECT_LE(predicted - held, threads * StepRing<double>::bytes()) << threads << " threads";
      } else {
        EXPECT_EQ(predicted, held) << one.name << ", " << threads << " threads";
      }
    }
}

TEST(EmulatedMemory, FollowsTheConvolution) {
  for (const char* method : {"batched", "by_component", "fused"})
    for (Problem (*make)() : {demag_film, periodic_film}) {
      setenv("KUBOMAG_CUDA_CONVOLUTION", method, 1);
      const Problem problem = make();
      const auto engine = test::make_emulated_engine(problem, true);
      const double held = static_cast<double>(engine->bytes());
      const MemoryModel model(problem, DeviceKind::cuda, Precision::single_precision);
      const MemoryPart reserve = model.parts().back();
      ASSERT_EQ(reserve.name, "reserve");
      EXPECT_GE(model.bytes(), held) << method;
      EXPECT_LE(model.bytes() - reserve.bytes, 1.4 * held) << method;
    }
  unsetenv("KUBOMAG_CUDA_CONVOLUTION");
}

KUBOMAG_ON_EVERY_BACKEND(MemoryModelTest);

/// The environment variable that says how buffers get their memory.
class MemoryMode {
 public:
  explicit MemoryMode(const char* mode) { setenv("KUBOMAG_CUDA_MEMORY", mode, 1); }
  ~MemoryMode() { setenv("KUBOMAG_CUDA_MEMORY", "separate", 1); }
};

double free_on_emulation() {
  std::size_t total = 0, free = 0;
  test::EmulatedCuda::instance().find<KubomagCudaMemory>("kubomag_cuda_memory")(0, &total, &free);
  return static_cast<double>(free);
}

/// Everything that may ask for memory: steps, outputs, relaxation, and steps again.
void use_all(Engine& engine) {
  engine.step(1e-13);
  engine.advance(3e-13, 10);
  engine.observables();
  for (const Quantity& quantity : engine.quantities()) engine.quantity(quantity.name);
  Relax relax;
  relax.max_steps = 2;
  for (const Descent descent : {Descent::in_time, Descent::barzilai_borwein}) {
    relax.descent = descent;
    engine.relax(relax, nullptr);
  }
  engine.set_time(0);
  engine.step(1e-13);
  engine.advance(3e-13, 10);
}

TEST(DeviceArena, IsTakenWholeAtSetUp) {
  const MemoryMode mode("fixed");
  for (const Case& one : all_cases())
    for (const Precision precision : {Precision::single_precision, Precision::double_precision}) {
      const double before = free_on_emulation();
      const Problem problem = one.problem();
      auto engine = test::make_emulated_engine(problem, precision == Precision::single_precision);
      const double taken = before - free_on_emulation();
      EXPECT_NEAR(taken, MemoryModel(problem, DeviceKind::cuda, precision).bytes(), 256)
          << one.name;
      EXPECT_NO_THROW(use_all(*engine)) << one.name;
      EXPECT_EQ(before - free_on_emulation(), taken) << one.name;
      engine.reset();
      EXPECT_EQ(free_on_emulation(), before) << one.name;
    }
}

TEST(DeviceArena, ChangesNoBit) {
  for (const Case& one : all_cases()) {
    std::vector<std::vector<double>> results;
    for (const char* name : {"shared", "separate"}) {
      const MemoryMode mode(name);
      const auto engine = test::make_emulated_engine(one.problem(), true);
      use_all(*engine);
      results.push_back(engine->m());
    }
    EXPECT_EQ(results[0], results[1]) << one.name;
  }
}

TEST(DeviceArena, TellsWhatTheDeviceCopies) {
  const auto copy = test::EmulatedCuda::instance().find<KubomagCudaCopy>("kubomag_cuda_copy");
  EXPECT_GT(copy(0, 1 << 20, 1e-3), 1e6);
}

TEST(MemoryModel, AnotherGridIsThatOfAnotherFilm) {
  Problem large = film(96, 64);
  large.demag.enabled = true;
  const MemoryModel small(demag_film(), DeviceKind::cpu, Precision::double_precision, 2);
  EXPECT_EQ(small.bytes(large.grid),
            MemoryModel(large, DeviceKind::cpu, Precision::double_precision, 2).bytes());
}

TEST(MemoryModel, LargestSquareIsTheLastThatFits) {
  for (const DeviceKind kind : {DeviceKind::cpu, DeviceKind::cuda})
    for (const double available : {1e6, 1e9, 1.4e11}) {
      const MemoryModel model(demag_film(), kind, Precision::single_precision, 1);
      const int n = model.largest_square(available);
      Grid grid = demag_film().grid;
      grid.nx = grid.ny = n;
      EXPECT_GT(n, 10);
      EXPECT_LE(model.bytes(grid), available);
      grid.nx = grid.ny = n + 8;  // past any jump of the transforms' sizes at this one
      EXPECT_GT(model.bytes(grid), available);
    }
  const MemoryModel model(demag_film(), DeviceKind::cuda, Precision::double_precision, 1);
  EXPECT_EQ(model.largest_square(100), 0);
}

TEST(MemoryModel, FilmsThatDoNotFitAreRefusedWithTheNumbers) {
  const MemoryModel model(demag_film(), DeviceKind::cuda, Precision::single_precision);
  Grid grid = demag_film().grid;
  grid.nx = grid.ny = 4096;
  const double GiB = 1024.0 * 1024 * 1024, needed = model.bytes(grid);
  // 4096^2 cells of 4 bytes: (3 (6 + 5 + 1) + 6) numbers of state and outputs; by cuFFT 4 for the
  // tensor and 3 * 4 each for the spectrum, its columns and the work area; the reserve: 9 and a
  // byte
  EXPECT_NEAR(needed / (4 * 4096.0 * 4096.0), 42 + 4 + 3 * 12 + 9.25, 0.1);
  DeviceMemory device{DeviceKind::cuda, "cuda:0 (Test)", 8 * GiB, needed};
  EXPECT_NO_THROW(require_memory(model, grid, device));
  device.available = 2 * GiB;
  try {
    require_memory(model, grid, device);
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("4096 x 4096 cells needs 5.71"));
    EXPECT_THAT(error.what(), HasSubstr("cuda:0 (Test), which has 2 GiB free"));
    const int n = model.largest_square(2 * GiB);
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(n) + " x " + std::to_string(n)));
  }
}

TEST(MemoryModel, ThisMachineHasMemoryAndCopiesIt) {
  const DeviceMemory memory = device_memory({"cpu", {}, 0});
  EXPECT_EQ(memory.kind, DeviceKind::cpu);
  EXPECT_GT(memory.available, 1e7);
  EXPECT_LE(memory.available, memory.total);
  const double rate = copy_bandwidth({"cpu", {}, 1}, 1 << 22, 0.01);
  EXPECT_GT(rate, 1e8);
  EXPECT_LT(rate, 1e13);
  EXPECT_THROW(device_memory({"gpu", {}, 0}), InputError);
}

/// docs/performance.md and the counts of the passes by hand.
TEST(Traffic, IsThatOfThePasses) {
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(dormand_prince), 22);
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(bogacki_shampine), 18);
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(rk4), 15.75);
  // Heun: 9; slope of stage 2 with one earlier slope 15; error with one earlier slope 9
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(heun), 16.5);
  // The first stage on the way: 9 less, and the second reads one array less, or another one
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(dormand_prince, true), 22 - 12. / 6);
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(bogacki_shampine, true), 18 - 9. / 3);
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(rk4, true), 15.75 - 9. / 4);
  EXPECT_DOUBLE_EQ(runge_kutta_numbers(heun, true), 16.5 - 12. / 2);

  Problem p = demag_film();
  p.grid.nx = p.grid.ny = 1024;
  p.integrator.scheme = Scheme::heun;
  const Traffic cpu = evaluation_traffic(p, DeviceKind::cpu, Precision::double_precision);
  EXPECT_NEAR(cpu.demag / 8, 31, 0.05);  // B is not in memory
  EXPECT_DOUBLE_EQ(cpu.passes / 8, 16.5);
  EXPECT_EQ(cpu.added + cpu.drive, 0);
  const Traffic gpu = evaluation_traffic(p, DeviceKind::cuda, Precision::single_precision);
  EXPECT_NEAR(gpu.demag / 4, 34, 0.05);
  // of 33 a step: no first stage, no state of it for the second; its slope, by the convolution
  EXPECT_DOUBLE_EQ(gpu.passes / 4, (33 - 9 - 3 + 3) / 2. + 3);
}

/// On a GPU by its own kernels, and for a film that nothing pads: the words of
/// docs/performance-gpu.md.
TEST(Traffic, OfTheDemagnetisingFieldFollowsTheConvolution) {
  Problem open = demag_film();
  open.grid.nx = open.grid.ny = 1024;
  Problem periodic = open;
  periodic.grid.periodic_x = periodic.grid.periodic_y = true;
  const auto words = [](const Problem& p) {
    return evaluation_traffic(p, DeviceKind::cuda, Precision::single_precision).demag / 4;
  };
  setenv("KUBOMAG_CUDA_CONVOLUTION", "batched", 1);
  EXPECT_NEAR(words(open), 115, 0.2);
  EXPECT_NEAR(words(periodic), 31, 0.1);
  unsetenv("KUBOMAG_CUDA_CONVOLUTION");
  EXPECT_NEAR(words(open), 34, 0.1);
  EXPECT_NEAR(words(periodic), 19, 0.1);
}

TEST(Traffic, FilmsOfLocalTermsMoveEachArrayOnceAStepOnTheCpu) {
  const Problem p = film();
  const double bytes = 8;
  EXPECT_DOUBLE_EQ(evaluation_traffic(p, DeviceKind::cpu, Precision::double_precision).total(),
                   bytes * 12 / 6);  // m and its slope, read and written
  EXPECT_DOUBLE_EQ(evaluation_traffic(p, DeviceKind::cuda, Precision::double_precision).total(),
                   bytes * 20);
}

TEST(Traffic, TorquesAndDrivesAreAdded) {
  Problem p = film();
  p.material.set("theta_SH", 0.1);
  p.current = {{"", {1e11, 0, 0}, {}, Signal::constant()}};
  const Traffic torque = evaluation_traffic(p, DeviceKind::cuda, Precision::single_precision);
  EXPECT_EQ(torque.added, 0);  // it is evaluated in the pass itself
  EXPECT_DOUBLE_EQ(torque.passes / 4, 20);
  FieldSource map{
      "", {}, std::vector<Vec3<double>>(p.grid.cells(), {1e-3, 2e-3, 0}), Signal::constant()};
  p.B_ext.assign(8, map);  // two more than a pass takes, for each the map in and out; set to zero
  const Traffic maps = evaluation_traffic(p, DeviceKind::cuda, Precision::single_precision);
  EXPECT_DOUBLE_EQ(maps.added / 4, 2 * 6 + 3);
  EXPECT_DOUBLE_EQ(maps.passes / 4, 22 + 8 * 3 + 3);
  const Traffic drive =
      evaluation_traffic(driven_film(), DeviceKind::cuda, Precision::single_precision);
  EXPECT_DOUBLE_EQ(drive.drive / 4, 6);  // cosine and sine of psi, E'
  Problem grating = driven_film();
  grating.drive.separable[0].E = [](double x, double) {
    return Vec2<double>{1e5 * std::sin(1e7 * x), 0};
  };
  for (const DeviceKind kind : {DeviceKind::cpu, DeviceKind::cuda})
    EXPECT_LT(evaluation_traffic(grating, kind, Precision::single_precision).drive, 1) << "a line";
}

/// On the CPU the fields of a drive are read once for the six evaluations of a step,
/// unless a field is computed for the whole film at each.
TEST(Traffic, DrivesAreReadOnceAStepOnTheCpu) {
  Problem p = driven_film();
  const auto words = [&] {
    return evaluation_traffic(p, DeviceKind::cpu, Precision::double_precision);
  };
  EXPECT_DOUBLE_EQ(words().drive / 8, 6. / 6);
  EXPECT_DOUBLE_EQ(words().passes / 8, 12. / 6);
  const Problem pulse = pulsed_film();
  EXPECT_DOUBLE_EQ(evaluation_traffic(pulse, DeviceKind::cpu, Precision::double_precision).drive,
                   8 * 12. / 6);  // the four fields of a piece
  p.demag.enabled = true;
  EXPECT_DOUBLE_EQ(words().drive / 8, 6);
  EXPECT_DOUBLE_EQ(words().passes / 8, 22);
}

}  // namespace
