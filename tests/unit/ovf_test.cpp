// OVF files: exact round trips, files of other programs, and clear refusals.
#include "io/ovf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

const std::string data = KUBOMAG_TEST_DATA;

OvfField sample(int components) {
  Grid grid;
  grid.nx = 3, grid.ny = 2;
  grid.dx = 4e-9, grid.dy = 5e-9, grid.dz = 1e-9 / 3;
  std::vector<double> values;
  for (int i = 0; i < components * 6; ++i) values.push_back(1.0 / 3 - 0.1 * i);
  return make_ovf_field(grid, "B", "T", components, values, 1.25e-9);
}

std::string message_of(const std::string& bytes) {
  try {
    parse_ovf(bytes, "file.ovf");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_same(const OvfField& a, const OvfField& b, double tolerance) {
  EXPECT_EQ(a.nx, b.nx);
  EXPECT_EQ(a.ny, b.ny);
  EXPECT_EQ(a.nz, b.nz);
  EXPECT_EQ(a.dx, b.dx);
  EXPECT_EQ(a.dy, b.dy);
  EXPECT_EQ(a.dz, b.dz);
  EXPECT_EQ(a.xbase, b.xbase);
  EXPECT_EQ(a.ybase, b.ybase);
  EXPECT_EQ(a.zbase, b.zbase);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.units, b.units);
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.desc, b.desc);
  ASSERT_EQ(a.values.size(), b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i)
    EXPECT_NEAR(a.values[i], b.values[i], tolerance) << i;
}

TEST(Ovf, RoundTripsWithEveryFormatAndDimension) {
  for (const int components : {1, 2, 3}) {
    const OvfField field = sample(components);
    const auto again = [&](OvfFormat format) { return parse_ovf(ovf_bytes(field, format), "x"); };
    expect_same(again(OvfFormat::text), field, 0);
    expect_same(again(OvfFormat::binary8), field, 0);
    expect_same(again(OvfFormat::binary4), field, 1.5 / (1 << 24));  // half a unit of float at 1.5
    EXPECT_EQ(ovf_time(again(OvfFormat::text)), 1.25e-9);
  }
}

TEST(Ovf, OrderOfCellsAndComponentsIsTheStandards) {
  // x runs fastest, then y; the components of a cell stand together.
  const std::string text = ovf_bytes(sample(2), OvfFormat::text);
  const OvfField field = sample(2);
  const std::size_t begin = text.find("# Begin: Data Text\n") + 19;
  EXPECT_EQ(std::stod(text.substr(begin)), field.values[0]);
  const std::size_t second = text.find('\n', begin) + 1;
  EXPECT_EQ(std::stod(text.substr(second)), field.values[1]);                      // ix = 1
  EXPECT_EQ(std::stod(text.substr(text.find(' ', second))), field.values[6 + 1]);  // its y
}

TEST(Ovf, BinaryDataBeginsWithTheStandardsCheckValues) {
  const auto begin_of = [](OvfFormat format, const std::string& name, std::size_t count) {
    const std::string bytes = ovf_bytes(sample(3), format);
    const std::string line = "# Begin: Data " + name + "\n";
    return bytes.substr(bytes.find(line) + line.size(), count);
  };
  // The bytes are given in the User's Guide: 1234567.0 and 123456789012345.0, little endian.
  EXPECT_EQ(begin_of(OvfFormat::binary4, "Binary 4", 4), std::string("\x38\xB4\x96\x49"));
  EXPECT_EQ(begin_of(OvfFormat::binary8, "Binary 8", 8),
            std::string("\x40\xDE\x77\x83\x21\x12\xDC\x42"));
}

TEST(Ovf, KeysAreThoseThatMumax3Accepts) {
  const std::vector<std::string> known = {
      "OOMMF OVF 2.0", "Segment count", "Begin",     "End",       "Title",     "Desc",
      "meshtype",      "meshunit",      "xbase",     "ybase",     "zbase",     "xnodes",
      "ynodes",        "znodes",        "xstepsize", "ystepsize", "zstepsize", "xmin",
      "ymin",          "zmin",          "xmax",      "ymax",      "zmax",      "valuedim",
      "valuelabels",   "valueunits"};
  std::istringstream lines(ovf_bytes(sample(3), OvfFormat::text));
  for (std::string line; std::getline(lines, line);) {
    if (line.front() != '#') continue;
    const std::string key = line.substr(2, line.find(':') - 2);
    EXPECT_THAT(known, ::testing::Contains(key));
  }
}

TEST(Ovf, CoordinatesAreThoseOfTheGrid) {
  const OvfField field = sample(1);
  EXPECT_DOUBLE_EQ(field.xbase, -4e-9);    // 3 cells: the middle one is at 0
  EXPECT_DOUBLE_EQ(field.ybase, -2.5e-9);  // 2 cells on either side of 0
  const std::string bytes = ovf_bytes(field, OvfFormat::text);
  const auto number = [&](const std::string& key) {
    return std::stod(bytes.substr(bytes.find(key) + key.size()));
  };
  EXPECT_NEAR(number("# ymin: "), -5e-9, 1e-23);
  EXPECT_NEAR(number("# ymax: "), 5e-9, 1e-23);
}

