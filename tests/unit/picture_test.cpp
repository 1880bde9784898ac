// Pictures: colours, orientation and sizes, decoded again with stb_image.
#include "io/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb/stb_image.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/png.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

Grid grid_of(int nx, int ny, double dx = 2e-9, double dy = 2e-9) {
  Grid grid;
  grid.nx = nx, grid.ny = ny;
  grid.dx = dx, grid.dy = dy, grid.dz = 1e-9;
  return grid;
}

OvfField numbers(int nx, int ny, std::vector<double> values) {
  return make_ovf_field(grid_of(nx, ny), "psi", "V", 1, std::move(values), 0);
}

std::vector<Rgb> decoded(const std::string& png, int& width, int& height) {
  int channels = 0;
  stbi_uc* bytes =
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(png.data()),
                            static_cast<int>(png.size()), &width, &height, &channels, 3);
  EXPECT_NE(bytes, nullptr);
  const Rgb* begin = reinterpret_cast<const Rgb*>(bytes);
  std::vector<Rgb> pixels(begin, begin + width * height);
  stbi_image_free(bytes);
  return pixels;
}

std::size_t count(const Canvas& canvas, Rgb colour) {
  return static_cast<std::size_t>(
      std::count(canvas.pixels().begin(), canvas.pixels().end(), colour));
}

/// OKLab lightness of a colour, by Ottosson's forward formulas.
double lightness(Rgb c) {
  const auto linear = [](int byte) {
    const double x = byte / 255.0;
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
  };
  const double r = linear(c.r), g = linear(c.g), b = linear(c.b);
  return 0.2104542553 * std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) +
         0.7936177850 * std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) -
         0.0040720468 * std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
}

TEST(Colour, VectorsHaveTheColoursOfMumax3) {
  const double s3 = std::sqrt(3.0) / 2;
  EXPECT_EQ(vector_colour(1, 0, 0), (Rgb{255, 0, 0}));
  EXPECT_EQ(vector_colour(0.5, s3, 0), (Rgb{255, 255, 0}));  // 60 degrees
  EXPECT_EQ(vector_colour(-0.5, s3, 0), (Rgb{0, 255, 0}));   // 120 degrees
  EXPECT_EQ(vector_colour(-1, 0, 0), (Rgb{0, 255, 255}));    // 180 degrees
  EXPECT_EQ(vector_colour(-0.5, -s3, 0), (Rgb{0, 0, 255}));  // 240 degrees
  EXPECT_EQ(vector_colour(0, 0, 1), (Rgb{255, 255, 255}));
  EXPECT_EQ(vector_colour(0, 0, -1), (Rgb{0, 0, 0}));
  EXPECT_EQ(vector_colour(0.6, 0, 0.8), (Rgb{255, 204, 204}));  // HSL(0, 1, 0.9)
  EXPECT_EQ(vector_colour(0.5, 0, 0), (Rgb{191, 64, 64}));      // HSL(0, 0.5, 0.5)
}

TEST(Colour, LightnessIsLinear) {
  for (double s = -1; s <= 1; s += 0.125)
    EXPECT_NEAR(lightness(diverging_colour(s)), 0.97 - 0.52 * std::abs(s), 0.006) << s;
  for (double s = 0; s <= 1; s += 0.125)
    EXPECT_NEAR(lightness(sequential_colour(s)), 0.20 + 0.74 * s, 0.006) << s;
  EXPECT_GT(diverging_colour(1).r, 150);
  EXPECT_GT(diverging_colour(-1).b, 150);
}

TEST(Png, DecodesToTheSamePixels) {
  Canvas canvas(37, 21);
  for (int y = 0; y < 21; ++y)
    for (int x = 0; x < 37; ++x)
      canvas.set(x, y,
                 {static_cast<std::uint8_t>(7 * x), static_cast<std::uint8_t>(11 * y),
                  static_cast<std::uint8_t>(x * y)});
  int width = 0, height = 0;
  EXPECT_EQ(decoded(png_bytes(canvas), width, height), canvas.pixels());
  EXPECT_EQ(width, 37);
  EXPECT_EQ(height, 21);
}

