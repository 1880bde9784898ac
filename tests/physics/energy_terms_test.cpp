// Claims that hold for every energy term, checked on every backend:
// the field is -dE/dm, the torque is perpendicular to m, energies add up.
#include "kubomag/bonds.hpp"
#include "support/backends.hpp"
#include "support/custom_terms.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

/// Beside cell 17, one of those that the tests move.
constexpr std::size_t hole[] = {16, 25, 26};

/// Bonds of all strengths, some of them cut, those beside cell 17 and beside the hole among them.
void add_uneven_bonds(Problem& p) {
  for (const Axis axis : {Axis::x, Axis::y}) {
    const auto cut = [](std::size_t i) { return i % 5 == 2; };
    const auto exchange = [&](std::size_t i, std::size_t) {
      return cut(i) ? 0 : 1.3e-11 * (0.8 + 0.5 * std::sin(2.3 * static_cast<double>(i)));
    };
    const auto DMI = [&](std::size_t i, std::size_t) {
      return cut(i) ? 0 : 1 + 0.7 * std::cos(1.9 * static_cast<double>(i));
    };
    p.material.set(bond_key("Aex", axis), ScalarMap(over_bonds(p.grid, axis, exchange)));
    p.material.set(bond_key("DMI", axis), ScalarMap(over_bonds(p.grid, axis, DMI)));
  }
}

/// A field of the user's, with Msat of the cell in it.
void add_custom_field(Problem& p) {
  p.custom = {custom_term(p.material, CustomTerm::Kind::field, "user",
                          {"-3*c/Msat*mx^2*my", "-c/Msat*mx^3 - 0.3*exp(mz)", "-0.3*my*exp(mz)"},
                          "c*mx^3*my + 0.3*Msat*my*exp(mz)", {{"c", 2e5}})};
}

