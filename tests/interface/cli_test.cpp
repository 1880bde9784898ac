// The program as its users meet it: exit status, one line per error, files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "io/ovf.hpp"
#include "io/table.hpp"
#include "support/json.hpp"
#include "support/program_test.hpp"

using namespace kubomag;
using kubomag::test::Result;
using kubomag::testing_support::slurp;
using kubomag::testing_support::Subprocess;
using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

namespace {

const std::string film = R"([grid]
cells = [8, 8]
cell = ["4 nm", "4 nm"]
thickness = "3 nm"
[material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
alpha = 0.02
)";

const std::string short_run = R"([initial]
m = [1, 0, 0.2]
[run]
time = "20 ps"
[output]
table = "5 ps"
fields = ["m", "B_demag"]
field_interval = "10 ps"
pictures = ["m"]
picture_interval = "20 ps"
)";

class Cli : public test::ProgramTest {
 protected:
  Cli() : ProgramTest(KUBOMAG_PROGRAM) {}

  /// film.toml run at once, and interrupted and resumed, gives the same bytes.
  void expect_exact_resumes() {
    ASSERT_EQ(kubomag({"run", "film.toml", "-o", "whole", "--device", "cpu"}).status, 0);
    for (const int signal : {SIGINT, SIGTERM}) {
      int status = 0;
      while (status == 0) status = interrupted(signal);  // again if the run was over before
      ASSERT_EQ(status, 130);
      EXPECT_EQ(record("parts").value("status", ""), "interrupted");
      const Result second =
          kubomag({"run", "film.toml", "-o", "parts", "--device", "cpu", "--resume"});
      ASSERT_EQ(second.status, 0) << second.err;
      EXPECT_EQ(slurp(work() / "parts" / "table.txt"), slurp(work() / "whole" / "table.txt"));
      EXPECT_EQ(slurp(work() / "parts" / "m.ovf"), slurp(work() / "whole" / "m.ovf"));
    }
  }

  /// The exit status of film.toml, run to parts, where the signal comes after some rows.
  int interrupted(int signal) const {
    fs::remove_all(work() / "parts");
    Subprocess run(KUBOMAG_PROGRAM, {"run", "film.toml", "-o", "parts", "--device", "cpu"}, work(),
                   scratch_.path());
    const auto rows = [&] {
      const std::string text = slurp(work() / "parts" / "table.txt");
      return std::count(text.begin(), text.end(), '\n');
    };
    while (run.running() && rows() < 20) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    run.kill(signal);
    return run.wait();
  }

  fs::path work() const { return folder_.path(); }
  nlohmann::json record(const std::string& folder) const {
    return test::json_of(slurp(work() / folder / "run.json"));
  }

  /// Bad input: status 2, exactly `line` on stderr, nothing on stdout, nothing written.
  void expect_refused(const std::string& text, const std::string& line,
                      std::vector<std::string> options = {}) const {
    write("bad.toml", text);
    const auto before = files();
    options.insert(options.begin(), {"run", "bad.toml"});
    const Result result = kubomag(options);
    EXPECT_EQ(result.status, 2) << line;
    EXPECT_EQ(result.err, "kubomag: " + line + "\n");
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(files(), before);
  }
};

}  // namespace

TEST_F(Cli, UnknownKey) {
  expect_refused(film + "Masat = 1\n" + short_run,
                 "bad.toml:9: unknown key 'Masat' in [material]; did you mean 'Msat'?");
}

TEST_F(Cli, WrongUnit) {
  expect_refused(film + "Ku1 = \"4 nA\"\n" + short_run,
                 "bad.toml:9: material.Ku1: '4 nA' is a current; an energy density is expected, "
                 "such as \"10 kJ/m3\"");
}

TEST_F(Cli, TooManyOutputs) {
  expect_refused(film + "[run]\ntime = \"1 ns\"\n[output]\ntable = \"1e-30 s\"\n",
                 "bad.toml:12: output.table: 1e-30 s makes 1e+21 outputs of the run; at most "
                 "1e+09, 1e-18 s or more, is expected");
}

TEST_F(Cli, LengthsHaveALimit) {
  std::string text = film + short_run;
  text.replace(text.find("3 nm"), 4, "3 m");
  expect_refused(text,
                 "bad.toml:4: grid.thickness: 3 m; a length above 0 and of at most 1 m, such as "
                 "\"4 nm\", is expected");
}

