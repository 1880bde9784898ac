// Set-ups of the test suites of other codes with one layer of cells, and what those suites expect
// (docs/validation-suites.md). Numbers of OOMMF are exact on the same mesh. mumax3's own numbers
// come with its demagnetising kernel, which is integrated numerically: its trace is 0.1 % off in
// flat cells.
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

FieldSource constant_source(Vec3<double> value) { return {"", value, {}, Signal::constant()}; }

void set_all(Problem& p, const std::vector<std::pair<const char*, double>>& values) {
  for (const auto& [name, value] : values) p.material.set(name, value);
}

class OtherCodes : public OnEveryBackend {
 protected:
  void minimise(Engine& film, Vec3<double> B, double stop) const {
    Relax to;
    to.descent = Descent::barzilai_borwein;
    to.stop_torque = tolerance(stop, std::max(stop, 2e-5));
    to.B_ext = B;
    EXPECT_TRUE(film.relax(to, {}).converged);
  }
  void record_mean(Engine& film, const std::string& problem, const std::string& when,
                   Vec3<double> expected, double close, const std::string& source) const {
    const auto all = film.observables();
    record({problem, "<m_x>" + when, expected.x, close, source}, observable(all, "mx"));
    record({problem, "<m_y>" + when, expected.y, close, source}, observable(all, "my"));
    record({problem, "<m_z>" + when, expected.z, close, source}, observable(all, "mz"));
  }
};
KUBOMAG_ON_EVERY_BACKEND(OtherCodes);

/// 160 x 80 x 5 nm of permalloy on 64 x 32 cells, a current through it from a layer along
/// (cos, sin, 0) of `degrees`.
Problem spin_valve(double current, double Lambda, double degrees) {
  Problem p = plain_film(64, 32, 2.5e-9, 2.5e-9, 5e-9);
  const double angle = degrees * constants::pi / 180;
  set_all(p, {{"Aex", 1.3e-11},
              {"alpha", 0.01},
              {"Pol", 0.5669},
              {"Lambda", Lambda},
              {"FixedLayer_x", std::cos(angle)},
              {"FixedLayer_y", std::sin(angle)},
              {"FixedLayer_z", 0}});
  p.current = {constant_source({0, 0, current / (160e-9 * 80e-9)})};
  p.demag.enabled = true;
  p.integrator.MaxErr = 1e-6;
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 0, 0}; });
  return p;
}

// Accepted are 5e-3 and 2e-3: gamma larger by 0.05 % (a demagnetising field off by 0.1 %, as
// mumax3's, moves the frequency as much) changes our <m> by 7e-3 and 7e-4, and a thickness larger
// by 0.2 % by 6e-3 and 4e-4.
TEST_P(OtherCodes, SlonczewskiTorqueReversesAsInMumax3) {
  const std::string source = "mumax3 test/standardproblem5a";
  Problem p = spin_valve(-8e-3, 1, 1);
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 1, 0.001}; });
  const auto film = engine(p);
  minimise(*film, {}, 1e-7);
  record_mean(*film, "Slonczewski reversal (5a)", " at 0", {0.95863, 0.20391, 0}, 1e-3, source);
  run_to(*film, 1e-9);
  record_mean(*film, "Slonczewski reversal (5a)", " at 1 ns", {0.6440995, 0.5131782, -0.1569231},
              5e-3, source);
}

TEST_P(OtherCodes, SlonczewskiTorqueWithLambda2) {
  const auto film = engine(spin_valve(-6e-3, 2, 20));
  run_to(*film, 0.5e-9);
  record_mean(*film, "Slonczewski, Lambda = 2 (5c)", " at 0.5 ns",
              {0.9056126, -0.2860856, -0.0110057}, 2e-3,
              "mumax3 test/std5c, checked there with OOMMF");
}

