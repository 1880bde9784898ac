#include "setup/gate_normal.hpp"

#include <cmath>
#include <functional>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "setup/gate.hpp"

namespace kubomag {
namespace {

using constants::pi;

void check(const GateSpec& g) {
  if (!(g.dielectric > 0) || std::isinf(g.dielectric))
    throw InputError("gate.dielectric: a finite thickness above 0, such as \"2 nm\", is expected");
  if (g.kind == GateSpec::Kind::grating && g.profile == GateSpec::Profile::linear)
    throw InputError(
        "gate.dielectric with profile = \"linear\": the field across the dielectric is known for "
        "rectangular and sine profiles; give it as [[E_z]]");
  const bool wave =
      g.kind == GateSpec::Kind::travelling_wave || g.kind == GateSpec::Kind::standing_wave;
  if (wave && g.amplitude != 0)
    throw InputError(
        "gate.dielectric of a wave with an amplitude: the potential of the gate is not known; give "
        "its voltage");
}

/// Of the potential 1 V between the edges at -half and half, 0 V elsewhere.
double finger(double s, double half, double d) {
  const auto step = [&](double u) { return 1 / (1 + std::exp(-pi * u / d)); };
  return -(step(s + half) - step(s - half)) / d;
}

/// Fingers beyond ten thicknesses, exp(-10 pi) = 2e-14, are not seen.
double fingers(double s, const GateSpec& g) {
  const double half = 0.5 * g.duty * g.period, reach = half + 12 * g.dielectric;
  double sum = 0;
  for (double n = std::ceil((s - reach) / g.period); n * g.period <= s + reach; ++n)
    sum += finger(s - n * g.period, half, g.dielectric);
  return g.voltage * sum;
}

FieldSource source(std::string name, const std::function<double(double, double)>& E_z,
                   const Signal& signal, const Grid& grid) {
  FieldSource made;
  made.name = std::move(name);
  made.signal = signal;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) made.map.push_back({0, 0, E_z(grid.x(ix), grid.y(iy))});
  return made;
}

}  // namespace

std::vector<FieldSource> gate_normal_field(const GateSpec& spec, const Grid& grid) {
  check(spec);
  const double cx = std::cos(spec.direction), cy = std::sin(spec.direction);
  const auto along = [=](double x, double y) { return x * cx + y * cy - spec.offset; };
  const bool sharp =
      spec.kind == GateSpec::Kind::strip ||
      (spec.kind == GateSpec::Kind::grating && spec.profile == GateSpec::Profile::rectangular);
  if (sharp) {
    const auto E_z = [&](double x, double y) {
      const double s = along(x, y);
      return spec.kind == GateSpec::Kind::strip
                 ? spec.voltage * finger(s, 0.5 * spec.width, spec.dielectric)
                 : fingers(s, spec);
    };
    return {source("gate", E_z, spec.signal, grid)};
  }
  // one harmonic: the potential of the gate plane is that of the surface times exp(k height)
  const double k = std::abs(2 * pi / spec.period);
  const double factor = -k / std::sinh(k * spec.dielectric) * std::exp(k * spec.height);
  std::vector<FieldSource> all;
  for (const GateField& field : make_gate(spec)) {
    const auto E_z = [&](double x, double y) { return factor * field.potential(x, y); };
    all.push_back(source(field.drive.name, E_z, field.drive.signal, grid));
  }
  return all;
}

}  // namespace kubomag
