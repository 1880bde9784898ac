#include "khat/electron_scales.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using namespace constants;

constexpr double meV = 1e-3 * e_abs;
constexpr const char* page = "physics-electrons, Scales";
// The answers are leading orders in these; what is left out is of the order of the parameter
// itself.
constexpr double small_caution = 0.3;
constexpr const char* not_small = "caution: above 0.3, physics-electrons, Scales";

Eigen::Vector4cd g0_of(const FermiContour& contour) {
  return contour.Re_g0.cast<std::complex<double>>() +
         std::complex<double>(0, 1) * contour.Im_g0.cast<std::complex<double>>();
}

// Lifetimes of the states, hbar/(2 n Gamma_k), Gamma_k = <k| T^+ (-Im g0) T |k>.
std::vector<double> lifetimes(const FermiSurface& surface, const Eigen::Matrix2cd& T) {
  const Eigen::Vector4cd loss = -surface.contour.Im_g0.cast<std::complex<double>>();
  const Eigen::Vector4d Gamma = pauli_components(T.adjoint() * pauli_sum(loss) * T).real();
  std::vector<double> out;
  for (const FermiState& s : surface.contour.states)
    out.push_back(hbar / (2 * surface.density * (Gamma[0] + Gamma.tail<3>().dot(s.spin))));
  return out;
}

BandScales scales_of(const std::vector<FermiState>& states, const std::vector<double>& tau,
                     int band) {
  BandScales out{band, 0, 0, 0, 0, 0, 0};
  Eigen::Vector2d centre = Eigen::Vector2d::Zero();
  const auto each = [&](auto use) {
    for (std::size_t i = 0; i < states.size(); ++i)
      if (states[i].B * band > 0) use(states[i], tau[i]);
  };
  each([&](const FermiState& s, double) { out.nu += s.weight, centre += s.weight * s.k; });
  if (out.nu == 0) return out;
  centre /= out.nu;
  each([&](const FermiState& s, double tau_k) {
    const double share = s.weight / out.nu, speed = s.velocity.norm() / hbar;
    out.k_F += share * (s.k - centre).norm();
    out.v_F += share * speed;
    // Gauss: the area inside is half the integral of k along the outward normal, v/|v|.
    out.n += 0.5 * s.weight * (s.k - centre).dot(s.velocity);
    out.tau += share * tau_k;
    out.l += share * speed * tau_k;
  });
  return out;
}

void add_band(std::vector<Coefficient>& out, const BandScales& b) {
  const std::string of = b.band > 0 ? " of the upper band" : " of the lower band";
  const auto add = [&](const char* name, const char* symbol, double value, const char* unit,
                       const char* source = page) {
    out.push_back(
        {name + of, fmt::format("{}_{}", symbol, b.band > 0 ? '+' : '-'), value, unit, source});
  };
  const char* rate = "hbar/(2 n_imp Gamma_k), Veneri 2022 (15), (16)";
  add("Fermi wave number", "k_F", b.k_F, "1/m");
  add("Fermi velocity", "v_F", b.v_F, "m/s");
  add("density of states", "nu", b.nu, "1/(J m^2)");
  add("electrons", "n", b.n, "1/m^2");
  add("lifetime", "tau", b.tau, "s", rate);
  add("mean free path", "l", b.l, "m");
}

void add_edges(std::vector<Coefficient>& out, const BandLimits& limits) {
  const auto add = [&](const char* name, const char* symbol, std::optional<double> energy) {
    constexpr double no_minus_0 = 0;
    if (energy) out.push_back({name, symbol, *energy / meV + no_minus_0, "meV", page});
  };
  add("bottom of the upper band", "E_star", limits.upper_min);
  add("top of the lower band", "E_top", limits.lower_max);
  add("bottom of the lower band", "E_bottom", limits.lower_min);
}

void add_pauli(std::vector<Coefficient>& out, const std::string& symbol, const std::string& name,
               const Eigen::Vector4cd& c, const char* unit, const char* source) {
  for (int i = 0; i < 4; ++i) {
    const std::string label = fmt::format("{}_{}", symbol, "0xyz"[i]);
    out.push_back({name, "Re_" + label, c[i].real() + 0.0, unit, source});
    out.push_back({name, "Im_" + label, c[i].imag() + 0.0, unit, source});
  }
}

