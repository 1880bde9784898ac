// A single cell on a Dirac surface, followed in time: trajectories of the full equation of motion
// in SI, and the resonance of a diffusive torque that oscillates with the precession, Sokolewicz
// 2019 (18) and (19) with errata 12 and 18 of docs/physics.md.
#include <limits>

#include "support/backends.hpp"
#include "support/dirac_film.hpp"
#include "support/dirac_reference.hpp"
#include "support/film_drive.hpp"
#include "support/reference_entry.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;

const double for_ever = -std::numeric_limits<double>::infinity();

Vec3<double> vec(const nlohmann::json& v) { return {v[0], v[1], v[2]}; }

PrescribedPsi uniform_psi(double amplitude, double omega) {
  return {"given", ScalarMap(amplitude), testing::sine_signal(omega, 0, for_ever)};
}

class Macrospin : public OnEveryBackend {
 protected:
  Vec3<double> m_at(Engine& film, double t) const {
    run_to(film, t);
    const auto m = film.m();
    return {m[0], m[1], m[2]};
  }
};
KUBOMAG_ON_EVERY_BACKEND(Macrospin);

Problem problem_of(const nlohmann::json& par) {
  const HandMadeSurface s{double(par["eps_eV"]) * e_abs,
                          par["v"],
                          double(par["Delta_eV"]) * e_abs,
                          par["alpha_dis"],
                          par["Ms"],
                          par["t"]};
  Problem p = film_on(s, {1, 1, 4e-9, 4e-9});
  p.material.set("alpha", double(par["alpha_i"]));
  p.B_ext = {constant_field(vec(par["B"]))};
  if (par["psi0"] != 0.0) p.drive.psi = {uniform_psi(par["psi0"], par["omega"])};
  const Vec3<double> m = vec(par["n0"]);
  p.m = {m.x, m.y, m.z};
  return p;
}

// Precession, tensor damping at the moving mz, and the diffusive torque, from the electrons on.
TEST_P(Macrospin, FollowsTheReferenceInSI) {
  ReferenceEntry entry("reference-ti.json", "macrospin_full_SI");
  for (const auto& run : reference::ti()["macrospin_full_SI"]["runs"]) {
    ASSERT_EQ(run["par"]["J"], nlohmann::json({0, 0}));
    Problem p = problem_of(run["par"]);
    p.integrator.MaxErr = tolerance(1e-12, 1e-6);
    const auto film = engine(p);
    for (std::size_t i = 0; i < run["t"].size(); ++i) {
      const Vec3<double> m = m_at(*film, run["t"][i]);
      entry.within(norm(m - vec(run["n"][i])), tolerance(1e-8, 1e-4));
    }
  }
}

/// (18) in units of w0: |H| = 1 at the angle chi from z in the xz plane, f = f0 cos(w t).
struct Resonance {
  double chi, f0, w, alpha_G;
  static constexpr double w0 = 1e9;  // [rad/s]

  Vec3<double> h() const { return {std::sin(chi), 0, std::cos(chi)}; }
  double k() const { return 0.25 * f0 * std::sin(2 * chi); }
  double G() const { return alpha_G * (1 - 0.5 * std::sin(chi) * std::sin(chi)); }

  /// The coefficients themselves: sigma_0 constant, no Hall part, f = gamma B_diff_per_psi psi.
  Problem problem() const {
    Problem p = plain_film(1, 1);
    p.surface = given_damping(alpha_G, 0, 1);
    p.surface->B_diff_per_psi = 1.0;
    p.drive.psi = {uniform_psi(f0 * w0 / p.GammaLL, w * w0)};
    p.B_ext = {constant_field((w0 / p.GammaLL) * h())};
    p.m = {h().x, h().y, h().z};
    return p;
  }
};

TEST_P(Macrospin, ResonanceFollowsTheReference) {
  const auto& reference = reference::ti()["macrospin_fig3"];
  ReferenceEntry entry("reference-ti.json", "macrospin_fig3");
  // In single precision rounding adds up, the heteroclinic orbit doubles it; on a GPU a single cell
  // takes as long as a film.
  const double longest = GetParam().is("cpu") ? tolerance(1000, 400) : 200;
  for (const auto& run : reference["runs"]) {
    const Resonance r{reference["chi"], reference["f0"], run["w"], run["aG"]};
    Problem p = r.problem();
    p.integrator.MaxErr = tolerance(1e-12, 3e-7);
    const auto film = engine(p);
    for (std::size_t i = 0; i < run["t"].size() && run["t"][i] <= longest; ++i) {
      const Vec3<double> m = m_at(*film, double(run["t"][i]) / r.w0);
      entry.within(std::abs(dot(m, r.h()) - double(run["mH"][i])), tolerance(1e-7, 1e-3));
    }
    if (longest < 1000) continue;
    entry.within(norm(m_at(*film, 1000 / r.w0) - vec(run["m_at_1000"])), 1e-7);
  }
}

