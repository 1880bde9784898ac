// scripts/gpu-report on a machine that is played by small scripts, by a clock that only moves when
// something hangs: which parts run, within which time, and what is left behind. And the films that
// it runs, on the CPU.
#include <algorithm>
#include <sstream>

#include "support/json.hpp"
#include "support/program_test.hpp"

using namespace kubomag;
using kubomag::test::Result;
using kubomag::testing_support::slurp;
using testing::AllOf;
using testing::HasSubstr;

namespace fs = std::filesystem;

namespace {

class GpuReport : public test::ProgramTest {
 protected:
  GpuReport() : ProgramTest("/usr/bin/env") {}

  void SetUp() override {
    write("clock", "0\n");
    // Run by bash before the script. What hangs leaves with 124 and has then taken the rest of its
    // part.
    write("machine.sh", R"sh(echo $$ > "$PLAYED/pid"
unset SECONDS
set -o functrace
trap 'read -r SECONDS <"$PLAYED/clock"' DEBUG
timeout() {
  "${@:4}"
  local status=$?
  [[ $status -ne 124 ]] || { echo "$part_end" >"$PLAYED/$BASHPID" && mv "$PLAYED/$BASHPID" "$PLAYED/clock"; }
  return "$status"
})sh");
    program("tools/nproc", "echo 2");
    program("tools/nvidia-smi", "echo 'NVIDIA \"Test\" 1'");
    program("bundle/bin/kubomag", R"sh(echo "kubomag $*" >> "$CALLS"
echo "by $KUBOMAG_CUDA_CONVOLUTION: $1" >> "$CALLS"
while [ $# -gt 0 ]; do [ "$1" = --json ] && echo '{}' > "$2"; shift; done)sh");
    program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) echo "own_test $*" >> "$CALLS"; echo '[       OK ] Suite.Case/cuda_single (3 ms)' ;;
esac)sh");
    program("bundle/tests/other_test", "printf 'Suite.\\n'");  // no case of the GPU
    program("tools/compute-sanitizer",
            R"sh(echo "sanitizer $*, graphs $KUBOMAG_CUDA_GRAPHS" >> "$CALLS")sh");
    program("tools/ncu", R"sh(echo "ncu $*, graphs $KUBOMAG_CUDA_GRAPHS" >> "$CALLS")sh");
    write("bundle/bin/libkubomag_cuda.so", "");
    write("bundle/COMMIT", "0123456789\n");
  }

  void program(const std::string& name, const std::string& text) const {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n" << text << "\n";
    fs::permissions(path, fs::perms::owner_all);
  }

