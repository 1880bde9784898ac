// The transforms of the CPU's convolution against the defining sum in long double and FFTW.
#include <fftw3.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include "backend/column_transform.hpp"
#include "backend/row_transform.hpp"

namespace kubomag::test {
namespace {

using Complex = std::complex<long double>;

/// exp(-2 pi i k / n).
Complex root(long k, long n) {
  const long double angle = -2 * std::acos(-1.0L) * static_cast<long double>(k % n) / n;
  return {std::cos(angle), std::sin(angle)};
}

std::vector<Complex> defining_sum(const std::vector<Complex>& x) {
  const long n = static_cast<long>(x.size());
  std::vector<Complex> roots(n), out(n);
  for (long k = 0; k < n; ++k) roots[k] = root(k, n);
  for (long k = 0; k < n; ++k)
    for (long j = 0; j < n; ++j) out[k] += x[j] * roots[j * k % n];
  return out;
}

/// Root mean square of `a - b` relative to that of `b`.
double difference(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  long double error = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    error += std::norm(a[i] - b[i]), size += std::norm(b[i]);
  return static_cast<double>(std::sqrt(error / size));
}

/// Rounding errors grow as log n.
template <class Real>
double tolerance(int n) {
  return 2 * std::numeric_limits<Real>::epsilon() * (1 + std::log2(n));
}

/// A block of n rows with random columns.
template <class Real>
struct Block {
  static constexpr int width = ColumnTransform<Real>::width, row = ColumnTransform<Real>::row;
  int n;
  HostBuffer<Real> data;

