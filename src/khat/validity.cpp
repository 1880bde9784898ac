#include "khat/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "khat/electron_inputs.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;

constexpr double disorder_caution = 0.1, disorder_refused = 0.3;
// Near the band edge the Fermi circle shrinks to k_F l ~ 1 before the gap opens.
constexpr double exchange_caution = 0.8, exchange_refused = 1;
constexpr double slow_caution = 0.1, slow_refused = 0.5;
constexpr double fine_caution = 0.3;  // its square is again ten percent
constexpr double never = std::numeric_limits<double>::infinity();

std::string meV(double joule) { return fmt::format("{:g} meV", joule / e_abs * 1e3); }

// What is wrong with these electrons, if anything.
std::optional<std::string> fault(const DiracElectrons& e) {
  if (!std::isfinite(e.fermi_energy) || e.fermi_energy <= 0)
    return fmt::format(
        "surface.fermi_energy = {} (must be finite and above 0: the theory is for a Fermi energy "
        "in "
        "the conduction band, counted from the Dirac point)",
        meV(e.fermi_energy));
  if (const std::string far = implausible({"", "J", 0, ""}, e.fermi_energy); !far.empty())
    return "surface.fermi_energy = " + far;
  if (!std::isfinite(e.Delta_sd) || std::abs(e.Delta_sd) >= e.fermi_energy)
    return fmt::format(
        "surface.fermi_energy = {} with surface.Delta_sd = {} (the Fermi energy must exceed "
        "|Delta_sd|, or it lies in the gap when m is out of plane)",
        meV(e.fermi_energy), meV(e.Delta_sd));
  if (!(e.disorder > 0))
    return fmt::format("surface.disorder = {:g} (must be above 0 and below {:g})", e.disorder,
                       disorder_refused);
  if (!(e.disorder < disorder_refused))
    return fmt::format(
        "surface.disorder = {:g}, that is sigma_0 = {:.3g} e^2/h at mz = 0 (must be below {:g}: "
        "the "
        "theory is the leading order in a weak disorder)",
        e.disorder, 1 / (pi * e.disorder), disorder_refused);
  if (!std::isfinite(e.velocity) || e.velocity == 0)
    return fmt::format("surface.velocity = {:g} m/s (must be finite and not 0)", e.velocity);
  return std::nullopt;
}

// The dimensionless numbers of one cell, in the order of `small_parameters`.
struct Values {
  double alpha, exchange, omega_tau, q_l, D_q2_tau, density, precession_tau;
};

Values values_of(const DiracElectrons& e, const DriveScales& drive) {
  const double tau = hbar / (pi * e.disorder * e.fermi_energy);
  const double l = std::abs(e.velocity) * tau;
  const double b = e.Delta_sd / e.fermi_energy;
  const double q_l = std::abs(drive.q) * l;
  return {e.disorder,
          std::abs(b),
          std::abs(drive.omega) * tau,
          q_l,
          q_l * q_l,  // D = v^2 tau at mz = 0
          2 * e_abs * std::abs(drive.psi) / (e.fermi_energy * (1 - b * b)),
          std::abs(drive.precession) * tau};
}

Values worst(const Values& a, const Values& b) {
  return {std::max(a.alpha, b.alpha),
          std::max(a.exchange, b.exchange),
          std::max(a.omega_tau, b.omega_tau),
          std::max(a.q_l, b.q_l),
          std::max(a.D_q2_tau, b.D_q2_tau),
          std::max(a.density, b.density),
          std::max(a.precession_tau, b.precession_tau)};
}

SmallParameter judge(std::string name, std::string symbol, double value, double caution,
                     double refused, const std::string& given) {
  SmallParameter out{std::move(name), std::move(symbol), value, caution,
                     refused,         Verdict::good,     {}};
  if (value > caution) out.verdict = Verdict::caution;
  if (value > refused) out.verdict = Verdict::refused;
  const std::string allowed =
      std::isinf(refused)
          ? fmt::format("should stay below {:g}", caution)
          : fmt::format("should stay below {:g}, refused above {:g}", caution, refused);
  out.message = fmt::format("{} gives {} = {:.3g} ({})", given, out.symbol, value, allowed);
  return out;
}

}  // namespace

void check_electrons(const DiracElectrons& electrons) {
  if (const auto message = fault(electrons)) throw InputError(*message);
}

void check_maps(const DiracMaps& maps) {
  const double v_0 = maps.velocity(0);
  for (std::size_t i = 0; i < maps.distinct_cells(); ++i) {
    if (const auto message = fault(maps(i)))
      throw InputError(maps.distinct_cells() > 1 ? fmt::format("{}, in cell {}", *message, i)
                                                 : *message);
    if (std::signbit(maps.velocity(i)) != std::signbit(v_0))
      throw InputError(
          "surface.velocity changes sign over the film (one surface has one helicity: use one "
          "sign)");
    if (!(maps.Msat(i) >= 0) || !std::isfinite(maps.Msat(i)))
      throw InputError(
          fmt::format("material.Msat = {:g} A/m in cell {} (must be finite and not negative)",
                      maps.Msat(i), i));
  }
}

void check_mz(double mz) {
  if (!(std::abs(mz) <= 1 + 1e-12))
    throw InputError(fmt::format("mz = {:g} (must lie between -1 and 1)", mz));
}

std::vector<SmallParameter> small_parameters(const DiracMaps& maps, const DriveScales& drive) {
  check_maps(maps);
  for (double number : {drive.omega, drive.q, drive.psi, drive.precession})
    if (!std::isfinite(number))
      throw InputError("the drive's frequency, wave number and amplitude must be finite");
  Values v = values_of(maps(0), drive);
  for (std::size_t i = 1; i < maps.distinct_cells(); ++i) v = worst(v, values_of(maps(i), drive));

  const std::string frequency =
      fmt::format("{} = {:g} Hz", drive.omega_key, std::abs(drive.omega) / (2 * pi));
  const std::string period =
      drive.q == 0 ? fmt::format("{} (no gradient)", drive.q_key)
                   : fmt::format("{} = {:g} nm", drive.q_key, 2e9 * pi / std::abs(drive.q));
  return {
      judge("disorder strength", "alpha", v.alpha, disorder_caution, disorder_refused,
            fmt::format("surface.disorder = {:g}", v.alpha)),
      judge("exchange over Fermi energy", "|Delta_sd|/eps", v.exchange, exchange_caution,
            exchange_refused, "surface.Delta_sd with surface.fermi_energy"),
      judge("drive frequency times transport time", "omega tau", v.omega_tau, slow_caution,
            slow_refused, frequency),
      judge("wave number times mean free path", "q l", v.q_l, fine_caution, slow_refused, period),
      judge("diffusion rate times transport time", "D q^2 tau", v.D_q2_tau, slow_caution,
            slow_refused, period),
      judge("moved over total density", "delta n/n0", v.density, slow_caution, never,
            fmt::format("psi = {:g} mV", std::abs(drive.psi) * 1e3)),
      judge("precession times transport time", "w0 tau", v.precession_tau, slow_caution,
            slow_refused,
            fmt::format("{} (precession at {:g} Hz)", drive.precession_key,
                        std::abs(drive.precession) / (2 * pi)))};
}

std::vector<std::string> require_valid(const std::vector<SmallParameter>& parameters) {
  std::vector<std::string> cautions;
  for (const SmallParameter& parameter : parameters) {
    if (parameter.verdict == Verdict::refused) throw InputError(parameter.message);
    if (parameter.verdict == Verdict::caution) cautions.push_back(parameter.message);
  }
  return cautions;
}

}  // namespace kubomag