// g0, T and what one impurity does.
void add_impurities(std::vector<Coefficient>& out, const FermiSurface& surface,
                    const ElectronScales& scales) {
  add_pauli(out, "g0", "local Green function", g0_of(surface.contour), "1/(J m^2)",
            "Veneri 2022 (16b)");
  add_pauli(out, "T", "T-matrix of an impurity", scales.T, "J m^2", "Veneri 2022 (16a)");
  out.push_back({"phase of an impurity, atan(Im/Re) of T_0", "delta_0",
                 std::atan(scales.T[0].imag() / scales.T[0].real()), "rad", page});
  out.push_back(
      {"T_0 over first Born", "|T_0/u|", std::abs(scales.T[0] / surface.impurities.u), "1", page});
}

void add_small(std::vector<Coefficient>& out, const FermiSurface& surface,
               const ElectronScales& scales, double Delta_sd) {
  double disorder = 0, width = 0;
  for (const BandScales& b : scales.bands) {
    disorder = std::max(disorder, 1 / (b.k_F * b.l));
    width = std::max(width, hbar / b.tau);
  }
  const double eps = std::abs(surface.fermi_energy);
  const auto add = [&](const char* name, const char* symbol, double value, bool must = false) {
    if (!std::isfinite(value)) return;
    const bool caution = must && value > small_caution;
    out.push_back({name, symbol, value, "1", caution ? not_small : page});
  };
  add("small: disorder, worse band", "1/(k_F*l)", disorder, true);
  add("small: exchange over Fermi energy", "|Delta_sd|/eps", std::abs(Delta_sd) / eps);
  add("small: level width over splitting", "hbar/(tau*2|B|)", width / scales.splitting);
  if (surface.white_noise) return;
  add("small: impurities per electron", "n_imp/n_e", surface.density / std::abs(scales.n), true);
  add("small: self-energy over Fermi energy", "n_imp|T_0|/eps",
      surface.density * std::abs(scales.T[0]) / eps, true);
}

}  // namespace

ElectronScales electron_scales(const FermiSurface& surface, const Eigen::Matrix2d& sigma) {
  const FermiContour& c = surface.contour;
  const Eigen::Matrix2cd T = T_matrix(surface.impurities, g0_of(c));
  const std::vector<double> tau = lifetimes(surface, T);
  ElectronScales out;
  out.T = pauli_components(T);
  for (const int band : {-1, 1})
    if (const BandScales b = scales_of(c.states, tau, band); b.nu > 0) {
      out.bands.push_back(b);
      out.nu += b.nu;
      out.n += b.n;
    }
  for (const FermiState& s : c.states) out.splitting += 2 * s.weight / out.nu * std::abs(s.B);
  out.D = 0.5 * sigma.trace() / (e_abs * e_abs * out.nu);
  return out;
}

std::vector<std::string> scale_cautions(const FermiSurface& surface, double Delta_sd) {
  std::vector<Coefficient> small;
  add_small(small, surface, electron_scales(surface, Eigen::Matrix2d::Zero()), Delta_sd);
  std::vector<std::string> out;
  for (const Coefficient& c : small)
    if (c.source == not_small)
      out.push_back(fmt::format("{} = {:.3g} ({}; should stay below {})", c.symbol, c.value,
                                c.name.substr(c.name.find(' ') + 1), small_caution));
  return out;
}

std::vector<Coefficient> scale_coefficients(const FermiSurface& surface,
                                            const Eigen::Matrix2d& sigma, double Delta_sd) {
  const ElectronScales scales = electron_scales(surface, sigma);
  std::vector<Coefficient> out;
  for (const BandScales& b : scales.bands) add_band(out, b);
  out.push_back({"density of states", "nu", scales.nu, "1/(J m^2)", page});
  out.push_back({"electron density", "n_e", scales.n, "1/m^2", page});
  out.push_back(
      {"spin splitting at the Fermi energy", "2|B|", scales.splitting / meV, "meV", page});
  out.push_back({"diffusion constant", "D", scales.D, "m^2/s", "sigma/(e^2 nu), Einstein"});
  add_edges(out, surface.limits);
  if (!surface.impurities.first_born) add_impurities(out, surface, scales);
  add_small(out, surface, scales, Delta_sd);
  return out;
}

}  // namespace kubomag
