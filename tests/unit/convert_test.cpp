// Converting and rendering OVF files.
#include "io/convert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <sstream>

#include "io/atomic_file.hpp"
#include "io/picture.hpp"
#include "io/read_file.hpp"
#include "io/vti.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

OvfField sample(int components, int nx = 3) {
  Grid grid;
  grid.nx = nx, grid.ny = 2;
  grid.dx = 4e-9, grid.dy = 5e-9, grid.dz = 1e-9;
  std::vector<double> values;
  for (int i = 0; i < components * nx * 2; ++i) values.push_back(0.5 + i);
  return make_ovf_field(grid, "E", "V/m", components, values, 2e-9);
}

double number_at(const std::string& bytes, std::size_t at) {
  double value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

struct ConvertTest : ::testing::Test {
  ConvertTest() { write_ovf(in, sample(2), OvfFormat::binary8); }

  test::TemporaryFolder folder;
  fs::path in = folder / "in.ovf";
};

TEST_F(ConvertTest, KeepsTheNumbersInOvfAndText) {
  convert(in, folder / "a.ovf", OvfFormat::text);
  EXPECT_THAT(read_file(folder / "a.ovf"), HasSubstr("# Begin: Data Text\n0.5 6.5\n1.5 7.5\n"));
  EXPECT_EQ(read_ovf(folder / "a.ovf").values, sample(2).values);
  convert(in, folder / "a.txt");
  EXPECT_THAT(read_file(folder / "a.txt"),
              ::testing::StartsWith("# x (m)\ty (m)\tE_x (V/m)\tE_y (V/m)\n"
                                    "-4e-09\t-2.5e-09\t0.5\t6.5\n0\t-2.5e-09\t1.5\t7.5\n"));
  convert(in, folder / "a.png");
  EXPECT_THAT(read_file(folder / "a.png"), ::testing::StartsWith("\x89PNG"));
}

TEST_F(ConvertTest, VtiHoldsCellsCornersAndRawData) {
  convert(in, folder / "a.vti");
  const std::string bytes = read_file(folder / "a.vti");
  EXPECT_THAT(bytes, HasSubstr("WholeExtent=\"0 3 0 2 0 1\""));
  EXPECT_THAT(bytes, HasSubstr("Spacing=\"4e-09 5e-09 1e-09\""));
  std::istringstream origin(bytes.substr(bytes.find("Origin=") + 8));
  double x = 0, y = 0, z = 1;
  origin >> x >> y >> z;
  EXPECT_NEAR(x, -6e-9, 1e-23);  // half the film; its corner, not a cell's centre
  EXPECT_NEAR(y, -5e-9, 1e-23);
  EXPECT_EQ(z, 0);
  EXPECT_THAT(bytes, HasSubstr("Name=\"TimeValue\" NumberOfTuples=\"1\" format=\"ascii\">2e-09<"));
  const std::size_t begin = bytes.find("<AppendedData encoding=\"raw\">\n_") + 31;
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data() + begin, sizeof size);
  EXPECT_EQ(size, 6U * 3U * 8U);
  EXPECT_EQ(number_at(bytes, begin + 8), 0.5);
  EXPECT_EQ(number_at(bytes, begin + 16), 6.5);
  EXPECT_EQ(number_at(bytes, begin + 24), 0);  // the third component
  EXPECT_EQ(number_at(bytes, begin + 32), 1.5);
  EXPECT_EQ(bytes.substr(begin + 8 + size, 18), "\n  </AppendedData>");
}

TEST_F(ConvertTest, RefusesBadInputAndWritesNothing) {
  EXPECT_THROW(convert(in, folder / "a.jpg"), InputError);
  EXPECT_THROW(convert(folder / "none.ovf", folder / "a.vti"), InputError);
  write_file(folder / "bad.ovf", "garbage");
  EXPECT_THROW(convert(folder / "bad.ovf", folder / "a.png"), InputError);
  EXPECT_FALSE(fs::exists(folder / "a.vti"));
  EXPECT_FALSE(fs::exists(folder / "a.png"));
  EXPECT_THROW(render({in, folder / "bad.ovf"}, folder / "out"), InputError);
  EXPECT_THROW(render({}, folder / "out"), InputError);
  EXPECT_THROW(render({in, in}, folder / "out"), InputError);
  EXPECT_THROW(render({in}, folder / "out", {true, -1.0}), InputError);
  write_ovf(folder / "other.ovf", sample(2, 4), OvfFormat::text);
  EXPECT_THROW(render({in, folder / "other.ovf"}, folder / "out", {true, 0.1}), InputError);
  EXPECT_FALSE(fs::exists(folder / "out"));
  EXPECT_THROW(render({in}, in), RunError);
}

TEST_F(ConvertTest, RendersASeriesWithOneScaleAndAnAnimation) {
  OvfField weak = sample(2);
  for (double& value : weak.values) value *= 0.1;
  write_ovf(folder / "weak.ovf", weak, OvfFormat::binary8);
  const auto files = render({in, folder / "weak.ovf"}, folder / "out", {true, 0.2});
  EXPECT_THAT(files, ::testing::ElementsAre(folder / "out" / "in.png", folder / "out" / "weak.png",
                                            folder / "out" / "animation.png"));
  for (const fs::path& file : files) EXPECT_TRUE(fs::is_regular_file(file));
  const std::string with_common_scale = read_file(files[1]);
  write_picture(folder / "expected.png", weak, colour_range(sample(2)));
  EXPECT_EQ(with_common_scale, read_file(folder / "expected.png"));
  render({folder / "weak.ovf"}, folder / "out");
  EXPECT_NE(read_file(files[1]), with_common_scale);
}

}  // namespace
}  // namespace kubomag::io
