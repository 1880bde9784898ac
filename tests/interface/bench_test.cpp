// kubomag bench: nothing is timed unless trajectories agree, budgets hold, files are whole.
#include <fmt/format.h>

#include "cli/bench_gate.hpp"
#include "cli/bench_measure.hpp"
#include "cli/bench_report.hpp"
#include "cli/bench_workloads.hpp"
#include "kubomag/error.hpp"
#include "support/films.hpp"
#include "support/json.hpp"
#include "support/program_test.hpp"

using namespace kubomag;
using namespace kubomag::cli;
using kubomag::test::Result;
using kubomag::testing_support::slurp;
using testing::HasSubstr;
using testing::Not;

namespace {

class Bench : public test::ProgramTest {
 protected:
  Bench() : ProgramTest(KUBOMAG_PROGRAM) {}
};

TEST_F(Bench, WritesNumbersAndAPicture) {
  const Result result =
      kubomag({"bench", "--device", "cpu", "--sizes", "32,16", "--seconds", "3600", "--workloads",
               "demag,all,sphere", "--json", "bench.json", "--png", "bench.png"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(files(), (std::set<std::string>{"bench.json", "bench.png"}));
  EXPECT_EQ(slurp(folder_ / "bench.png").substr(1, 3), "PNG");
  const auto bench = test::json_of(slurp(folder_ / "bench.json"));
  EXPECT_EQ(bench["precision"], "double");
  EXPECT_EQ(bench["agreement"].size(), 6u);  // two comparisons of each workload
  for (const auto& agreement : bench["agreement"]) EXPECT_EQ(agreement["holds"], true);
  EXPECT_GT(bench["copy"]["bytes_per_second"], 0);
  ASSERT_EQ(bench["points"].size(), 6u);
  EXPECT_EQ(bench["points"][0]["workload"], "demag");
  EXPECT_EQ(bench["points"][0]["cells"], (std::vector<int>{16, 16}));  // small films first
  double seconds = 0;
  for (const auto& point : bench["points"]) {
    seconds += point["seconds"].get<double>();
    const double cells = point["cells"][0].get<double>() * point["cells"][1].get<double>();
    const double evaluations =
        point["steps"].get<double>() * point["evaluations_per_step"].get<double>();
    const double rate = cells * evaluations / point["seconds"].get<double>();
    EXPECT_NEAR(point["cell_evaluations_per_second"].get<double>() / rate, 1, 1e-9);
    const double bytes = point["bytes_per_cell_evaluation"]["total"];
    EXPECT_NEAR(point["share_of_copy_bandwidth"].get<double>() *
                    bench["copy"]["bytes_per_second"].get<double>() / (rate * bytes),
                1, 1e-9);
    EXPECT_NEAR(
        point["simulated_ns_per_hour"].get<double>() /
            (3600e9 * point["steps"].get<double>() * 1e-13 / point["seconds"].get<double>()),
        1, 1e-9);
    EXPECT_THAT(result.out, HasSubstr(point["workload"].get<std::string>()));
  }
  EXPECT_THAT(bench["points"][0]["scheme"], "heun");
  const auto& replicas = bench["replicas"];
  EXPECT_EQ(replicas["films"], 64);
  EXPECT_EQ(replicas["cells"], (std::vector<int>{64, 64}));
  for (const char* rate :
       {"together_cell_evaluations_per_second", "one_by_one_cell_evaluations_per_second"})
    EXPECT_GT(replicas[rate], 0);
  EXPECT_EQ(replicas["difference"], 0);
  EXPECT_THAT(result.out, HasSubstr("64 films of 64 x 64, demag: "));
  EXPECT_GT(bench["seconds"], seconds);
}

TEST_F(Bench, LeavesOutWhatExceedsTheBudget) {
  const Result result = kubomag({"bench", "--device", "cpu", "--sizes", "16,8192", "--seconds",
                                 "60", "--workloads", "demag", "--precision", "single"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("not timed: demag 8192 x 8192: it would take about"));
  EXPECT_THAT(result.out, HasSubstr("single precision"));
  EXPECT_THAT(result.out, Not(HasSubstr("local")));
}

TEST_F(Bench, BadInputIsOneLine) {
  expect_one_line({"bench", "--workloads", "everything"}, "everything");
  expect_one_line({"bench", "--json", "nowhere/bench.json"}, "there is no folder nowhere");
  expect_one_line({"bench", "--png", "bench.jpg"}, "a name that ends in .png is expected");
  expect_one_line({"bench", "--device", "gpu"}, "device 'gpu' is not known");
  expect_one_line({"bench", "--sizes", "0"}, "--sizes");
}

TEST_F(Bench, CheckTellsTheMemoryOfEveryDevice) {
  write("film.toml", workload_text("demag", 64));
  const Result result = kubomag({"check", "film.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Problem problem = workload_config("demag", 64).problem;
  for (const char* name :
       {"memory on the CPU", "demagnetising field", "in all", "largest square film of this kind"})
    EXPECT_THAT(result.out, HasSubstr(name));
  for (const DeviceKind kind : {DeviceKind::cpu, DeviceKind::cuda})
    for (const Precision precision : {Precision::single_precision, Precision::double_precision}) {
      const double bytes = MemoryModel(problem, kind, precision).bytes();
      EXPECT_THAT(result.out,
                  testing::ContainsRegex(fmt::format(
                      "{}, {} precision +{:.4g} MiB", kind == DeviceKind::cpu ? "CPU" : "GPU",
                      precision == Precision::single_precision ? "single" : "double",
                      bytes / (1024 * 1024))));
    }
}

/// Engines of the local workload: a film of the given exchange beside that of the configuration.
Agreement with_exchange(double factor) {
  Problem problem = workload_config("local", 16).problem;
  const auto reference = make_engine(problem, {"cpu", {}, 1});
  problem.material.set("Aex", factor * problem.material["Aex"](0));
  const auto device = make_engine(problem, {"cpu", {}, 1});
  Agreement agreement =
      compare(*device, *reference, test::wavy(problem.grid), problem.integrator.FixDt, 100);
  agreement.bound = 2e-5;
  return agreement;
}

TEST(BenchGate, CatchesATermThatIsAPercentOff) {
  EXPECT_EQ(with_exchange(1).difference, 0);
  EXPECT_TRUE(with_exchange(1).holds());
  EXPECT_FALSE(with_exchange(1.01).holds());
  EXPECT_FALSE(with_exchange(-1).holds());
}

TEST(BenchGate, RefusesFilmsThatDoNotMoveAndNumbersThatAreNone) {
  Agreement agreement;
  agreement.bound = 1e-4;
  EXPECT_FALSE(agreement.holds());  // no motion
  agreement.motion = 0.1;
  EXPECT_TRUE(agreement.holds());
  agreement.difference = NAN;
  EXPECT_FALSE(agreement.holds());
}

TEST(BenchGate, EveryWorkloadAgreesWithinATenthOfTheBound) {
  for (const Workload& workload : workloads())
    for (const Agreement& agreement : check_agreement(workload.name, {"cpu", {}, 0})) {
      EXPECT_TRUE(agreement.holds()) << agreement_line(agreement);
      EXPECT_LE(agreement.difference, 0.1 * agreement.bound) << agreement_line(agreement);
      EXPECT_GT(agreement.motion, 0.05) << agreement_line(agreement);
    }
}

TEST(BenchWorkloads, AreThoseOfTheProtocol) {
  const io::RunConfig demag = workload_config("demag", 32);
  const Problem& p = demag.problem;
  EXPECT_EQ(p.grid.nx, 32);
  EXPECT_EQ(p.grid.ny, 32);
  for (const double edge : {p.grid.dx, p.grid.dy, p.grid.dz}) EXPECT_DOUBLE_EQ(edge, 4e-9);
  EXPECT_DOUBLE_EQ(p.material["Msat"](0), 800e3);
  EXPECT_DOUBLE_EQ(p.material["Aex"](0), 13e-12);
  EXPECT_DOUBLE_EQ(p.material["alpha"](0), 0.01);
  ASSERT_EQ(p.B_ext.size(), 1u);
  EXPECT_DOUBLE_EQ(p.B_ext[0].value.y, 0.01);
  EXPECT_EQ(p.integrator.scheme, Scheme::heun);
  EXPECT_TRUE(p.demag.enabled);
  EXPECT_FALSE(workload_config("local", 32).problem.demag.enabled);
  const Problem all = workload_config("all", 32).problem;
  EXPECT_TRUE(all.demag.enabled && all.surface);
  EXPECT_EQ(MemoryModel(all, DeviceKind::cpu, Precision::double_precision).basis_fields(), 2);
  EXPECT_THROW(workload_text("none", 32), InputError);
}

TEST(BenchBudget, ExpectsTimesToGrowWithTheFilm) {
  Point small;
  small.n = 64, small.steps = 100, small.seconds = 0.1, small.setup_seconds = 0.2;
  EXPECT_NEAR(Budget::expected(small, 128, 1.0), 0.2 * 4.8 + 1.0 + 3 * 0.001 * 4.8, 1e-9);
  EXPECT_NEAR(Budget::expected(small, 6400, 1.0), 12000 * 0.2 + 4 * 0.001 * 12000, 1e-6);
  const Problem p = workload_config("demag", 32).problem;
  EXPECT_EQ(does_not_fit(p, 64, {"cpu", {}, 1}), "");
  EXPECT_THAT(does_not_fit(p, 40000, {"cpu", {}, 1}), HasSubstr("the largest square film"));
}

}  // namespace
