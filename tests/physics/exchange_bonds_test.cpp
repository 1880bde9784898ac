// Exchange and Dzyaloshinskii-Moriya interaction across interfaces whose coupling differs from what
// the two cells would give: strength, symmetry, a complete cut, vacuum.
#include "kubomag/bonds.hpp"
#include "support/backends.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

/// Sets the bonds that cross the line between the columns `left` and left + 1.
void couple_columns(Problem& p, int left, double exchange_scale, double DMI_scale) {
  const Grid g = p.grid;
  const auto column = [&](std::size_t i) { return static_cast<int>(i) % g.nx; };
  for (const Axis axis : {Axis::x, Axis::y}) {
    const auto across = [&](std::size_t i, std::size_t j) {
      return std::min(column(i), column(j)) == left && std::max(column(i), column(j)) == left + 1;
    };
    const ScalarMap Aex = p.material["Aex"];
    p.material.set(bond_key("Aex", axis),
                   ScalarMap(over_bonds(g, axis, [&](std::size_t i, std::size_t j) {
                     return (across(i, j) ? exchange_scale : 1) * harmonic_mean(Aex(i), Aex(j));
                   })));
    p.material.set(bond_key("DMI", axis),
                   ScalarMap(over_bonds(g, axis, [&](std::size_t i, std::size_t j) {
                     return across(i, j) ? DMI_scale : 1;
                   })));
  }
}

