// The thermal field at steps of any length: the Wiener path behind it, and what moments do.
#include <functional>

#include "backend/cpu_backend.hpp"
#include "kubomag/error.hpp"
#include "solver/field_map_cpu.hpp"
#include "solver/thermal_field.hpp"
#include "support/backends.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

constexpr double Ms = 8e5;

Problem warm_film(int nx, int ny, double T, double alpha) {
  Problem p = plain_film(nx, ny, 4e-9, 4e-9, 3e-9);
  p.material.set("Temp", T);
  p.material.set("alpha", alpha);
  return p;
}

/// The increments of the path over a step, in units of their standard deviation.
class Path {
 public:
  Path()
      : backend_(1),
        problem_(warm_film(150, 140, 300, 0.1)),
        upload_(backend_, problem_.grid.cells()),
        thermal_(problem_, backend_, upload_),
        B_(backend_, problem_.grid.cells()) {
    strength_ = std::sqrt(2 * constants::k_B * 300 * 0.1 /
                          (Ms * problem_.GammaLL * problem_.grid.cell_volume()));
  }

  /// Tries a step; W/sqrt(dt) of all cells and components.
  std::vector<double> attempt(double dt) {
    for (path_.room = thermal_.room(); !path_.cover(dt); path_.room = thermal_.room())
      thermal_.make_room();
    thermal_.follow(path_.step);
    write_summands<CpuBackend, double>(backend_, problem_.grid, std::as_const(B_).view(), B_.view(),
                                       [&](auto& to) { thermal_.add_to(to); });
    std::vector<double> W = std::as_const(B_).download(backend_);
    for (double& w : W) w *= std::sqrt(dt) / strength_;
    return W;
  }
  void accept() {
    thermal_.drop();
    path_.pass();
  }
  int pieces() const { return path_.count; }

 private:
  CpuBackend backend_;
  Problem problem_;
  ParamUploader<CpuBackend, double, false> upload_;
  ThermalField<CpuBackend, double, false> thermal_;
  VectorBuffer<CpuBackend, double> B_;
  NoisePath path_;
  double strength_ = 0;
};

/// Within four standard errors a set of independent normal numbers.
void expect_normal(const std::vector<double>& W) {
  const auto n = static_cast<double>(W.size());
  double sum = 0, square = 0, fourth = 0;
  for (const double w : W) sum += w, square += w * w, fourth += w * w * w * w;
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(square / n, 1, 4 * std::sqrt(2 / n));
  EXPECT_NEAR(fourth / n, 3, 4 * std::sqrt(96 / n));
}

void expect_independent(const std::vector<double>& a, const std::vector<double>& b) {
  double product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) product += a[i] * b[i];
  const auto n = static_cast<double>(a.size());
  EXPECT_NEAR(product / n, 0, 4 / std::sqrt(n));
}

TEST(ThermalPath, AttemptsOfAllLengthsAreTheSamePath) {
  Path path;
  const auto whole = path.attempt(10e-15), first = path.attempt(3e-15);
  expect_normal(whole), expect_normal(first);
  path.accept();
  const auto rest = path.attempt(7e-15);  // exactly what is left of the first attempt
  expect_normal(rest), expect_independent(first, rest);
  for (std::size_t i = 0; i < whole.size(); ++i)
    ASSERT_NEAR(std::sqrt(3) * first[i] + std::sqrt(7) * rest[i], std::sqrt(10) * whole[i], 1e-12);
  EXPECT_EQ(path.attempt(7e-15), rest);
}

TEST(ThermalPath, StepsBeyondWhatWasSeenGoOn) {
  Path path;
  path.attempt(10e-15), path.attempt(4e-15);
  const auto a = path.attempt(2.5e-15);  // refused twice
  path.accept();
  const auto b = path.attempt(6e-15);  // covers a piece, crosses another
  expect_normal(b), expect_independent(a, b);
  path.accept();
  const auto c = path.attempt(20e-15);  // the rest of 1.5 fs, and new
  expect_normal(c), expect_independent(b, c), expect_independent(a, c);
  path.accept();
  const auto d = path.attempt(1e-15);
  expect_normal(d), expect_independent(c, d);
}

TEST(ThermalPath, HoweverOftenAStepIsRefused) {
  Path path;
  const auto whole = path.attempt(10e-15);
  std::vector<double> first;
  for (const double dt : {9e-15, 8e-15, 7e-15, 6e-15, 5e-15, 4e-15, 3e-15, 2e-15, 1e-15})
    first = path.attempt(dt);
  EXPECT_EQ(path.pieces(), 10);
  expect_normal(first);
  path.accept();
  const auto next = path.attempt(3e-15);
  expect_normal(next), expect_independent(first, next);
  const auto rest = path.attempt(9e-15);
  for (std::size_t i = 0; i < whole.size(); ++i)
    ASSERT_NEAR(first[i] + 3 * rest[i], std::sqrt(10) * whole[i], 1e-12);
}

TEST(ThermalPath, MorePiecesThanAStepMayHaveAreAnError) {
  Path path;
  EXPECT_THROW(
      {
        for (double dt = 1e-15; dt > 1e-18; dt *= 0.8) path.attempt(dt);
      },
      RunError);
}

