// Switching of macrospins by the two damping-like fields of Ndiaye 2017: B = h m x y of the spin
// Hall effect and B = -h mz x of a Dirac surface, with an easy axis along z of anisotropy field 1 T
// and a field hx along x. Reference numbers: tests/data/reference-local.json, A_macrospin_*, an
// independent integration. Every case is a cell of one film without exchange.
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/reference_entry.hpp"
#include "support/symmetric_torque.hpp"
#include "support/tmatrix_reference.hpp"

namespace kubomag::test {
namespace {

class MacrospinThresholds : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(MacrospinThresholds);

struct Case {
  double alpha, hx, h;
  bool switches;    // what the reference says ...
  std::string row;  // ... here
  double off = 0;   // from the threshold
};

constexpr double bracket = 0.003;                      // about a threshold, of the anisotropy field
constexpr double moment = 1e6 * 1e-9;                  // Ms t [A]
constexpr double duration = 300 / constants::GammaLL;  // 300 in units of 1/(gamma 1 T)

/// The equilibrium at h = 0 that points up, with my = 1e-3.
Problem film_of(const std::vector<Case>& cases) {
  const std::size_t n = cases.size();
  Problem p = plain_film(static_cast<int>(n), 1, 2e-9, 2e-9, 1e-9);
  p.material.set("Msat", 1e6);
  p.material.set("Ku1", 5e5);  // 2 Ku1/Ms = 1 T
  std::vector<double> alpha;
  FieldSource field{"", {}, {}, Signal::constant()};
  for (std::size_t i = 0; i < n; ++i) {
    const Case& c = cases[i];
    alpha.push_back(c.alpha);
    field.map.push_back({c.hx, 0, 0});
    const double mz = std::sqrt(1 - c.hx * c.hx), size = std::sqrt(1 + 1e-6);
    p.m[i] = c.hx / size, p.m[n + i] = 1e-3 / size, p.m[2 * n + i] = mz / size;
  }
  p.material.set("alpha", ScalarMap(alpha));
  p.B_ext = {field};
  p.integrator.MaxErr = 1e-6;
  return p;
}

/// beta = hbar |j| theta_SH/(2 |e| Ms t), p = j x z/|j| = y for j along -x.
void add_spin_hall(Problem& p, const std::vector<Case>& cases, const Signal& signal) {
  p.material.set("theta_SH", 0.1);
  const double beta_per_j = constants::hbar * 0.1 / (2 * constants::e_abs * moment);
  FieldSource j{"", {}, {}, signal};
  for (const Case& c : cases) j.map.push_back({-c.h / beta_per_j, 0, 0});
  p.current = {j};
}

/// b = -d = -gamma h for E along x: B = -h mz x (Ndiaye 2017 (13), in his helicity).
void add_dirac(Problem& p, const std::vector<Case>& cases, const Signal& signal) {
  const double per_E = 1e-5;  // h per V/m [T m/V]
  const auto tau = [=](double) { return constants::GammaLL * per_E; };
  const auto minus = [=](double) { return -constants::GammaLL * per_E; };
  set_models(p, {std::make_shared<SymmetricTorque>(ThieleTorque{{}, minus, {}, tau}, moment)},
             LocalTables::Drive::E);
  const Grid grid = p.grid;
  p.drive.separable = {{"h",
                        [=](double x, double) {
                          const auto cell =
                              static_cast<std::size_t>(std::lround((x - grid.x(0)) / grid.dx));
                          return Vec2<double>{cases[cell].h / per_E, 0};
                        },
                        signal}};
}

std::vector<double> final_mz(Engine& engine, double t_end, std::size_t n) {
  run_to(engine, t_end);
  const std::vector<double> m = engine.m();
  return {m.end() - static_cast<std::ptrdiff_t>(n), m.end()};
}

/// Cases on either side of the thresholds of one row,
/// for hx < 0. At hx = 0 the outcome is left to rounding: mz = 0 is then the state that is reached
/// (SHE), or cannot be crossed (Dirac).
void add_row(std::vector<Case>& cases, const char* row, double alpha) {
  const auto& table = reference::local()["A_macrospin_thresholds"];
  for (std::size_t i = 0; i < table["hx"].size(); ++i) {
    const double hx = table["hx"][i];
    if (!(hx < 0)) continue;
    if (table[row][i].is_null()) {
      cases.push_back({alpha, hx, 4, false, row, 0});  // never
      continue;
    }
    const double h = table[row][i];
    cases.push_back({alpha, hx, h - bracket, false, row, bracket});
    cases.push_back({alpha, hx, h + bracket, true, row, bracket});
  }
}

void expect_outcomes(const std::vector<Case>& cases, const std::vector<double>& mz) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = cases[i];
    EXPECT_EQ(mz[i] < 0, c.switches)
        << "alpha " << c.alpha << " hx " << c.hx << " h " << c.h << ": mz " << mz[i];
    ReferenceEntry("reference-local.json", "A_macrospin_thresholds." + c.row)
        .within((mz[i] < 0) == c.switches ? c.off : HUGE_VAL, bracket);
  }
}

