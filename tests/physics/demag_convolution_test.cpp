// The GPU's demagnetising convolutions, on the emulation of CUDA and in engines, against the sum
// over all pairs of cells.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "kubomag/constants.hpp"
#include "support/backends.hpp"
#include "support/convolution_probe.hpp"
#include "support/direct_demag.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

constexpr double nm = 1e-9;
constexpr ConvolutionMethod methods[] = {ConvolutionMethod::batched,
                                         ConvolutionMethod::by_component, ConvolutionMethod::fused};
constexpr const char* names[] = {"batched", "by_component", "fused"};

Grid film(int nx, int ny, bool periodic_x, bool periodic_y) {
  return {nx, ny, 4 * nm, 3 * nm, 1.5 * nm, periodic_x, periodic_y};
}

std::vector<double> uneven_Ms(const Grid& grid) {
  std::vector<double> Ms(grid.cells());
  for (std::size_t i = 0; i < Ms.size(); ++i) Ms[i] = 5e5 + 1e5 * std::sin(double(i * i));
  return Ms;
}

/// B in T by the sum over pairs; `Ms` one number or one per cell.
std::vector<double> summed(const Grid& grid, std::vector<double> m, const std::vector<double>& Ms) {
  for (std::size_t i = 0; i < m.size(); ++i) m[i] *= Ms.size() == 1 ? Ms[0] : Ms[i % grid.cells()];
  const DemagTensor tensor = make_demag_tensor(grid);
  const auto nearest = [](int offset, int period) {
    return offset - period * static_cast<int>(std::lround(double(offset) / period));
  };
  std::vector<double> H = direct_field(
      grid,
      [&](int i, int j) {
        return at(tensor, grid.periodic_x ? nearest(i, grid.nx) : i,
                  grid.periodic_y ? nearest(j, grid.ny) : j);
      },
      m);
  for (double& value : H) value *= constants::mu_0;
  return H;
}

double largest(const std::vector<double>& values) {
  double size = 0;
  for (const double v : values) size = std::max(size, std::abs(v));
  return size;
}

/// The largest difference relative to the largest field.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> apart(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) apart[i] = a[i] - b[i];
  return largest(apart) / largest(b);
}

/// Rounding of two transforms of some hundred points there and back; a wrong sign, axis or
/// component is of order one.
/// Some twenty roundings.
double tolerance(bool single) { return single ? 1e-6 : 4.4e-15; }

/// Boxes with every radix, odd ones, some that our own transforms do not know (11, 13, 17), single
/// rows and columns.
constexpr int sizes[][2] = {{1, 1},  {13, 1},  {1, 11},  {7, 5},  {8, 6},
                            {17, 3}, {12, 19}, {32, 16}, {9, 21}, {2, 35}};

TEST(EmulatedConvolution, IsTheSumOverPairsInEveryWayForEveryMixOfEdges) {
  for (const auto& [nx, ny] : sizes)
    for (const int edges : {0, 1, 2, 3}) {
      const Grid grid = film(nx, ny, edges & 1, edges & 2);
      const std::vector<double> m = scrambled(grid);
      for (const bool mapped : {false, true}) {
        const std::vector<double> Ms = mapped ? uneven_Ms(grid) : std::vector<double>{8e5};
        const std::vector<double> B = summed(grid, m, Ms);
        for (const ConvolutionMethod method : methods)
          for (const bool single : {false, true}) {
            ConvolutionProbe probe{grid, m, Ms, method, single};
            run(probe);
            EXPECT_LT(difference(probe.B, B), tolerance(single))
                << nx << " x " << ny << ", periodic " << grid.periodic_x << grid.periodic_y
                << (mapped ? ", Ms per cell, " : ", ") << names[static_cast<int>(method)]
                << (single ? ", single" : ", double");
          }
      }
    }
}

// Blocks of one, two and four columns; axes that a block cannot hold; blocks and threads from the
// last to the first.
TEST(EmulatedConvolution, DoesNotDependOnHowTheWorkIsDivided) {
  const Grid grid = film(24, 40, false, false);
  const std::vector<double> m = scrambled(grid), B = summed(grid, m, {8e5});
  for (const bool single : {false, true})
    for (const int multiprocessors : {1, 10, 100})
      for (const std::size_t memory : {227 * 1024, 2500, 100})
        for (const bool reversed : {false, true}) {
          ConvolutionProbe probe{grid, m, {8e5}, ConvolutionMethod::fused, single};
          probe.multiprocessors = multiprocessors;
          probe.shared_memory = memory;
          probe.reversed = reversed;
          run(probe);
          EXPECT_LT(difference(probe.B, B), tolerance(single)) << multiprocessors << " " << memory;
        }
}

TEST(EmulatedConvolution, FusedIsCufftToRoundingForLongerAxes) {
  for (const Grid& grid : {film(96, 80, false, false), film(100, 49, false, true),
                           film(128, 63, true, false), film(512, 3, false, false)})
    for (const bool single : {false, true}) {
      const std::vector<double> m = scrambled(grid);
      ConvolutionProbe cufft{grid, m, {8e5}, ConvolutionMethod::batched, single};
      ConvolutionProbe fused{grid, m, {8e5}, ConvolutionMethod::fused, single};
      run(cufft), run(fused);
      EXPECT_NE(fused.B, cufft.B);  // other arithmetic
      EXPECT_LT(difference(fused.B, cufft.B), tolerance(single)) << grid.nx << " x " << grid.ny;
    }
}