// What is wrong is shown, not a whole formula of any length.
TEST_F(Cli, LongFormulasAreCutInMessages) {
  const auto refusal = [&](int terms) {
    std::string sum = "1";
    for (int i = 0; i < terms; ++i) sum += " + 1";
    write("bad.toml", film + "Ku1 = \"" + sum + " + )" + sum + "\"\n" + short_run);
    const Result result = kubomag({"run", "bad.toml"});
    EXPECT_EQ(result.status, 2);
    EXPECT_LT(result.err.size(), 500u);
    return result.err;
  };
  EXPECT_THAT(refusal(500), HasSubstr("formula \"... + 1"));
  EXPECT_THAT(refusal(500), HasSubstr("+ 1 + )1 + 1"));
  EXPECT_THAT(refusal(100000), HasSubstr("it is too long"));
}

// All that OpenMP has, if nobody says how many.
TEST_F(Cli, HonoursTheThreadsOfOpenMP) {
  std::string large = film;  // worth four threads
  large.replace(large.find("[8, 8]"), 6, "[256, 128]");
  write("film.toml", large + "[run]\ntime = 0\n");
  write("sweep.toml",
        "[sweep]\nbase = \"film.toml\"\nobserve = [\"mx\"]\n[[axis]]\n"
        "key = \"material.alpha\"\nvalues = [0.1, 0.2, 0.3, 0.4]\n");
  setenv("OMP_NUM_THREADS", "3", 1);
  const Result run = kubomag({"run", "film.toml", "--device", "cpu"});
  EXPECT_EQ(record("film.out").value("device", ""), "CPU, 3 threads") << run.err;
  EXPECT_EQ(kubomag({"run", "film.toml", "--device", "cpu", "--threads", "2", "--force"}).status,
            0);
  EXPECT_EQ(record("film.out").value("device", ""), "CPU, 2 threads");
  const Result sweep = kubomag({"check", "sweep.toml"});
  EXPECT_THAT(sweep.out, testing::ContainsRegex("points at a time +3")) << sweep.err;
  unsetenv("OMP_NUM_THREADS");
}

