// Formulas of a configuration, evaluated without the parser that checks them (muParser), against
// it.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "io/config_maps.hpp"

using namespace kubomag;
using io::Expression;
using io::Formula;

namespace {

const std::vector<std::string> texts = {"2e4*sin(2*pi*x/(1*um))*sin(2*pi*5.6*GHz*t)",
                                        "x > 0 && y < 50*nm ? exp(-t/(3*ps)) : -(x^2 + y^2)/(1*um)",
                                        "atan2(y, x) + erf(x/(30*nm)) - max(x, y, 1*nm)/(1*nm)",
                                        "1.5 - 0.5"};

double place(int i) { return -90e-9 + 17e-9 * i; }

}  // namespace

TEST(Expression, HasTheValuesOfTheFormula) {
  for (const std::string& text : texts) {
    const Formula formula(text);
    const Expression expression(formula);
    for (int i = 0; i < 12; ++i) {
      const double x = place(i), y = place(5 * i % 12), t = 0.7e-12 * i, value = formula(x, y, t);
      EXPECT_NEAR(expression(x, y, t), value, 1e-14 * std::abs(value)) << text;
    }
    EXPECT_EQ(expression.uses_t(), formula.uses_t()) << text;
    EXPECT_EQ(expression.uniform(), !formula.uses_t() && !formula.uses_xy()) << text;
  }
}

TEST(Expression, MayBeEvaluatedByManyThreadsAtOnce) {
  const Expression expression{Formula(texts[0])};
  const auto sum = [&] {
    double all = 0;
    for (int i = 0; i < 20000; ++i) all += expression(place(i % 12), 0, 1e-15 * i);
    return all;
  };
  const double alone = sum();
  std::vector<double> found(4);
  std::vector<std::thread> threads;
  for (double& value : found) threads.emplace_back([&] { value = sum(); });
  for (std::thread& thread : threads) thread.join();
  for (const double value : found) EXPECT_EQ(value, alone);
}
