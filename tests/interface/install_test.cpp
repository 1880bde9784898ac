// What `cmake --install` leaves in a folder: a program that runs from there.
#include "support/program_test.hpp"

using kubomag::test::Result;
using testing::HasSubstr;

namespace fs = std::filesystem;

namespace {

const std::string moment = R"([grid]
cells = [1, 1]
cell = ["4 nm", "4 nm"]
thickness = "3 nm"
[material]
Msat = "800 kA/m"
alpha = 0.1
[[B_ext]]
B = ["10 mT", "0 T", "0 T"]
[initial]
m = [0, 0, 1]
[run]
time = "1 ps"
[output]
table = "1 ps"
)";

class Install : public kubomag::test::ProgramTest {
 protected:
  Install() : ProgramTest({}) { program_ = prefix() / "bin" / "kubomag"; }

  fs::path prefix() const { return folder_.path() / "prefix"; }
  Result install() const {
    kubomag::testing_support::Subprocess run(KUBOMAG_CMAKE,
                                             {"--install", KUBOMAG_BUILD, "--prefix", prefix()},
                                             folder_.path(), scratch_.path());
    const int status = run.wait();
    return {status, run.out(), run.err()};
  }
  /// Files of the folder where the build leaves what programs load.
  std::set<std::string> modules_built() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path(KUBOMAG_BUILD) / "bin"))
      if (entry.path().extension() == ".so") names.insert(entry.path().filename());
    return names;
  }
};

}  // namespace

TEST_F(Install, TheProgramRunsWhereItIsInstalled) {
  const Result installed = install();
  ASSERT_EQ(installed.status, 0) << installed.err;
  for (const std::string& name : modules_built())
    EXPECT_TRUE(fs::exists(prefix() / "lib/kubomag" / name)) << name;
  write("moment.toml", moment);
  const Result run = kubomag({"run", "moment.toml"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(there("moment.out/table.txt"));
  EXPECT_EQ(kubomag({"check", (prefix() / "share/doc/kubomag/examples/fmr.toml").string()}).status,
            0);
}