TEST(Ovf, ReadsTheFilesOfOommf) {
  const OvfField m = read_ovf(data + "/oommf/vortex_m.ovf");
  EXPECT_EQ(m.nx, 64);
  EXPECT_EQ(m.ny, 32);
  EXPECT_EQ(m.dx, 5e-9);
  EXPECT_EQ(m.dy, 4e-9);
  EXPECT_EQ(m.dz, 3e-9);
  EXPECT_EQ(m.title, "Oxs_TimeDriver::Spin");
  EXPECT_THAT(m.units, ::testing::ElementsAre("", "", ""));
  EXPECT_THAT(m.labels, ::testing::ElementsAre("Spin_x", "Spin_y", "Spin_z"));
  EXPECT_EQ(m.value(0, 0), 0.36629204045645719);  // first line of the file's data
  EXPECT_EQ(m.value(1, 1), -0.92636725442511447);
  EXPECT_EQ(ovf_time(m), 0.0);
  for (std::size_t i = 0; i < m.cells(); ++i)
    EXPECT_NEAR(std::hypot(m.value(0, i), m.value(1, i), m.value(2, i)), 1, 1e-15);
  for (const auto& entry : fs::directory_iterator(data + "/oommf"))
    if (entry.path().extension() == ".ovf") {
      EXPECT_EQ(read_ovf(entry.path()).components, 3);
    }
  EXPECT_EQ(read_ovf(data + "/oommf/sp4-s-state.ovf").units[2], "A/m");
}

TEST(Ovf, ReadsTheFilesOfUbermag) {
  for (const char* kind : {"txt", "bin4", "bin8"}) {
    const OvfField field = read_ovf(data + "/ubermag/ramp_" + kind + ".ovf");
    ASSERT_EQ(field.cells(), 15U);
    EXPECT_EQ(field.units[0], "A/m");
    for (int iy = 0; iy < 3; ++iy)
      for (int ix = 0; ix < 5; ++ix) {
        const auto cell = static_cast<std::size_t>(ix + 5 * iy);
        EXPECT_NEAR(field.value(0, cell), 2 * ix + 1, 1e-6);
        EXPECT_NEAR(field.value(1, cell), 2 * iy + 1, 1e-6);
        EXPECT_EQ(field.value(2, cell), 1);
      }
  }
}

template <class Real, class Bits>
std::string big_endian(std::initializer_list<double> values) {
  std::string out;
  for (const double value : values) {
    const Bits bits = std::bit_cast<Bits>(static_cast<Real>(value));
    for (int byte = sizeof(Bits) - 1; byte >= 0; --byte)
      out += static_cast<char>(bits >> (8 * byte));
  }
  return out;
}

std::string ovf1(const std::string& kind, const std::string& values) {
  return "# OOMMF: rectangular mesh v1.0\n# Segment count: 1\n# Begin: Segment\n# Begin: Header\n"
         "# Title: m ## a comment\n# meshtype: rectangular\n# meshunit: m\n# xbase: 1\n"
         "# ybase: 2\n# zbase: 3\n# xstepsize: 1e-9\n# ystepsize: 2e-9\n# zstepsize: 3e-9\n"
         "# xnodes: 2\n# ynodes: 1\n# znodes: 1\n# valueunit: A/m\n# valuemultiplier: 10\n"
         "# Desc: Time (s): 2e-09\n# End: Header\n# Begin: Data " +
         kind + "\n" + values + "\n# End: Data " + kind + "\n# End: Segment\n";
}

TEST(Ovf, ReadsOvf1WithItsMultiplierAndItsByteOrder) {
  const std::string text = ovf1("Text", "1 2 3\n4 5 +6");
  const std::string binary4 =
      ovf1("Binary 4", big_endian<float, std::uint32_t>({1234567.0, 1, 2, 3, 4, 5, 6}));
  const std::string binary8 =
      ovf1("Binary 8", big_endian<double, std::uint64_t>({123456789012345.0, 1, 2, 3, 4, 5, 6}));
  for (const std::string& bytes : {text, binary4, binary8}) {
    const OvfField field = parse_ovf(bytes, "x");
    EXPECT_THAT(field.values, ::testing::ElementsAre(10, 40, 20, 50, 30, 60));
    EXPECT_THAT(field.units, ::testing::ElementsAre("A/m", "A/m", "A/m"));
    EXPECT_EQ(field.title, "m");
    EXPECT_EQ(ovf_time(field), 2e-9);
  }
}