TEST_F(Cli, MissingFiles) {
  const Result result = kubomag({"run", "nowhere.toml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.err, "kubomag: cannot read nowhere.toml (No such file or directory)\n");
  expect_refused(film + "Ku1 = {ovf = \"Ku1.ovf\"}\n" + short_run,
                 "bad.toml:9: material.Ku1.ovf: cannot read Ku1.ovf (No such file or directory)");
}

TEST_F(Cli, FermiEnergyInsideTheGap) {
  write("bad.toml", film + R"([surface]
velocity = "5e5 m/s"
fermi_energy = "40 meV"
Delta_sd = "50 meV"
sigma_0 = 10
)" + short_run);
  const auto before = files();
  const Result result = kubomag({"run", "bad.toml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, StartsWith("kubomag: bad.toml:11: surface.fermi_energy = 40 meV with "
                                     "surface.Delta_sd = 50 meV (the Fermi energy must exceed "
                                     "|Delta_sd|"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
  EXPECT_EQ(files(), before);
}

TEST_F(Cli, FormulaSyntax) {
  expect_refused(film + "Ku1 = \"1e4*sin(x\"\n" + short_run,
                 "bad.toml:9: material.Ku1: formula \"1e4*sin(x\", character 10: a closing "
                 "parenthesis is missing; allowed are x, y, t, numbers, + - * / ^, comparisons, && "
                 "||, functions such as sin(x), pi and units such as nm");
}

TEST_F(Cli, GridBeyondTheMemory) {
  write("bad.toml", "[grid]\ncells = [10000000, 10000]\n");
  const Result result = kubomag({"run", "bad.toml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, StartsWith("kubomag: bad.toml:2: grid.cells: a grid of 10000000 x 10000 "
                                     "cells needs about "));
  EXPECT_THAT(result.err, HasSubstr("GiB; this machine has "));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
}

TEST_F(Cli, UnwritableOutputFolder) {
  write("file", "");
  expect_refused(film + short_run,
                 "file/out: the output folder cannot be made (Not a directory); give another one "
                 "with -o",
                 {"-o", "file/out"});
  expect_refused(film + short_run,
                 "file: the output folder cannot be made (a file has that name); give another one "
                 "with -o",
                 {"-o", "file"});
}

TEST_F(Cli, UnknownQuantityAndDevice) {
  expect_refused(film + "[run]\ntime = 0\n[output]\nfields = [\"n\"]\nfield_interval = 1e-12\n",
                 "bad.toml:12: output.fields: there is no quantity 'n' in this run; there are "
                 "charge_density, m, B_eff, B_ext, B_demag, torque, B_exch, B_anis, Edens_total, "
                 "Edens_exch, Edens_anis, Edens_demag, Edens_Zeeman, and the inputs of [material]");
  expect_refused(film + short_run, "device 'tpu' is not known; allowed: auto, cpu, cuda, cuda:N",
                 {"--device", "tpu"});
}

TEST_F(Cli, WrongUsage) {
  EXPECT_EQ(kubomag({}).status, 2);
  EXPECT_EQ(kubomag({"run"}).err, "kubomag: file is required; see kubomag --help\n");
  EXPECT_EQ(kubomag({"run", "a.toml", "--precision", "half"}).status, 2);
  EXPECT_EQ(kubomag({"--help"}).status, 0);
  EXPECT_THAT(kubomag({"--version"}).out, StartsWith("kubomag "));
}

TEST_F(Cli, ARunLeavesItsFiles) {
  write("film.toml", "title = \"test\"\n" + film + short_run);
  const Result result = kubomag({"run", "film.toml", "--device", "cpu", "--threads", "1"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::set<std::string> expected = {
      "table.txt",         "table.png",         "run.json",
      "log.txt",           "checkpoint",        "m.ovf",
      "m000000.ovf",       "m000001.ovf",       "m000002.ovf",
      "B_demag000000.ovf", "B_demag000001.ovf", "B_demag000002.ovf",
      "m000000.png",       "m000001.png"};
  EXPECT_EQ(files("film.out"), expected);
  const io::Table table = io::read_table(work() / "film.out" / "table.txt");
  ASSERT_EQ(table.rows(), 5u);
  for (std::size_t k = 0; k < 5; ++k)
    EXPECT_NEAR(table.data[0][k], 5e-12 * static_cast<double>(k), 1e-24);
  const auto json = record("film.out");
  EXPECT_EQ(json.value("status", ""), "done");
  EXPECT_EQ(json.value("precision", ""), "double");
  EXPECT_EQ(json.value("config", ""), slurp(work() / "film.toml"));
  EXPECT_NEAR(json.value("time_s", 0.0), 20e-12, 1e-24);
}

TEST_F(Cli, InputsOfTheMaterialAreFields) {
  write("film.toml", R"([grid]
cells = [4, 2]
cell = ["4 nm", "4 nm"]
thickness = "2 nm"
[geometry]
shape = "x < 4e-9"
[material]
Msat = "800 kA/m"
Ku1 = "1 kJ/m3"
[[region]]
where = "y > 0"
material = {Ku1 = "3 kJ/m3"}
[relax]
[output]
fields = ["Msat", "Ku1"]
pictures = ["Ku1"]
ovf = "text"
)");
  ASSERT_EQ(kubomag({"run", "film.toml"}).status, 0);
  EXPECT_EQ(io::read_ovf(work() / "film.out/Msat000000.ovf").values,
            (std::vector<double>{8e5, 8e5, 8e5, 0, 8e5, 8e5, 8e5, 0}));
  const io::OvfField Ku1 = io::read_ovf(work() / "film.out/Ku1000000.ovf");
  EXPECT_EQ(Ku1.values[0], 1e3);
  EXPECT_EQ(Ku1.values[4], 3e3);
  EXPECT_TRUE(there("film.out/Ku1000000.png"));
}

TEST_F(Cli, InterruptedAndResumedIsBitExact) {
  write("film.toml", film + R"([initial]
kind = "random"
[run]
time = "3 ns"
[output]
table = "10 ps"
)");
  expect_exact_resumes();
}

// The window, the positions that it moves, and velocities from the row before the interruption.
TEST_F(Cli, AMovingWindowResumesBitExact) {
  write("film.toml", R"([grid]
cells = [60, 4]
cell = ["1 nm", "1 nm"]
thickness = "1 nm"
[material]
Msat = "580 kA/m"
Aex = "15 pJ/m"
Ku1 = "800 kJ/m3"
alpha = 0.5
[[B_ext]]
B = ["0 T", "0 T", "0.2 T"]
[initial]
kind = "wall"
width = "5 nm"
[window]
follow = "wall"
[run]
time = "0.3 ns"
[output]
table = "2 ps"
analysis = ["wall", "max_angle"]
)");
  expect_exact_resumes();
  const io::Table table = io::read_table(work() / "whole" / "table.txt");
  const std::vector<double>& window = table.data[table.find("window_x")];
  const std::vector<double>& x = table.data[table.find("wall_x")];
  EXPECT_GT(window.back(), 12e-9);
  EXPECT_NEAR(x.back(), window.back(), 2e-9);
  EXPECT_NEAR(table.data[table.find("wall_vx")].back(), (x.back() - x[x.size() - 2]) / 2e-12,
              1e-9 * x.back() / 2e-12);
}

TEST_F(Cli, ThielePredictsFromAConfiguration) {
  write("film.toml", R"([grid]
cells = [8, 8]
cell = ["1 nm", "1 nm"]
thickness = "1 nm"
[material]
Msat = "580 kA/m"
Aex = "15 pJ/m"
Ku1 = "800 kJ/m3"
alpha = 0.3
[demag]
enabled = false
[relax]
[thiele]
Dind = "3.5 mJ/m2"
b = "5 mT"
)");
  // the first case of C_skyrmion_2D_vs_thiele_D3.5 in tests/data/reference-local.json
  const Result thiele = kubomag({"thiele", "film.toml"});
  EXPECT_THAT(thiele.out, HasSubstr("(1.46441, 3.87184) m/s")) << thiele.err;
  EXPECT_THAT(thiele.out, HasSubstr("6.296 nm"));
}

TEST_F(Cli, AFailedRunSaysWhy) {
  write("film.toml", film + R"~([[B_ext]]
B = [0, 0, 1]
signal = {kind = "formula", formula = "sqrt(5 - t/ps)"}
[initial]
m = [1, 0, 0]
[run]
time = "20 ps"
[output]
table = "1 ps"
)~");
  const Result result = kubomag({"run", "film.toml"});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, StartsWith("kubomag: "));
  EXPECT_THAT(result.err, HasSubstr("not a number at t = 0.00"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
  const auto json = record("film.out");
  EXPECT_EQ(json.value("status", ""), "failed");
  EXPECT_THAT(json.value("reason", ""), HasSubstr("not a number"));
  EXPECT_GE(io::read_table(work() / "film.out" / "table.txt").rows(), 5u);
}

TEST_F(Cli, OtherCommands) {
  write("film.toml", film + short_run);
  const auto before = files();
  const Result check = kubomag({"check", "film.toml"});
  EXPECT_EQ(check.status, 0) << check.err;
  // sqrt(2 A/(mu_0 Ms^2)) = sqrt(26e-12/(4e-7 pi 6.4e11)) = 5.686 nm
  EXPECT_THAT(check.out, HasSubstr("5.686 nm"));
  std::string text = film + "[run]\ntime = 0\n";
  text.replace(text.find("Aex"), 3, "#Aex");
  write("film.toml", text);
  const Result stiff = kubomag({"check", "film.toml"});
  EXPECT_THAT(stiff.out, HasSubstr("there is no exchange"));
  EXPECT_THAT(stiff.out, testing::Not(HasSubstr("inf")));
  EXPECT_EQ(files(), before);
  EXPECT_THAT(kubomag({"info"}).out, HasSubstr("CUDA"));
  EXPECT_THAT(kubomag({"terms"}).out, HasSubstr("Msat"));
}

TEST_F(Cli, ConvertAndRender) {
  write("film.toml", film + short_run);
  ASSERT_EQ(kubomag({"run", "film.toml"}).status, 0);
  ASSERT_EQ(kubomag({"convert", "film.out/m.ovf", "-o", "m.vti"}).status, 0);
  EXPECT_THAT(slurp(work() / "m.vti"), HasSubstr("ImageData"));
  ASSERT_EQ(
      kubomag({"render", "film.out/m000000.ovf", "film.out/m000001.ovf", "-o", "pictures"}).status,
      0);
  EXPECT_TRUE(fs::exists(work() / "pictures" / "m000001.png"));
  EXPECT_EQ(kubomag({"convert", "film.out/m.ovf", "-o", "m.xyz"}).status, 2);
}