// The state m + h k of a stage, made by whatever reads it first; where cuFFT reads m itself, no.
TEST(EmulatedConvolution, MakesTheStateOnTheWay) {
  for (const Grid& grid : {film(12, 19, false, false), film(9, 8, true, true)})
    for (const bool mapped : {false, true}) {
      const std::vector<double> m = scrambled(grid), k = wavy(grid);
      const std::vector<double> Ms = mapped ? uneven_Ms(grid) : std::vector<double>{8e5};
      std::vector<double> state = m;
      for (std::size_t i = 0; i < m.size(); ++i) state[i] -= 0.375 * k[i];
      const std::vector<double> B = summed(grid, state, Ms);
      for (const ConvolutionMethod method : methods)
        for (const bool single : {false, true})
          for (const bool on_device : {false, true}) {
            ConvolutionProbe probe{grid, m, Ms, method, single};
            probe.k = k, probe.h = -0.375, probe.h_on_device = on_device;
            run(probe);
            EXPECT_TRUE(probe.makes_states);
            EXPECT_LT(difference(probe.B, B), tolerance(single))
                << names[static_cast<int>(method)] << (single ? ", single" : ", double");
          }
    }
  const Grid lies = film(8, 6, true, false);
  ConvolutionProbe probe{lies, scrambled(lies), {8e5}};
  run(probe);
  EXPECT_FALSE(probe.makes_states);
}

// docs/performance-gpu.md has these numbers.
TEST(EmulatedConvolution, HasFewLaunches) {
  const auto launches = [](const Grid& grid, ConvolutionMethod method,
                           const std::vector<double>& Ms, std::size_t memory = 227 * 1024) {
    ConvolutionProbe probe{grid, scrambled(grid), Ms, method};
    probe.shared_memory = memory;
    run(probe);
    return probe.work;
  };
  const Grid open = film(16, 8, false, false), periodic = film(16, 8, true, true);
  EXPECT_EQ(launches(open, ConvolutionMethod::batched, {8e5}), 7u);
  EXPECT_EQ(launches(open, ConvolutionMethod::by_component, {8e5}), 19u);
  EXPECT_EQ(launches(open, ConvolutionMethod::fused, {8e5}), 3u);
  EXPECT_EQ(launches(open, ConvolutionMethod::fused, {8e5}, 100), 7u);
  EXPECT_EQ(launches(periodic, ConvolutionMethod::batched, {8e5}), 9u);
  EXPECT_EQ(launches(periodic, ConvolutionMethod::batched, uneven_Ms(periodic)), 8u);
  EXPECT_EQ(launches(periodic, ConvolutionMethod::fused, uneven_Ms(periodic)), 3u);
}

/// What docs/performance-gpu.md says of memory, for a film whose box is 32 x 16: rows of 20 complex
/// numbers, a tensor of 17 x 9 modes.
TEST(EmulatedConvolution, CountsItsMemory) {
  const auto bytes = [](const Grid& grid, ConvolutionMethod method) {
    ConvolutionProbe probe{grid, scrambled(grid), {8e5}, method};
    setenv("KUBOMAG_CUDA_MEMORY", "shared", 1);  // cuFFT's area is the engine's
    run(probe);
    setenv("KUBOMAG_CUDA_MEMORY", "separate", 1);
    return probe.bytes;
  };
  const std::size_t row = 3 * 20 * 16, tensor = 17 * 9 * 32;
  const Grid open = film(16, 8, false, false), half = film(16, 16, false, true);
  EXPECT_EQ(bytes(open, ConvolutionMethod::batched), 2 * 16 * row + tensor);
  EXPECT_EQ(bytes(half, ConvolutionMethod::batched), 16 * row + tensor);
  const std::size_t roots = (32 + 16) * (16 + 4);
  EXPECT_EQ(bytes(open, ConvolutionMethod::fused), 8 * row + tensor + roots);
}

class ConvolutionVariable : public OnEveryBackend {
 protected:
  void TearDown() override { unsetenv("KUBOMAG_CUDA_CONVOLUTION"); }
};

TEST_P(ConvolutionVariable, ChoosesHowAnEngineFindsTheSameField) {
  Problem p = plain_film(24, 10);
  p.demag.enabled = true;
  p.m = scrambled(p.grid);
  const std::vector<double> B = summed(p.grid, p.m, {8e5});
  for (const char* name : names) {
    setenv("KUBOMAG_CUDA_CONVOLUTION", name, 1);
    EXPECT_LT(difference(engine(p)->quantity("B_demag"), B), tolerance(1e-14, 1e-6)) << name;
  }
}
KUBOMAG_ON_EVERY_BACKEND(ConvolutionVariable);

TEST(ConvolutionVariableAlone, RefusesOtherNames) {
  setenv("KUBOMAG_CUDA_CONVOLUTION", "fastest", 1);
  try {
    convolution_method(1);
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                ::testing::HasSubstr("=fastest: it must be batched, by_component or"));
  }
  unsetenv("KUBOMAG_CUDA_CONVOLUTION");
}

TEST(ConvolutionVariableAlone, IsARuleBySizeWhereItIsNotSet) {
  EXPECT_EQ(convolution_method(1), ConvolutionMethod::fused);
  EXPECT_EQ(convolution_method(1024 * 1024), ConvolutionMethod::fused);
  EXPECT_EQ(convolution_method(1024 * 1024 + 1), ConvolutionMethod::batched);
  setenv("KUBOMAG_CUDA_CONVOLUTION", "batched", 1);
  EXPECT_EQ(convolution_method(1), ConvolutionMethod::batched);
  unsetenv("KUBOMAG_CUDA_CONVOLUTION");
}

}  // namespace
}  // namespace kubomag::test
