#include "io/config_gate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "io/config_signal.hpp"

namespace kubomag::io {
namespace {

/// What the gate's field in the plane of the surface state does.
enum class InPlane { acts, does_nothing };

double finite(const ConfigTable& table, const std::string& key, const char* unit, double fallback) {
  const double value = table.quantity(key, unit, fallback);
  if (!std::isfinite(value)) table[key].fail("a finite value is expected");
  return value;
}

void read_wave(const ConfigTable& table, GateSpec& spec) {
  spec.period = table.quantity("period", "m");
  if (table.has("amplitude") && table.has("voltage"))
    table["amplitude"].fail("voltage is given too; give one of them");
  if (table.has("amplitude")) {
    spec.amplitude = finite(table, "amplitude", "V/m", 0);
  } else {
    spec.voltage = table.quantity("voltage", "V");
    spec.height = finite(table, "height", "m", 0);
  }
  spec.frequency = table.quantity("frequency", "Hz");
  if (!(spec.frequency > 0) || std::isinf(spec.frequency))
    table["frequency"].fail("a frequency above 0, such as \"7 GHz\", is expected");
  spec.phase = finite(table, "phase", "rad", 0);
  spec.start = table.quantity("start", "s", -std::numeric_limits<double>::infinity());
}

/// Between samples of the field in the plane, if the signal is a formula; else 0.
double read_interval(const ConfigTable& table, InPlane in_plane, const Signal& signal) {
  if (in_plane == InPlane::acts)
    return formula_signal(table, signal) ? sampling_interval(table) : 0;
  if (table.has("interval"))
    table["interval"].fail(
        "nothing is sampled, for there is no [surface] for the gate's field in the plane; leave it "
        "out");
  return 0;
}

void read_fingers(const ConfigTable& table, InPlane in_plane, GateSpec& spec) {
  spec.voltage = table.quantity("voltage", "V");
  // only the field in the plane knows the height
  spec.height =
      table.has("dielectric") ? table.quantity("height", "m", 0) : table.quantity("height", "m");
  spec.signal = read_signal(table);
  spec.interval = read_interval(table, in_plane, spec.signal);
}

GateSpec read_gate(const ConfigTable& table, InPlane in_plane) {
  using Kind = GateSpec::Kind;
  constexpr Kind kinds[] = {Kind::grating, Kind::travelling_wave, Kind::standing_wave, Kind::strip};
  using Profile = GateSpec::Profile;
  constexpr Profile profiles[] = {Profile::rectangular, Profile::linear, Profile::sine};
  GateSpec spec;
  table["kind"];
  spec.kind = kinds[table.choice("kind", {"grating", "travelling_wave", "standing_wave", "strip"})];
  spec.direction = finite(table, "direction", "rad", 0);
  spec.offset = finite(table, "offset", "m", 0);
  switch (spec.kind) {
    case Kind::travelling_wave:
    case Kind::standing_wave:
      read_wave(table, spec);
      break;
    case Kind::grating:
      read_fingers(table, in_plane, spec);
      spec.period = table.quantity("period", "m");
      spec.profile = profiles[table.choice("profile", {"rectangular", "linear", "sine"})];
      if (spec.profile != Profile::sine) spec.duty = table.quantity("duty", "1", 0.5);
      break;
    case Kind::strip:
      read_fingers(table, in_plane, spec);
      spec.width = table.quantity("width", "m");
  }
  spec.dielectric = finite(table, "dielectric", "m", 0);
  if (table.has("dielectric") && !(spec.dielectric > 0))
    table["dielectric"].fail("a thickness above 0, such as \"2 nm\", is expected");
  return spec;
}

}  // namespace

std::vector<GateSpec> read_gates(const ConfigTable& root) {
  std::vector<GateSpec> gates;
  const InPlane in_plane = root.has("surface") ? InPlane::acts : InPlane::does_nothing;
  for (const ConfigTable& table : root.tables("gate")) gates.push_back(read_gate(table, in_plane));
  return gates;
}

}  // namespace kubomag::io
