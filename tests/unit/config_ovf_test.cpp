// Values and directions from OVF files: their units, and files of another number of cells.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/config.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/program_test.hpp"

namespace kubomag::io {
namespace {

using testing::HasSubstr;

class ConfigOvf : public test::FolderTest {
 protected:
  /// A file of nx x ny cells of 5 nm; `values` are those of one cell after the other.
  void write_ovf(const std::string& name, int nx, int ny, int components, const std::string& unit,
                 const std::vector<double>& values) {
    std::string units, labels, data;
    for (int c = 0; c < components; ++c) units += unit + " ", labels += fmt::format("v_{} ", c);
    for (const double value : values) data += fmt::format("{}\n", value);
    write(name, fmt::format(R"(# OOMMF OVF 2.0
# Segment count: 1
# Begin: Segment
# Begin: Header
# Title: v
# meshtype: rectangular
# meshunit: m
# xmin: 0
# ymin: 0
# zmin: 0
# xmax: {}
# ymax: {}
# zmax: 3e-9
# valuedim: {}
# valuelabels: {}
# valueunits: {}
# xbase: 2.5e-9
# ybase: 2.5e-9
# zbase: 1.5e-9
# xnodes: {}
# ynodes: {}
# znodes: 1
# xstepsize: 5e-9
# ystepsize: 5e-9
# zstepsize: 3e-9
# End: Header
# Begin: Data Text
{}# End: Data Text
# End: Segment
)",
                            5e-9 * nx, 5e-9 * ny, components, labels, units, nx, ny, data));
  }
  RunConfig read(const std::string& Msat, const std::string& more) {
    write("run.toml", R"([grid]
cells = [2, 1]
cell = ["5 nm", "5 nm"]
thickness = "3 nm"
[material]
Msat = )" + Msat + R"(
Aex = "13 pJ/m"
[run]
time = "1 ns"
)" + more);
    return read_config(folder_ / "run.toml");
  }
  std::string message(const std::string& Msat, const std::string& more) {
    try {
      read(Msat, more);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  Vec3<double> second_field(const std::string& unit) {
    write_ovf("B.ovf", 2, 1, 3, unit, {0, 0, 0, 80, -20, 10});
    return read("\"800 kA/m\"", "[[B_ext]]\novf = \"B.ovf\"\n").problem.B_ext.front().map.at(1);
  }
};

TEST_F(ConfigOvf, ValuesComeInTheUnitOfTheFile) {
  const auto expect = [&](const std::string& unit, double factor) {
    const Vec3<double> B = second_field(unit);
    EXPECT_NEAR(B.x, 80 * factor, 1e-12 * factor) << unit;
    EXPECT_NEAR(B.y, -20 * factor, 1e-12 * factor) << unit;
    EXPECT_NEAR(B.z, 10 * factor, 1e-12 * factor) << unit;
  };
  expect("T", 1), expect("mT", 1e-3), expect("None", 1), expect("1", 1);
  expect("A/m", constants::mu_0), expect("kA/m", 1e3 * constants::mu_0);
  write_ovf("Ms.ovf", 2, 1, 1, "kA/m", {580, 800});
  const RunConfig config = read("{ovf = \"Ms.ovf\"}", "");
  EXPECT_NEAR(config.problem.material["Msat"](1), 8e5, 1e-9);
}

TEST_F(ConfigOvf, OfAnotherDimensionAreRefused) {
  write_ovf("Ms.ovf", 2, 1, 1, "T", {0.7, 1});
  EXPECT_THAT(message("{ovf = \"Ms.ovf\"}", ""),
              HasSubstr("run.toml:6: material.Msat.ovf: the file's values are in T; values in A/m "
                        "are expected"));
  write_ovf("Ms.ovf", 2, 1, 1, "erg", {0.7, 1});
  EXPECT_THAT(message("{ovf = \"Ms.ovf\"}", ""), HasSubstr("run.toml:6: material.Msat.ovf: "));
  EXPECT_THAT(message("{ovf = \"Ms.ovf\"}", ""), HasSubstr("erg"));
}

TEST_F(ConfigOvf, DirectionsOfAnotherGridAreResampled) {
  write_ovf("m.ovf", 4, 2, 3, "A/m", {1, 0, 0, 0, 2, 0, 0, 0, 3, -1, 0, 0,  // the lower row
                                      0, 0, 1, 1, 0, 0, 0, 1, 0, 0,  0, -5});
  const std::string initial = "[initial]\nkind = \"ovf\"\nfile = \"m.ovf\"\n";
  EXPECT_THAT(message("8e5", initial), HasSubstr("4 x 2 x 1 cells; the film has 2 x 1 x 1"));
  // centres at a quarter and three quarters of the length, half of the width: the upper row
  EXPECT_THAT(read("8e5", initial + "resample = true\n").problem.m,
              testing::ElementsAre(1, 0, 0, 0, 0, -1));
  write_ovf("m.ovf", 1, 1, 3, "", {0, 2, 0});
  EXPECT_THAT(read("8e5", initial + "resample = true\n").problem.m,
              testing::ElementsAre(0, 0, 1, 1, 0, 0));
}

}  // namespace
}  // namespace kubomag::io
