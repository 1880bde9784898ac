#include "setup/demag_tensor.hpp"

#include "setup/fft_size.hpp"

#include <fftw3.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/direct_demag.hpp"
#include "support/validation.hpp"

using namespace kubomag;
using kubomag::test::at;
using kubomag::test::direct_field;
using kubomag::test::record;
using kubomag::test::Worst;

namespace {

constexpr double nm = 1e-9;
using Modes = std::vector<std::complex<double>>;

std::vector<double> random_numbers(std::size_t count) {
  std::mt19937 generator(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> out(count);
  for (double& value : out) value = uniform(generator);
  return out;
}

Modes transform(Modes data, int px, int py, int sign) {
  auto* raw = reinterpret_cast<fftw_complex*>(data.data());
  fftw_plan plan = fftw_plan_dft_2d(py, px, raw, raw, sign, FFTW_ESTIMATE);
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  return data;
}

// B of M [A/m] as the comment on DemagKernel says: pad, transform, multiply, transform back, crop.
std::vector<double> convolve(const Grid& grid, const DemagKernel& kernel,
                             const std::vector<double>& M) {
  const int px = kernel.px, py = kernel.py;
  std::vector<Modes> q(3, Modes(static_cast<std::size_t>(px * py)));
  for (std::size_t c = 0; c < 3; ++c) {
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        q[c][static_cast<std::size_t>(ix + px * iy)] = M[c * grid.cells() + grid.index(ix, iy)];
    q[c] = transform(q[c], px, py, FFTW_FORWARD);
  }
  for (int ky = 0; ky < py; ++ky)
    for (int kx = 0; kx < px; ++kx) {
      const auto i = static_cast<std::size_t>(kx + px * ky);
      const auto n =
          static_cast<std::size_t>(std::min(kx, px - kx) + (px / 2 + 1) * std::min(ky, py - ky));
      const double sign = (kx > px / 2) != (ky > py / 2) ? -1 : 1;
      const auto mx = q[0][i], my = q[1][i];
      q[0][i] = -(kernel.xx[n] * mx + sign * kernel.xy[n] * my);
      q[1][i] = -(sign * kernel.xy[n] * mx + kernel.yy[n] * my);
      q[2][i] *= -kernel.zz[n];
    }
  std::vector<double> B;
  for (const Modes& modes : q) {
    const Modes box = transform(modes, px, py, FFTW_BACKWARD);
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        B.push_back(box[static_cast<std::size_t>(ix + px * iy)].real());
  }
  return B;
}

std::vector<double> times(double factor, std::vector<double> values) {
  for (double& value : values) value *= factor;
  return values;
}

/// The largest difference of two fields.
double difference(const std::vector<double>& value, const std::vector<double>& expected) {
  EXPECT_EQ(value.size(), expected.size());
  Worst worst;
  for (std::size_t i = 0; i < value.size(); ++i) worst(value[i] - expected[i]);
  return worst;
}

}  // namespace

TEST(FftSize, IsEvenAndHasSmallFactors) {
  EXPECT_EQ(fft_size(1), 2);
  EXPECT_EQ(fft_size(2), 2);
  EXPECT_EQ(fft_size(22), 24);
  EXPECT_EQ(fft_size(74), 80);  // 75 is odd, 76 = 4 19, 78 = 6 13
  EXPECT_EQ(fft_size(97), 98);  // 2 7 7
  EXPECT_EQ(fft_size(1024), 1024);
  EXPECT_EQ(fft_size(1025), 1050);
  EXPECT_EQ(fft_size(2049), 2058);  // 2 3 7^3
}

TEST(DemagKernel, ConvolvesLikeTheSumOverAllPairs) {
  Worst worst;
  for (const auto& [nx, ny] :
       {std::pair{1, 1}, {13, 1}, {1, 11}, {7, 5}, {8, 6}, {17, 3}, {12, 19}}) {
    const Grid grid{nx, ny, 4 * nm, 3 * nm, 1.5 * nm, false, false};
    const auto m = random_numbers(3 * grid.cells());
    const CellPair pair(grid.dx, grid.dy, grid.dz);
    const auto B = convolve(grid, make_demag_kernel(grid), times(8e5, m));
    const double mu0_Ms = constants::mu_0 * 8e5;
    worst(difference(times(1 / mu0_Ms, B), direct_field(grid, pair, m)));
  }
  record({"field by Fourier transform, random m, odd and prime sizes, one-cell dimensions",
          "largest difference, of mu_0 Ms", 0, 3e-15, "sum over all pairs of cells"},
         worst);
}

TEST(DemagKernel, ConvolvesPeriodicFilmsLikeTheSumOverAllPairs) {
  Worst worst;
  for (const auto& [x, y] : {std::pair{true, false}, {false, true}, {true, true}})
    for (const auto& [nx, ny] : {std::pair{1, 1}, {5, 1}, {1, 4}, {7, 5}, {8, 6}, {3, 14}}) {
      const Grid grid{nx, ny, 4 * nm, 3 * nm, 1.5 * nm, x, y};
      const auto m = random_numbers(3 * grid.cells());
      const DemagTensor tensor = make_demag_tensor(grid);
      const auto wrapped = [&](int i, int j) {  // any offset, brought into the stored box
        const int column = i - (x ? nx * static_cast<int>(std::lround(double(i) / nx)) : 0);
        const int row = j - (y ? ny * static_cast<int>(std::lround(double(j) / ny)) : 0);
        return at(tensor, column, row);
      };
      const auto B = convolve(grid, make_demag_kernel(grid), m);
      worst(difference(times(1 / constants::mu_0, B), direct_field(grid, wrapped, m)));
    }
  record({"the same, periodic along x, y and both", "largest difference, of mu_0 Ms", 0, 3e-15,
          "sum over all pairs of cells"},
         worst);
}

TEST(DemagKernel, OfOneCubeIsAThird) {
  const auto B = convolve({1, 1, nm, nm, nm, false, false},
                          make_demag_kernel({1, 1, nm, nm, nm, false, false}), {1e6, -2e6, 3e6});
  const double third = constants::mu_0 * 1e6 / 3;
  record({"one cube", "largest error of B = -mu_0 M/3", 0, 1e-15, "symmetry", "T"},
         difference(B, {-third, 2 * third, -3 * third}));
}

TEST(DemagTensor, OfReplicasIsTheFieldInsideAnExplicitRowOfFilms) {
  const Grid grid{3, 5, 2 * nm, 3 * nm, nm, false, false};
  const int copies_x = 2, copies_y = 1;
  Grid rows = grid;
  rows.nx *= 2 * copies_x + 1, rows.ny *= 2 * copies_y + 1;
  const auto m = random_numbers(3 * grid.cells());
  std::vector<double> tiled;
  for (std::size_t c = 0; c < 3; ++c)
    for (int iy = 0; iy < rows.ny; ++iy)
      for (int ix = 0; ix < rows.nx; ++ix)
        tiled.push_back(m[c * grid.cells() + grid.index(ix % grid.nx, iy % grid.ny)]);
  const auto all = direct_field(rows, CellPair(grid.dx, grid.dy, grid.dz), tiled);
  const DemagTensor tensor = make_replicated_demag_tensor(grid, copies_x, copies_y);
  const auto H = direct_field(
      grid, [&](int i, int j) { return at(tensor, i, j); }, m);
  Worst worst;
  for (std::size_t c = 0; c < 3; ++c)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        worst(H[c * grid.cells() + grid.index(ix, iy)] -
              all[c * rows.cells() + rows.index(ix + copies_x * grid.nx, iy + copies_y * grid.ny)]);
  record(
      {"5 x 3 copies of a film", "largest difference, of Ms", 0, 1e-14, "the explicit larger film"},
      worst);
}

TEST(DemagTensor, IsZeroBeyondTheOffsetsOfAnOpenFilm) {
  const Grid grid{11, 1, nm, nm, nm, false, false};
  const DemagTensor tensor = make_demag_tensor(grid);
  EXPECT_EQ(tensor.px, 24);
  EXPECT_EQ(tensor.py, 2);
  EXPECT_NE(at(tensor, 10, 0).zz, 0);
  EXPECT_EQ(at(tensor, 11, 0).zz, 0);
  EXPECT_EQ(at(tensor, 0, 1).zz, 0);
}

// H = -M for out-of-plane and 0 for in-plane magnetisation of an infinite film.
TEST(PeriodicFilm, DemagnetisesLikeAnInfiniteFilm) {
  Worst uniform, trace;
  for (const Grid& grid : {Grid{1, 1, nm, nm, nm, true, true},
                           {64, 48, 4 * nm, 4 * nm, nm, true, true},
                           {7, 5, 2 * nm, 3 * nm, 20 * nm, true, true},
                           {101, 1, 5 * nm, 80 * nm, 0.3 * nm, true, true}}) {
    const DemagKernel kernel = make_demag_kernel(grid);
    const double scale = static_cast<double>(grid.cells()) / constants::mu_0;
    uniform(scale * kernel.zz[0] - 1), uniform(scale * kernel.xx[0]);
    uniform(scale * kernel.yy[0]);
    EXPECT_EQ(kernel.xy[0], 0);
    for (std::size_t k = 0; k < kernel.xx.size(); ++k)
      trace(scale * (kernel.xx[k] + kernel.yy[k] + kernel.zz[k]) - 1);
  }
  record({"infinite film, uniform mode", "largest error of Nzz = 1, Nxx = Nyy = 0", 0, 1e-13,
          "infinite film"},
         uniform);
  record(
      {"infinite film, every mode", "largest error of the trace 1", 0, 1e-13, "Poisson's equation"},
      trace);
}

// A stripe pattern of wave number q has Nzz = (1 - exp(-q t)) / (q t) (Kaczer, IEEE Trans. Magn. 6,
// 442 (1970)); stripes of cells are a sum over q = k + 2 pi s/dx, weighted with sinc^2(q dx/2).
TEST(PeriodicFilm, HasTheModesOfStripes) {
  const double dx = 4 * nm, t = 3 * nm;
  const int nx = 9, terms = 200000;
  const DemagKernel kernel = make_demag_kernel({nx, 1, dx, 7 * nm, t, true, true});
  const DemagKernel turned = make_demag_kernel({1, nx, 7 * nm, dx, t, true, true});
  Worst worst;
  for (int k = 1; k <= nx / 2; ++k) {
    double zz = 0;
    for (int s = -terms; s <= terms; ++s) {
      const double q = std::abs(2 * constants::pi * (k + double(s) * nx) / (nx * dx));
      zz += std::pow(std::sin(q * dx / 2) / (q * dx / 2), 2) * (1 - std::exp(-q * t)) / (q * t);
    }  // the rest, below 1/(pi^3 terms^2), stays under 1e-12
    const double scale = nx / constants::mu_0;
    const auto i = static_cast<std::size_t>(k);
    worst(scale * kernel.zz[i] - zz), worst(scale * kernel.xx[i] - (1 - zz));
    worst(scale * kernel.yy[i]);
    worst(scale * turned.zz[i] - zz), worst(scale * turned.yy[i] - (1 - zz));
  }
  record({"infinite film, stripes along x and along y", "largest error of a mode", 0, 2e-12,
          "sum over q of sinc^2(q dx/2) (1 - exp(-q t))/(q t), Kaczer, IEEE Trans. Magn. 6, 442 "
          "(1970), to 1e-12"},
         worst);
}

// A square of (2n + 1)^2 periods misses the dipole fields of the rest: with a = (n + 1/2) L that is
// Nzz: V sqrt(2) / (pi L^2 a), Nxx = Nyy: -1/2 of it, and an order a^-3 that two sizes eliminate.
TEST(PeriodicFilm, IsTheLimitOfManyReplicas) {
  const Grid periodic{6, 4, 2 * nm, 3 * nm, 1.5 * nm, true, true};
  const DemagTensor tensor = make_demag_tensor(periodic);
  Grid open = periodic;
  open.periodic_x = open.periodic_y = false;
  const DemagTensor fewer = make_replicated_demag_tensor(open, 20, 20);
  const DemagTensor more = make_replicated_demag_tensor(open, 40, 40);
  const double L = periodic.size_x(), V = periodic.cell_volume();
  const double w = std::pow(40.5 / 20.5, 3), tail = V * std::sqrt(2) / (constants::pi * L * L * L);
  const auto limit = [&](double n20, double n40, double share) {
    return (w * (n40 + share * tail / 40.5) - (n20 + share * tail / 20.5)) / (w - 1);
  };
  Worst worst;
  for (int j = 0; j <= 2; ++j)
    for (int i = 0; i <= 3; ++i) {
      const PairTensor N = at(tensor, i, j), a = at(fewer, i, j), b = at(more, i, j);
      worst(N.zz - limit(a.zz, b.zz, 1)), worst(N.xx - limit(a.xx, b.xx, -0.5));
      worst(N.yy - limit(a.yy, b.yy, -0.5)), worst(N.xy - limit(a.xy, b.xy, 0));
    }
  record({"infinite film, cell by cell", "largest difference of the tensor", 0, 1e-10,
          "41^2 and 81^2 copies, the missing dipoles added, extrapolated"},
         worst);
}

// Nzz of an infinite bar of thickness c and width a, p = c/a: Aharoni, J. Appl. Phys. 83, 3432
// (1998), the limit of a long prism; all cells together are such a bar.
TEST(PeriodicStrip, DemagnetisesLikeAnInfiniteBar) {
  Worst worst;
  for (const bool along_x : {true, false})
    for (const auto& [n, repeat] : {std::pair{1, 1}, {9, 4}, {40, 1}, {6, 91}}) {
      const double a = n * 2.0, c = 3.0, p = c / a, pi = constants::pi;
      const Grid grid = along_x ? Grid{repeat, n, 5 * nm, 2 * nm, 3 * nm, true, false}
                                : Grid{n, repeat, 2 * nm, 5 * nm, 3 * nm, false, true};
      const double zz =
          ((1 - p * p) / (2 * p) * std::log(1 + p * p) + p * std::log(p) + 2 * std::atan(1 / p)) /
          pi;
      const auto B =
          convolve(grid, make_demag_kernel(grid), std::vector<double>(3 * grid.cells(), 1));
      double mean[3] = {0, 0, 0};
      for (std::size_t i = 0; i < B.size(); ++i)
        mean[i / grid.cells()] -= B[i] / (constants::mu_0 * static_cast<double>(grid.cells()));
      worst(mean[along_x ? 0 : 1]), worst(mean[along_x ? 1 : 0] - (1 - zz)), worst(mean[2] - zz);
    }
  record({"infinite strip, along x and along y", "largest error of a factor", 0, 1e-13,
          "rectangular bar, Aharoni 1998, limit of a long prism"},
         worst);
}

// The missing replicas |n| > M act as a line of dipoles, 2 int dn/(n L)^3 = 1/(L^3 (M + 1/2)^2):
// Nyy = Nzz = that times V/(4 pi), Nxx twice as much and negative. The next order is 3e-6 of it.
// With 70 cells the distant images are interpolated, with few they are not.
TEST(PeriodicStrip, IsTheLimitOfManyReplicas) {
  Worst worst;
  for (const auto& [nx, dx, dz, M] : {std::tuple{5, 2., 1.5, 2000},
                                      {1, 2., 1.5, 10000},
                                      {70, 2., 1.5, 300},
                                      {71, 2., 0.1, 300},
                                      {48, 3., 20., 300}}) {
    const Grid periodic{nx, 4, dx * nm, 3 * nm, dz * nm, true, false};
    const DemagTensor tensor = make_demag_tensor(periodic);
    Grid open = periodic;
    open.periodic_x = false;
    const DemagTensor replicas = make_replicated_demag_tensor(open, M, 0);
    const double tail =
        periodic.cell_volume() /
        (4 * constants::pi * std::pow(periodic.size_x(), 3) * (M + 0.5) * (M + 0.5));
    const double allowed = 3e-6 * tail + 1e-15;
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i <= nx / 2; ++i) {
        const PairTensor N = at(tensor, i, j), sum = at(replicas, i, j);
        worst((N.xx - (sum.xx - 2 * tail)) / allowed);
        worst((N.yy - (sum.yy + tail)) / allowed), worst((N.zz - (sum.zz + tail)) / allowed);
        worst((N.xy - (2 * i == nx ? 0 : sum.xy)) / allowed);
      }
  }
  record({"infinite strip, cell by cell",
          "largest difference of the tensor, of 1e-15 + 3e-6 of what is added", 0, 1,
          "601 to 20001 copies, the missing dipoles added"},
         worst);
}

