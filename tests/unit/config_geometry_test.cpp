// [[initial]], [shape], [geometry], [grains] and maps from files, from the text to the Problem.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

using namespace kubomag;
using namespace kubomag::io;
using testing::HasSubstr;

namespace {

class ConfigGeometry : public testing::Test {
 protected:
  Problem read(const std::string& text) {
    write_file(folder_ / "run.toml", film + text);
    return read_config(folder_ / "run.toml").problem;
  }
  /// The first error without the folder's name.
  std::string message(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      std::string what = error.what();
      const std::string prefix = folder_.path().string() + "/";
      for (auto at = what.find(prefix); at != what.npos; at = what.find(prefix))
        what.erase(at, prefix.size());
      return what;
    }
    return "no error";
  }

  // Lines 1 to 8; what is added to it begins on line 9.
  const std::string film = R"([grid]
cells = [8, 6]
cell = ["5 nm", "4 nm"]
thickness = "3 nm"
[run]
time = "1 ns"
[material]
Aex = "4 pJ/m"
)";
  const std::string Msat = "Msat = \"140 kA/m\"\n";
  test::TemporaryFolder folder_;
};

}  // namespace

TEST_F(ConfigGeometry, InitialStatesLieOnOneAnother) {
  const Problem problem = read(Msat + R"(
[[initial]]
kind = "uniform"
m = [1, 0, 1]
[[initial]]
kind = "skyrmion"
position = ["2.5 nm", "2 nm"]
radius = "0.5 nm"
width = "0.2 nm"
)");
  const Grid grid = problem.grid;
  const std::size_t core = grid.index(4, 3), far = grid.index(0, 0);
  EXPECT_EQ(problem.m[2 * grid.cells() + core], -1);
  EXPECT_NEAR(problem.m[far], std::sqrt(0.5), 1e-12);
  // Alone it sits in a film of the opposite polarity.
  const std::string skyrmion = "[initial]\nkind = \"skyrmion\"\nradius = ";
  EXPECT_NEAR(read(Msat + skyrmion + "\"1 nm\"\npolarity = 1\n").m[2 * grid.cells() + far], -1,
              1e-6);
  EXPECT_THAT(message(Msat + skyrmion + "\"-1 nm\"\n"), HasSubstr("radius = -1e-09 m"));
  EXPECT_THAT(message(Msat + "[initial]\nkind = \"numpy\"\nfile = \"m.npy\"\n"),
              HasSubstr("run.toml:12: initial.file: cannot read m.npy"));
}