/// Every term on; when `mapped`, every parameter different from cell to cell, and a hole.
Problem busy_film(bool mapped) {
  Problem p = plain_film(9, 7, 4e-9, 5e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Ku1", 5e5);
  p.material.set("Ku2", -1e5);
  p.material.set("anisU_x", 0.6);
  p.material.set("anisU_y", 0.0);
  p.material.set("anisU_z", 0.8);
  const std::pair<const char*, double> cubic[] = {
      {"Kc1", 3e5},        {"Kc2", -2e5},     {"Kc3", 4e5},
      {"anisC1_x", 0.48},  {"anisC1_y", 0.6}, {"anisC1_z", 0.64},
      {"anisC2_x", -0.36}, {"anisC2_y", 0.8}, {"anisC2_z", -0.48}};
  for (const auto& [name, value] : cubic) p.material.set(name, value);
  p.material.set("Dind", 2e-3);
  p.material.set("Dbulk", -1.2e-3);
  p.material.set("alpha", 0.02);
  p.demag.enabled = true;
  FieldSource source;
  source.value = {0.02, -0.015, 0.03};
  source.signal = Signal::constant();
  p.B_ext = {source};
  p.material.set("xi_VCMA", 90e-15);
  source.value = {0, 0, 4e9};
  p.E_z = {source};
  add_custom_field(p);
  p.m = scrambled(p.grid);
  if (!mapped) return p;
  const auto vary = [&p](const char* name, double spread) {
    std::vector<double> cells(p.grid.cells());
    for (std::size_t i = 0; i < cells.size(); ++i)
      cells[i] = p.material[name](0) * (1 + spread * std::sin(1.7 * static_cast<double>(i)));
    return ScalarMap(std::move(cells));
  };
  for (const char* name : {"Msat", "Aex", "Ku1", "Ku2", "Kc1", "Kc2", "Kc3", "Dind", "Dbulk"})
    p.material.set(name, vary(name, 0.3));
  std::vector<double> Ms = p.material["Msat"].cells();
  for (const std::size_t cell : hole) Ms[cell] = 0;
  p.material.set("Msat", ScalarMap(std::move(Ms)));
  add_uneven_bonds(p);
  add_custom_field(p);
  return p;
}

class EnergyTerms : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(EnergyTerms);

double energy(Engine& engine, const std::vector<double>& m, const std::string& name) {
  engine.set_m(m);
  return observable(engine.observables(), name);
}

void expect_field_is_gradient(Engine& engine, const Problem& p, const std::string& field,
                              const std::string& energy_name) {
  engine.set_m(p.m);
  const auto B = engine.quantity(field);
  const double scale = largest(B);
  for (const std::size_t cell : {std::size_t{0}, std::size_t{17}, p.grid.cells() - 1}) {
    const Vec3<double> m = at(p.m, p.grid, cell);
    const double moment = p.material["Msat"](cell) * p.grid.cell_volume();
    const Vec3<double> some{0.3, -0.5, 0.8};
    const Vec3<double> across = cross(m, some);
    const Vec3<double> d = (1 / norm(across)) * across;  // a direction m can move in
    const auto moved = [&](double angle) {
      auto turned = p.m;
      const Vec3<double> v = std::cos(angle) * m + std::sin(angle) * d;
      turned[cell] = v.x, turned[p.grid.cells() + cell] = v.y;
      turned[2 * p.grid.cells() + cell] = v.z;
      return energy(engine, turned, energy_name);
    };
    const double h = 1e-3;  // fourth-order difference: error h^4 and rounding are below 1e-8
    const double slope = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
    EXPECT_NEAR(-slope / moment, dot(at(B, p.grid, cell), d), 1e-7 * scale)
        << field << ", cell " << cell;
  }
}

TEST_P(EnergyTerms, FieldIsMinusTheGradientOfTheEnergy) {
  if (single()) GTEST_SKIP() << "differences of energies need double precision";
  for (const bool mapped : {false, true}) {
    const Problem p = busy_film(mapped);
    const auto film = engine(p);
    for (const TermDeclaration& term : term_declarations())
      if (*term.symbol)
        expect_field_is_gradient(*film, p, std::string("B_") + term.symbol,
                                 std::string("E_") + term.symbol);
    expect_field_is_gradient(*film, p, "B_user", "E_user");
    expect_field_is_gradient(*film, p, "B_demag", "E_demag");
    expect_field_is_gradient(*film, p, "B_ext", "E_Zeeman");
    expect_field_is_gradient(*film, p, "B_eff", "E_total");
  }
}

TEST_P(EnergyTerms, TorqueIsPerpendicularToM) {
  const Problem p = busy_film(true);
  const auto film = engine(p);
  const auto torque = film->quantity("torque");
  double worst = 0;
  for (std::size_t i = 0; i < p.grid.cells(); ++i)
    worst = std::max(worst, std::abs(dot(at(torque, p.grid, i), at(p.m, p.grid, i))));
  EXPECT_LT(worst, tolerance(1e-14, 1e-6) * largest(torque));
}

TEST_P(EnergyTerms, EnergiesAddUp) {
  const Problem p = busy_film(false);
  const auto all = engine(p)->observables();
  double sum = 0;
  for (const Observable& o : all)
    if (o.name.rfind("E_", 0) == 0 && o.name != "E_total") sum += o.value;
  EXPECT_NEAR(observable(all, "E_total"), sum, 1e-12 * std::abs(sum));
}

TEST_P(EnergyTerms, DensitiesSumUpToTheEnergies) {
  for (const bool mapped : {false, true}) {
    const Problem p = busy_film(mapped);
    const auto film = engine(p);
    for (const Observable& energy : film->observables()) {
      if (!energy.name.starts_with("E_")) continue;
      const std::vector<double> density = film->quantity("Edens_" + energy.name.substr(2));
      ASSERT_EQ(density.size(), p.grid.cells());
      double sum = 0, size = 0;
      for (const double e : density) sum += e, size += std::abs(e);
      EXPECT_GT(size, 0) << energy.name;
      EXPECT_NEAR(p.grid.cell_volume() * sum, energy.value,
                  tolerance(1e-13, 1e-6) * p.grid.cell_volume() * size)
          << energy.name;
      if (mapped) {
        for (const std::size_t cell : hole) EXPECT_EQ(density[cell], 0) << energy.name;
      }
    }
  }
}

TEST_P(EnergyTerms, DensitiesByHand) {
  // A helix about z along x: Aex q^2 in every cell but the ends, and half of it there, since an
  // angle w between neighbours costs 2 Aex (1 - cos w)/dx^2 a bond, half of it to each of the two
  constexpr double Aex = 1.3e-11, dx = 4e-9, w = 0.1;
  Problem p = plain_film(8, 1, dx, 5e-9, 3e-9);
  p.material.set("Aex", Aex);
  FieldSource source;
  source.value = {0.02, 0, 0.05};
  source.signal = Signal::constant();
  p.B_ext = {source};
  p.m.assign(3 * p.grid.cells(), 0);
  for (int ix = 0; ix < p.grid.nx; ++ix) {
    const std::size_t i = p.grid.index(ix, 0);
    p.m[i] = std::cos(w * ix), p.m[p.grid.cells() + i] = std::sin(w * ix);
  }
  const auto film = engine(p);
  const std::vector<double> exchange = film->quantity("Edens_exch");
  const std::vector<double> zeeman = film->quantity("Edens_Zeeman");
  const std::vector<double> total = film->quantity("Edens_total");
  const double bond = 2 * Aex * (1 - std::cos(w)) / (dx * dx);
  for (int ix = 0; ix < p.grid.nx; ++ix) {
    const std::size_t i = p.grid.index(ix, 0);
    const bool end = ix == 0 || ix == p.grid.nx - 1;
    EXPECT_NEAR(exchange[i], end ? bond / 2 : bond, tolerance(1e-12, 1e-4) * bond);
    const double B = -8e5 * 0.02 * std::cos(w * ix);  // Ms = 8e5 A/m
    EXPECT_NEAR(zeeman[i], B, tolerance(1e-14, 1e-6) * 1.6e4);
    EXPECT_NEAR(total[i], exchange[i] + zeeman[i], tolerance(1e-14, 1e-6) * 1.6e4);
  }
}

TEST_P(EnergyTerms, AMapOfEqualValuesIsTheUniformFilm) {
  Problem p = busy_film(false);
  const auto expected = engine(p)->quantity("torque");
  std::vector<double> alpha(p.grid.cells(), 0.02);
  alpha.back() = 0.020001;  // the smallest difference that makes the engine read maps
  p.material.set("alpha", ScalarMap(alpha));
  const auto got = engine(p)->quantity("torque");
  EXPECT_LT(relative_difference(got, expected), tolerance(1e-5, 1e-5));
}

TEST_P(EnergyTerms, TheAxisOfAnisotropyIsEasyForPositiveKu1) {
  // B = 2 Ku1/Ms (m.u) u + 4 Ku2/Ms (m.u)^3 u by hand: m.u = 0.6, u = z
  Problem p = plain_film(1, 1);
  p.material.set("Ku1", 4e5);
  p.material.set("Ku2", 1e5);
  p.m = {0.8, 0, 0.6};
  const auto B = engine(p)->quantity("B_anis");
  EXPECT_NEAR(B[2], 2 * 4e5 / 8e5 * 0.6 + 4 * 1e5 / 8e5 * 0.216, tolerance(1e-14, 1e-6));
  EXPECT_NEAR(B[0], 0, 1e-15);
}

}  // namespace
}  // namespace kubomag::test