TEST(DemagTensor, IsTheSameForAnyNumberOfThreads) {
  const int threads = omp_get_max_threads();
  for (const auto& [x, y] : {std::pair{false, false}, {true, false}, {true, true}}) {
    const Grid grid{33, 20, 4 * nm, 3 * nm, 2 * nm, x, y};
    omp_set_num_threads(1);
    const DemagTensor one = make_demag_tensor(grid);
    omp_set_num_threads(3);
    const DemagTensor three = make_demag_tensor(grid);
    EXPECT_EQ(one.xx, three.xx);
    EXPECT_EQ(one.yy, three.yy);
    EXPECT_EQ(one.zz, three.zz);
    EXPECT_EQ(one.xy, three.xy);
  }
  omp_set_num_threads(threads);
}

TEST(DemagTensor, RejectsGridsWithoutVolume) {
  const auto message = [](const Grid& grid) -> std::string {
    try {
      make_demag_kernel(grid);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message({0, 4, nm, nm, nm, false, false}), testing::HasSubstr("0 x 4 cells"));
  EXPECT_THAT(message({4, 4, nm, nm, 0, true, true}), testing::HasSubstr("every edge"));
  EXPECT_THAT(message({4, 4, NAN, nm, nm, true, false}), testing::HasSubstr("every edge"));
  EXPECT_THROW(make_replicated_demag_tensor({4, 4, nm, nm, nm, false, false}, -1, 0), InputError);
}
