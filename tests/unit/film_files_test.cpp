// Arrays of NumPy and pictures as input. The bytes of the .npy files were written out by hand from
// NumPy Enhancement Proposal 1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "io/npy.hpp"
#include "io/png.hpp"
#include "io/png_read.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;
using namespace kubomag::io;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

std::string npy(const std::string& type, const std::string& order, const std::string& shape,
                const std::string& data) {
  const std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) +
         static_cast<char>(0) + header + data;
}

template <class T>
std::string raw(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) {
    char buffer[sizeof(T)];
    std::memcpy(buffer, &value, sizeof(T));
    bytes.append(buffer, sizeof(T));
  }
  return bytes;
}

std::string message(const std::string& bytes) {
  try {
    parse_npy(bytes, "a.npy");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST(Npy, ReadsTypesShapesAndOrders) {
  const NpyArray c =
      parse_npy(npy("<f8", "False", "(2, 3)", raw<double>({1, 2, 3, 4, 5, 6.5})), "");
  EXPECT_THAT(c.shape, ElementsAre(2, 3));
  EXPECT_THAT(c.values, ElementsAre(1, 2, 3, 4, 5, 6.5));
  // Fortran order: the columns lie one after the other.
  const NpyArray f = parse_npy(npy("<f4", "True", "(2, 3)", raw<float>({1, 4, 2, 5, 3, 6.5f})), "");
  EXPECT_EQ(f.values, c.values);
  EXPECT_THAT(parse_npy(npy("|b1", "False", "(3,)", std::string("\1\0\1", 3)), "").values,
              ElementsAre(1, 0, 1));
  EXPECT_THAT(parse_npy(npy("<i4", "False", "(2,)", raw<std::int32_t>({-7, 9})), "").values,
              ElementsAre(-7, 9));
}

TEST(Npy, RefusesWithTheReason) {
  EXPECT_THAT(message("PK"), HasSubstr("a.npy: it is no .npy file"));
  EXPECT_THAT(message(npy("<f8", "False", "(2,)", raw<double>({1}))),
              HasSubstr("8 bytes of data instead of 16"));
  EXPECT_THAT(message(npy(">f8", "False", "(1,)", raw<double>({1}))), HasSubstr("type '>f8'"));
  EXPECT_THAT(message(npy("<f8", "False", "(1, 1, 1, 1, 1)", raw<double>({1}))),
              HasSubstr("5 axes"));
  EXPECT_THAT(message(npy("<f8", "False", "(99999999999, 99999999999)", "")),
              HasSubstr("too large"));
  const std::string whole = npy("<f8", "False", "(1,)", raw<double>({1}));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THAT(message(whole.substr(0, length)), HasSubstr("numpy.save is expected"));
}

TEST(GreyPng, HasItsFirstRowAtTheTop) {
  Canvas canvas(3, 2, {0, 0, 0});
  canvas.set(0, 0, {255, 255, 255});  // top left
  canvas.set(2, 1, {51, 51, 51});     // bottom right: a fifth
  const GreyImage image = parse_grey_png(png_bytes(canvas), "a.png");
  EXPECT_EQ(image.width, 3);
  EXPECT_EQ(image.height, 2);
  EXPECT_EQ(image.at(0, 1), 1);
  EXPECT_NEAR(image.at(2, 0), 0.2, 1e-9);
  EXPECT_EQ(image.at(1, 0), 0);
  EXPECT_THROW(parse_grey_png("no picture", "a.png"), InputError);
}
