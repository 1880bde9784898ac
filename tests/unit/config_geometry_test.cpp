// [[initial]], [shape], [geometry], [grains] and maps from files, from the text to the Problem.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "io/png.hpp"
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

TEST_F(ConfigGeometry, ShapesAreNamedCombinedMovedAndChecked) {
  const std::string shapes = R"(
[shape.left]
kind = "rectangle"
size = ["20 nm", "inf"]
shift = ["-10 nm", "0 nm"]
[shape.hole]
kind = "formula"
inside = "abs(x) < 6*nm && y > 0"
[shape.film]
union = [{difference = ["left", "hole"]}, {kind = "ellipse", size = ["4 nm", "4 nm"], shift = ["17.5 nm", "2 nm"]}]
)";
  const Problem problem =
      read(Msat + shapes + "[geometry]\nshape = \"film\"\n[[region]]\nwhere = \"left\"\n" +
           "material = {Aex = 0}\n");
  const Grid& grid = problem.grid;  // x: -17.5, -12.5, ..., 17.5 nm; y: -10, -6, ..., 10 nm
  for (int iy = 0; iy < 6; ++iy)
    for (int ix = 0; ix < 8; ++ix) {
      const bool left = ix < 4, hole = (ix == 3 || ix == 4) && iy > 2;
      const bool inside = (left && !hole) || (ix == 7 && iy == 3);
      const std::size_t cell = grid.index(ix, iy);
      EXPECT_EQ(problem.material["Msat"](cell), inside ? 140e3 : 0) << ix << " " << iy;
      EXPECT_EQ(problem.m[2 * grid.cells() + cell], inside ? 1 : 0);
      EXPECT_EQ(problem.material["Aex"](cell), left || !inside ? 0 : 4e-12);
    }
  EXPECT_THAT(message(Msat + shapes + "[geometry]\nshape = \"fim\"\n"),
              HasSubstr("there is no [shape.fim]; the name of a shape (film, hole, left)"));
  EXPECT_THAT(message(Msat + "[shape.a]\nunion = [\"b\"]\n[shape.b]\nunion = [\"a\"]\n"),
              HasSubstr("is made of itself"));
  EXPECT_THAT(message(Msat + "[shape.a]\nkind = \"ellipse\"\nsize = [\"0 nm\", \"1 nm\"]\n"),
              HasSubstr("shape.a.size: size = [0 m, 1e-09 m]"));
  EXPECT_THAT(message(Msat + "[shape.a]\nkind = \"ellipse\"\nsize = [1, 1]\nsiez = 2\n"),
              HasSubstr("unknown key 'siez' in [shape.a]"));
  EXPECT_THAT(message(Msat + "[geometry]\nshape = \"x > 1\"\n"),
              HasSubstr("no cell lies inside the shape"));
}

// A disc of 8 nm: the covered areas of all cells add up to its area, and what counts per volume of
// the magnet is scaled with them; an angle or the damping is not.
TEST_F(ConfigGeometry, SmoothEdgesKeepTheVolume) {
  const Problem problem =
      read(Msat + "Ku1 = \"10 kJ/m3\"\nalpha = 0.1\ntheta_SH = 0.2\nPol = 0.4\nxi = 0.3\n" +
           R"([geometry]
shape = {kind = "ellipse", size = ["16 nm", "16 nm"], shift = ["1 nm", "0.5 nm"]}
edge_smooth = 32
[[current]]
j = [1e11, 0, 0]
)");
  const Parameters& material = problem.material;
  double volume = 0;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i) {
    const double part = material["Msat"](i) / 140e3;
    volume += part * 20e-18;
    EXPECT_NEAR(material["Aex"](i), part * 4e-12, 1e-24);
    EXPECT_NEAR(material["Ku1"](i), part * 1e4, 1e-8);
    EXPECT_NEAR(material["theta_SH"](i), part * 0.2, 1e-12);  // its field is theta_SH/Msat
    EXPECT_NEAR(material["Pol"](i), part * 0.4, 1e-12);
    EXPECT_EQ(material["xi"](i), 0.3);
    EXPECT_TRUE(part == 0 || part >= 0.01);
    EXPECT_EQ(material["alpha"](i), 0.1);
  }
  EXPECT_NEAR(volume, M_PI * 64e-18, 0.005 * M_PI * 64e-18);
}