  Result report(const std::string& machine = "machine.sh",
                const std::string& seconds = "1000") const {
    const std::string here = folder_.path().string();
    return kubomag({"PATH=" + here + "/tools:/usr/bin:/bin", "CALLS=" + here + "/calls",
                    "PLAYED=" + here, "BASH_ENV=" + here + "/" + machine, "bash",
                    KUBOMAG_SOURCE_DIR "/scripts/gpu-report", "--bundle", here + "/bundle", "-o",
                    here + "/results", "--seconds", seconds});
  }
  nlohmann::json summary() const { return test::json_of(slurp(folder_ / "results/summary.json")); }
  std::string calls() const { return slurp(folder_ / "calls"); }
  long films() const {
    long count = 0;
    for (const auto& entry : fs::directory_iterator(KUBOMAG_SOURCE_DIR "/benchmarks/gpu"))
      count += entry.path().extension() == ".toml";
    return count;
  }
};

long count(const std::string& text, const std::string& what) {
  long found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST_F(GpuReport, RunsEveryPartOnce) {
  const Result result = report();
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  const auto found = summary();
  EXPECT_EQ(found["device"], "NVIDIA \"Test\" 1");
  EXPECT_EQ(found["commit"], "0123456789");
  EXPECT_EQ(found["finished"], true);
  for (const char* part : {"tests", "bench", "replicas", "bench_8192", "convolutions", "diagram",
                           "memcheck", "racecheck", "initcheck", "profile"})
    EXPECT_EQ(found[part], "passed") << part;
  EXPECT_EQ(files("results"), (std::set<std::string>{"device.txt",
                                                     "tests.txt",
                                                     "bench-single.json",
                                                     "bench-single.txt",
                                                     "bench-double.json",
                                                     "bench-double.txt",
                                                     "bench-8192-local.json",
                                                     "bench-8192-local.txt",
                                                     "bench-8192-demag.json",
                                                     "bench-8192-demag.txt",
                                                     "bench-batched.json",
                                                     "bench-batched.txt",
                                                     "bench-by_component.json",
                                                     "bench-by_component.txt",
                                                     "bench-fused.json",
                                                     "bench-fused.txt",
                                                     "bench-replicas-single.json",
                                                     "bench-replicas-single.txt",
                                                     "bench-replicas-double.json",
                                                     "bench-replicas-double.txt",
                                                     "diagram.txt",
                                                     "memcheck.txt",
                                                     "racecheck.txt",
                                                     "initcheck.txt",
                                                     "profile.txt",
                                                     "summary.json"}));
  EXPECT_EQ(count(calls(), "own_test --gtest_filter"), 1);
  EXPECT_EQ(found["cases"], "1 passed, 0 failed, 0 skipped, 0 not run");
  EXPECT_EQ(found["unfinished"], "");
  EXPECT_EQ(found["seconds_of_parts"].size(), 10u);
  for (const char* precision : {"single", "double"}) {
    const std::string bench = std::string("kubomag bench --device cuda --precision ") + precision;
    EXPECT_EQ(count(calls(), bench + " --png"), 1);
    EXPECT_EQ(count(calls(), bench + " --workloads demag --sizes 64 "), 1);
  }
  for (const char* method : {"batched", "by_component", "fused"})
    EXPECT_EQ(count(calls(), std::string("by ") + method + ": bench"), 1) << method;
  EXPECT_EQ(count(calls(), "--workloads local --sizes 8192 "), 1);
  EXPECT_EQ(count(calls(), "--workloads demag --sizes 8192 "), 1);
  EXPECT_EQ(count(calls(), "kubomag sweep benchmarks/diagram.toml --device cuda"), 1);
  for (const char* tool : {"memcheck", "racecheck", "initcheck"})
    EXPECT_EQ(count(calls(), std::string("--tool ") + tool), films()) << tool;
  EXPECT_GE(films(), 10);
  for (const char* sweep : {"gang", "cells"})
    EXPECT_EQ(count(calls(), std::string("kubomag sweep benchmarks/gpu/") + sweep), 3) << sweep;
  EXPECT_EQ(count(calls(), "ncu "), 2);
  EXPECT_EQ(count(calls(), "graphs off"), films() + 2);  // racecheck and ncu take no graphs
}

// Tests are named in the order in which they are begun.
TEST_F(GpuReport, NamesTestsThatThereAre) {
  std::set<std::string> known;
  for (const auto& entry : fs::recursive_directory_iterator(KUBOMAG_SOURCE_DIR "/tests"))
    known.insert(entry.path().stem());
  std::istringstream script(slurp(KUBOMAG_SOURCE_DIR "/scripts/gpu-report"));
  int named = 0;
  bool inside = false;
  for (std::string line; std::getline(script, line);) {
    inside = inside || line.rfind("readonly tests_", 0) == 0;
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\'' || c == '='; }, ' ');
    std::istringstream words(line);
    for (std::string word; inside && words >> word;) {
      if (word.size() <= 5 || word.substr(word.size() - 5) != "_test") continue;
      EXPECT_EQ(known.count(word), 1u) << word;
      ++named;
    }
    inside = inside && !line.empty();
  }
  EXPECT_GT(named, 10);
}

TEST_F(GpuReport, FailuresAndSkippedTestsFail) {
  program("bundle/tests/third_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n  Case/cuda_double\n  Late/cuda\n' ;;
  *) echo '[ RUN      ] Suite.Case/cuda_single'
     echo 'wrong by 3'
     echo '[  FAILED  ] Suite.Case/cuda_single, where GetParam() = cuda single (3 ms)'
     echo '[  SKIPPED ] Suite.Case/cuda_double (0 ms)'
     echo '[  FAILED  ] Suite.Case/cuda_single, where GetParam() = cuda single'
     exit 1 ;;
esac)sh");
  program("tools/compute-sanitizer", R"sh(case "$*" in *racecheck*terms*) exit 9 ;; esac)sh");
  EXPECT_EQ(report().status, 1);
  EXPECT_EQ(summary()["tests"], "failed");
  EXPECT_EQ(summary()["racecheck"], "failed");
  EXPECT_EQ(summary()["memcheck"], "passed");
  EXPECT_EQ(summary()["cases"], "1 passed, 1 failed, 1 skipped, 1 not run");
  const std::string tests = slurp(folder_ / "results/tests.txt");
  EXPECT_THAT(tests,
              HasSubstr("third_test: 0 passed, 1 failed, 1 skipped, 1 not run\nwrong by 3\n"));
  EXPECT_THAT(tests, HasSubstr("failed: third_test"));

  fs::remove(folder_ / "bundle/tests/third_test");
  program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) echo 'NOT RUN ON A GPU: no device' ;;
