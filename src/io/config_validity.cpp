#include "io/config_validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/field_scale.hpp"
#include "io/units.hpp"
#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

using namespace constants;

void raise(double& bound, double value) { bound = std::max(bound, std::abs(value)); }

/// A value of every `interval`, or 1024 of the run where a formula has none of its own.
SignalScale formula_scale(const SignalTerm& term, double time, double interval) {
  const auto f = [&](double t) { return Vec2<double>{term.formula(t), 0}; };
  return signal_scale(f, time, interval > 0 ? interval : std::max(time / 1024, 1e-18));
}

/// Largest angular frequency [rad/s] and largest |s(t)| of a signal, taking every piece at its
/// largest.
SignalScale scale_of(const Signal& signal, double time, double interval = 0) {
  SignalScale out;
  for (const SignalTerm& term : signal.terms) {
    double factor = 1;
    if (term.kind == SignalTerm::Kind::sine) raise(out.omega, 2 * pi * term.frequency);
    if (term.kind == SignalTerm::Kind::pulse && term.width > 0) raise(out.omega, 1 / term.width);
    if (term.kind == SignalTerm::Kind::table) {
      factor = 0;
      for (const double value : term.values) raise(factor, value);
    }
    if (term.kind == SignalTerm::Kind::formula) {
      const SignalScale formula = formula_scale(term, time, interval);
      raise(out.omega, formula.omega);
      factor = formula.largest;
    }
    out.largest += factor * std::abs(term.amplitude);
  }
  return out;
}

/// The sum of all drives.
class Scales {
 public:
  Scales(const Problem& problem, double time, bool default_edges)
      : problem_(problem), time_(time), default_edges_(default_edges) {}

  void add(const GateSpec& gate) {
    const bool wave =
        gate.kind == GateSpec::Kind::travelling_wave || gate.kind == GateSpec::Kind::standing_wave;
    const SignalScale signal = wave ? SignalScale{2 * pi * gate.frequency, 1}
                                    : scale_of(gate.signal, time_, gate.interval);
    const bool strip = gate.kind == GateSpec::Kind::strip;
    const double q = strip ? 1 / gate.height : 2 * pi / std::abs(gate.period);
    double phi = gate.voltage;
    if (!strip) phi *= std::exp(-q * gate.height);
    if (wave && gate.amplitude != 0) phi = gate.amplitude / q;
    finer(q, "gate.period");
    faster(signal.omega, wave ? "gate.frequency" : "gate.signal.frequency");
    scales_.psi += std::abs(phi) * signal.largest * static_answer(problem_.diffusion, q);
  }

  void add(const SeparableDrive& drive) {
    const SignalScale signal = scale_of(drive.signal, time_);
    faster(signal.omega, "E.signal");
    add(drive.name, field_scale(problem_.grid, problem_.diffusion, drive.E), signal);
  }

  void add(const SampledDrive& drive) {
    const Grid& grid = problem_.grid;
    if (drive.signal) {
      const auto signal = [&](double t) { return Vec2<double>{drive.signal(t), 0}; };
      const auto still = [&](double x, double y) { return drive.E(x, y, 0); };
      const SignalScale scale = signal_scale(signal, time_, drive.interval);
      faster(scale.omega, "E.signal");
      add(drive.name, field_scale(grid, problem_.diffusion, still), scale);
      return;
    }
    constexpr int places = 16;
    SignalScale fastest;
    for (int k = 0; k < places; ++k) {
      const double x = grid.x(static_cast<int>(grid.nx * std::fmod(k * 0.618034, 1)));
      const double y = grid.y(static_cast<int>(grid.ny * std::fmod(k * 0.754878, 1)));
      const auto here = [&](double t) { return drive.E(x, y, t); };
      const SignalScale scale = signal_scale(here, time_, std::max(drive.interval, time_ / 512));
      raise(fastest.omega, scale.omega);
    }
    faster(fastest.omega, drive.name);
    add(drive.name, at_its_finest(drive), {0, 1});
  }

  void add(const PrescribedPsi& given) {
    const SignalScale signal = scale_of(given.signal, time_);
    scales_.psi += std::max(std::abs(given.psi.min()), std::abs(given.psi.max())) * signal.largest;
    faster(signal.omega, "psi.signal");
  }

  DriveVerdict verdict() const { return {scales_, cautions_}; }

 private:
  void faster(double omega, const std::string& key) {
    if (omega <= scales_.omega) return;
    scales_.omega = omega;
    scales_.omega_key = key;
  }

  void finer(double q, const std::string& key) {
    if (q <= scales_.q) return;
    scales_.q = q;
    scales_.q_key = key;
  }

  void add(const std::string& name, const FieldScale& field, const SignalScale& signal) {
    const Grid& grid = problem_.grid;
    finer(field.q, "the period of " + name);
    double psi = field.potential * static_answer(problem_.diffusion, std::max(field.q, q_film()));
    psi += at_edges(problem_.diffusion.edge_x, field.uniform.x, grid.size_x());
    psi += at_edges(problem_.diffusion.edge_y, field.uniform.y, grid.size_y());
    scales_.psi += psi * signal.largest;
    if (!default_edges_ || field.rms == 0 || signal.largest == 0) return;
    warn_of_edges(name, "x", problem_.diffusion.edge_x, field.uniform_rms.x / field.rms,
                  grid.size_x());
    warn_of_edges(name, "y", problem_.diffusion.edge_y, field.uniform_rms.y / field.rms,
                  grid.size_y());
  }

