#include "io/config_hysteresis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/config_maps.hpp"
#include "io/config_signal.hpp"

namespace kubomag::io {
namespace {

constexpr long most_points = 1000000;

long whole_from_one(const ConfigTable& table, const std::string& key, long fallback) {
  const long number = table.integer(key, fallback);
  if (number < 1 || number > most_points)
    table[key].fail(fmt::format("a whole number from 1 to {} is expected", most_points));
  return number;
}

/// The values of B, with `steps` equal steps from each to the next.
std::vector<double> read_values(const ConfigTable& table) {
  std::vector<double> corners, values;
  const ConfigValue list = table["B"];
  for (const ConfigValue& value : list.elements(0)) {
    corners.push_back(value.quantity("T"));
    if (!std::isfinite(corners.back())) value.fail("a finite field is expected");
  }
  if (corners.empty()) list.fail(R"(is empty; fields such as ["0.1 T", "-0.1 T"] are expected)");
  const long steps = whole_from_one(table, "steps", 1);
  if (static_cast<double>(steps) * static_cast<double>(corners.size()) > most_points)
    table["steps"].fail(fmt::format("a loop of at most {} points is expected", most_points));
  values.push_back(corners.front());
  for (std::size_t i = 1; i < corners.size(); ++i)
    for (long k = 1; k <= steps; ++k) {
      const double part = static_cast<double>(k) / static_cast<double>(steps);
      values.push_back((1 - part) * corners[i - 1] + part * corners[i]);
    }
  return values;
}

void read_line(const ConfigTable& table, Hysteresis& loop) {
  const ConfigValue place = table["direction"];
  const Vec3<double> given = read_vector(place, "1");
  const double length = norm(given);
  if (!(length > 0) || std::isinf(length))
    place.fail("a vector that is not zero, such as [1, 0, 0], is expected");
  loop.direction = (1 / length) * given;
  for (const double B : read_values(table)) loop.B.push_back(B * *loop.direction);
}

/// Three formulas of t, which runs from 0 to 1 over the points.
void read_path(const ConfigTable& table, Hysteresis& loop) {
  const ConfigValue field = table["field"];
  std::vector<Expression> parts;
  for (const ConfigValue& part : field.elements(3)) parts.push_back(read_expression(part, "T"));
  table["points"];
  const long points = whole_from_one(table, "points", 2);
  for (long i = 0; i < points; ++i) {
    const double t = points > 1 ? static_cast<double>(i) / static_cast<double>(points - 1) : 0;
    const Vec3<double> B{parts[0](0, 0, t), parts[1](0, 0, t), parts[2](0, 0, t)};
    if (!std::isfinite(norm(B))) field.fail(fmt::format("is not a finite number at t = {}", t));
    loop.B.push_back(B);
  }
}

void refuse_time(const ConfigTable& root, const Problem& problem) {
  for (const char* key : {"run", "gate", "E", "psi", "current", "J", "window"})
    if (const auto value = root.find(key))
      value->fail(
          "a hysteresis loop is made of energy minima, without time and drives; leave it out");
  for (const FieldSource& source : problem.B_ext)
    for (const SignalTerm& term : source.signal.terms)
      if (term.kind != SignalTerm::Kind::constant)
        root["B_ext"].fail(source.name + " varies in time; in a hysteresis loop it is constant");
}

}  // namespace

std::optional<Hysteresis> read_hysteresis(const ConfigTable& root,
                                          const std::optional<Relax>& descent,
                                          const Problem& problem) {
  const auto table = root.table("hysteresis");
  if (!table) return std::nullopt;
  refuse_time(root, problem);
  Hysteresis loop;
  if (table->has("B") == table->has("field"))
    table->fail(
        "one of B (with direction) and field (three formulas of t, with points) is expected");
  if (table->has("B"))
    read_line(*table, loop);
  else
    read_path(*table, loop);
  loop.descent.descent = Descent::barzilai_borwein;
  if (descent) loop.descent = *descent;
  if (loop.descent.B_ext)
    table->fail("B_ext of [relax] or [minimise] would replace the loop's field; leave it out");
  loop.kick = table->quantity("kick", "rad", 0);
  if (!(loop.kick >= 0 && loop.kick <= 0.5))
    (*table)["kick"].fail("an angle from 0 to 0.5 rad, such as \"0.5 deg\", is expected");
  const long seed = table->integer("seed", 1);
  if (seed < 0) (*table)["seed"].fail("a whole number of at least 0 is expected");
  loop.seed = static_cast<std::uint64_t>(seed);
  loop.frozen = problem.material["frozen"];
  return loop;
}

void add_loop_field(const Hysteresis& loop, std::vector<FieldSource>& sources) {
  std::vector<double> number;
  for (std::size_t i = 0; i < loop.B.size(); ++i) number.push_back(static_cast<double>(i));
  for (FieldSource& source : vector_tables(number, loop.B, "hysteresis"))
    sources.push_back(std::move(source));
}

}  // namespace kubomag::io