esac)sh");
  EXPECT_EQ(report().status, 1);
  EXPECT_EQ(summary()["tests"], "failed");
}

// A tool that ends by a signal has found nothing; what it does not take may be the fused kernels.
TEST_F(GpuReport, ACrashIsNoFailure) {
  program("tools/compute-sanitizer", R"sh(case "$*" in *racecheck*terms*)
  echo "by $KUBOMAG_CUDA_CONVOLUTION" >> "$CALLS"
  [ "$KUBOMAG_CUDA_CONVOLUTION" = batched ] && exit 0
  echo "========= Error: process didn't terminate successfully"; exit 9 ;;
esac)sh");
  program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) echo '[ RUN      ] Suite.Case/cuda_single'; kill -SEGV $$ ;;
esac)sh");
  EXPECT_EQ(report().status, 1);
  EXPECT_EQ(summary()["racecheck"], "crashed");
  EXPECT_EQ(summary()["racecheck_by_cufft"], "passed");
  EXPECT_EQ(count(calls(), "by batched\n"), 1);
  EXPECT_THAT(slurp(folder_ / "results/racecheck.txt"), HasSubstr("crashed: terms"));
  EXPECT_EQ(summary()["tests"], "crashed");
  EXPECT_THAT(slurp(folder_ / "results/tests.txt"),
              HasSubstr("the last case that began: Suite.Case/cuda_single"));
}

// What the other parts leave is for tests that were stopped.
TEST_F(GpuReport, TestsAreGivenTheTimeThatIsLeft) {
  program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) [ -e "$CALLS.begun" ] || { : > "$CALLS.begun"; exit 124; }
     echo '[       OK ] Suite.Case/cuda_single (3 ms)' ;;
esac)sh");
  EXPECT_EQ(report().status, 0);
  EXPECT_EQ(summary()["tests"], "passed");
  EXPECT_EQ(summary()["cases"], "1 passed, 0 failed, 0 skipped, 0 not run");
  EXPECT_EQ(summary()["unfinished"], "");
  EXPECT_THAT(slurp(folder_ / "results/tests.txt"),
              AllOf(HasSubstr("stopped after 280 s: "), HasSubstr("out of time: own_test")));
}

TEST_F(GpuReport, ToolsThatAreNotThereAreNamed) {
  fs::remove(folder_ / "tools/compute-sanitizer");
  program("tools/ncu", "echo '==ERROR== ERR_NVGPUCTRPERM'; exit 1");
  EXPECT_EQ(report().status, 0);
  EXPECT_EQ(summary()["memcheck"], "none (no compute-sanitizer)");
  EXPECT_EQ(summary()["profile"], "none (no right to read the counters)");

  // that is no profile
  program("tools/ncu", "echo '==WARNING== No kernels were profiled.'");
  EXPECT_EQ(report().status, 1);
  EXPECT_EQ(summary()["profile"], "failed");

  fs::remove(folder_ / "tools/nvidia-smi");
  const Result result = report();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("no GPU here"));
}

/// Parts that hang are stopped, the others keep their time, and the sum is kept.
TEST_F(GpuReport, StaysWithinItsTime) {
  program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) exit 124 ;;
esac)sh");
  program("tools/compute-sanitizer", "exit 124");
  EXPECT_EQ(report().status, 1);
  EXPECT_EQ(summary()["tests"], "out of time");
  EXPECT_EQ(summary()["unfinished"], "own_test");
  EXPECT_EQ(summary()["bench"], "passed");
  EXPECT_EQ(summary()["memcheck"], "out of time");
  EXPECT_EQ(summary()["profile"], "passed");
  // Shares of 28 and three times 5 hundredths, and all that is left but for a second.
  EXPECT_EQ(summary()["seconds_of_parts"]["tests"], 280);
  EXPECT_EQ(summary()["seconds_of_parts"]["sanitizer"], 150);
  EXPECT_EQ(summary()["seconds_of_parts"]["unfinished"], 569);
  EXPECT_EQ(summary()["seconds"], 999);
  EXPECT_THAT(slurp(folder_ / "results/tests.txt"),
              AllOf(HasSubstr("stopped after 280 s: "), HasSubstr("stopped after 569 s: ")));
  // Eight at a time; for others nothing is left.
  EXPECT_THAT(slurp(folder_ / "results/memcheck.txt"),
              AllOf(HasSubstr("stopped after 50 s: "), HasSubstr("not run")));
}