TEST_F(ConfigGeometry, FilesMayHoldAnyParameter) {
  std::string data(8, '\0');
  const double value = 2.5e5;
  std::memcpy(data.data(), &value, 8);
  std::string npy = std::string("\x93NUMPY\x01\x00", 8);
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (6, 8), }\n";
  npy += static_cast<char>(header.size());
  npy += '\0' + header;
  for (int i = 0; i < 48; ++i) npy += data;
  write_file(folder_ / "Msat.npy", npy);
  Canvas canvas(2, 1, {0, 0, 0});
  canvas.set(1, 0, {255, 255, 255});
  write_png(folder_ / "Ku1.png", canvas);
  const Problem problem = read(
      "Msat = {npy = \"Msat.npy\"}\nKu1 = {png = \"Ku1.png\", range = [\"1 kJ/m3\", \"3 "
      "kJ/m3\"]}\n" +
      std::string("[geometry]\nshape = {kind = \"image\", file = \"Ku1.png\"}\n"));
  const Grid& grid = problem.grid;
  EXPECT_EQ(problem.material["Msat"](grid.index(4, 5)), 2.5e5);
  EXPECT_EQ(problem.material["Msat"](grid.index(3, 5)), 0);  // black: outside
  EXPECT_NEAR(problem.material["Ku1"](grid.index(7, 0)), 3e3, 1e-9);
  EXPECT_THAT(message("Msat = {png = \"Ku1.png\"}\n"), HasSubstr("range is missing"));
  EXPECT_THAT(message("Msat = {npy = \"Ku1.png\"}\n"), HasSubstr("it is no .npy file"));
}

TEST_F(ConfigGeometry, GrainsSpreadTheNamedParametersOnly) {
  const std::string grains = "Ku1 = 1e4\n[grains]\nsize = \"8 nm\"\nseed = 3\n";
  const Problem problem = read(Msat + grains + "spread = {Ku1 = 0.1}\n");
  EXPECT_TRUE(problem.material["Msat"].uniform());
  EXPECT_FALSE(problem.material["Ku1"].uniform());
  EXPECT_GT(problem.material["Ku1"].min(), 0.7e4);
  EXPECT_THAT(message(Msat + grains + "spread = {Ku1 = 0.5}\n"), HasSubstr("from 0 to 1/3"));
  EXPECT_THAT(message(Msat + grains + "spread = {Ku = 0.1}\n"), HasSubstr("did you mean"));
}

TEST_F(ConfigGeometry, WindowsMoveOverUniformFilmsOnly) {
  const std::string window = "[window]\nfollow = \"skyrmion\"\naxes = \"xy\"\nevery = 5\n";
  write_file(folder_ / "run.toml", film + Msat + window);
  const RunConfig config = read_config(folder_ / "run.toml");
  ASSERT_TRUE(config.window);
  EXPECT_TRUE(config.window->x && config.window->y);
  EXPECT_EQ(config.window->every, 5);
  EXPECT_THAT(message(Msat + "Ku1 = \"1e4*(1+x/um)\"\n" + window),
              HasSubstr("material.Ku1 differs from place to place"));
  EXPECT_THAT(message(Msat + "[[B_ext]]\nB = [0, 0, \"x/um\"]\n" + window),
              HasSubstr("B_ext differs from place to place"));
  EXPECT_THAT(message(Msat + "theta_SH = 0.1\n[[current]]\nj = [\"1e12*x/um\", 0, 0]\n" + window),
              HasSubstr("current differs from place to place"));
  const std::string surface =
      "[surface]\nmodel = \"dirac\"\nvelocity = \"5e5 m/s\"\nfermi_energy = \"0.2 eV\"\n"
      "Delta_sd = \"50 meV\"\nsigma_0 = 10\n";
  EXPECT_THAT(message(Msat + surface + "diffusion = \"local\"\n" + window),
              HasSubstr("does not move with a window"));
  const std::string in_time =
      "signal = {kind = \"formula\", formula = \"sin(6e10*t)\"}\ninterval = \"1 ps\"\n";
  EXPECT_EQ(read(Msat + surface + "[[E]]\nE = [1e4, 0]\n" + in_time + window).drive.sampled.size(),
            1u);
  for (const std::string& E :
       {"[[E]]\nE = [\"1e4*x/um\", 0]\n" + in_time, std::string("[[E]]\nE = [\"1e4*x/um\", 0]\n")})
    EXPECT_THAT(message(Msat + surface + E + window),
                HasSubstr("the electric field differs from place to place"));
  EXPECT_THAT(
      message(Msat + surface + "[[E]]\nE = [\"sin(6e10*t)\", 0]\ninterval = \"1 ps\"\n" + window),
      HasSubstr("given in x, y and t"));
  EXPECT_THAT(message(Msat + "[window]\nfollow = \"wall\"\naxes = \"y\"\n"),
              HasSubstr("a wall is followed along x only"));
}
