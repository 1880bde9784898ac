// Formulas as data: each operator and function against the host's parser (muParser), precedence by
// random formulas, the split into what is computed once, and errors.
#include "io/formula_graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "io/formula.hpp"
#include "kernels/formula_code.hpp"
#include "kubomag/error.hpp"
#include "setup/formula_plan.hpp"
#include "support/films.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;

constexpr double some[] = {-2.3, -1, -0.4, 0, 0.3, 0.8, 1, 2.7};

double by_graph(const std::string& text, double x, double y, double t) {
  const Parameters none;
  FormulaGraphBuilder builder({}, none);
  const int node = builder.add(text);
  FormulaValues values(builder.graph());
  return values({x, y, t, {}, 0})[node];
}

void expect_same(double got, double expected, double tolerance, const std::string& what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(got)) << what;
  } else if (std::isinf(expected)) {
    EXPECT_EQ(got, expected) << what;
  } else {
    EXPECT_NEAR(got, expected, tolerance * std::max(1.0, std::abs(expected))) << what;
  }
}

const char* const formulas[] = {"sin(x)",
                                "cos(x)",
                                "tan(x)",
                                "asin(x)",
                                "acos(x)",
                                "atan(x)",
                                "sinh(x)",
                                "cosh(x)",
                                "tanh(x)",
                                "asinh(x)",
                                "acosh(x)",
                                "atanh(x)",
                                "exp(x)",
                                "ln(x)",
                                "log(x)",
                                "log2(x)",
                                "log10(x)",
                                "sqrt(x)",
                                "abs(x)",
                                "sign(x)",
                                "rint(x)",
                                "erf(x)",
                                "erfc(x)",
                                "atan2(x, y)",
                                "min(x, y, 0.5)",
                                "max(x, y, 0.5)",
                                "sum(x, y, 2)",
                                "avg(x, y, 2)",
                                "x + y",
                                "x - y",
                                "x*y",
                                "x/y",
                                "x^y",
                                "x^2",
                                "x^3",
                                "x^4",
                                "-x",
                                "+x",
                                "x < y",
                                "x <= y",
                                "x > y",
                                "x >= y",
                                "x == y",
                                "x != y",
                                "x && y",
                                "x || y",
                                "x > 0 ? y : t",
                                "x < 0 ? 1 : y > 0 ? 2 : 3"};

TEST(FormulaGraph, EveryOperationIsThatOfTheHostsParser) {
  for (const char* text : formulas)
    for (const double x : some)
      for (const double y : some)
        expect_same(by_graph(text, x, y, 0.7), Formula(text)(x, y, 0.7), 1e-15, text);
}

TEST(FormulaGraph, ConstantsAndUnitsAreFolded) {
  EXPECT_DOUBLE_EQ(by_graph("2*pi*t*GHz", 0, 0, 1e-9), 2 * constants::pi);
  EXPECT_DOUBLE_EQ(by_graph("1.5e1 + .5", 0, 0, 0), 15.5);
  const Parameters none;
  FormulaGraphBuilder builder({{"B0", 0.25}, {"mT", 3}}, none);
  const int node = builder.add("2*B0*sin(pi/2) + mT");
  ASSERT_EQ(builder.graph().nodes[node].op, FormulaOp::number);
  EXPECT_DOUBLE_EQ(builder.graph().nodes[node].number, 3.5);
}

/// A formula of the whole grammar with few parentheses, so that precedence decides.
std::string random_formula(std::mt19937& random, int depth) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  if (depth == 0) {
    // no numbers: muParser folds 0.5 && 1 to 0, of numbers alone
    const char* leaves[] = {"x", "y", "t"};
    return leaves[pick(3)];
  }
  const auto part = [&] { return random_formula(random, depth - 1); };
  const char* binary[] = {"+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||"};
  switch (pick(8)) {
    case 0:
      return "-" + part();
    case 1:
      return "(" + part() + ")";
    case 2:
      return "tanh(" + part() + ")";
    case 3:
      return part() + " ? " + part() + " : " + part();
    default:
      return part() + " " + binary[pick(13)] + " " + part();
  }
}

TEST(FormulaGraph, PrecedenceIsThatOfTheHostsParser) {
  std::mt19937 random(11);
  for (int k = 0; k < 3000; ++k) {
    const std::string text = random_formula(random, 1 + k % 4);
    if (text.find("--") != std::string::npos || text.find("- -") != std::string::npos) continue;
    const double x = 0.6, y = -1.7, t = 1.3;
    expect_same(by_graph(text, x, y, t), Formula(text)(x, y, t), 1e-12, text);
  }
}

/// A film of three cells with a map, and the code for a formula in either precision.
template <class Real>
double by_code(const std::string& text, double x, double y, double t) {
  Parameters film;
  film.set("Msat", ScalarMap(std::vector<double>{x, 0.5, 1}));
  film.set("Ku1", ScalarMap(std::vector<double>{t, 0.25, -1}));
  FormulaGraphBuilder builder({}, film);
  // x becomes m, y a number, t a map and time mixed: none of them is known when it is planned
  const int node = builder.add(text);
  const FormulaPlan plan = plan_formula(builder.graph(), {node});
  FormulaValues values(builder.graph());
  std::vector<Real> maps;
  for (const int map : plan.maps)
    for (std::size_t cell = 0; cell < 3; ++cell)
      maps.push_back(static_cast<Real>(values({0, y, 0, {}, cell})[map]));
  const Vec3<Real> m{static_cast<Real>(x), static_cast<Real>(y), static_cast<Real>(t)};
  const Real mx[] = {m.x, 0, 0}, my[] = {m.y, 0, 0}, mz[] = {m.z, 0, 0};
  FormulaCode<Real> code;
  code.steps = plan.code.data(), code.count = static_cast<int>(plan.code.size());
  code.maps = maps.data(), code.cells = 3;
  code.scalar_count = static_cast<int>(plan.scalars.size());
  for (std::size_t k = 0; k < plan.scalars.size(); ++k)
    code.scalars[k] = static_cast<Real>(values({0, 0, t, {}, 0})[plan.scalars[k]]);
  code.outputs[0] = plan.outputs[0];
  double first = 0;
  code.template run<1>({mx, my, mz}, 0, 3, [&](int i, const Real* v) {
    if (i == 0) first = static_cast<double>(v[0]);
  });
  return first;
}

