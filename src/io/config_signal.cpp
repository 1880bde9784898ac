#include "io/config_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "io/formula.hpp"
#include "io/formula_graph.hpp"
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

/// Finite values at rising times, as many of one as of the other.
void check_knots(const ConfigValue& place, const std::vector<double>& times,
                 const std::vector<double>& values) {
  if (times.empty() || times.size() != values.size())
    place.fail(fmt::format("{} times and {} values; as many of one as of the other are expected",
                           times.size(), values.size()));
  const auto finite = [](double number) { return std::isfinite(number); };
  if (!std::all_of(times.begin(), times.end(), finite) ||
      !std::all_of(values.begin(), values.end(), finite))
    place.fail("times and values must be finite");
  const auto not_rising =
      std::adjacent_find(times.begin(), times.end(), [](double a, double b) { return b <= a; });
  if (not_rising != times.end())
    place.fail(fmt::format("time {} s is followed by {} s; times must rise", *not_rising,
                           *(not_rising + 1)));
}

/// The numbers of a line; nothing if it does not have exactly `count` of them.
std::vector<double> numbers_of(std::string line, std::size_t count) {
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == ',' || c == '\r'; }, ' ');
  std::istringstream words(line);
  std::vector<double> numbers;
  for (std::string word; words >> word;) {
    const auto number = parse_number<double>(word);
    if (!number) return {};
    numbers.push_back(*number);
  }
  return numbers.size() == count ? numbers : std::vector<double>{};
}

/// Columns of numbers, the first of them time [s]; lines that start with # are comments. `form`
/// says what a line should look like.
std::vector<std::vector<double>> read_columns(const ConfigValue& file, std::size_t count,
                                              const char* form) {
  const std::string text = file.located([&] { return read_file(file.file()); });
  std::vector<std::vector<double>> columns(count);
  std::istringstream lines(text);
  long line_number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++line_number;
    const std::size_t begin = line.find_first_not_of(" \t\r,");
    if (begin == std::string::npos || line[begin] == '#') continue;
    const std::vector<double> numbers = numbers_of(line, count);
    if (numbers.empty())
      file.fail(fmt::format("line {} of the file is not \"{}\"", line_number, form));
    for (std::size_t c = 0; c < count; ++c) columns[c].push_back(numbers[c]);
  }
  return columns;
}

void read_knots(const ConfigTable& table, SignalTerm& term) {
  term.kind = SignalTerm::Kind::table;
  const auto file = table.find("file");
  if (file) {
    auto columns = read_columns(*file, 2, "time factor");
    term.times = std::move(columns[0]), term.values = std::move(columns[1]);
  } else {
    for (const ConfigValue& time : table["times"].elements(0))
      term.times.push_back(time.quantity("s"));
    for (const ConfigValue& value : table["values"].elements(0))
      term.values.push_back(value.quantity("1"));
  }
  check_knots(file ? *file : table["times"], term.times, term.values);
}

void read_formula(const ConfigTable& table, SignalTerm& term) {
  term.kind = SignalTerm::Kind::formula;
  const ConfigValue value = table["formula"];
  const Formula formula = value.located([&] { return Formula(value.text()); });
  if (formula.uses_xy()) value.fail("depends on x or y; a formula of t alone is expected");
  const Parameters no_film;
  FormulaGraphBuilder builder({}, no_film);
  const int node = value.located([&] { return builder.add(formula.text()); });
  term.formula = FormulaOfTime{builder.graph(), node};
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

std::vector<FieldSource> vector_tables(const std::vector<double>& times,
                                       const std::vector<Vec3<double>>& values,
                                       const std::string& name) {
  const Vec3<double> axes[] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  std::vector<FieldSource> sources;
  for (const Vec3<double>& axis : axes) {
    double largest = 0;  // the source's value is what the solver takes for its size
    for (const Vec3<double>& B : values) largest = std::max(largest, std::abs(dot(axis, B)));
    if (largest == 0) continue;
    SignalTerm term;
    term.kind = SignalTerm::Kind::table;
    term.times = times;
    for (const Vec3<double>& B : values) term.values.push_back(dot(axis, B) / largest);
    sources.push_back({name, largest * axis, {}, {{term}}});
  }
  return sources;
}

CubicOfTime cubic_through(std::vector<double> times, std::vector<double> values) {
  const std::size_t n = times.size();
  std::vector<double> chord, slope(n);
  for (std::size_t i = 0; i + 1 < n; ++i)
    chord.push_back((values[i + 1] - values[i]) / (times[i + 1] - times[i]));
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double before = times[i] - times[i - 1], after = times[i + 1] - times[i];
    slope[i] = (after * chord[i - 1] + before * chord[i]) / (before + after);
  }
  slope.front() = n > 2 ? 2 * chord.front() - slope[1] : chord.front();
  slope.back() = n > 2 ? 2 * chord.back() - slope[n - 2] : chord.front();
  return {std::move(times), std::move(values), std::move(slope)};
}

std::vector<FieldSource> read_vector_file(const ConfigValue& file, const std::string& name,
                                          Interpolation interpolation) {
  const auto columns = read_columns(file, 4, "t Bx By Bz");
  for (std::size_t c = 1; c < 4; ++c) check_knots(file, columns[0], columns[c]);
  std::vector<Vec3<double>> values;
  for (std::size_t i = 0; i < columns[0].size(); ++i)
    values.push_back({columns[1][i], columns[2][i], columns[3][i]});
  std::vector<FieldSource> sources = vector_tables(columns[0], values, name);
  if (interpolation == Interpolation::linear || values.size() < 2) return sources;
  for (FieldSource& source : sources) {
    SignalTerm& term = source.signal.terms.front();
    term.kind = SignalTerm::Kind::formula;
    term.formula = cubic_through(std::move(term.times), std::move(term.values));
    term.times.clear(), term.values.clear();
  }
  return sources;
}

double sampling_interval(const ConfigTable& table) {
  if (!table.has("interval"))
    table.fail(
        "interval is missing: E depends on t by a formula and is sampled; give the time "
        "between samples, such as interval = \"1 ps\"");
  const double interval = table.quantity("interval", "s");
  if (!(interval > 0) || std::isinf(interval))
    table["interval"].fail("a time above 0, such as \"1 ps\", is expected");
  return interval;
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
