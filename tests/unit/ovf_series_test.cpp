// Series of field files: order, copies, refusals; and pictures over two axes.
#include "io/ovf_series.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/heat_map.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using testing::HasSubstr;

class Series : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, double time, double value, int nx = 3) {
    const Grid grid{nx, 2, 4e-9, 5e-9, 3e-9, false, false};
    std::vector<double> m(2 * grid.cells(), 0.0);
    m[1] = value, m[grid.cells() + 2] = -value;
    write_ovf(folder_ / name, make_ovf_field(grid, "E", "V/m", 2, std::move(m), time),
              OvfFormat::binary8);
    return folder_ / name;
  }
  std::string message(const std::vector<std::filesystem::path>& files) {
    try {
      read_ovf_series(files);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  test::TemporaryFolder folder_;
};

TEST_F(Series, IsSortedByTime) {
  const OvfSeries series =
      read_ovf_series({write("b.ovf", 2e-12, 3), write("a.ovf", 0, 1), write("c.ovf", 1e-12, 2)});
  EXPECT_EQ(series.times, (std::vector<double>{0, 1e-12, 2e-12}));
  EXPECT_EQ(series.files[2].filename(), "b.ovf");
  ASSERT_EQ(series.values.size(), 2u);
  for (std::size_t n = 0; n < 3; ++n) {
    EXPECT_EQ(series.values[0][n][1], static_cast<float>(n + 1));
    EXPECT_EQ(series.values[1][n][2], -static_cast<float>(n + 1));
  }
  EXPECT_EQ(series.inside, (std::vector<char>{0, 1, 1, 0, 0, 0}));
  EXPECT_EQ(series.mesh.dy, 5e-9);
}

TEST_F(Series, KeepsOneOfTwoCopies) {
  const auto last = write("m000001.ovf", 1e-12, 2), copy = write("m.ovf", 1e-12, 2);
  EXPECT_EQ(read_ovf_series({copy, write("m000000.ovf", 0, 1), last}).times.size(), 2u);
  EXPECT_THAT(message({last, write("other.ovf", 1e-12, 5)}),
              HasSubstr("have the same time, 1e-12 s, but differ"));
}

TEST_F(Series, RefusesWhatDoesNotBelongTogether) {
  EXPECT_THAT(message({}), HasSubstr("no files"));
  EXPECT_THAT(message({write("a.ovf", 0, 1), write("b.ovf", 1e-12, 1, 4)}),
              HasSubstr("b.ovf: 4 x 2 x 1 cells with 2 components (the first file has 3 x 2 x 1"));
  OvfField timeless = read_ovf(write("a.ovf", 0, 1));
  timeless.desc.clear();
  write_ovf(folder_ / "t.ovf", timeless, OvfFormat::text);
  EXPECT_THAT(message({folder_ / "t.ovf"}), HasSubstr("does not state its time"));
}

TEST(HeatMapPicture, ShowsTheLargestWhereItIs) {
  HeatMap map;
  map.columns = 10, map.rows = 5;
  map.values.assign(50, 1e-9);
  map.values[1 * 10 + 7] = 2;     // second row from below, eighth column
  map.values[4 * 10 + 0] = 2e-3;  // 30 of the 60 dB, upper left
  const Canvas canvas = draw_heat_map(map);
  // the frame of 740 x 510 pixels begins at (90, 64)
  EXPECT_EQ(canvas.pixel(90 + 555, 64 + 357), sequential_colour(1));
  EXPECT_EQ(canvas.pixel(90 + 37, 64 + 51), sequential_colour(0.5));
  EXPECT_EQ(canvas.pixel(90 + 300, 64 + 200), sequential_colour(0));
}

TEST(HeatMapPicture, MakesRoomForTheNamesOfRows) {
  HeatMap map;
  map.columns = 2, map.rows = 2;
  map.values = {1, 2, 3, 4};
  map.scale = HeatMap::Scale::linear;
  const Canvas numbers = draw_heat_map(map);
  map.x_names = {"left", "right"}, map.y_names = {"17 meV nm, 17 meV nm", "0"};
  const Canvas names = draw_heat_map(map);
  // The first column of colours begins where the numbers' frame ends at 90 pixels, later for names.
  const int row = numbers.height() / 2;
  EXPECT_EQ(numbers.pixel(91, row - 40), numbers.pixel(300, row - 40));
  EXPECT_NE(names.pixel(91, row - 40), names.pixel(300, row - 40));
  map.y_names.pop_back();
  EXPECT_THROW(draw_heat_map(map), InputError);
}

TEST(HeatMapPicture, RefusesWhatItCannotDraw) {
  EXPECT_THROW(draw_heat_map({}), InputError);
  HeatMap map;
  map.columns = map.rows = 3;
  map.values.assign(8, 1.0);
  EXPECT_THROW(draw_heat_map(map), InputError);
}

}  // namespace
}  // namespace kubomag::io
