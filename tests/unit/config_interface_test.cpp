// Configuration of interfaces between regions and of grain boundaries.
#include <gmock/gmock.h>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;

class ConfigInterface : public ::testing::Test {
 protected:
  /// Four columns of two cells: region a, region b, none, none.
  Parameters read(const std::string& rest) {
    write_file(folder_ / "run.toml",
               "[grid]\ncells = [4, 2]\ncell = [\"10 nm\", \"10 nm\"]\nthickness = \"2 nm\"\n"
               "[material]\nMsat = 8e5\nAex = 1e-11\nDind = 1e-3\n[run]\ntime = 0\n"
               "[[region]]\nname = \"a\"\nwhere = \"x < -10e-9\"\nmaterial = {Aex = 3e-11}\n"
               "[[region]]\nname = \"b\"\nwhere = \"x > -10e-9 && x < 0\"\n" +
                   rest);
    return read_config(folder_ / "run.toml").problem.material;
  }
  std::string message(const std::string& rest) {
    try {
      read(rest);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(ConfigInterface, ScalesTheHarmonicMeanOrReplacesIt) {
  const Parameters scaled = read("[[interface]]\nregions = [\"b\", \"a\"]\nscale = 0.5\n");
  EXPECT_DOUBLE_EQ(scaled["Aex_x"](0), 0.5 * 1.5e-11);  // 2*1*3/(1 + 3) = 1.5
  EXPECT_DOUBLE_EQ(scaled["Aex_x"](5), 1e-11);
  EXPECT_DOUBLE_EQ(scaled["Aex_y"](0), 3e-11);
  EXPECT_DOUBLE_EQ(scaled["DMI_x"](0), 1);
  const Parameters given =
      read("[[interface]]\nregions = [\"b\", \"film\"]\nAex = \"7 pJ/m\"\nDMI_scale = 0.2\n");
  EXPECT_DOUBLE_EQ(given["Aex_x"](1), 7e-12);
  EXPECT_DOUBLE_EQ(given["Aex_x"](0), 1.5e-11);
  EXPECT_DOUBLE_EQ(given["DMI_x"](1), 0.2);
  EXPECT_DOUBLE_EQ(given["DMI_x"](2), 1);
}

TEST_F(ConfigInterface, WithoutOneTheFilmHasNoBondsOfItsOwn) {
  const Parameters film = read("");
  EXPECT_FALSE(film.contains("Aex_x") || film.contains("DMI_y"));
}

TEST_F(ConfigInterface, TheGivenStiffnessIsLessWhereCellsAreFilledInPart) {
  // the upper row is filled by half, so both cells of its bond are: the mean of 1/2 and 1/2
  const Parameters film = read(
      "[geometry]\nshape = \"y < 5e-9\"\nedge_smooth = 8\n"
      "[[interface]]\nregions = [\"a\", \"b\"]\nAex = \"7 pJ/m\"\n");
  EXPECT_DOUBLE_EQ(film["Aex_x"](0), 7e-12);
  EXPECT_DOUBLE_EQ(film["Aex_x"](4), 3.5e-12);
}

TEST_F(ConfigInterface, GrainBoundariesAreScaled) {
  const Parameters film = read(
      "[grains]\nsize = \"10 nm\"\nseed = 3\nexchange_scale = 0\n"
      "[[interface]]\nregions = [\"a\", \"b\"]\nscale = 0.5\n");
  const auto grains = grain_of_cells({4, 2, 1e-8, 1e-8, 2e-9, false, false}, {1e-8, 3});
  int cut = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    if (i == 3) continue;
    const bool same = grains[i] == grains[i + 1];
    cut += !same;
    const double whole = i % 4 == 0 ? 0.75e-11 : 1e-11;
    EXPECT_DOUBLE_EQ(film["Aex_x"](i), same ? whole : 0) << i;
  }
  EXPECT_GT(cut, 0);
}

TEST_F(ConfigInterface, MistakesAreNamed) {
  const std::string ab = "[[interface]]\nregions = [\"a\", \"b\"]\n";
  EXPECT_THAT(message("[[interface]]\nregions = [\"a\", \"c\"]\nscale = 1\n"),
              HasSubstr("there is no region 'c'; expected is one of film, a, b"));
  EXPECT_THAT(message("[[interface]]\nregions = [\"a\", \"a\"]\nscale = 1\n"),
              HasSubstr("the same region twice"));
  EXPECT_THAT(message("[[interface]]\nregions = [\"a\", \"film\"]\nscale = 1\n"),
              HasSubstr("no magnetic cells of these two are neighbours"));
  EXPECT_THAT(message(ab), HasSubstr("scale, Aex or DMI_scale is expected"));
  EXPECT_THAT(message(ab + "scale = 1\nAex = 1e-11\n"), HasSubstr("scale is given too"));
  EXPECT_THAT(message(ab + "DMI_scale = -1\n"), HasSubstr("at least 0"));
  EXPECT_THAT(message(ab + "scale = \"inf\"\n"), HasSubstr("finite"));
  EXPECT_THAT(message(ab + "scael = 1\n"), HasSubstr("scale"));
  EXPECT_THAT(message("[[region]]\nname = \"a\"\nwhere = \"x > 0\"\n"), HasSubstr("'a' is taken"));
}

}  // namespace
}  // namespace kubomag::io
