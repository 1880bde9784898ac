#include "io/config_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "io/formula.hpp"
#include "io/number.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

double positive(const ConfigValue& value, const char* unit) {
  const double number = value.quantity(unit);
  if (!(number > 0) || std::isinf(number))
    value.fail(fmt::format("{} {}; a value above 0 is expected", number, unit));
  return number;
}

/// Two columns, time [s] and factor; lines that start with # are comments.
void read_columns(const ConfigValue& file, SignalTerm& term) {
  const std::string text = file.located([&] { return read_file(file.file()); });
  long line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == ',' || c == '\r'; }, ' ');
    std::istringstream words(line);
    std::string time, value, rest;
    if (!(words >> time) || time[0] == '#') continue;
    words >> value >> rest;
    const auto t = parse_number<double>(time), s = parse_number<double>(value);
    if (!t || !s || !rest.empty())
      file.fail(fmt::format("line {} of the file is not \"time factor\"", line_number));
    term.times.push_back(*t);
    term.values.push_back(*s);
  }
}

void read_knots(const ConfigTable& table, SignalTerm& term) {
  term.kind = SignalTerm::Kind::table;
  const auto file = table.find("file");
  if (file) {
    read_columns(*file, term);
  } else {
    for (const ConfigValue& time : table["times"].elements(0))
      term.times.push_back(time.quantity("s"));
    for (const ConfigValue& value : table["values"].elements(0))
      term.values.push_back(value.quantity("1"));
  }
  const ConfigValue place = file ? *file : table["times"];
  if (term.times.empty() || term.times.size() != term.values.size())
    place.fail(fmt::format("{} times and {} values; as many of one as of the other are expected",
                           term.times.size(), term.values.size()));
  const auto finite = [](double number) { return std::isfinite(number); };
  if (!std::all_of(term.times.begin(), term.times.end(), finite) ||
      !std::all_of(term.values.begin(), term.values.end(), finite))
    place.fail("times and values must be finite");
  const auto not_rising = std::adjacent_find(term.times.begin(), term.times.end(),
                                             [](double a, double b) { return b <= a; });
  if (not_rising != term.times.end())
    place.fail(fmt::format("time {} s is followed by {} s; times must rise", *not_rising,
                           *(not_rising + 1)));
}

void read_formula(const ConfigTable& table, SignalTerm& term) {
  term.kind = SignalTerm::Kind::formula;
  const ConfigValue value = table["formula"];
  const Formula formula = value.located([&] { return Formula(value.text()); });
  if (formula.uses_xy()) value.fail("depends on x or y; a formula of t alone is expected");
  term.formula = [formula](double t) { return formula(0, 0, t); };
}

SignalTerm read_term(const ConfigTable& table) {
  using Kind = SignalTerm::Kind;
  SignalTerm term;
  table["kind"];
  switch (table.choice("kind", {"constant", "step", "sine", "pulse", "table", "formula"})) {
    case 0:
      break;
    case 1:
      term.kind = Kind::step;
      term.start = table.quantity("start", "s", 0);
      break;
    case 2:
      term.kind = Kind::sine;
      term.frequency = positive(table["frequency"], "Hz");
      term.phase = table.quantity("phase", "rad", 0);
      term.start = table.quantity("start", "s", term.start);
      break;
    case 3:
      term.kind = Kind::pulse;
      term.centre = table.quantity("centre", "s");
      term.width = positive(table["width"], "s");
      break;
    case 4:
      read_knots(table, term);
      break;
    default:
      read_formula(table, term);
  }
  term.amplitude = table.quantity("amplitude", "1", 1);
  for (const double number : {term.amplitude, term.phase, term.centre})
    if (!std::isfinite(number)) table.fail("amplitude, phase and centre must be finite");
  return term;
}

}  // namespace

Signal read_signal(const ConfigTable& owner) {
  if (!owner.has("signal")) return Signal::constant();
  Signal signal;
  for (const ConfigTable& table : owner.tables("signal")) signal.terms.push_back(read_term(table));
  if (signal.terms.empty()) owner["signal"].fail("is empty; leave it out for a constant signal");
  return signal;
}

std::function<double(double)> formula_signal(const ConfigTable& owner, const Signal& signal) {
  const auto is_formula = [](const SignalTerm& term) {
    return term.kind == SignalTerm::Kind::formula;
  };
  if (std::none_of(signal.terms.begin(), signal.terms.end(), is_formula)) return {};
  if (signal.terms.size() != 1)
    owner["signal"].fail("a formula beside other pieces; give the formula alone");
  const SignalTerm& term = signal.terms.front();
  return [amplitude = term.amplitude, formula = term.formula](double t) {
    return amplitude * formula(t);
  };
}

}  // namespace kubomag::io
