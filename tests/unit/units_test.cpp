#include "io/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/error.hpp"

using namespace kubomag::io;
using kubomag::InputError;
using testing::HasSubstr;

namespace {

struct Case {
  const char* text;
  const char* unit;
  double value;  // by hand, from the definitions of the SI
};

std::string message(const std::string& text, const char* unit) {
  try {
    parse_quantity(text, unit);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST(Units, QuantitiesInSI) {
  const Case cases[] = {
      {"4 nm", "m", 4e-9},
      {"4nm", "m", 4e-9},
      {"-1.5 um", "m", -1.5e-6},
      {"1 \u00b5m", "m", 1e-6},
      {"20 meV", "J", 20e-3 * 1.602176634e-19},
      {"1.4e5 A/m", "A/m", 1.4e5},
      {"140 kA/m", "A/m", 1.4e5},
      {"10 kJ/m3", "J/m3", 1e4},
      {"10 kJ/m^3", "J/m3", 1e4},
      {"10 kJ m^-3", "J/m3", 1e4},
      {"4 pJ/m", "J/m", 4e-12},
      {"4 pN", "J/m", 4e-12},
      {"7 GHz", "Hz", 7e9},
      {"7e9 1/s", "Hz", 7e9},
      {"180 deg", "rad", 3.14159265358979323846},
      {"1e5 V/m", "V/m", 1e5},
      {"1 kV/cm", "V/m", 1e5},
      {"1 uT", "T", 1e-6},
      {"1 mW/(A m)", "V/m", 1e-3},
      {"1 cm2/s", "m2/s", 1e-4},
      {"1.7595e11 rad/(T s)", "rad/(T s)", 1.7595e11},
      {"5 %", "1", 0.05},
      {"3e-9", "m", 3e-9},
      {"  2 ps ", "s", 2e-12},
      {"1 g", "kg", 1e-3},
  };
  for (const Case& c : cases)
    EXPECT_NEAR(parse_quantity(c.text, c.unit), c.value, 4e-16 * std::abs(c.value)) << c.text;
}

TEST(Units, InfinityHasEveryDimension) {
  EXPECT_EQ(parse_quantity("inf", "s"), INFINITY);
  EXPECT_EQ(parse_quantity("-inf", "m"), -INFINITY);
}

TEST(Units, WrongDimensionSaysWhatWasGivenAndWhatIsAllowed) {
  EXPECT_EQ(message("4 nA", "m"), "'4 nA' is a current; a length is expected, such as \"4 nm\"");
  EXPECT_EQ(message("1e10 rad/s", "Hz"),
            "'1e10 rad/s' is an angular frequency; a frequency or rate is expected, such as "
            "\"7 GHz\"");
  EXPECT_EQ(message("3 J", "J/m3"),
            "'3 J' is an energy; an energy density is expected, such as \"10 kJ/m3\"");
}

TEST(Units, BrokenQuantitiesAreRefused) {
  EXPECT_EQ(message("4 furlong", "m"),
            "'4 furlong': unknown unit 'furlong'; a length is expected, such as \"4 nm\"");
  EXPECT_THAT(message("nm", "m"), HasSubstr("is not a number"));
  EXPECT_THAT(message("", "m"), HasSubstr("is not a number"));
  EXPECT_THAT(message("nan", "m"), HasSubstr("is not a number"));
  EXPECT_THAT(message("0x10 m", "m"), HasSubstr("unit"));
  EXPECT_THAT(message("4 m/", "m"), HasSubstr("is not a unit"));
  EXPECT_THAT(message("4 m/(s", "m"), HasSubstr("is not a unit"));
  EXPECT_THAT(message("4 m)", "m"), HasSubstr("is not a unit"));
  EXPECT_THAT(message("4 m^", "m"), HasSubstr("is not a unit"));
}

TEST(Units, QuantitiesAreToldFromFormulas) {
  for (const char* text : {"4 nm", "4nm", "-2e3", "inf", "0", "4 furlong", "5e14 1/m2"})
    EXPECT_TRUE(is_quantity(text)) << text;
  for (const char* text : {"2*x", "x", "sin(x)", "1.4e5*(1+x)", "-x", "(1)", "pi", "1/2"})
    EXPECT_FALSE(is_quantity(text)) << text;
}

TEST(Units, FormattedWithAPrefix) {
  EXPECT_EQ(format_quantity(4e-9, "m"), "4 nm");
  EXPECT_EQ(format_quantity(-1.4e5, "A/m"), "-140 kA/m");
  EXPECT_EQ(format_quantity(1e-12, "s"), "1 ps");
  EXPECT_EQ(format_quantity(9.9999e-10, "m"), "1 nm");
  EXPECT_EQ(format_quantity(0.05, "1"), "0.05");
  EXPECT_EQ(format_quantity(8.23e-3, "m2/s"), "0.00823 m2/s");
  EXPECT_EQ(format_quantity(0, "T"), "0 T");
  EXPECT_EQ(format_quantity(INFINITY, "s"), "inf s");
}
