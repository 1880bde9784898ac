// The folder of a run: who may write there, what is removed, what survives.
#include <thread>

#include "support/json.hpp"
#include "support/program_test.hpp"

using kubomag::test::Result;
using kubomag::testing_support::slurp;
using kubomag::testing_support::Subprocess;
using testing::HasSubstr;

namespace {

using Words = std::vector<std::string>;

const std::string film = R"([grid]
cells = [8, 8]
cell = ["4 nm", "4 nm"]
thickness = "3 nm"
[material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
alpha = 0.02
[initial]
m = [1, 0, 0.2]
[device]
device = "cpu"
)";

const std::string short_run = film + R"([run]
time = "10 ps"
[output]
table = "5 ps"
fields = ["m"]
field_interval = "10 ps"
)";

const std::string long_run = film + R"([run]
time = "1 ms"
[output]
table = "5 ps"
)";

class Folder : public kubomag::test::ProgramTest {
 protected:
  Folder() : ProgramTest(KUBOMAG_PROGRAM) {}

  nlohmann::json record() const {
    return kubomag::test::json_of(slurp(folder_ / "film.out/run.json"));
  }
  /// Once the run in film.out has written `file`, or is over.
  void wait_for(Subprocess& run, const std::string& file) const {
    while (run.running() && !there("film.out/" + file))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
};

}  // namespace

TEST_F(Folder, ResultsAreNotOverwrittenUnlessForced) {
  write("film.toml", short_run);
  ASSERT_EQ(kubomag({"run", "film.toml", "--quiet"}).status, 0);
  for (const char* mine : {"notes.txt", "init000000.ovf", "photo123456.png", "m000099.png"})
    write(std::string("film.out/") + mine, "mine");
  write("film.out/m000099.ovf", "stale");
  expect_one_line({"run", "film.toml"},
                  "film.out: holds the results of an earlier run; give another folder with -o, "
                  "continue it with --resume, or overwrite it with --force\n");
  // the fields of the earlier run are results too, whatever this run writes
  write("film.toml", film + "[run]\ntime = \"5 ps\"\n");
  const Result forced = kubomag({"run", "film.toml", "--force", "--quiet"});
  EXPECT_EQ(forced.status, 0) << forced.err;
  EXPECT_EQ(forced.out, "");
  const std::set<std::string> left{"notes.txt", "init000000.ovf", "photo123456.png", "m000099.png",
                                   "run.json",  "log.txt",        "checkpoint",      "m.ovf"};
  EXPECT_EQ(files("film.out"), left);
}

TEST_F(Folder, HasOneWriterAtATime) {
  write("film.toml", long_run);
  write("sweep.toml",
        "[sweep]\nbase = \"film.toml\"\nobserve = [\"mx\"]\n[[axis]]\nkey = "
        "\"material.alpha\"\nvalues = [0.1]\n");
  Subprocess first(program_, {"run", "film.toml"}, folder_.path(), scratch_.path());
  wait_for(first, "table.txt");
  const std::string why =
      "kubomag: film.out: another run is writing to the output folder; give another one with -o\n";
  kubomag::test::TemporaryFolder scratch;
  for (const Words& words : {Words{"run", "film.toml"}, Words{"run", "film.toml", "--force"},
                             Words{"sweep", "sweep.toml", "-o", "film.out", "--force"}}) {
    Subprocess second(program_, words, folder_.path(), scratch.path());
    EXPECT_EQ(second.wait(), 2);
    EXPECT_EQ(second.err(), why);
  }
  first.kill(SIGTERM);
  EXPECT_EQ(first.wait(), 130);
  Subprocess resumed(program_, {"run", "film.toml", "--resume"}, folder_.path(), scratch_.path());
  while (resumed.running() &&
         slurp(folder_ / "film.out/log.txt").find("resumed") == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  Subprocess second(program_, {"run", "film.toml", "--resume"}, folder_.path(), scratch.path());
  EXPECT_EQ(second.wait(), 2);
  EXPECT_EQ(second.err(), why);
  // a lock ends with its process, however that ends
  resumed.kill(SIGKILL);
  resumed.wait();
  write("film.toml", short_run);
  EXPECT_EQ(kubomag({"run", "film.toml", "--force"}).status, 0);
}

TEST_F(Folder, ResumeNeedsAGoodCheckpoint) {
  write("film.toml", short_run);
  expect_one_line({"run", "film.toml", "--resume"},
                  "film.out/checkpoint is missing: there is nothing to resume; run without "
                  "--resume\n");
  ASSERT_EQ(kubomag({"run", "film.toml"}).status, 0);
  write("film.out/checkpoint", "KUBOMAG1 garbage");
  EXPECT_EQ(kubomag({"run", "film.toml", "--resume"}).status, 2);
  // a crash before the first checkpoint leaves results, but nothing to continue from
  std::filesystem::remove(folder_ / "film.out/checkpoint");
  expect_one_line({"run", "film.toml"},
                  "film.out: holds the results of an earlier run; give another folder with -o or "
                  "overwrite it with --force\n");
  expect_one_line({"run", "film.toml", "--resume"},
                  "film.out/checkpoint is missing: there is nothing to resume; begin anew with "
                  "--force, which removes the results that are there\n");
}

TEST_F(Folder, AClosedTerminalIsAnInterruption) {
  write("film.toml", long_run);
  Subprocess run(program_, {"run", "film.toml"}, folder_.path(), scratch_.path());
  wait_for(run, "table.txt");
  run.kill(SIGHUP);  // both the kernel and the shell send one
  run.kill(SIGHUP);
  EXPECT_EQ(run.wait(), 130);
  EXPECT_EQ(record()["status"], "interrupted");
  EXPECT_TRUE(there("film.out/checkpoint"));
}

TEST_F(Folder, NohupAndAFullStandardOutputEndNoRun) {
  write("film.toml", film + "[run]\ntime = \"20 ns\"\n[output]\ntable = \"5 ps\"\n");
  Subprocess run("/bin/sh",
                 {"-c", "trap '' HUP; exec " + program_ + " run film.toml --force > /dev/full"},
                 folder_.path(), scratch_.path());
  wait_for(run, "table.txt");
  run.kill(SIGHUP);
  EXPECT_EQ(run.wait(), 0) << run.err();
  EXPECT_EQ(record()["status"], "done");
}

// Said when it happens, so that it is known of a run that is interrupted later, and resumed.
TEST_F(Folder, AnUnfinishedRelaxationIsReportedAtOnce) {
  write("film.toml", "[relax]\nmax_steps = 3\n" + long_run);
  const std::string line = "the relaxation stopped after 3 steps at ";
  Subprocess run(program_, {"run", "film.toml"}, folder_.path(), scratch_.path());
  wait_for(run, "table.txt");
  EXPECT_THAT(slurp(folder_ / "film.out/log.txt"), HasSubstr(line));
  EXPECT_THAT(run.out(), HasSubstr(line));
  EXPECT_FALSE(record()["relax"]["converged"]);
  run.kill(SIGTERM);
  EXPECT_EQ(run.wait(), 130);
  EXPECT_EQ(record()["relax"]["steps"], 3);
  write("film.toml", "[relax]\nmax_steps = 3\n" + film + "[run]\ntime = 0\n");
  ASSERT_EQ(kubomag({"run", "film.toml", "--resume"}).status, 0);
  EXPECT_EQ(record()["relax"]["steps"], 3);
}