TEST(Png, AnimationIsAPngWithItsChunksInOrder) {
  Canvas red(8, 4, {255, 0, 0}), blue(8, 4, {0, 0, 255});
  const std::string bytes = apng_bytes({png_bytes(red), png_bytes(blue)}, 0.1);
  int width = 0, height = 0;
  EXPECT_EQ(decoded(bytes, width, height), red.pixels());
  std::vector<std::string> types;
  for (std::size_t at = 8; at < bytes.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    types.push_back(bytes.substr(at + 4, 4));
    if (types.back() == "fcTL") {
      EXPECT_EQ(byte(15), 8);                     // width
      EXPECT_EQ(byte(28) * 256 + byte(29), 100);  // delay: 100 / 1000 s
      EXPECT_EQ(byte(30) * 256 + byte(31), 1000);
    }
    at += 12 + ((byte(0) * 256U + byte(1)) * 256U + byte(2)) * 256U + byte(3);
  }
  EXPECT_THAT(types,
              ::testing::ElementsAre("IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "IEND"));
  EXPECT_EQ(bytes.substr(bytes.size() - 4), "\xAE\x42\x60\x82");  // CRC of IEND in the standard
  EXPECT_THROW(apng_bytes({}, 0.1), InputError);
  EXPECT_THROW(apng_bytes({png_bytes(red)}, 0), InputError);
  EXPECT_THROW(apng_bytes({png_bytes(red), png_bytes(Canvas(9, 4))}, 0.1), InputError);
}

TEST(Picture, YPointsUpAndXToTheRight) {
  // m = x in the lower left cell, -x in the lower right, z above the first, 0 above the second.
  const OvfField field =
      make_ovf_field(grid_of(2, 2), "m", "", 3, {1, -1, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0}, 0);
  const Canvas canvas = draw_field(field);
  const int left = canvas.width() / 4, right = 3 * canvas.width() / 4;
  const int upper = canvas.height() / 4, lower = canvas.height() / 2 + canvas.height() / 8;
  EXPECT_EQ(canvas.pixel(left, lower), (Rgb{255, 0, 0}));
  EXPECT_EQ(canvas.pixel(right, lower), (Rgb{0, 255, 255}));
  EXPECT_EQ(canvas.pixel(left, upper), (Rgb{0, 0, 0}));
  EXPECT_EQ(canvas.pixel(right, upper), colours::vacuum);
}

TEST(Picture, SignedNumbersAreSymmetricAbout0) {
  const ColourRange range = colour_range(numbers(3, 1, {-2, 0, 1}));
  EXPECT_EQ(range.low, -2);
  EXPECT_EQ(range.high, 2);
  const Canvas canvas = draw_field(numbers(3, 1, {-2, 0, 1}));
  const int y = canvas.height() / 3;
  EXPECT_EQ(canvas.pixel(canvas.width() / 6 + 10, y), diverging_colour(-1));
  EXPECT_EQ(canvas.pixel(canvas.width() / 2, y), diverging_colour(0));
  EXPECT_EQ(canvas.pixel(5 * canvas.width() / 6 - 10, y), diverging_colour(0.5));
}

TEST(Picture, TheTextsOfTheKeyStandApart) {
  // "-1.74e+15 1/m2" and its like are longer than half of the bar
  OvfField field = numbers(3, 1, {-1.74e15, 0, 0.5e15});
  field.units = {"1/m2"};
  const Canvas canvas = draw_field(field);
  const auto ink = [&](int x) {
    for (int y = canvas.height() - 58; y < canvas.height(); ++y)  // below the bar
      if (!(canvas.pixel(x, y) == colours::white)) return true;
    return false;
  };
  int texts = 0, white = 100;  // columns without ink so far
  for (int x = canvas.width() - 240; x < canvas.width(); ++x) {
    if (ink(x) && white >= 8) ++texts;
    white = ink(x) ? 0 : white + 1;
  }
  EXPECT_EQ(texts, 3);  // -1.74e+15, 0, 1.74e+15
}

TEST(Picture, NumbersOfOneSignRunFromTheSmallestToTheLargest) {
  const Canvas canvas = draw_field(numbers(2, 1, {3, 5}));
  const int y = canvas.height() / 3;
  EXPECT_EQ(canvas.pixel(canvas.width() / 4, y), sequential_colour(0));
  EXPECT_EQ(canvas.pixel(3 * canvas.width() / 4, y), sequential_colour(1));
}

TEST(Picture, VectorsWithAUnitAreScaledToTheLongest) {
  const OvfField field = make_ovf_field(grid_of(2, 1), "B", "T", 3, {0, -4, 3, 0, 0, 3}, 0);
  EXPECT_DOUBLE_EQ(colour_range(field).high, 5);
  const Canvas canvas = draw_field(field);
  EXPECT_EQ(canvas.pixel(3 * canvas.width() / 4, canvas.height() / 3), vector_colour(-0.8, 0, 0.6));
  const Canvas half = draw_field(field, ColourRange{0, 10});
  EXPECT_EQ(half.pixel(3 * half.width() / 4, half.height() / 3), vector_colour(-0.4, 0, 0.3));
}

TEST(Picture, CellsThatAreNotFiniteAreSeen) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Canvas canvas = draw_field(numbers(2, 1, {nan, 1}));
  EXPECT_GT(count(canvas, colours::not_a_number), 10000U);
  EXPECT_EQ(colour_range(numbers(2, 1, {nan, 1})).low, 1);
  EXPECT_GT(count(draw_field(numbers(1, 1, {nan})), colours::not_a_number), 10000U);
}

TEST(Picture, CellsKeepTheirShape) {
  const OvfField field =
      make_ovf_field(grid_of(10, 10, 4e-9, 2e-9), "m", "", 3, std::vector<double>(300, 0.0), 0);
  const std::size_t pixels = count(draw_field(field), colours::vacuum);
  EXPECT_EQ(pixels, 900U * 450U);  // 40 nm x 20 nm at 900 pixels
}

TEST(Picture, EveryFilmGivesAPictureOfReasonableSize) {
  for (const auto& [nx, ny] : std::vector<std::pair<int, int>>{
           {1, 1}, {3, 500}, {500, 3}, {20000, 1}, {1, 20000}, {2000, 1500}}) {
    const Canvas canvas = draw_field(numbers(
        nx, ny,
        std::vector<double>(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny), 1)));
    EXPECT_GE(canvas.width(), 400) << nx;
    EXPECT_LE(canvas.width(), 1600) << nx;
    EXPECT_LE(canvas.height(), 1700) << ny;
    EXPECT_GT(count(canvas, sequential_colour(0.5)), 700U * 24U) << nx << " " << ny;
  }
}