// mumax3, test/exchange.mx3: domains along (1, 2, 3) and (3, -1, 2), the wall between them bent
// towards (-1, -3, 5) over two cells.
TEST_P(OtherCodes, ExchangeFieldOfTwoDomains) {
  Problem p = plain_film(300, 1, 2e-9, 3e-9, 4e-9);
  p.material.set("Aex", 1.3e-11);
  p.m = texture(p.grid, [](double x, double) {
    const double wall = std::exp(-x * x / 16e-18);
    return (1 - wall) * (x < 0 ? Vec3<double>{1, 2, 3} : Vec3<double>{3, -1, 2}) +
           wall * Vec3<double>{-1, -3, 5};
  });
  const auto B = engine(p)->quantity("B_exch");
  const double expected[] = {1.18888e-3, -1.64631e-3, -7.4591e-4};
  for (std::size_t c = 0; c < 3; ++c) {
    double left = 0, all = 0;
    for (std::size_t i = 0; i < 300; ++i)
      all += B[300 * c + i], left += i < 150 ? B[300 * c + i] : 0;
    const std::string axis(1, "xyz"[c]);
    record({"exchange of two domains", "<B_" + axis + "> of the left one", 1e3 * expected[c],
            1e3 * tolerance(1e-8, 2e-6), "mumax3 test/exchange", "mT"},
           1e3 * left / 150);
    record({"exchange of two domains", "<B_" + axis + "> of both", 0, 1e3 * tolerance(1e-15, 2e-6),
            "exchange acts and reacts", "mT"},
           1e3 * all / 300);
  }
}

// mumax3, test/uniaxialanisotropy.mx3: a square of 256 nm against a field across its easy axis.
TEST_P(OtherCodes, UniaxialAnisotropyAgainstAField) {
  Problem p = plain_film(64, 64, 4e-9, 4e-9, 2e-9);
  set_all(p, {{"Msat", 1.1e6}, {"Aex", 1.3e-11}, {"Ku1", 5e5}, {"anisU_x", 1}, {"anisU_z", 0}});
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 0.1, 0}; });
  const auto film = engine(p);
  const std::pair<int, double> my[] = {{10, 0.011}, {30, 0.033}, {100, 0.110}, {300, 0.331}};
  for (const auto& [mT, expected] : my) {
    minimise(*film, {0, 1e-3 * mT, 0}, 1e-5);
    record({"uniaxial anisotropy against a field", "<m_y> at " + std::to_string(mT) + " mT",
            expected, 1e-3, "OOMMF, in mumax3 test/uniaxialanisotropy"},
           observable(film->observables(), "my"));
  }
}

std::vector<double> ellipse(const Grid& grid, double length, double width, double Ms) {
  std::vector<double> out(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      out[grid.index(ix, iy)] =
          std::hypot(2 * grid.x(ix) / length, 2 * grid.y(iy) / width) < 1 ? Ms : 0;
  return out;
}

// mumax3, test/cubicanisotropy.mx3: a disk of 256 nm in a field along [1 1 0].
TEST_P(OtherCodes, CubicAnisotropyAgainstAField) {
  Problem p = plain_film(64, 64, 4e-9, 4e-9, 2e-9);
  set_all(p, {{"Aex", 1.3e-11}, {"Kc1", 2e5}});
  p.material.set("Msat", ScalarMap(ellipse(p.grid, 256e-9, 256e-9, 1.1e6)));
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 0, 0}; });
  const auto film = engine(p);
  const Vec3<double> expected[] = {
      {10, 0.9994, 0.0270}, {30, 0.9967, 0.0776}, {100, 0.9711, 0.2367}, {300, 0.7040, 0.7040}};
  for (const auto& [mT, mx, my] : expected) {
    minimise(*film, {1e-3 * mT, 1e-3 * mT, 0}, 1e-5);
    record_mean(*film, "cubic anisotropy against a field",
                " at " + std::to_string(std::lround(mT)) + " mT", {mx, my, 0}, 1e-3,
                "OOMMF, in mumax3 test/cubicanisotropy");
  }
}

// mumax3, test/anisenergyconservation.mx3: both anisotropies, hardly any damping.
TEST_P(OtherCodes, AnisotropiesKeepTheEnergy) {
  Problem p = plain_film(1, 1, 1e-9, 1e-9, 1e-9);
  const double half = std::sqrt(0.5);
  set_all(p, {{"Msat", 1e6},
              {"Ku1", 1e5},
              {"Kc1", 1e3},
              {"alpha", 1e-6},
              {"anisU_x", half},
              {"anisU_y", half},
              {"anisU_z", 0}});
  p.integrator.MaxDt = 1e-13;
  p.m = {0.3, 0.7, 0.1};
  const auto film = engine(p);
  const double before = observable(film->observables(), "E_total");
  double worst = 0;
  for (int i = 1; i <= 10; ++i) {
    run_to(*film, i * 10e-12);
    const double change = observable(film->observables(), "E_total") / before - 1;
    worst = std::max(worst, std::abs(change));
  }
  record({"moment in two anisotropies", "relative change of the energy in 100 ps", 0, 1e-5,
          "conservation; mumax3 test/anisenergyconservation"},
         worst);
}