Signal ramp(double duration_of_ramp) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::table;
  term.times = {0, duration_of_ramp};
  term.values = {0, 1};
  return {{term}};
}

TEST_P(MacrospinThresholds, SpinHallFieldSwitchedOnAtOnce) {
  std::vector<Case> cases;
  add_row(cases, "she_al0.05_sudden_up", 0.05);
  add_row(cases, "she_al0.1_sudden_up", 0.1);
  add_row(cases, "she_al0.3_sudden_up", 0.3);
  add_row(cases, "she_al1.0_sudden_up", 1.0);
  Problem p = film_of(cases);
  add_spin_hall(p, cases, Signal::constant());
  expect_outcomes(cases, final_mz(*engine(p), duration, cases.size()));
}

TEST_P(MacrospinThresholds, SpinHallFieldRaisedGradually) {
  std::vector<Case> cases;
  add_row(cases, "she_al0.3_ramp_up", 0.3);
  Problem p = film_of(cases);
  add_spin_hall(p, cases, ramp(5 * duration));
  expect_outcomes(cases, final_mz(*engine(p), 6 * duration, cases.size()));
}

TEST_P(MacrospinThresholds, DiracFieldSwitchedOnAtOnce) {
  std::vector<Case> cases;
  add_row(cases, "dirac_al0.05_sudden_up", 0.05);
  add_row(cases, "dirac_al0.1_sudden_up", 0.1);
  add_row(cases, "dirac_al0.3_sudden_up", 0.3);
  add_row(cases, "dirac_al1.0_sudden_up", 1.0);
  Problem p = film_of(cases);
  add_dirac(p, cases, Signal::constant());
  expect_outcomes(cases, final_mz(*engine(p), duration, cases.size()));
}

// "Quasi-static Dirac diamond is unbounded": raised slowly to four times the anisotropy field the
// up state still follows sin theta + h cos theta = hx.
TEST_P(MacrospinThresholds, DiracFieldRaisedGraduallyNeverSwitches) {
  std::vector<Case> cases;
  add_row(cases, "dirac_al0.3_ramp_up", 0.3);
  Problem p = film_of(cases);
  add_dirac(p, cases, ramp(5 * duration));
  const auto mz = final_mz(*engine(p), 6 * duration, cases.size());
  expect_outcomes(cases, mz);
  ReferenceEntry entry("reference-local.json", "A_macrospin_exact.dirac_static");
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const double h = cases[i].h, hx = cases[i].hx;
    const double expected = std::cos(std::asin(hx / std::sqrt(1 + h * h)) - std::atan(h));
    entry.within(std::abs(mz[i] - expected), 1e-4);
  }
}

TEST_P(MacrospinThresholds, FinalStatesOfTheDiracField) {
  const auto& exact = reference::local()["A_macrospin_exact"]["dirac_sudden_alpha0.1_hx-0.2"];
  std::vector<Case> cases;
  for (const auto& h : exact["h"]) cases.push_back({0.1, -0.2, h, false, {}, 0});
  ReferenceEntry entry("reference-local.json", "A_macrospin_exact.dirac_sudden_alpha0.1_hx-0.2");
  Problem p = film_of(cases);
  add_dirac(p, cases, Signal::constant());
  const auto mz = final_mz(*engine(p), duration, cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i)
    entry.within(std::abs(mz[i] - double(exact["final_mz"][i])), tolerance(2e-6, 2e-5));
}

// Both lists of static thresholds are the saddle-node of the static balance:
// h = sqrt(1 - s^2)(hx - s), s = (hx - sqrt(hx^2 + 8))/4. That a macrospin obeys it:
// SpinOrbitTorqueTest.SwitchesAtTheStaticThresholdOfAMacrospin and SpinHallFieldRaisedGradually.
TEST(MacrospinStatics, ThresholdsAreThoseOfTheFormula) {
  const auto check = [](const char* name, const nlohmann::json& hx, const nlohmann::json& h,
                        double tolerance) {
    ReferenceEntry entry("reference-local.json", name);
    ASSERT_EQ(hx.size(), h.size());
    for (std::size_t i = 0; i < hx.size(); ++i) {
      const double x = hx[i], s = (x - std::sqrt(x * x + 8)) / 4;
      entry.within(std::abs(std::sqrt(1 - s * s) * (x - s) - double(h[i])), tolerance);
    }
  };
  const auto& all = reference::local();
  const auto& thresholds = all["A_macrospin_thresholds"];
  check("A_macrospin_thresholds.she_static_up", thresholds["hx"], thresholds["she_static_up"],
        1e-9);
  const auto& exact = all["A_macrospin_exact"]["she_static_up"];
  check("A_macrospin_exact.she_static_up", exact["hx"], exact["h_c"], 6e-7);
}

}  // namespace
}  // namespace kubomag::test