  explicit Block(int points) : n(points), data(static_cast<std::size_t>(points) * row) {
    std::mt19937 random(points);
    std::uniform_real_distribution<Real> number(-1, 1);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = number(random);
  }
  Complex at(int j, int column) const {
    return {data[static_cast<std::size_t>(j) * row + column],
            data[static_cast<std::size_t>(j) * row + column + width]};
  }
  std::vector<Complex> column(int c) const {
    std::vector<Complex> out;
    for (int j = 0; j < n; ++j) out.push_back(at(j, c));
    return out;
  }
  void set_upper_half(Real value) {
    for (std::size_t i = static_cast<std::size_t>(n + 1) / 2 * row; i < data.size(); ++i)
      data[i] = value;
  }
};

template <class Transform, class Real>
void forward(const Transform& f, Block<Real>& block, bool upper_half_zero) {
  f.begin(block.data.data(), f.filled(upper_half_zero), block.data.data());
  f.forward(block.data.data());
}

template <class Transform, class Real>
std::vector<Complex> spectrum(const Transform& f, const Block<Real>& block, int column) {
  std::vector<Complex> out;
  for (int k = 0; k < block.n; ++k) out.push_back(block.at(f.position(k), column));
  return out;
}

std::vector<int> sizes() {
  std::vector<int> all;
  for (int n = 1; n <= 64; ++n) all.push_back(n);
  for (const int n : {67, 128, 202, 384, 512, 1000, 1024, 2048}) all.push_back(n);
  return all;
}

template <class Real>
class ColumnTransforms : public testing::Test {};
using Reals = testing::Types<double, float>;
TYPED_TEST_SUITE(ColumnTransforms, Reals);

TEST(ColumnFft, TakesProductsOfTwoThreeFiveAndSeven) {
  for (const int n : {1, 2, 3, 4, 5, 7, 14, 30, 49, 210, 1000, 2048, 9000})
    EXPECT_TRUE(FftOrder::possible(n)) << n;
  for (const int n : {11, 13, 22, 121, 202}) EXPECT_FALSE(FftOrder::possible(n)) << n;
}

TYPED_TEST(ColumnTransforms, AreTheDefiningSum) {
  for (const int n : sizes()) {
    const ColumnTransform<TypeParam> f(n);
    Block<TypeParam> block(n);
    const int last = Block<TypeParam>::width - 1;
    const auto first_column = block.column(0), last_column = block.column(last);
    forward(f, block, false);
    EXPECT_LT(difference(spectrum(f, block, 0), defining_sum(first_column)),
              tolerance<TypeParam>(n))
        << n;
    EXPECT_LT(difference(spectrum(f, block, last), defining_sum(last_column)),
              tolerance<TypeParam>(n))
        << n;
  }
}

TYPED_TEST(ColumnTransforms, AgreeWithFftwInEveryColumn) {
  for (const int n : {60, 384, 1000, 2048}) {
    const ColumnTransform<TypeParam> f(n);
    Block<TypeParam> block(n);
    const Block<TypeParam> before(n);
    forward(f, block, false);
    std::vector<std::complex<double>> x(n);
    auto* raw = reinterpret_cast<fftw_complex*>(x.data());
    fftw_plan plan = fftw_plan_dft_1d(n, raw, raw, FFTW_FORWARD, FFTW_ESTIMATE);
    for (int c = 0; c < Block<TypeParam>::width; ++c) {
      for (int j = 0; j < n; ++j) x[j] = static_cast<std::complex<double>>(before.at(j, c));
      fftw_execute(plan);
      const std::vector<Complex> expected(x.begin(), x.end());
      EXPECT_LT(difference(spectrum(f, block, c), expected), tolerance<TypeParam>(n)) << n;
    }
    fftw_destroy_plan(plan);
  }
}

TYPED_TEST(ColumnTransforms, TakeTheUpperHalfAsZero) {
  for (const int n : sizes()) {
    const ColumnTransform<TypeParam> f(n);
    Block<TypeParam> block(n);
    auto padded = block.column(1);
    for (int j = (n + 1) / 2; j < n; ++j) padded[j] = 0;
    // what is said to be zero is not read
    block.set_upper_half(f.filled(true) < f.parts() ? 7 : 0);
    forward(f, block, true);
    EXPECT_LT(difference(spectrum(f, block, 1), defining_sum(padded)), tolerance<TypeParam>(n))
        << n;
  }
}

TYPED_TEST(ColumnTransforms, ComeBackInEveryColumn) {
  for (const int n : sizes())
    for (const bool half : {false, true}) {
      const ColumnTransform<TypeParam> f(n);
      Block<TypeParam> block(n);
      const Block<TypeParam> before(n);
      forward(f, block, false);
      f.inverse(block.data.data());
      f.finish(block.data.data(), f.filled(half), block.data.data());
      for (int c = 0; c < Block<TypeParam>::width; ++c) {
        auto expected = before.column(c), found = block.column(c);
        for (Complex& x : expected) x *= n;
        if (half && n > 1) expected.resize(n / 2), found.resize(n / 2);
        EXPECT_LT(difference(found, expected), 2 * tolerance<TypeParam>(n)) << n << ' ' << c;
      }
    }
}

/// A product that turns and stretches each frequency of both blocks its own way, and mixes them.
template <class Real>
struct Product {
  std::vector<Real> factor;
  explicit Product(int n) {
    for (int p = 0; p < n; ++p) factor.push_back(static_cast<Real>(1 + 0.5 * std::sin(p)));
  }
  template <class V>
  void operator()(int p, int, V& a_re, V& a_im, V& b_re, V& b_im) const {
    const V re = a_re, im = a_im;
    a_re = factor[p] * re + b_re, a_im = factor[p] * im + b_im;
    b_re = re, b_im = im;
  }
  template <class V>
  void operator()(int p, int, V& re, V& im) const {
    re *= factor[p], im *= factor[p];
  }
};

TYPED_TEST(ColumnTransforms, FilterIsForwardProductAndInverse) {
  for (const int n : sizes()) {
    const ColumnTransform<TypeParam> f(n);
    const Product<TypeParam> product(n);
    Block<TypeParam> both(2 * n), one(n);
    std::array<std::vector<Complex>, 3> expected;
    for (int k = 0; k < 3; ++k) expected[k].resize(n);
    const auto transformed = [n](const std::vector<Complex>& x, bool back) {
      std::vector<Complex> in = x;
      if (back)
        for (Complex& value : in) value = std::conj(value);
      std::vector<Complex> out = defining_sum(in);
      if (back)
        for (Complex& value : out) value = std::conj(value);
      return out;
    };
    const auto all = both.column(2);
    const auto a = transformed({all.begin(), all.begin() + n}, false);
    const auto b = transformed({all.begin() + n, all.end()}, false);
    const auto c = transformed(one.column(2), false);
    for (int k = 0; k < n; ++k) {
      const Complex factor = product.factor[f.position(k)];
      expected[0][k] = factor * a[k] + b[k], expected[1][k] = a[k], expected[2][k] = factor * c[k];
    }
    TypeParam *first = both.data.data(), *second = first + n * Block<TypeParam>::row;
    for (TypeParam* data : {first, second, one.data.data()}) f.begin(data, f.parts(), data);
    f.template filter<2>(first, product);
    f.template filter<1>(one.data.data(), product);
    for (TypeParam* data : {first, second, one.data.data()}) f.finish(data, f.parts(), data);
    const auto found = both.column(2);
    const std::vector<Complex> found_a(found.begin(), found.begin() + n),
        found_b(found.begin() + n, found.end());
    EXPECT_LT(difference(found_a, transformed(expected[0], true)), 3 * tolerance<TypeParam>(n))
        << n;
    EXPECT_LT(difference(found_b, transformed(expected[1], true)), 3 * tolerance<TypeParam>(n))
        << n;
    EXPECT_LT(difference(one.column(2), transformed(expected[2], true)),
              3 * tolerance<TypeParam>(n))
        << n;
  }
}

/// Rows of nx numbers in a box of px, in groups that are not full.
template <class Real>
struct Rows {
  int nx, px, count;
  RowTransform<Real> f{nx, px};
  std::size_t stride = RowTransform<Real>::group * RowTransform<Real>::row;
  std::vector<Real> m = std::vector<Real>(static_cast<std::size_t>(nx) * count);
  HostBuffer<Real> work{f.work_size()}, out{f.blocks() * stride};

