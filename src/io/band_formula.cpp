#include "io/band_formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>

#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

struct BandFormula::Recipe {
  std::string texts[4];
  std::map<std::string, double> parameters;
};

namespace {

[[noreturn]] void fail(const std::string& text, const mu::Parser::exception_type& error) {
  throw InputError(fmt::format(
      "formula \"{}\", character {}: {}; allowed are kx, ky, the names of [surface.parameters], "
      "numbers, + - * / ^, functions such as sin(x), pi and units such as nm",
      text, error.GetPos() + 1, error.GetMsg()));
}

void define(mu::Parser& parser, double& kx, double& ky,
            const std::map<std::string, double>& parameters) {
  parser.DefineConst("pi", constants::pi);
  for (const auto& [name, value] : unit_constants())
    if (!parameters.contains(name)) parser.DefineConst(name, value);
  parser.DefineVar("kx", &kx);
  parser.DefineVar("ky", &ky);
  for (const auto& [name, value] : parameters) try {
      parser.DefineConst(name, value);
    } catch (const mu::Parser::exception_type& error) {
      throw InputError(
          fmt::format("the parameter '{}' cannot have this name ({}); another name is expected",
                      name, error.GetMsg()));
    }
}

/// Parsers evaluate on buffers and variables of their own: one set per thread.
struct Parsers {
  mu::Parser parsers[4];
  double kx = 0, ky = 0;

  explicit Parsers(const std::string (&texts)[4], const std::map<std::string, double>& parameters) {
    for (int i = 0; i < 4; ++i) {
      mu::Parser& parser = parsers[i];
      define(parser, kx, ky, parameters);
      try {
        parser.SetExpr(texts[i]);
        if (!std::isfinite(parser.Eval()))
          throw InputError(fmt::format(
              "formula \"{}\": is not finite at k = 0; a formula that is finite at every k within "
              "the cutoff is expected",
              texts[i]));
      } catch (const mu::Parser::exception_type& error) {
        fail(texts[i], error);
      }
    }
  }
};

}  // namespace

BandFormula::BandFormula(const std::string& h0, const std::string (&h)[3],
                         const std::map<std::string, double>& parameters)
    : recipe_(new Recipe{{h0, h[0], h[1], h[2]}, parameters}) {
  const Parsers checked(recipe_->texts, parameters);
}

BandPoint BandFormula::operator()(double kx, double ky) const {
  // The recipe is kept alive with its parsers, so that no other one can have its address.
  thread_local std::shared_ptr<const Recipe> recipe;
  thread_local std::unique_ptr<Parsers> of_thread;
  if (recipe != recipe_) {
    of_thread = std::make_unique<Parsers>(recipe_->texts, recipe_->parameters);
    recipe = recipe_;
  }
  of_thread->kx = kx, of_thread->ky = ky;
  const auto& parsers = of_thread->parsers;
  const double h0 = parsers[0].Eval();
  return {h0, {parsers[1].Eval(), parsers[2].Eval(), parsers[3].Eval()}};
}

}  // namespace kubomag::io