Problem two_halves(int nx, int ny) {
  Problem p = plain_film(nx, ny, 4e-9, 5e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Dind", 2e-3);
  p.material.set("Dbulk", -0.7e-3);
  p.material.set("alpha", 0.1);
  p.m = scrambled(p.grid);
  return p;
}

/// The columns from `first` on of a film as a film of its own.
Problem cut_columns(const Problem& p, int first, int nx) {
  Problem q = two_halves(nx, p.grid.ny);
  for (int iy = 0; iy < q.grid.ny; ++iy)
    for (int ix = 0; ix < nx; ++ix)
      for (std::size_t c = 0; c < 3; ++c)
        q.m[c * q.grid.cells() + q.grid.index(ix, iy)] =
            p.m[c * p.grid.cells() + p.grid.index(first + ix, iy)];
  return q;
}

class ExchangeBonds : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(ExchangeBonds);

TEST_P(ExchangeBonds, AScaledBondByHand) {
  // B_0 = (2/(Ms dx^2)) s A (m_1 - m_0) with A = 2 A_0 A_1/(A_0 + A_1) = 1.5e-11, s = 0.4
  Problem p = plain_film(2, 1);
  p.material.set("Aex", ScalarMap(std::vector<double>{1e-11, 3e-11}));
  p.material.set("Msat", ScalarMap(std::vector<double>{8e5, 5e5}));
  couple_columns(p, 0, 0.4, 1);
  p.m = {0.6, 0, 0, -0.28, 0.8, 0.96};
  const auto film = engine(p);
  const auto B = film->quantity("B_exch");
  const double factor = 2 * 0.4 * 1.5e-11 / (4e-9 * 4e-9);
  const double expected[] = {-0.6, 0.6, -0.28, 0.28, 0.16, -0.16};
  for (std::size_t k = 0; k < 6; ++k)
    EXPECT_NEAR(B[k], factor / (k % 2 ? 5e5 : 8e5) * expected[k], tolerance(1e-13, 1e-6) * B[4]);
  // energy: s A |m_1 - m_0|^2/dx^2 times the volume of one cell
  const double difference = 0.6 * 0.6 + 0.28 * 0.28 + 0.16 * 0.16;
  const double E = 0.4 * 1.5e-11 * difference / (4e-9 * 4e-9) * p.grid.cell_volume();
  EXPECT_NEAR(observable(film->observables(), "E_exch"), E, tolerance(1e-13, 1e-6) * E);
}

TEST_P(ExchangeBonds, FourRegionsAreCoupledByHarmonicMeans) {
  // stiffnesses as in mumax3, test/exchange_inhomo.mx3; the energy as a sum over bonds
  Problem p = plain_film(4, 4, 4e-9, 4e-9);
  const double A[] = {4.3e-11, 4.3e-11, 1.6e-11, 1.2e-11};
  std::vector<double> Aex, Ms;
  for (std::size_t i = 0; i < 16; ++i) {
    Aex.push_back(A[i / 8 * 2 + i % 4 / 2]);
    Ms.push_back(1e5 * static_cast<double>(3 + i / 8 * 2 + i % 4 / 2));
  }
  p.material.set("Aex", ScalarMap(Aex));
  p.material.set("Msat", ScalarMap(Ms));
  p.m = scrambled(p.grid, 3);
  double E = 0;
  for (const Axis axis : {Axis::x, Axis::y})
    over_bonds(p.grid, axis, [&](std::size_t i, std::size_t j) {
      const Vec3<double> d = at(p.m, p.grid, i) - at(p.m, p.grid, j);
      return E += 2 / (1 / Aex[i] + 1 / Aex[j]) * dot(d, d) * p.grid.dz;
    });
  EXPECT_NEAR(observable(engine(p)->observables(), "E_exch"), E, tolerance(1e-13, 1e-6) * E);
}

TEST_P(ExchangeBonds, TorquesOfAllBondsCancel) {
  Problem p = two_halves(9, 6);
  p.grid.periodic_y = true;
  std::vector<double> Ms(p.grid.cells()), Aex(p.grid.cells());
  for (std::size_t i = 0; i < Ms.size(); ++i) {
    Ms[i] = i % 11 == 5 ? 0 : 8e5 * (1 + 0.3 * std::sin(2.1 * static_cast<double>(i)));
    Aex[i] = 1e-11 * (1 + 0.4 * std::cos(1.3 * static_cast<double>(i)));
  }
  p.material.set("Msat", ScalarMap(Ms));
  p.material.set("Aex", ScalarMap(Aex));
  couple_columns(p, 3, -0.6, 0.3);
  const auto film = engine(p);
  const auto m = film->m(), B = film->quantity("B_exch");
  Vec3<double> sum{};
  double scale = 0;
  for (std::size_t i = 0; i < Ms.size(); ++i) {
    const Vec3<double> torque = Ms[i] * cross(at(m, p.grid, i), at(B, p.grid, i));
    sum += torque;
    scale += norm(torque);
  }
  EXPECT_LT(norm(sum), tolerance(1e-14, 1e-6) * scale);
}

TEST_P(ExchangeBonds, ACutFilmIsTwoFilms) {
  Problem p = two_halves(9, 5);
  couple_columns(p, 3, 0, 0);
  const Problem left = cut_columns(p, 0, 4), right = cut_columns(p, 4, 5);
  const auto whole = engine(p), one = engine(left), other = engine(right);
  for (const char* name : {"B_exch", "B_dmi", "torque"}) {
    const auto all = whole->quantity(name), ours = one->quantity(name),
               theirs = other->quantity(name);
    const double scale = largest(all);
    for (int iy = 0; iy < 5; ++iy)
      for (int ix = 0; ix < 9; ++ix) {
        const Vec3<double> alone = ix < 4 ? at(ours, left.grid, left.grid.index(ix, iy))
                                          : at(theirs, right.grid, right.grid.index(ix - 4, iy));
        EXPECT_LT(norm(at(all, p.grid, p.grid.index(ix, iy)) - alone),
                  tolerance(1e-14, 2e-6) * scale)
            << name << " at " << ix << ", " << iy;
      }
  }
}

TEST_P(ExchangeBonds, UncutDmiIsScaledAndHasNoEdge) {
  // two cells along x, D across the interface 0.25 of the mean: B_0 = D z x x cross m_1/(Ms dx)
  Problem p = plain_film(2, 1);
  p.material.set("Aex", ScalarMap(std::vector<double>{1e-11, 1.1e-11}));
  p.material.set("Dind", 2e-3);
  p.material.set("dmi_boundary", 1.0);  // open: the ends add nothing
  couple_columns(p, 0, 1, 0.25);
  p.m = {0.6, 0, 0, -0.28, 0.8, 0.96};
  const auto B = engine(p)->quantity("B_dmi");
  const double factor = 0.25 * 2e-3 / (8e5 * 4e-9);  // y x m_1 = (mz, 0, -mx)
  EXPECT_NEAR(B[0], factor * 0.96, tolerance(1e-13, 1e-6) * factor);
  EXPECT_NEAR(B[2], 0, 1e-15);
  EXPECT_NEAR(B[4], 0, tolerance(1e-13, 1e-6) * factor);
}

TEST_P(ExchangeBonds, VacuumStaysUncoupledWhateverTheBondSays) {
  Problem p = plain_film(3, 1), alone = plain_film(1, 1);
  p.material.set("Aex", 1e-11), alone.material.set("Aex", 1e-11);
  p.material.set("Msat", ScalarMap(std::vector<double>{0, 8e5, 0}));
  p.material.set("Aex_x", ScalarMap(std::vector<double>{2e-11, 3e-11, 4e-11}));
  p.m = {0, 0.6, 0, 0, 0, 0, 0, 0.8, 0};
  EXPECT_EQ(largest(engine(p)->quantity("B_exch")), 0);
}

}  // namespace
}  // namespace kubomag::test