  void transform() {
    std::mt19937 random(px);
    std::uniform_real_distribution<Real> number(-1, 1);
    for (Real& x : m) x = number(random);
    f.forward(m.data(), nullptr, Real(3), count, work.data(), out.data(), stride);
  }
  Complex mode(int r, int k) const {
    constexpr int width = RowTransform<Real>::width, row = RowTransform<Real>::row;
    const Real* at = out.data() + k / width * stride + r * row + k % width;
    return {at[0], at[width]};
  }
};

TYPED_TEST(ColumnTransforms, OfRowsAreTwiceTheDefiningSum) {
  for (const auto [nx, px, count] : {std::array{10, 20, 1},
                                     {37, 74, 5},
                                     {37, 75, 16},
                                     {9, 9, 8},
                                     {11, 11, 3},
                                     {1, 2, 2},
                                     {1, 1, 16},
                                     {64, 128, 11}}) {
    Rows<TypeParam> rows{nx, px, count};
    rows.transform();
    for (int r = 0; r < count; ++r) {
      std::vector<Complex> x(px), found;
      for (int i = 0; i < nx; ++i) x[i] = 2 * 3 * static_cast<long double>(rows.m[r * nx + i]);
      auto expected = defining_sum(x);
      expected.resize(px / 2 + 1);
      for (int k = 0; k <= px / 2; ++k) found.push_back(rows.mode(r, k));
      EXPECT_LT(difference(found, expected), 3 * tolerance<TypeParam>(px)) << nx << ' ' << px;
    }
  }
}

TYPED_TEST(ColumnTransforms, OfRowsComeBack) {
  for (const auto [nx, px, count] :
       {std::array{10, 20, 1}, {37, 75, 16}, {9, 9, 8}, {11, 11, 3}, {1, 2, 2}, {64, 128, 11}}) {
    Rows<TypeParam> rows{nx, px, count};
    rows.transform();
    std::vector<TypeParam> back(rows.m.size());
    rows.f.inverse(rows.out.data(), rows.stride, count, rows.work.data(), back.data(),
                   static_cast<std::size_t>(nx));
    const std::vector<Complex> found(back.begin(), back.end());
    std::vector<Complex> expected(rows.m.begin(), rows.m.end());
    for (Complex& x : expected) x *= 2 * 3 * px;
    EXPECT_LT(difference(found, expected), 3 * tolerance<TypeParam>(px)) << nx << ' ' << px;
  }
}

}  // namespace
}  // namespace kubomag::test
