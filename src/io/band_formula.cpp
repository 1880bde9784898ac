#include "io/band_formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <mutex>

#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

struct BandFormula::State {
  mu::Parser parsers[4];
  std::mutex mutex;  // muParser evaluates on buffers of its own
  double kx = 0, ky = 0;
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

}  // namespace

BandFormula::BandFormula(const std::string& h0, const std::string (&h)[3],
                         const std::map<std::string, double>& parameters)
    : state_(std::make_shared<State>()) {
  State& state = *state_;
  const std::string texts[] = {h0, h[0], h[1], h[2]};
  for (int i = 0; i < 4; ++i) {
    mu::Parser& parser = state.parsers[i];
    define(parser, state.kx, state.ky, parameters);
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

BandPoint BandFormula::operator()(double kx, double ky) const {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  state.kx = kx, state.ky = ky;
  const double h0 = state.parsers[0].Eval();
  return {h0, {state.parsers[1].Eval(), state.parsers[2].Eval(), state.parsers[3].Eval()}};
}

}  // namespace kubomag::io
