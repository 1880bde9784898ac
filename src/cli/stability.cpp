#include "cli/stability.hpp"

#include <algorithm>
#include <complex>
#include <vector>

namespace kubomag::cli {
namespace {

/// Coefficients of R(z) = sum_k c_k z^k.
const std::vector<double>& polynomial(Scheme scheme) {
  static const std::vector<double> rk4 = {1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24};
  static const std::vector<double> bogacki_shampine = {1, 1, 1.0 / 2, 1.0 / 6};
  static const std::vector<double> dormand_prince = {1,        1,         1.0 / 2,  1.0 / 6,
                                                     1.0 / 24, 1.0 / 120, 1.0 / 600};
  static const std::vector<double> heun = {1, 1, 1.0 / 2};
  if (scheme == Scheme::rk4) return rk4;
  if (scheme == Scheme::heun) return heun;
  return scheme == Scheme::bogacki_shampine ? bogacki_shampine : dormand_prince;
}

double amplification(Scheme scheme, std::complex<double> z) {
  const std::vector<double>& c = polynomial(scheme);
  std::complex<double> R = 0;
  for (auto k = c.rbegin(); k != c.rend(); ++k) R = R * z + *k;
  return std::abs(R);
}

}  // namespace

double stability_limit(Scheme scheme, double alpha) {
  constexpr double step = 1e-3, furthest = 10;
  const std::complex<double> direction(-alpha, 1);
  double limit = 0;
  while (limit < furthest && amplification(scheme, (limit + step) * direction) <= 1 + 1e-12)
    limit += step;
  return limit;
}

int evaluations_per_step(Scheme scheme) {
  if (scheme == Scheme::dormand_prince) return 6;
  if (scheme == Scheme::heun) return 2;
  return scheme == Scheme::rk4 ? 4 : 3;
}

double fastest_exchange_mode(const Problem& problem) {
  const Grid& grid = problem.grid;
  const double laplacian =
      (grid.nx > 1 ? 4 / (grid.dx * grid.dx) : 0) + (grid.ny > 1 ? 4 / (grid.dy * grid.dy) : 0);
  const auto stiffness = [](double Msat, double Aex) { return Msat > 0 ? 2 * Aex / Msat : 0; };
  const double largest =
      ScalarMap::combine(stiffness, problem.material["Msat"], problem.material["Aex"]).max();
  return problem.GammaLL * largest * laplacian;
}

}  // namespace kubomag::cli