std::string with_names(std::string text, const char* x, const char* y, const char* t) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const bool alone =
        (k == 0 || !letter(text[k - 1])) && (k + 1 == text.size() || !letter(text[k + 1]));
    if (alone && text[k] == 'x')
      out += x;
    else if (alone && text[k] == 'y')
      out += y;
    else if (alone && text[k] == 't')
      out += t;
    else
      out += text[k];
  }
  return out;
}

TEST(FormulaCode, EveryOperationRunsForCellsInBothPrecisions) {
  for (const char* text : formulas)
    for (const double x : some)
      for (const double y : some) {
        const double expected = Formula(text)(x, y, 0.7);
        const std::string cells = with_names(text, "mx", "my", "mz");
        const std::string mixed = with_names(text, "Msat", "my", "t");
        expect_same(by_code<double>(cells, x, y, 0.7), expected, 1e-15, cells);
        expect_same(by_code<double>(mixed, x, y, 0.7), expected, 1e-15, mixed);
        // in single precision 0.3 is not 0.3f: the condition of the function comes on top
        const double x1 = static_cast<float>(x), y1 = static_cast<float>(y);
        const double rounded = Formula(text)(x1, y1, static_cast<double>(0.7f));
        expect_same(by_code<float>(cells, x, y, 0.7), rounded, 1e-6, cells);
      }
}

TEST(FormulaPlan, TheHostComputesWhatDoesNotDependOnM) {
  const Parameters none;
  FormulaGraphBuilder builder({}, none);
  const int node = builder.add("1e-3*sin(2*pi*t*GHz)*exp(-x^2/(nm^2))*mz + cos(x/nm)");
  const FormulaPlan plan = plan_formula(builder.graph(), {node});
  EXPECT_EQ(plan.scalars.size(), 1u);  // of t
  EXPECT_EQ(plan.maps.size(), 2u);     // of x
  EXPECT_EQ(plan.code.size(), 5u);     // two maps, two products, a sum
}

TEST(FormulaPlan, WhatOccursTwiceIsComputedOnce) {
  const Parameters none;
  FormulaGraphBuilder builder({}, none);
  const int a = builder.add("sin(3*mx)*my"), b = builder.add("sin(3*mx)*mz");
  EXPECT_EQ(plan_formula(builder.graph(), {a, b}).code.size(), 4u);
}

TEST(FormulaPlan, RegistersAreUsedAgain) {
  std::string sum = "mx";
  for (int k = 0; k < 200; ++k) sum += " + sin(" + std::to_string(k % 7) + "*mx)*my";
  const Parameters none;
  FormulaGraphBuilder builder({}, none);
  const int node = builder.add(sum);
  EXPECT_LT(plan_formula(builder.graph(), {node}).registers, 30);
  std::string wide = "mx";
  for (int k = 1; k < 70; ++k) wide = "sin(" + wide + "*" + std::to_string(k) + ".5)";
  const int other = builder.add(wide);
  EXPECT_THROW(plan_formula(builder.graph(), {other}), InputError);
}

std::string message(const std::string& text) {
  const Parameters none;
  try {
    FormulaGraphBuilder({}, none).add(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FormulaGraph, ErrorsNameFormulaPlaceAndReason) {
  EXPECT_THAT(message("2*foo"), HasSubstr("formula \"2*foo\", character 3: unknown name 'foo'"));
  EXPECT_THAT(message("sin(mx"), HasSubstr("character 7: a closing parenthesis is missing"));
  EXPECT_THAT(message("2*"), HasSubstr("it ends too early"));
  EXPECT_THAT(message(" "), HasSubstr("it is empty"));
  EXPECT_THAT(message("2 3"), HasSubstr("character 3: '3' is out of place"));
  EXPECT_THAT(message("mx = 0"), HasSubstr("character 4: a comparison is written =="));
  EXPECT_THAT(message("sin + 1"), HasSubstr("'sin' is a function"));
  EXPECT_THAT(message("atan2(mx)"), HasSubstr("atan2 takes 2 arguments, 1 is given"));
  EXPECT_THAT(message("mx ? 1"), HasSubstr("':' is missing"));
  EXPECT_THAT(message(std::string(500, '(')), HasSubstr("nested too deeply"));
  EXPECT_THAT(message(std::string(500, '-') + "x"), HasSubstr("nested too deeply"));
}

TEST(FormulaGraph, ParametersDoNotHideVariables) {
  const Parameters none;
  for (const char* name : {"x", "mz", "sin", "2a", "a b", "pi"})
    EXPECT_THROW(FormulaGraphBuilder({{name, 1.0}}, none), InputError) << name;
}

}  // namespace
}  // namespace kubomag::io
