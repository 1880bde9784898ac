#include "setup/gate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "setup/gate_profile.hpp"

namespace kubomag {
namespace {

using constants::pi;

void need(bool holds, const std::string& message) {
  if (!holds) throw InputError(message);
}

void check_finite(const GateSpec& g) {
  const std::pair<const char*, double> values[] = {
      {"period", g.period},       {"duty", g.duty},       {"width", g.width},
      {"height", g.height},       {"voltage", g.voltage}, {"amplitude", g.amplitude},
      {"direction", g.direction}, {"offset", g.offset},   {"frequency", g.frequency},
      {"phase", g.phase}};
  for (const auto& [name, value] : values)
    need(std::isfinite(value), fmt::format("gate.{} = {} (must be a finite number)", name, value));
}

void check_grating(const GateSpec& g) {
  need(g.period > 0, fmt::format("gate.period = {} m (a grating needs a period > 0)", g.period));
  if (g.profile == GateSpec::Profile::sine) return;
  need(g.duty > 0 && g.duty < 1,
       fmt::format("gate.duty = {} (finger width / period must be between 0 and 1)", g.duty));
  need(g.height > 0 || g.profile == GateSpec::Profile::linear,
       "gate.height = 0 with profile = \"rectangular\" (the field of a sharp finger edge diverges "
       "in the gate plane): give a height > 0, or profile = \"linear\"");
}

void check(const GateSpec& g) {
  check_finite(g);
  need(g.height >= 0, fmt::format("gate.height = {} m (must not be negative)", g.height));
  if (g.kind == GateSpec::Kind::grating) return check_grating(g);
  if (g.kind == GateSpec::Kind::strip) {
    need(g.width > 0, fmt::format("gate.width = {} m (a strip needs a width > 0)", g.width));
    need(g.height > 0,
         "gate.height = 0 for a strip (the field of its edges diverges in the gate "
         "plane): give a height > 0");
    return;
  }
  const bool standing = g.kind == GateSpec::Kind::standing_wave;
  need(standing ? g.period > 0 : g.period != 0,
       fmt::format("gate.period = {} m (a wave needs a period{})", g.period,
                   standing ? " > 0" : " other than 0"));
  need(g.frequency >= 0, fmt::format("gate.frequency = {} Hz (must not be negative)", g.frequency));
  need(g.amplitude == 0 || g.voltage == 0,
       "gate.amplitude and gate.voltage are both given: a wave takes one of them");
}

/// Turns a profile along s into a field of x and y.
GateField place(const GateSpec& g, std::string name, const GateProfile& profile, Signal signal) {
  const double cx = std::cos(g.direction), cy = std::sin(g.direction), offset = g.offset;
  auto potential = [=](double x, double y) { return profile.potential(x * cx + y * cy - offset); };
  auto E = [=, field = profile.field](double x, double y) {
    const double E_s = field(x * cx + y * cy - offset);
    return Vec2<double>{E_s * cx, E_s * cy};
  };
  return {{std::move(name), std::move(E), std::move(signal)}, std::move(potential)};
}

Signal sine_signal(const GateSpec& g, double phase) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::sine;
  term.start = g.start;
  term.frequency = g.frequency;
  term.phase = phase;
  return {{term}};
}

double wave_amplitude(const GateSpec& g, double q) {
  return g.amplitude != 0 ? g.amplitude
                          : std::abs(q) * g.voltage * std::exp(-std::abs(q) * g.height);
}

GateProfile cosine_wave(double E0, double q) {
  return {[=](double s) { return -E0 / q * std::sin(q * s); },
          [=](double s) { return E0 * std::cos(q * s); }};
}

GateProfile sine_wave(double E0, double q) {
  return {[=](double s) { return E0 / q * std::cos(q * s); },
          [=](double s) { return E0 * std::sin(q * s); }};
}

}  // namespace

std::vector<GateField> make_gate(const GateSpec& spec) {
  check(spec);
  if (spec.kind == GateSpec::Kind::grating)
    return {place(spec, "gate", grating_profile(spec), spec.signal)};
  if (spec.kind == GateSpec::Kind::strip)
    return {place(spec, "gate", strip_profile(spec), spec.signal)};
  const double q = 2 * pi / spec.period, E0 = wave_amplitude(spec, q);
  if (spec.kind == GateSpec::Kind::standing_wave)
    return {place(spec, "gate", sine_wave(E0, q), sine_signal(spec, spec.phase))};
  // cos(w t - q s) = cos(q s) cos(w t) + sin(q s) sin(w t), and sin a = cos(a - pi/2)
  return {
      place(spec, "gate, in phase", cosine_wave(E0, q), sine_signal(spec, spec.phase)),
      place(spec, "gate, quadrature", sine_wave(E0, q), sine_signal(spec, spec.phase - pi / 2))};
}

}  // namespace kubomag
