// Sums of cosines and sines over a film, and back, against the sums written out.
#include "backend/cosine_film.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

using namespace kubomag;

namespace {

const double pi = std::acos(-1.0);

double wave(bool sine, int k, int i, int n) {
  const double angle = pi * k * (i + 0.5) / n;
  return sine ? std::sin(angle) : std::cos(angle);
}

struct Sums {
  int nx, ny;
  std::vector<double> a;  // coefficients, kx fastest
  Parities parities;

  double at(int ix, int iy) const {
    double sum = 0;
    for (int ky = 0; ky < ny; ++ky)
      for (int kx = 0; kx < nx; ++kx)
        sum +=
            a[ky * nx + kx] * wave(parities.sine_x, kx, ix, nx) * wave(parities.sine_y, ky, iy, ny);
    return sum;
  }
};

/// Random coefficients; the sines of k = 0 have none.
Sums random_sums(int nx, int ny, Parities parities) {
  std::mt19937 random(nx + 100 * ny);
  std::normal_distribution<double> normal;
  Sums sums{nx, ny, std::vector<double>(nx * ny), parities};
  for (int ky = 0; ky < ny; ++ky)
    for (int kx = 0; kx < nx; ++kx)
      if (!(parities.sine_x && kx == 0) && !(parities.sine_y && ky == 0))
        sums.a[ky * nx + kx] = normal(random);
  return sums;
}

const std::array<Parities, 3> all_parities{{{false, false}, {true, false}, {false, true}}};

template <class Real>
std::array<std::vector<Real>, 3> films_of(const std::array<Sums, 3>& sums, int threads) {
  const int nx = sums[0].nx, ny = sums[0].ny, group = CosineFilm<Real>::group;
  CosineFilm<Real> film(nx, ny, threads);
  std::array<std::vector<Real>, 3> out;
  for (auto& values : out) values.resize(nx * ny);
  const auto fill = [&](int block, const std::array<Real*, 3>& rows) {
    for (int c = 0; c < 3; ++c)
      for (int ky = 0; ky < ny; ++ky)
        for (int j = 0; j < group; ++j) {
          const int kx = block * group + j;
          rows[c][ky * group + j] = kx < nx ? static_cast<Real>(sums[c].a[ky * nx + kx]) : 0;
        }
  };
  film.sum(all_parities, fill, {out[0].data(), out[1].data(), out[2].data()});
  return out;
}

std::array<Sums, 3> three_sums(int nx, int ny) {
  return {random_sums(nx, ny, all_parities[0]), random_sums(nx, ny, all_parities[1]),
          random_sums(nx, ny, all_parities[2])};
}

const std::pair<int, int> sizes[] = {{24, 17}, {16, 32}, {40, 33}, {1, 5}, {13, 1}, {7, 22}};

template <class Real>
void expect_sums(double tolerance) {
  for (const auto& [nx, ny] : sizes) {
    const auto sums = three_sums(nx, ny);
    const auto films = films_of<Real>(sums, 2);
    for (int c = 0; c < 3; ++c)
      for (int iy = 0; iy < ny; ++iy)
        for (int ix = 0; ix < nx; ++ix)
          ASSERT_NEAR(films[c][iy * nx + ix], sums[c].at(ix, iy), tolerance)
              << nx << " x " << ny << ", field " << c << " at " << ix << ", " << iy;
  }
}

}  // namespace

TEST(CosineFilm, SumsInDouble) { expect_sums<double>(2e-12); }
TEST(CosineFilm, SumsInSingle) { expect_sums<float>(2e-4); }

TEST(CosineFilm, FindsTheCoefficientsAgain) {
  for (const auto& [nx, ny] : sizes)
    for (const Parities parities : {Parities{false, false}, Parities{true, false},
                                    Parities{false, true}, Parities{true, true}}) {
      const Sums sums = random_sums(nx, ny, parities);
      std::vector<double> values;
      for (int iy = 0; iy < ny; ++iy)
        for (int ix = 0; ix < nx; ++ix) values.push_back(sums.at(ix, iy));
      CosineFilm<double> film(nx, ny, 2);
      std::vector<double> found(film.at(film.blocks(), 0));
      film.analyse(parities, values.data(), found.data());
      for (int ky = 0; ky < ny; ++ky)
        for (int kx = 0; kx < nx; ++kx)
          ASSERT_NEAR(found[film.at(kx / film.group, ky) + kx % film.group], sums.a[ky * nx + kx],
                      1e-13)
              << nx << " x " << ny << " at " << kx << ", " << ky;
    }
}

TEST(CosineFilm, ThreadsDoNotChangeABit) {
  const auto sums = three_sums(40, 33);
  const auto one = films_of<double>(sums, 1), three = films_of<double>(sums, 3);
  for (int c = 0; c < 3; ++c)
    EXPECT_EQ(std::memcmp(one[c].data(), three[c].data(), 8 * one[c].size()), 0);
}
