#pragma once
// Passes over the cells of a film as kernels: alone, in a gang (cuda_gang.cuh), and with maxima or
// sums. One thread per cell. Reductions go block by block in a fixed order, so that results are
// bit-identical from run to run.
#include <cub/block/block_reduce.cuh>

#include <array>

#include "backend/cuda_gang.cuh"
#include "backend/cuda_launch.cuh"

namespace kubomag {

namespace cuda {

inline constexpr int block_x = 64, block_y = 4, block_size = block_x * block_y;
inline const Shape one_block{1, {block_x, block_y}};

__device__ inline int thread_of_block() {
  return static_cast<int>(threadIdx.x + block_x * threadIdx.y);
}

/// The part of Grid that a kernel needs.
struct FilmShape {
  int nx, ny;
  bool periodic_x, periodic_y;
};

template <class Stencil>
__device__ Stencil stencil(FilmShape film, int ix, int iy) {
  const int i = ix + film.nx * iy;
  const int wrap_x = film.nx - 1, wrap_y = film.nx * (film.ny - 1);
  return {i, ix > 0 ? i - 1 : (film.periodic_x ? i + wrap_x : i),
          ix < film.nx - 1 ? i + 1 : (film.periodic_x ? i - wrap_x : i),
          iy > 0 ? i - film.nx : (film.periodic_y ? i + wrap_y : i),
          iy < film.ny - 1 ? i + film.nx : (film.periodic_y ? i - wrap_y : i)};
}

template <class Stencil, class F>
__device__ __forceinline__ void run_cells(const FilmShape& film, const F& f) {
  const int ix = blockIdx.x * block_x + threadIdx.x, iy = blockIdx.y * block_y + threadIdx.y;
  if (ix < film.nx && iy < film.ny) f(stencil<Stencil>(film, ix, iy));
}

// Passes are __grid_constant__: what is called with a part of one gets no copy of it.
template <class Stencil, class F>
__global__ void cell_kernel(FilmShape film, const __grid_constant__ F f) {
  run_cells<Stencil>(film, f);
}

/// The passes of a step that evaluate its right-hand side (kernels/rhs.hpp).
template <class F>
concept Evaluates = requires {
  typename F::Contents;
};

/// Whether a pass belongs to an attempted step. Only then a gang has a kernel of it.
/// solver/step_passes_cuda.cuh has those that evaluate no right-hand side.
template <class F>
inline constexpr bool is_of_steps = Evaluates<F>;

/// Those of the basic terms.
template <class F>
inline constexpr bool is_basic = false;
template <Evaluates F>
inline constexpr bool is_basic<F> = !F::Contents::all_terms;

/// How many blocks of a body are on a multiprocessor at least, where something else would take its
/// registers: in a gang arguments, which come from memory and are loaded early; in the last pass of
/// the basic terms what settles the step. Nothing spills (docs/performance-gpu.md).
template <class F>
inline constexpr int least_blocks_of = 1;
template <Evaluates F>
inline constexpr int least_blocks_of<F> =
    is_basic<F> && !(F::Contents::mapped && F::Contents::surface) ? 3 : 2;

/// The same for a gang.
template <class Stencil, class F>
struct CellBody {
  static constexpr int most_threads = block_size, least_blocks = least_blocks_of<F>;
  FilmShape film;
  F f;

  __device__ void operator()() const { run_cells<Stencil>(film, f); }
};

template <class F>
__device__ __forceinline__ void run_runs(int cells, const F& f) {
  const int i = blockIdx.x * block_size + threadIdx.x;
  if (i < cells) f(i, 1);
}

template <class F>
__global__ void run_kernel(int cells, const __grid_constant__ F f) {
  run_runs(cells, f);
}

/// The same for a gang.
template <class F>
struct RunBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  int cells;
  F f;