/// Every case is a cell of one film; all have the same frequency.
Problem film_of(const std::vector<Resonance>& cases) {
  const std::size_t n = cases.size();
  Problem p = plain_film(static_cast<int>(n), 1);
  std::vector<double> damping, psi;
  FieldSource field = constant_field({});
  for (std::size_t i = 0; i < n; ++i) {
    const Resonance& r = cases[i];
    damping.push_back(r.alpha_G), psi.push_back(r.f0 * r.w0 / p.GammaLL);
    field.map.push_back((r.w0 / p.GammaLL) * r.h());
    p.m[i] = r.h().x, p.m[n + i] = r.h().y, p.m[2 * n + i] = r.h().z;
  }
  p.surface = given_damping(ScalarMap(damping), 0, 1);
  p.surface->B_diff_per_psi = 1.0;
  p.drive.psi = {
      {"given", ScalarMap(psi), testing::sine_signal(cases[0].w * cases[0].w0, 0, for_ever)}};
  p.B_ext = {field};
  return p;
}

/// m . H/|H| of every cell, averaged over whole periods after the transient has died out.
std::vector<double> average_m_H(Engine& film, const std::vector<Resonance>& cases, double settled,
                                int periods) {
  constexpr int per_period = 32;
  const std::size_t n = cases.size();
  const double period = 2 * constants::pi / (cases[0].w * cases[0].w0);
  std::vector<double> mean(n);
  for (int i = 0; i < periods * per_period; ++i) {
    run_to(film, settled / cases[0].w0 + i * period / per_period);
    const auto m = film.m();
    for (std::size_t c = 0; c < n; ++c)
      mean[c] +=
          dot(Vec3<double>{m[c], m[n + c], m[2 * n + c]}, cases[c].h()) / (periods * per_period);
  }
  return mean;
}

// m_H -> 1/sqrt 2 if G = alpha_G w0 (1 - sin^2 chi / 2) < k = f0 sin(2 chi)/4, otherwise
// G/sqrt(k^2 + G^2), up to the first order in f0 beyond the averaged equations. Off resonance the
// reference's own average alone is the measure. Its last case was not settled (0.735 for 0.707) and
// is held to the limit.
TEST_P(Macrospin, LongTimeAverageObeysTheCorrectedCondition) {
  int compared = 0;
  ReferenceEntry entry("reference-ti.json", "macrospin_longtime");
  for (const double w : {1.0, 1.001, 1.004}) {
    std::vector<Resonance> cases;
    std::vector<nlohmann::json> points;
    double settled = 0;
    for (const auto& point : reference::ti()["macrospin_longtime"]) {
      if (!point.contains("aG") || point["w"] != w) continue;
      cases.push_back({point["chi"], point["f0"], w, point["aG"]});
      points.push_back(point);
      settled = std::max(settled, 20 * std::sqrt(2) / cases.back().G());
    }
    Problem p = film_of(cases);
    p.integrator.MaxErr = 1e-6;
    const auto mean = average_m_H(*engine(p), cases, settled, 20);
    for (std::size_t i = 0; i < cases.size(); ++i, ++compared) {
      const Resonance& r = cases[i];
      EXPECT_NEAR(r.G(), points[i]["Gamma"], 1e-12);
      EXPECT_NEAR(r.k(), points[i]["k"], 1e-12);
      const double limit = r.G() < r.k() ? 1 / std::sqrt(2) : r.G() / std::hypot(r.k(), r.G());
      if (w == 1) {
        EXPECT_NEAR(mean[i], limit, 0.08 * r.f0) << points[i];
      }
      if (r.alpha_G == 0.0005) continue;
      entry.within(std::abs(mean[i] - double(points[i]["mean"])) / double(points[i]["ripple"]),
                   0.08);
    }
  }
  EXPECT_EQ(compared, 14);
}

}  // namespace
}  // namespace kubomag::test