class ThermalSteps : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(ThermalSteps);

/// Mean mz of the moments of small warm films in a field along z, each film at its own steps.
struct Ensemble {
  std::vector<double> mz;  // of each moment, over the samples
  long steps = 0, refused = 0;
};

Ensemble sample(const std::function<std::unique_ptr<Engine>(const Problem&)>& make, Problem p,
                int films, double settling) {
  constexpr int samples = 6;
  Ensemble all;
  for (int film = 0; film < films; ++film) {
    p.integrator.seed = 100 + static_cast<std::uint64_t>(film);
    const auto engine = make(p);
    const std::size_t n = p.grid.cells();
    std::vector<double> mean(n, 0);
    for (int k = 0; k < samples; ++k) {
      const double end = (1 + 0.1 * k) * settling;
      while (engine->time() < end) {
        const AdvanceInfo info = engine->advance(end, 1000);
        all.steps += info.steps, all.refused += info.rejected;
      }
      const auto m = engine->m();
      for (std::size_t i = 0; i < n; ++i) mean[i] += m[2 * n + i] / samples;
    }
    all.mz.insert(all.mz.end(), mean.begin(), mean.end());
  }
  return all;
}

TEST_P(ThermalSteps, MomentsFollowBoltzmannWhateverTheDamping) {
  // <mz> = coth x - 1/x with x = Ms V B/(kB T), at steps of which many are refused
  constexpr double B = 0.2, T = 300;
  // A step of a small film costs a GPU its launches, whatever the size: as many moments in fewer
  // films.
  const int edge = GetParam().is("cpu") ? 5 : 10, films = GetParam().is("cpu") ? 100 : 25;
  for (const auto& [alpha, settling] : {std::pair{0.3, 600e-12}, std::pair{1.0, 300e-12}}) {
    Problem p = warm_film(edge, edge, T, alpha);
    p.integrator.MaxErr = 1e-4;
    FieldSource source;
    source.value = {0, 0, B};
    source.signal = Signal::constant();
    p.B_ext = {source};
    const Ensemble moments =
        sample([&](const Problem& film) { return engine(film); }, p, films, settling);
    const auto n = static_cast<double>(moments.mz.size());
    double average = 0, variance = 0;
    for (const double mz : moments.mz) average += mz / n;
    for (const double mz : moments.mz) variance += std::pow(mz - average, 2) / (n - 1);
    const double x = Ms * p.grid.cell_volume() * B / (constants::k_B * T);
    const double standard_error = std::sqrt(variance / n);
    EXPECT_LT(standard_error, 0.008);
    EXPECT_NEAR(average, 1 / std::tanh(x) - 1 / x, 4 * standard_error) << "alpha = " << alpha;
    EXPECT_GT(moments.refused, 0.02 * static_cast<double>(moments.steps));
  }
}

/// A film with everything that a run can have, warm, at steps that are often refused.
Problem busy_warm_film() {
  Problem p = warm_film(13, 9, 200, 0.05);
  p.material.set("Aex", 1e-11);
  p.material.set("Dind", 1e-3);
  p.demag.enabled = true;
  p.m = wavy(p.grid);
  return p;
}

TEST_P(ThermalSteps, AResumedRunHasTheSameBits) {
  const Problem p = busy_warm_film();
  for (const int stop : {0, 7, 20, 41}) {
    const auto all = engine(p), first = engine(p), second = engine(p, 1);
    for (int step = 0; step < 60; ++step) all->step(1e-9);
    for (int step = 0; step < stop; ++step) first->step(1e-9);
    first->observables();  // looking at a run does not change it
    second->restore(first->checkpoint());
    for (int step = stop; step < 60; ++step) second->step(1e-9);
    EXPECT_EQ(all->m(), second->m()) << stop;
    EXPECT_EQ(all->time(), second->time()) << stop;
  }
}

TEST_P(ThermalSteps, ThreadsAndRepetitionDoNotChangeABit) {
  const Problem p = busy_warm_film();
  const auto one = engine(p, 1), again = engine(p, 1), other = engine(p, 3);
  int refused = 0;
  for (int step = 0; step < 60; ++step)
    for (Engine* each : {one.get(), again.get(), other.get()}) refused += each->step(1e-9).rejected;
  EXPECT_GT(refused, 0);
  EXPECT_EQ(one->m(), again->m());
  EXPECT_EQ(one->m(), other->m());
}

TEST_P(ThermalSteps, TheSeedChoosesThePath) {
  Problem p = busy_warm_film();
  const auto same = engine(p);
  p.integrator.seed = 2;
  const auto other = engine(p);
  same->step(1e-9), other->step(1e-9);
  EXPECT_NE(same->m(), other->m());
}

TEST_P(ThermalSteps, ACheckpointOfAnotherFilmIsRefused) {
  const auto film = engine(busy_warm_film());
  film->step(1e-9);
  auto state = film->checkpoint();
  for (int k = 0; k < 8; ++k) state.pop_back();
  EXPECT_THROW(film->restore(state), InputError);
}

}  // namespace
}  // namespace kubomag::test
