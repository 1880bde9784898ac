// Exchange in space: the dispersion of the stencil, its order, walls, and the coupling of regions.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double Ms = 8e5, Aex = 1.3e-11;

Problem exchange_film(int nx, int ny, double dx, double dy) {
  Problem p = plain_film(nx, ny, dx, dy);
  p.material.set("Aex", Aex);
  return p;
}

class SpaceOrder : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SpaceOrder);

/// A helix of one turn per `period` cells along x or y on a periodic film.
Problem helix(int period, bool along_x) {
  const double h = 3e-9, k = 2 * constants::pi / (period * h);
  Problem p =
      along_x ? exchange_film(2 * period, 5, h, 4e-9) : exchange_film(5, 2 * period, 4e-9, h);
  p.grid.periodic_x = p.grid.periodic_y = true;
  p.m = texture(p.grid, [=](double x, double y) {
    const double angle = k * (along_x ? x : y);
    return Vec3<double>{0, std::cos(angle), std::sin(angle)};
  });
  return p;
}

TEST_P(SpaceOrder, AHelixIsAnEigenvectorOfTheStencil) {
  // (m(x + h) - 2 m(x) + m(x - h))/h^2 = -(2 sin(kh/2)/h)^2 m
  constexpr int period = 16;
  constexpr double h = 3e-9, k = 2 * constants::pi / (period * h);
  const double stencil = 2 * Aex / Ms * std::pow(2 * std::sin(k * h / 2) / h, 2);
  const double continuum = 2 * Aex / Ms * k * k;
  EXPECT_NEAR(stencil / continuum, 0.987215, 1e-6);  // by hand: (sin(pi/16)/(pi/16))^2
  Worst worst;
  for (const bool along_x : {true, false}) {
    const Problem p = helix(period, along_x);
    auto expected = p.m;
    for (double& value : expected) value *= -stencil;
    worst(relative_difference(engine(p)->quantity("B_exch"), expected));
  }
  record({"helix of 16 cells a turn", "largest relative error of B_exch", 0, tolerance(1e-13, 1e-6),
          "B = -(2 Aex/Ms) (2 sin(kh/2)/h)^2 m, 0.987215 of the continuum"},
         worst);
}

/// Largest error of B_exch for theta(x) = cos(2 pi x/L), which meets dm/dn = 0, in the interior and
/// at the two edges, relative to 2 Aex/Ms (2 pi/L)^2.
struct SpaceError {
  double interior = 0, edge = 0;
};

SpaceError space_error(Engine& film, const Problem& p, bool along_x) {
  const Grid& grid = p.grid;
  const double k = 2 * constants::pi / (along_x ? grid.size_x() : grid.size_y());
  const auto B = film.quantity("B_exch");
  SpaceError error;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double s = k * (along_x ? grid.x(ix) : grid.y(iy));
      const double theta = std::cos(s), first = -std::sin(s), second = -std::cos(s);
      // m = (sin theta, 0, cos theta): m'' = theta'' (cos theta, 0, -sin theta) - theta'^2 m
      const Vec3<double> expected{second * std::cos(theta) - first * first * std::sin(theta), 0,
                                  -second * std::sin(theta) - first * first * std::cos(theta)};
      const Vec3<double> got = 1 / (2 * Aex / Ms * k * k) * at(B, grid, grid.index(ix, iy));
      const int along = along_x ? ix : iy, count = along_x ? grid.nx : grid.ny;
      double& worst = along == 0 || along == count - 1 ? error.edge : error.interior;
      worst = std::max(worst, norm(got - expected));
    }
  return error;
}