  __device__ void operator()() const { run_runs(cells, f); }
};

struct LargerOfBoth {
  template <class Maxima>
  __device__ Maxima operator()(const Maxima& a, const Maxima& b) const {
    return {a.first > b.first ? a.first : b.first, a.second > b.second ? a.second : b.second};
  }
};

template <class Maxima>
using BlockLargest = cub::BlockReduce<Maxima, block_x, cub::BLOCK_REDUCE_WARP_REDUCTIONS, block_y>;

/// What the last block of a pass does with the maxima of all blocks, where it is given something to
/// do (solver/step_loop_cuda.cuh); all threads of every block call it.
template <class Maxima>
struct AfterMaxima;

template <class Stencil, class Maxima, class F>
__device__ __forceinline__ void find_maxima(const FilmShape& film, const F& f, Maxima* blocks,
                                            const AfterMaxima<Maxima>& after) {
  __shared__ typename BlockLargest<Maxima>::TempStorage storage;
  const int ix = blockIdx.x * block_x + threadIdx.x, iy = blockIdx.y * block_y + threadIdx.y;
  Maxima value{};
  if (ix < film.nx && iy < film.ny) value = f(stencil<Stencil>(film, ix, iy));
  const Maxima largest = BlockLargest<Maxima>(storage).Reduce(value, LargerOfBoth{});
  if (thread_of_block() == 0) blocks[blockIdx.x + gridDim.x * blockIdx.y] = largest;
  if constexpr (Evaluates<F>) after();
}

template <class Stencil, class Maxima, class F>
__global__ void max_kernel(FilmShape film, const __grid_constant__ F f, Maxima* blocks,
                           const __grid_constant__ AfterMaxima<Maxima> after) {
  find_maxima<Stencil>(film, f, blocks, after);
}

/// The same for a gang.
template <class Stencil, class Maxima, class F>
struct MaxBody {
  static constexpr int most_threads = block_size, least_blocks = least_blocks_of<F>;
  FilmShape film;
  F f;
  Maxima* blocks;
  AfterMaxima<Maxima> after;

  __device__ void operator()() const { find_maxima<Stencil>(film, f, blocks, after); }
};

/// For all threads of a block: whether it is the last one of the film to call this. If so, it finds
/// what the others have written before, by what goes past the caches of its multiprocessor.
/// `arrived` counts, from and to zero.
__device__ inline bool is_last_block(unsigned& arrived) {
  __shared__ bool last;
  if (thread_of_block() == 0) {
    __threadfence();
    last = atomicAdd(&arrived, 1u) == gridDim.x * gridDim.y - 1;
    if (last) arrived = 0;
    __threadfence();
  }
  __syncthreads();
  return last;
}

/// For one block of block_size threads; thread 0 has the result.
template <class Maxima>
__device__ Maxima largest_of_blocks(const volatile Maxima* blocks, int count) {
  __shared__ typename BlockLargest<Maxima>::TempStorage storage;
  Maxima value{};
  for (int i = thread_of_block(); i < count; i += block_size)
    value = LargerOfBoth{}(value, Maxima{blocks[i].first, blocks[i].second});
  return BlockLargest<Maxima>(storage).Reduce(value, LargerOfBoth{});
}

template <class Maxima>
__global__ void max_of_blocks_kernel(const Maxima* blocks, int count, Maxima* largest) {
  const Maxima all = largest_of_blocks(blocks, count);
  if (thread_of_block() == 0) *largest = all;
}

using BlockSum = cub::BlockReduce<double, block_x, cub::BLOCK_REDUCE_WARP_REDUCTIONS, block_y>;

template <class Stencil, std::size_t Count, class F>
__global__ void sum_kernel(FilmShape film, const __grid_constant__ F f, double* blocks) {
  __shared__ typename BlockSum::TempStorage storage;
  const int ix = blockIdx.x * block_x + threadIdx.x, iy = blockIdx.y * block_y + threadIdx.y;
  std::array<double, Count> values{};
  if (ix < film.nx && iy < film.ny) values = f(stencil<Stencil>(film, ix, iy));
  for (std::size_t j = 0; j < Count; ++j) {
    const double sum = BlockSum(storage).Sum(values[j]);
    if (thread_of_block() == 0) blocks[(blockIdx.x + gridDim.x * blockIdx.y) * Count + j] = sum;
    __syncthreads();
  }
}

/// For one block of block_size threads; thread 0 has the result.
template <std::size_t Count>
__device__ std::array<double, Count> sum_of_blocks(const double* blocks, int count) {
  __shared__ typename BlockSum::TempStorage storage;
  std::array<double, Count> sums{};
  for (int i = thread_of_block(); i < count; i += block_size)
    for (std::size_t j = 0; j < Count; ++j) sums[j] += blocks[i * Count + j];
  for (double& sum : sums) {
    sum = BlockSum(storage).Sum(sum);
    __syncthreads();
  }
  return sums;
}

template <std::size_t Count>
__global__ void sum_of_blocks_kernel(const double* blocks, int count, double* sums) {
  const std::array<double, Count> all = sum_of_blocks<Count>(blocks, count);
  if (thread_of_block() == 0)
    for (std::size_t j = 0; j < Count; ++j) sums[j] = all[j];
}

}  // namespace cuda

}  // namespace kubomag