// By the true clock: a run ends by itself, whatever there was the time for.
TEST_F(GpuReport, ProgramsThatHangAreStopped) {
  program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) exec sleep 1000 ;;
esac)sh");
  EXPECT_EQ(report("no.sh", "10").status, 1);
  EXPECT_EQ(summary()["tests"], "out of time");
  EXPECT_EQ(summary()["unfinished"], "own_test");
  EXPECT_EQ(summary()["finished"], true);
}

// Rates come first, then the tests; the summary says which parts were not run.
TEST_F(GpuReport, ARunThatIsCutOffLeavesWhatItHad) {
  program("bundle/tests/own_test", R"sh(case "$*" in
  *--gtest_list_tests*) printf 'Suite.\n  Case/cuda_single\n' ;;
  *) read -r pid < "$PLAYED/pid"; kill -KILL "$pid" ;;
esac)sh");
  EXPECT_NE(report().status, 0);
  EXPECT_EQ(summary()["finished"], false);
  EXPECT_EQ(summary()["bench"], "passed");
  EXPECT_EQ(summary()["tests"], "not run");
  EXPECT_EQ(summary()["diagram"], "not run");
  EXPECT_EQ(files("results").count("bench-single.json"), 1u);
}

class GpuFilms : public test::ProgramTest {
 protected:
  GpuFilms() : ProgramTest(KUBOMAG_PROGRAM) {}

  static std::vector<fs::path> films() {
    std::vector<fs::path> paths;
    for (const char* folder : {"gpu", "profile"})
      for (const auto& entry :
           fs::directory_iterator(fs::path(KUBOMAG_SOURCE_DIR) / "benchmarks" / folder))
        paths.push_back(entry.path());
    return paths;
  }
};

TEST_F(GpuFilms, RunOnTheCpu) {
  for (const fs::path& film : films()) {
    if (film.parent_path().filename() == "profile") continue;  // large
    const char* command = slurp(film).find("\n[sweep]") == std::string::npos ? "run" : "sweep";
    const Result result =
        kubomag({command, film, "--device", "cpu", "--quiet", "--force", "-o", film.stem()});
    EXPECT_EQ(result.status, 0) << film << result.err;
  }
  for (const char* file : {"profile/demag", "profile/local", "diagram"})
    EXPECT_EQ(
        kubomag({"check", std::string(KUBOMAG_SOURCE_DIR "/benchmarks/") + file + ".toml"}).status,
        0);
}

// What is in no film is seen by no checker.
TEST_F(GpuFilms, HaveEveryTermSchemeAndSignal) {
  std::string all;
  for (const fs::path& film : films()) all.append("\n").append(slurp(film));
  const auto expect = [&](const char* before, const std::string& what, const char* after) {
    const std::string wanted = std::string(before).append(what).append(after);
    EXPECT_NE(all.find(wanted), std::string::npos) << "no film has " << wanted;
  };
  std::istringstream terms(kubomag({"terms"}).out);
  int inputs = 0;
  for (std::string line; std::getline(terms, line);) {
    std::istringstream words(line);
    std::string key, next;
    words >> key >> next;
    if (line.rfind("  ", 0) != 0 || (next.rfind('[', 0) != 0 && next != "one")) continue;
    if (key.size() > 2 && key[key.size() - 2] == '_' && key.back() >= 'x')
      key.resize(key.size() - 2);
    expect("\n", key, " = ");
    ++inputs;
  }
  EXPECT_GT(inputs, 30);
  for (const char* section : {"gate", "relax", "minimise", "sweep", "[E]", "[J]", "[psi]",
                              "[B_ext]", "[E_z]", "[current]", "[custom_field]", "[custom_torque]"})
    expect("\n[", section, "]\n");
  for (const char* kind : {"constant", "step", "sine", "pulse", "table", "formula"})
    expect("kind = \"", kind, "\"");
  for (const char* scheme : {"dormand_prince", "bogacki_shampine", "rk4", "heun"})
    expect("\"", scheme, "\"");
  for (const char* model : {"dirac", "rashba", "rashba_dresselhaus"})
    expect("model = \"", model, "\"");
}

}  // namespace