// mumax3, test/energy.mx3: an ellipse of 512 x 256 x 40 nm with a vortex, and saturated in 100 mT.
// The differences of the energies per volume of OOMMF; 1e-18 J are 243 J/m3, 3e-4 of the total.
TEST_P(OtherCodes, EnergiesOfAVortexThatIsDrivenOut) {
  Problem p = plain_film(128, 64, 4e-9, 4e-9, 40e-9);
  set_all(p, {{"Aex", 1.3e-11}, {"Ku1", 50}, {"anisU_x", 1}, {"anisU_z", 0}});
  p.material.set("Msat", ScalarMap(ellipse(p.grid, 512e-9, 256e-9, 8.6e5)));
  p.demag.enabled = true;
  FieldSource zeeman = constant_source({0.1, 0, 0});
  p.B_ext = {zeeman};
  p.m = texture(p.grid, [](double x, double y) {
    return Vec3<double>{-y, x, 20e-9 * std::exp(-(x * x + y * y) / (2 * 64e-18))};
  });
  const auto film = engine(p);
  minimise(*film, {0, 0, 0}, 1e-5);
  const auto vortex = film->observables();
  minimise(*film, {0.1, 0, 0}, 1e-5);
  const auto saturated = film->observables();
  const double volume = constants::pi / 4 * 512e-9 * 256e-9 * 40e-9;
  const std::tuple<const char*, double, double> terms[] = {
      {"E_exch", 5038.693945 - 71.438905, 1e-18},
      {"E_anis", 19.517039 - 0.271210, 1e-21},
      {"E_demag", 7216.038345 - 29186.031229, 1e-18}};
  for (const auto& [name, density, close] : terms)
    record({"vortex driven out by 100 mT", std::string("change of ") + name,
            1e18 * density * volume, 1e18 * close, "OOMMF, in mumax3 test/energy", "aJ"},
           1e18 * (observable(vortex, name) - observable(saturated, name)));
  // only the saturated film counts: the vortex has no moment
  record({"vortex driven out by 100 mT", "change of E_Zeeman", 1e18 * 85765.386961 * volume, 1,
          "OOMMF, in mumax3 test/energy", "aJ"},
         -1e18 * observable(saturated, "E_Zeeman"));
}

// fidimag, tests/tes_oommf.py: energies of OOMMF for a state given by a formula (in nm).
TEST_P(OtherCodes, EnergiesOfAGivenState) {
  Problem p = plain_film(40, 50, 2.5e-9, 2.5e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.demag.enabled = true;
  p.m = texture(p.grid, [&p](double x, double y) {
    const double a = (x + p.grid.size_x() / 2) * 1e9, b = (y + p.grid.size_y() / 2) * 1e9;
    return Vec3<double>{std::sin(a) + b + 2.3 * 1.5, std::cos(a) + b + 1.3 * 1.5, 0};
  });
  const auto all = engine(p)->observables();
  record({"state of a formula", "E_exch over that of OOMMF", 1, tolerance(1e-12, 1e-6),
          "OOMMF, in fidimag tes_oommf"},
         observable(all, "E_exch") / 1.9885853028738599e-19);
  record({"state of a formula", "E_demag over that of OOMMF", 1, tolerance(1e-10, 1e-6),
          "OOMMF, in fidimag tes_oommf"},
         observable(all, "E_demag") / 5.5389695779175673e-19);
}

// MicroMagnetic.jl, test/test_demag.jl: two cubes of 2 nm in a row, magnetised along it.
TEST_P(OtherCodes, FieldOfTwoCubes) {
  Problem p = plain_film(2, 1, 2e-9, 2e-9, 2e-9);
  p.material.set("Msat", 8.6e5);
  p.demag.enabled = true;
  p.m = {1, 1, 0, 0, 0, 0};
  record({"two cubes in a row", "H_x", -170551.8913984, tolerance(1e-6, 0.1),
          "MicroMagnetic.jl test_demag, exact", "A/m"},
         engine(p)->quantity("B_demag")[0] / constants::mu_0);
}

}  // namespace
}  // namespace kubomag::test
