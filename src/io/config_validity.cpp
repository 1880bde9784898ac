#include "io/config_validity.hpp"

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

using namespace constants;

void raise(double& bound, double value) { bound = std::max(bound, std::abs(value)); }

/// Largest angular frequency of a signal [rad/s].
double angular_frequency(const Signal& signal) {
  double omega = 0;
  for (const SignalTerm& term : signal.terms) {
    if (term.kind == SignalTerm::Kind::sine) raise(omega, 2 * pi * term.frequency);
    if (term.kind == SignalTerm::Kind::pulse && term.width > 0) raise(omega, 1 / term.width);
  }
  return omega;
}

/// Largest |s(t)| of a signal, taking every piece at its largest.
double largest(const Signal& signal) {
  double sum = 0;
  for (const SignalTerm& term : signal.terms) {
    double factor = 1;
    if (term.kind == SignalTerm::Kind::table) {
      factor = 0;
      for (const double value : term.values) raise(factor, value);
    }
    sum += factor * std::abs(term.amplitude);
  }
  return sum;
}

void add_gate(const GateSpec& gate, DriveScales& scales) {
  const bool wave =
      gate.kind == GateSpec::Kind::travelling_wave || gate.kind == GateSpec::Kind::standing_wave;
  if (gate.kind == GateSpec::Kind::strip) {
    raise(scales.q, 1 / gate.height);
    raise(scales.psi, gate.voltage * largest(gate.signal));
  } else {
    const double q = 2 * pi / std::abs(gate.period);
    raise(scales.q, q);
    const double phi = wave && gate.amplitude != 0 ? gate.amplitude / q
                                                   : gate.voltage * std::exp(-q * gate.height);
    raise(scales.psi, wave ? phi : phi * largest(gate.signal));
  }
  const double omega = wave ? 2 * pi * gate.frequency : angular_frequency(gate.signal);
  if (omega <= scales.omega) return;
  scales.omega = omega;
  scales.omega_key = wave ? "gate.frequency" : "gate.signal.frequency";
}

/// Largest field that m may precess in [T].
double field_bound(const Problem& problem) {
  double B = 0;
  for (const FieldSource& source : problem.B_ext) {
    double strongest = norm(source.value);
    for (const Vec3<double>& at : source.map) raise(strongest, norm(at));
    B += strongest * largest(source.signal);
  }
  const double Ms = problem.material["Msat"].max();
  if (problem.demag.enabled) B += mu_0 * Ms;
  if (problem.material.contains("Ku1"))
    B +=
        2 *
        std::max(std::abs(problem.material["Ku1"].min()), std::abs(problem.material["Ku1"].max())) /
        Ms;
  return B;
}

}  // namespace

DriveScales drive_scales(const Problem& problem, const std::vector<GateSpec>& gates) {
  DriveScales scales;
  for (const GateSpec& gate : gates) add_gate(gate, scales);
  for (const SeparableDrive& drive : problem.drive.separable) {
    if (const double omega = angular_frequency(drive.signal); omega > scales.omega) {
      scales.omega = omega;
      scales.omega_key = "E.signal";
    }
  }
  for (const PrescribedPsi& given : problem.drive.psi)
    raise(scales.psi,
          std::max(std::abs(given.psi.min()), std::abs(given.psi.max())) * largest(given.signal));
  scales.precession = problem.GammaLL * field_bound(problem);
  return scales;
}

}  // namespace kubomag::io