  /// Wave number of the longest wave between two edges of the film.
  double q_film() const { return pi / std::max(problem_.grid.size_x(), problem_.grid.size_y()); }

  /// What a uniform field piles up at closed edges.
  double at_edges(Edge edge, double E, double length) const {
    if (edge != Edge::no_flux) return 0;
    return 0.5 * E * length * static_answer(problem_.diffusion, pi / length);
  }

  void warn_of_edges(const std::string& name, const char* axis, Edge edge, double share,
                     double length) {
    if (edge != Edge::no_flux || share * share < 0.5) return;
    const Diffusion& diffusion = problem_.diffusion;
    const double q = pi / length, answer = static_answer(diffusion, q);
    if (answer == 0) return;
    const double time = answer / (diffusion.D * q * q);
    cautions_.push_back(fmt::format(
        "{} is mostly uniform along {}, where the surface state ends with the film (surface.edges "
        "are not given: \"no_flux\"): charge at the edges cancels it within about {}, and with it "
        "the current and the torque; edges = \"infinite\" along {} lets the current pass",
        name, axis, format_quantity(time, "s"), axis));
  }

  /// At that of a few times of the run at which it has most waves, where it is not all but zero.
  FieldScale at_its_finest(const SampledDrive& drive) const {
    constexpr int times = 8;
    std::vector<FieldScale> at;
    double strongest = 0;
    for (int k = 0; k < times; ++k) {
      const double t = time_ * std::fmod(k * 0.618034, 1);
      at.push_back(field_scale(problem_.grid, problem_.diffusion,
                               [&](double x, double y) { return drive.E(x, y, t); }));
      raise(strongest, at.back().rms);
    }
    FieldScale most;
    for (const FieldScale& one : at) {
      if (one.rms < 1e-3 * strongest) continue;
      raise(most.q, one.q);
      raise(most.rms, one.rms);
      raise(most.potential, one.potential);
      raise(most.uniform.x, one.uniform.x), raise(most.uniform.y, one.uniform.y);
      raise(most.uniform_rms.x, one.uniform_rms.x), raise(most.uniform_rms.y, one.uniform_rms.y);
    }
    return most;
  }

  const Problem& problem_;
  double time_;
  bool default_edges_;
  DriveScales scales_;
  std::vector<std::string> cautions_;
};

/// Precession in the largest field that m may see, with the fields' names.
void add_precession(const Problem& problem, double time, DriveScales& scales) {
  double B = 0;
  std::vector<std::string> names;
  const auto add = [&](const char* name, double tesla) {
    B += tesla;
    if (tesla > 0) names.push_back(fmt::format("{} = {}", name, format_quantity(tesla, "T")));
  };
  double external = 0;
  for (const FieldSource& source : problem.B_ext) {
    double strongest = norm(source.value);
    for (const Vec3<double>& at : source.map) raise(strongest, norm(at));
    external += strongest * scale_of(source.signal, time).largest;
  }
  const double Ms = problem.material["Msat"].max();
  add("B_ext", external);
  if (problem.demag.enabled) add("mu_0 Msat", mu_0 * Ms);
  const ScalarMap* Ku1 = problem.material.contains("Ku1") ? &problem.material["Ku1"] : nullptr;
  if (Ku1) add("2 |Ku1|/Msat", 2 * std::max(std::abs(Ku1->min()), std::abs(Ku1->max())) / Ms);
  scales.precession = problem.GammaLL * B;
  if (!names.empty()) scales.precession_key = fmt::format("{}", fmt::join(names, " with "));
}

}  // namespace

DriveVerdict drive_verdict(const Problem& problem, const Drive& fields,
                           const std::vector<GateSpec>& gates, double time, bool default_edges) {
  Scales scales(problem, time, default_edges);
  for (const GateSpec& gate : gates) scales.add(gate);
  for (const SeparableDrive& drive : fields.separable) scales.add(drive);
  for (const SampledDrive& drive : fields.sampled) scales.add(drive);
  for (const PrescribedPsi& given : fields.psi) scales.add(given);
  DriveVerdict verdict = scales.verdict();
  add_precession(problem, time, verdict.scales);
  return verdict;
}

std::vector<std::string> thermal_cautions(const Problem& problem) {
  if (!problem.surface || problem.material["Temp"].max() == 0) return {};
  const ScalarMap& Msat = problem.material["Msat"];
  const ScalarMap& Temp = problem.material["Temp"];
  const ScalarMap& alpha = problem.material["alpha"];
  const ScalarMap& c0 = problem.surface->c0;
  const ScalarMap& sigma = problem.surface->sigma_s;
  double worst = 0, of = 0;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i) {
    if (!(Msat(i) > 0 && Temp(i) > 0 && alpha(i) > 0)) continue;
    if (const double ratio = c0(i) * sigma(i) / alpha(i); ratio > worst)
      worst = ratio, of = c0(i) * sigma(i);
  }
  if (worst < 0.01) return {};
  return {fmt::format(
      "material.Temp: the thermal field is that of alpha alone, but the surface state damps as "
      "well (by up to {:.3g}, at mz = 0): m is as cold as {:.2g} Temp where that is so "
      "(docs/physics-terms.md, \"Temperature\")",
      of, 1 / (1 + worst))};
}

}  // namespace kubomag::io
