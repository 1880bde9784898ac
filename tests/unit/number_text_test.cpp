// Numbers for people: prefixes, round lengths, ticks.
#include "io/number_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace kubomag::io {
namespace {

TEST(NumberText, PrefixesBringNumbersBetween1And1000) {
  EXPECT_EQ(si_text(200e-9, "m"), "200 nm");
  EXPECT_EQ(si_text(-3.2e-3, "T"), "-3.2 mT");
  EXPECT_EQ(si_text(1e-9, "s"), "1 ns");
  EXPECT_EQ(si_text(1.25e-9, "s"), "1.25 ns");
  EXPECT_EQ(si_text(999.9, "V"), "1 kV");
  EXPECT_EQ(si_text(2.5e-6, "V"), "2.5 \u00b5V");
  EXPECT_EQ(si_text(8e5, "A/m"), "800 kA/m");
  EXPECT_EQ(si_text(1e4, "J/m3"), "10 kJ/m3");
  EXPECT_EQ(si_text(0, "T"), "0 T");
  const std::string symbols[] = {"a", "f", "p", "n", "\u00b5", "m", "",
                                 "k", "M", "G", "T", "P",      "E"};
  for (int i = 0; i < 13; ++i)
    EXPECT_EQ(si_text(2 * std::pow(10.0, 3 * (i - 6)), "J"), "2 " + symbols[i] + "J");
}

TEST(NumberText, UnitsThatCannotCarryAPrefixStayAsTheyAre) {
  EXPECT_EQ(si_text(0.25, ""), "0.25");
  EXPECT_EQ(si_text(0.25, "1"), "0.25");
  EXPECT_EQ(si_text(0.001, "m2/s"), "0.001 m2/s");
  EXPECT_EQ(si_text(1e9, "1/s"), "1e+09 1/s");
  EXPECT_EQ(si_text(0.001, "deg"), "0.001 deg");
  EXPECT_EQ(si_text(1e-40, "J"), "1e-40 J");
}

TEST(NumberText, RoundLengthsAre1_2_5) {
  EXPECT_DOUBLE_EQ(round_length(1), 1);
  EXPECT_DOUBLE_EQ(round_length(1.99), 1);
  EXPECT_DOUBLE_EQ(round_length(4.9e-7), 2e-7);
  EXPECT_DOUBLE_EQ(round_length(999), 500);
}

TEST(NumberText, TicksAreRoundAndInside) {
  EXPECT_THAT(axis_ticks(0, 2, 10), ::testing::SizeIs(11));
  EXPECT_THAT(axis_ticks(-1, 1, 4),
              ::testing::Pointwise(::testing::DoubleEq(), {-1.0, -0.5, 0.0, 0.5, 1.0}));
  EXPECT_THAT(axis_ticks(3.1e-9, 6.9e-9, 4),
              ::testing::Pointwise(::testing::DoubleEq(), {4e-9, 5e-9, 6e-9}));
}

}  // namespace
}  // namespace kubomag::io
