// Spin waves along a strip of permalloy that is magnetised along it: the standard problem of Venkat
// et al., IEEE Trans. Magn. 49, 524 (2013), 50 nm x 1 nm in 804 kA/m (numbers as in the
// demonstration of magnum.np's eigensolver). The strip goes on for ever by periodic edges, and all
// waves start at once. Expected is the eigenvalue problem of the discrete strip: with the static
// field B_x and waves exp(i k x),
//   w^2 = gamma^2 eigenvalues of Z Y,   Y = B_x + J(k) + mu_0 Ms N_yy(k),  Z likewise with N_zz,
// matrices over the cells across the strip. N_yz is 0 in one layer.
#include <Eigen/Dense>

#include "analysis/field_spectrum.hpp"
#include "setup/demag_tensor.hpp"
#include "support/backends.hpp"
#include "support/direct_demag.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double pi = constants::pi, Ms = 8e5, Aex = 1.3e-11, B_s = constants::mu_0 * Ms;
constexpr double B_x = constants::mu_0 * 804e3, h = 5e-9, thickness = 1e-9;
constexpr int length = 200, width = 10;  // cells
const Grid strip{length, width, h, h, thickness, true, false};

/// 2 Aex/Ms times the second difference with free edges, and that along the strip.
Eigen::MatrixXd exchange(double k) {
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(width, width);
  const double bond = 2 * Aex / (Ms * h * h);
  for (int j = 0; j + 1 < width; ++j) {
    J(j, j) += bond, J(j + 1, j + 1) += bond;
    J(j, j + 1) -= bond, J(j + 1, j) -= bond;
  }
  const double along = 2 * std::sin(k * h / 2) / h;
  return J + 2 * Aex / Ms * along * along * Eigen::MatrixXd::Identity(width, width);
}

/// The lowest frequency [Hz] of the strip's modes with k = 2 pi wave/length.
double exact_mode(const DemagTensor& tensor, int wave) {
  const double k = 2 * pi * wave / (length * h);
  Eigen::MatrixXd Y = exchange(k), Z = Y;
  for (int a = 0; a < width; ++a) {
    double static_field = B_x;
    for (int b = 0; b < width; ++b)
      for (int i = -length / 2; i < length / 2; ++i) {
        const PairTensor N = at(tensor, i, a - b);
        const double phase = std::cos(k * i * h);
        Y(a, b) += B_s * N.yy * phase, Z(a, b) += B_s * N.zz * phase;
        static_field -= B_s * N.xx;
      }
    Y(a, a) += static_field, Z(a, a) += static_field;
  }
  const Eigen::MatrixXd L = Z.llt().matrixL();  // Z Y = L L^T Y is similar to L^T Y L
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> squares(L.transpose() * Y * L);
  return constants::GammaLL / (2 * pi) * std::sqrt(squares.eigenvalues()(0));
}

/// A film without edges: Kalinikos and Slavin, J. Phys. C 19, 7013 (1986), along m.
double film_mode(double k) {
  const double kt = std::abs(k) * thickness, stiff = B_x + 2 * Aex / Ms * k * k;
  const double F = kt > 0 ? -std::expm1(-kt) / kt : 1;
  return constants::GammaLL / (2 * pi) * std::sqrt(stiff * (stiff + B_s * F));
}

class WaveGuide : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(WaveGuide);

TEST_P(WaveGuide, HasTheDispersionOfTheDiscreteStrip) {
  Problem p = plain_film(length, width, h, h, thickness);
  p.grid = strip;
  p.demag.enabled = true;
  p.material.set("Aex", Aex);
  p.B_ext = {{"", {B_x, 0, 0}, {}, Signal::constant()}};
  p.integrator.scheme = Scheme::bogacki_shampine;
  p.m = texture(p.grid, [](double x, double) {
    return Vec3<double>{1, 0.02 * std::exp(-x * x / (2 * 15e-9 * 15e-9)), 0};
  });
  const auto film = engine(p);
  FieldSeries series{length, width, h, h, 4e-12, {}};
  for (int i = 0; i <= 500; ++i) {
    run_to(*film, i * series.interval);
    const auto m = film->m();
    const auto my = m.begin() + static_cast<std::ptrdiff_t>(p.grid.cells());
    series.frames.emplace_back(my, my + static_cast<std::ptrdiff_t>(p.grid.cells()));
  }
  const auto modes =
      strongest_modes(dispersion_map(series, Axis::x, 0, width - 1, {}, SpectralWindow::none));
  const DemagTensor tensor = make_demag_tensor(strip);
  Series ours{"kubomag", {}, {}, true}, exact{"discrete strip", {}, {}},
      theory{"film without edges", {}, {}};
  Worst error, edges;
  for (int wave = -20; wave <= 20; ++wave) {
    const double k = 2 * pi * wave / (length * h);
    const double f = modes[static_cast<std::size_t>(length / 2 + wave)].frequency;
    const double expected = exact_mode(tensor, wave);
    error(1e-9 * (f - expected)), edges(f / film_mode(k) - 1);
    ours.x.push_back(k), ours.y.push_back(f);
    exact.x.push_back(k), exact.y.push_back(expected);
    theory.x.push_back(k), theory.y.push_back(film_mode(k));
  }
  // 0.05 GHz: a tenth of a bin of the 2 ns
  record(
      {"waves along a strip (Venkat 2013)", "largest error of f, 41 wave numbers up to 126 rad/um",
       0, 0.05, "eigenvalues of the discrete strip", "GHz"},
      error);
  record(
      {"waves along a strip (Venkat 2013)", "largest relative difference from a film without edges",
       0, 0.02, "Kalinikos and Slavin 1986; the edges are worth 0.7 % at k = 0"},
      edges);
  if (!single())
    plot("wave_guide", "Waves along a strip of 50 nm in 804 kA/m", {"k", "rad/m"}, "Hz",
         {theory, exact, ours});
}

}  // namespace
}  // namespace kubomag::test
