// Formulas of bands and their derivatives.
#include "io/band_formula.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/error.hpp"

namespace kubomag::test {
namespace {

using io::BandFormula;
using testing::HasSubstr;

// Central differences of the fourth order, of formulas that vary on lengths of 1.
TEST(BandFormula, SlopesOfEveryFunctionAreThoseOfItsValues) {
  const std::map<std::string, double> parameters{{"a", 0.7}, {"x", 1.3}};
  for (const char* text : {"a + kx - 2*ky",
                           "kx*ky - a/(1 + kx) + ky/(2 + kx^2 - ky^2)",
                           "-(kx^3 - 3*kx*ky^2)",
                           "kx^4 + ky^1.5",
                           "(1 + kx)^(a*ky)",
                           "sin(2*kx*ky)",
                           "cos(kx - ky)",
                           "tan(kx*ky)",
                           "asin(kx*ky)",
                           "acos(kx*ky)",
                           "atan(kx - 3*ky)",
                           "sinh(kx*ky)",
                           "cosh(kx - ky)",
                           "tanh(kx*ky)",
                           "asinh(kx - 2*ky)",
                           "acosh(1.5 + kx*ky)",
                           "atanh(kx*ky)",
                           "exp(-kx*ky)",
                           "ln(1 + kx + ky)",
                           "log2(2 + kx*ky)",
                           "log10(1 + kx + 3*ky)",
                           "sqrt(kx^2 + x*ky^2)",
                           "abs(ky - 2*kx)",
                           "erf(kx*ky)",
                           "erfc(kx - ky)",
                           "atan2(ky, kx - 2)",
                           "min(kx, 2*ky)",
                           "max(kx, 2*ky, kx*ky)",
                           "kx > ky ? kx^2 : ky^3",
                           "kx < ky ? kx^2 : ky^3",
                           "rint(kx)*ky + sign(-kx)*kx"}) {
    const BandFormula bands("0.1", {text, "kx", "2*ky"}, {parameters});
    constexpr double step = 1e-3;
    for (const auto& [kx, ky] : {std::pair{0.83, 0.71}, {0.31, 0.93}}) {
      const auto at = [&](double dx, double dy) { return bands(kx + dx, ky + dy).h.x(); };
      const auto slope = [&](double x, double y) {
        return (8 * (at(x, y) - at(-x, -y)) - at(2 * x, 2 * y) + at(-2 * x, -2 * y)) / (12 * step);
      };
      const BandGradient own = bands.gradient(kx, ky);
      EXPECT_NEAR(own.h(0, 0), slope(step, 0), 3e-9) << text;
      EXPECT_NEAR(own.h(0, 1), slope(0, step), 3e-9) << text;
      EXPECT_EQ(own.h0.norm(), 0);
      EXPECT_EQ(own.value.h0, 0.1);
      EXPECT_NEAR((own.value.h - bands(kx, ky).h).norm(), 0, 1e-14) << text;
      EXPECT_EQ((own.h.bottomRows<2>() - Eigen::Matrix2d{{1, 0}, {0, 2}}).norm(), 0);
    }
  }
}

TEST(BandFormula, ManyPlacesAtOnceGiveTheSame) {
  const BandFormula bands("kx > 0.3 ? kx^2 : 0.09", {"sin(kx)*ky", "1", "atan2(ky, kx + 9)"}, {});
  std::vector<double> kx, ky;
  for (int i = 0; i < 150; ++i) kx.push_back(0.01 * i), ky.push_back(1 - 0.02 * i);
  const BandColumns all = bands.at(kx, ky);
  ASSERT_EQ(all.h0.size(), kx.size());
  for (std::size_t i = 0; i < kx.size(); ++i) {
    const BandPoint one = bands(kx[i], ky[i]);
    EXPECT_NEAR(all.h0[i], one.h0, 1e-15);
    EXPECT_NEAR((Eigen::Vector3d(all.hx[i], all.hy[i], all.hz[i]) - one.h).norm(), 0, 1e-15);
  }
}

// v |k| has no derivative at 0; differences on both sides of it have one.
TEST(BandFormula, BandsHaveSlopesWhereAFormulaHasNone) {
  const BandFormula formula("sqrt(kx^2 + ky^2)", {"kx", "ky", "0"}, {});
  EXPECT_FALSE(formula.gradient(0, 0).h0.allFinite());
  BandModel model;
  model.point = formula;
  model.gradient = [&](double kx, double ky) { return formula.gradient(kx, ky); };
  const Bands bands(model, Eigen::Vector3d::UnitZ(), 1);
  const BandGradient g = bands.gradient({0, 0});
  EXPECT_NEAR(g.h0.norm(), 0, 1e-15);
  EXPECT_NEAR((g.h.topRows<2>() - Eigen::Matrix2d::Identity()).norm(), 0, 1e-12);
}

TEST(BandFormula, RefusalsNameFormulaPlaceAndReason) {
  const auto message = [](const char* text, const std::map<std::string, double>& parameters) {
    try {
      const BandFormula bands("0", {"kx", text, "0"}, parameters);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(message("2*foo", {}),
              HasSubstr("formula \"2*foo\", character 3: unknown name 'foo'"));
  EXPECT_THAT(message("x", {}), HasSubstr("allowed are kx, ky, the names of [surface.parameters]"));
  EXPECT_THAT(message("kx +", {}), HasSubstr("it ends too early"));
  EXPECT_THAT(message("1/ky", {}), HasSubstr("is not finite at k = 0"));
  EXPECT_THAT(message("kx", {{"ky", 1}}), HasSubstr("a parameter cannot have the name 'ky'"));
}

}  // namespace
}  // namespace kubomag::test
