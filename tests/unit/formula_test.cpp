#include "io/formula.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "kubomag/error.hpp"

using namespace kubomag::io;
using kubomag::InputError;
using testing::HasSubstr;

namespace {

std::string message(const std::string& text) {
  try {
    Formula formula(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST(Formula, EvaluatesFunctionsConstantsAndUnits) {
  EXPECT_DOUBLE_EQ(Formula("1e5*sin(2*pi*x/um)")(0.25e-6, 0), 1e5);
  EXPECT_DOUBLE_EQ(Formula("3*y + x^2")(2, 5), 19);
  EXPECT_DOUBLE_EQ(Formula("-x^2")(3, 0), -9);
  EXPECT_DOUBLE_EQ(Formula("t/ps*mT")(0, 0, 2e-12), 2e-3);
  EXPECT_DOUBLE_EQ(Formula("log(exp(2)) + ln(exp(1)) + log10(100)")(0, 0), 5);
  EXPECT_DOUBLE_EQ(Formula("erf(x)")(0.5, 0), std::erf(0.5));
  EXPECT_DOUBLE_EQ(Formula("atan2(y, x)")(-1, 0), 3.14159265358979323846);
  EXPECT_DOUBLE_EQ(Formula("x > 0 ? 1 : -1")(-2, 0), -1);
}

TEST(Formula, RegionsCombineComparisons) {
  const Formula where("x > 0 && y < 1e-7 || x <= -1");
  EXPECT_NE(where(1, 0), 0);
  EXPECT_EQ(where(1, 1), 0);
  EXPECT_NE(where(-1, 1), 0);
  EXPECT_EQ(where(-0.5, 0), 0);
}

TEST(Formula, KnowsItsVariables) {
  EXPECT_TRUE(Formula("x*t").uses_t());
  EXPECT_FALSE(Formula("x*tan(y)").uses_t());
  EXPECT_TRUE(Formula("x").uses_xy());
  EXPECT_FALSE(Formula("2*T + t").uses_xy());
}

TEST(Formula, ErrorsNameFormulaPlaceAndReason) {
  EXPECT_THAT(message("2*foo"), HasSubstr("formula \"2*foo\", character 3: unknown name 'foo'"));
  EXPECT_THAT(message("sin(x"), HasSubstr("a closing parenthesis is missing"));
  EXPECT_THAT(message("2*"), HasSubstr("it ends too early"));
  EXPECT_THAT(message(""), HasSubstr("it is empty"));
  EXPECT_THAT(message("2 3"), HasSubstr("out of place"));
  EXPECT_THAT(message("1, 2"), HasSubstr("one value is wanted"));
}

TEST(Formula, AssignmentIsNotAComparison) {
  EXPECT_THAT(message("x = 0"), HasSubstr("character 3: a comparison is written =="));
  EXPECT_EQ(message("x == 0 && x >= 0 && x <= 1 && x != 2"), "no error");
}

TEST(Formula, EvaluationIsSafeFromSeveralThreads) {
  const Formula formula("x + 2*y");
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k)
    threads.emplace_back([&, k] {
      for (int i = 0; i < 2000; ++i)
        if (formula(k, i) != k + 2.0 * i) ++wrong[k];
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, testing::Each(0));
}