TEST(Ovf, SaysWhatIsWrongAndWhere) {
  const std::string good = ovf_bytes(sample(3), OvfFormat::text);
  const std::string binary = ovf_bytes(sample(3), OvfFormat::binary4);
  EXPECT_THAT(message_of("# t (s)\tmx ()\n"),
              HasSubstr("file.ovf:1: \"# t (s) mx ()\" is not the"));
  EXPECT_THAT(message_of(replaced(good, "# xnodes: 3\n", "")), HasSubstr("no xnodes"));
  EXPECT_THAT(message_of(replaced(good, "xnodes: 3", "xnodes: -3")),
              HasSubstr("file.ovf:9: xnodes: -3 (must be a whole number of at least 1)"));
  EXPECT_THAT(message_of(replaced(good, "xstepsize: 4e-09", "xstepsize: 0")),
              HasSubstr("must be a positive number"));
  EXPECT_THAT(
      message_of(replaced(good, "xnodes: 3", "xnodes: 4")),
      HasSubstr("the data ends after 18 numbers (4 x 2 x 1 cells with 3 components need 24"));
  EXPECT_THAT(message_of(replaced(good, "xnodes: 3", "xnodes: 2")),
              HasSubstr("follows the last value"));
  EXPECT_THAT(message_of(replaced(good, "rectangular", "irregular")),
              HasSubstr("only rectangular can be read"));
  EXPECT_THAT(message_of(replaced(good, "meshunit: m", "meshunit: nm")),
              HasSubstr("only m can be read"));
  EXPECT_THAT(message_of(replaced(good, "valuedim: 3", "valuedim: 6")), HasSubstr("1, 2 and 3"));
  EXPECT_THAT(message_of(replaced(good, "Data Text\n", "Data Text\nabc ")),
              HasSubstr("file.ovf:29: \"abc\" is not a number"));
  EXPECT_THAT(message_of(replaced(binary, "\x38\xB4\x96\x49", "\x49\x96\xB4\x38")),
              HasSubstr("the check value 1234567 is expected"));
  EXPECT_THAT(message_of(good.substr(0, good.find("# End: Data"))), HasSubstr("cut short"));
  EXPECT_THROW(read_ovf(data + "/no_such_file.ovf"), InputError);
  EXPECT_THROW(read_ovf(data), InputError);
  EXPECT_THROW(ovf_format("binary"), InputError);
}

TEST(Ovf, RefusesFieldsThatDoNotFitTogether) {
  OvfField field = sample(3);
  field.values.pop_back();
  EXPECT_THROW(ovf_bytes(field, OvfFormat::text), InputError);
  field = sample(3);
  field.units.clear();
  EXPECT_THROW(ovf_bytes(field, OvfFormat::text), InputError);
}

TEST(Ovf, HugeNodeCountsNeitherOverflowNorAllocate) {
  for (const auto format : {OvfFormat::text, OvfFormat::binary4, OvfFormat::binary8}) {
    std::string bytes = ovf_bytes(sample(3), format);
    for (const char* key : {"xnodes: 3", "ynodes: 2", "znodes: 1"})
      bytes = replaced(bytes, key, std::string(key).substr(0, 8) + "2147483647");
    EXPECT_THAT(message_of(bytes), HasSubstr("need more data than the file has"));
  }
}

TEST(Ovf, NamesAndDescriptionsCannotBreakTheHeader) {
  OvfField field = sample(1);
  field.title = "a\n# End: Header ## b";
  field.labels = {"two words"};
  field.units = {""};
  const OvfField again = parse_ovf(ovf_bytes(field, OvfFormat::text), "x");
  EXPECT_EQ(again.title, "a # End: Header # b");
  EXPECT_EQ(again.labels[0], "two words");
  EXPECT_EQ(again.units[0], "");
}

TEST(Ovf, EveryCutFileIsRefused) {
  for (const auto format : {OvfFormat::text, OvfFormat::binary4, OvfFormat::binary8}) {
    const std::string bytes = ovf_bytes(sample(2), format);
    const std::size_t needed = bytes.find("# End: Data") + 11;
    for (std::size_t size = 0; size < needed; ++size)
      EXPECT_THROW(parse_ovf(bytes.substr(0, size), "x"), InputError) << size;
  }
}

TEST(Ovf, DamagedBytesGiveAFieldOrAnInputErrorButNeverACrash) {
  std::mt19937 random(1);
  for (const auto format : {OvfFormat::text, OvfFormat::binary4, OvfFormat::binary8}) {
    const std::string good = ovf_bytes(sample(3), format);
    for (int trial = 0; trial < 20000; ++trial) {
      std::string bytes = good;
      for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      try {
        const OvfField field = parse_ovf(bytes, "x");
        EXPECT_EQ(field.values.size(), field.cells() * static_cast<std::size_t>(field.components));
      } catch (const InputError&) {
      }
    }
  }
}

}  // namespace
}  // namespace kubomag::io