TEST_P(SpaceOrder, ExchangeIsOfSecondOrderInsideAndAtFreeEdges) {
  if (single()) GTEST_SKIP() << "the rounding of float hides the order";
  constexpr double L = 200e-9;
  for (const bool along_x : {true, false}) {
    std::vector<SpaceError> errors;
    for (const int cells : {32, 64, 128}) {
      Problem p = along_x ? exchange_film(cells, 3, L / cells, 4e-9)
                          : exchange_film(3, cells, 4e-9, L / cells);
      p.m = texture(p.grid, [=](double x, double y) {
        const double theta = std::cos(2 * constants::pi * (along_x ? x : y) / L);
        return Vec3<double>{std::sin(theta), 0, std::cos(theta)};
      });
      errors.push_back(space_error(*engine(p), p, along_x));
    }
    for (std::size_t i = 1; i < errors.size(); ++i) {
      record({"exchange field", "order in the cell, inside", 2, 0.2, "central differences"},
             std::log2(errors[i - 1].interior / errors[i].interior));
      record({"exchange field", "order in the cell, at free edges", 2, 0.2, "dm/dn = 0"},
             std::log2(errors[i - 1].edge / errors[i].edge));
    }
  }
}

TEST_P(SpaceOrder, ADomainWallHasItsWidthAndEnergy) {
  constexpr double K = 5e5;
  const double Delta = std::sqrt(Aex / K);
  // Energies of the discrete wall by an independent minimisation (leading term 1 - (h/Delta)^2/24).
  const std::pair<int, double> expected[] = {{2, 0.98914}, {4, 0.99737}};
  for (const auto& [per_width, energy_ratio] : expected) {
    Problem p = exchange_film(40 * per_width, 1, Delta / per_width, 4e-9);
    p.material.set("Ku1", K);
    p.m = texture(p.grid, [=](double x, double) {
      return Vec3<double>{1 / std::cosh(x / (1.2 * Delta)), 0, std::tanh(x / (1.2 * Delta))};
    });
    const auto film = engine(p);
    Relax to;
    to.stop_torque = tolerance(1e-9, 1e-5);
    ASSERT_TRUE(film->relax(to, {}).converged);
    const double domains = -K * static_cast<double>(p.grid.cells()) * p.grid.cell_volume();
    const double wall = observable(film->observables(), "E_total") - domains;
    const double area = p.grid.dy * p.grid.dz;
    const std::string cells = "wall in cells of Delta/" + std::to_string(per_width);
    record({cells, "energy over 4 sqrt(Aex Ku1)", energy_ratio, tolerance(1e-5, 1e-4),
            "independent minimisation"},
           wall / (4 * std::sqrt(Aex * K) * area));
    const auto m = film->m();
    double width = 0;  // int (1 - mz^2) dx = 2 Delta for mz = tanh(x/Delta)
    for (std::size_t i = 0; i < p.grid.cells(); ++i)
      width += (1 - std::pow(m[2 * p.grid.cells() + i], 2)) * p.grid.dx / 2;
    record({cells, "width over Delta = sqrt(Aex/Ku1)", 1, 0.25 / (per_width * per_width),
            "continuum; second order"},
           width / Delta);
  }
}

TEST_P(SpaceOrder, RegionsAreCoupledByTheHarmonicMean) {
  // A chain of three cells of two materials: B_i = 2/(Ms_i h^2) sum_j 2 A_i A_j/(A_i + A_j) (m_j -
  // m_i)
  const double h = 5e-9, A1 = 1e-11, A2 = 3e-11, M1 = 8e5, M2 = 4e5;
  const double coupling = 2 * A1 * A2 / (A1 + A2);  // 1.5e-11
  Worst worst;
  for (const bool along_x : {true, false}) {
    Problem p = along_x ? plain_film(3, 1, h, 7e-9) : plain_film(1, 3, 7e-9, h);
    p.material.set("Aex", ScalarMap(std::vector<double>{A1, A1, A2}));
    p.material.set("Msat", ScalarMap(std::vector<double>{M1, M1, M2}));
    p.m = {1, 0, 0, 0, 1, 0, 0, 0, 1};  // along x, y, z
    const auto B = engine(p)->quantity("B_exch");
    const double b11 = 2 * A1 / (M1 * h * h), b12 = 2 * coupling / (M1 * h * h);
    const double b21 = 2 * coupling / (M2 * h * h);
    const std::vector<double> expected = {-b11, b11, 0, b11, -b11 - b12, b21, 0, b12, -b21};
    worst(relative_difference(B, expected));
  }
  record({"cells of two materials", "largest relative error of B_exch", 0, tolerance(1e-15, 1e-6),
          "harmonic mean of Aex, by hand"},
         worst);
}

}  // namespace
}  // namespace kubomag::test