TEST(Picture, SeveralCellsUnderAPixelAreAveraged) {
  std::vector<double> stripes;
  for (int i = 0; i < 9000; ++i) stripes.push_back(i % 2 == 0 ? 1 : -1);
  const Canvas canvas = draw_field(numbers(9000, 1, stripes));
  EXPECT_EQ(canvas.pixel(canvas.width() / 2, canvas.height() / 3), diverging_colour(0));
}

TEST(Canvas, TextIsDrawnWhereItIsAskedFor) {
  Canvas canvas(200, 40);
  canvas.text(100, 30, "H", 16, {0, 0, 0}, Align::centre);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 200; ++x) {
      const bool inside = x >= 91 && x <= 109 && y >= 12 && y <= 32;
      if (!inside) {
        EXPECT_EQ(canvas.pixel(x, y), colours::white);
      }
    }
  EXPECT_LT(canvas.pixel(100, 22).r, 128);  // the bar of the H
  EXPECT_EQ(canvas.pixel(100, 16), colours::white);
  EXPECT_NEAR(Canvas::text_width("HH", 16), 24.6, 1e-9);  // 5 + 2.3 + 5 units of 2 pixels
}

TEST(Canvas, TextBeyondTheEdgesAndBrokenBytesAreHarmless) {
  Canvas canvas(20, 10);
  canvas.text(-50, 5, "wide text \xff\xc3 \xe2\x82", 30);
  canvas.lines({{-1e6, -1e6}, {1e6, 1e6}}, 3, colours::ink);
  EXPECT_EQ(canvas.pixel(5, 5), colours::ink);
}

}  // namespace
}  // namespace kubomag::io
