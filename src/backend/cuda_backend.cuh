#pragma once
// The CUDA backend: one stream, one thread per cell. Reductions go block by block in a fixed
// order, so that results are bit-identical from run to run.
#include <cub/block/block_reduce.cuh>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "backend/cuda_gang.cuh"
#include "backend/cuda_graph.cuh"
#include "backend/cuda_launch.cuh"
#include "backend/cuda_memory.cuh"
#include "kubomag/grid.hpp"

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

/// Those of the basic terms.
template <class F>
inline constexpr bool is_basic = false;
template <Evaluates F>
inline constexpr bool is_basic<F> = !F::Contents::all_terms;

/// How many blocks of a body are on a multiprocessor at least, where something else would take its
/// registers: in a gang arguments, which come from memory and are loaded early; in the last pass of
/// the basic terms what settles the step. Nothing spills (docs/performance.md).
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

template <class Stencil, std::size_t Count, class F>
__global__ void sum_kernel(FilmShape film, const __grid_constant__ F f, double* blocks) {
  using Reduce = cub::BlockReduce<double, block_x, cub::BLOCK_REDUCE_WARP_REDUCTIONS, block_y>;
  __shared__ typename Reduce::TempStorage storage;
  const int ix = blockIdx.x * block_x + threadIdx.x, iy = blockIdx.y * block_y + threadIdx.y;
  std::array<double, Count> values{};
  if (ix < film.nx && iy < film.ny) values = f(stencil<Stencil>(film, ix, iy));
  for (std::size_t j = 0; j < Count; ++j) {
    const double sum = Reduce(storage).Sum(values[j]);
    if (threadIdx.x == 0 && threadIdx.y == 0)
      blocks[(blockIdx.x + gridDim.x * blockIdx.y) * Count + j] = sum;
    __syncthreads();
  }
}

}  // namespace cuda

class CudaBackend {
 public:
  class Passes;
  template <class Maxima>
  class BlockMaxima;

  template <class T>
  using Buffer = DeviceBuffer<T>;
  static constexpr bool steps_by_itself = true;             // solver/device_stepper.hpp
  static constexpr bool arrays_for_all_parameters = false;  // kernels/field.hpp, Param

  /// `seat`: in a gang, if the film has one.
  explicit CudaBackend(int device, std::shared_ptr<GangSeat> seat = nullptr)
      : device_(device), seat_(std::move(seat)) {
    KUBOMAG_CUDA(cudaSetDevice(device));
    stream_ = CudaStream();
  }

  std::string name() const {
    cudaDeviceProp properties{};
    KUBOMAG_CUDA(cudaGetDeviceProperties(&properties, device_));
    return std::string("GPU ") + std::to_string(device_) + ", " + properties.name;
  }
  cudaStream_t stream() const { return stream_.get(); }
  /// Whether what is repeated is recorded as a graph.
  bool graphs() const { return graphs_; }
  /// Null: the film is alone.
  GangSeat* seat() const { return seat_.get(); }
  /// The film's gang, if it has one, goes on without it for now.
  void stay_out() const {
    if (seat_) seat_->stay_out();
  }
  /// Held by no buffer: the work area that the transforms share.
  std::size_t bytes() const { return arena_ ? arena_->work_bytes() : 0; }

  template <class T>
  Buffer<T> make_buffer(std::size_t count) const {
    return Buffer<T>(count, arena_);
  }
  /// Blocking copies: for set-up and output only.
  template <class T>
  void upload(Buffer<T>& to, const std::vector<T>& from) const {
    KUBOMAG_CUDA(cudaMemcpyAsync(to.data(), from.data(), from.size() * sizeof(T),
                                 cudaMemcpyHostToDevice, stream()));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream()));
  }
  template <class T>
  void download(std::vector<T>& to, const Buffer<T>& from) const {
    KUBOMAG_CUDA(cudaMemcpyAsync(to.data(), from.data(), to.size() * sizeof(T),
                                 cudaMemcpyDeviceToHost, stream()));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream()));
  }

  template <class Stencil, class F>
  void for_each_cell(const Grid& grid, const F& pass) const {
    if (cuda::recorded(cuda::CellBody<Stencil, F>{film(grid), pass}, tiles(grid))) return;
    cuda::launch(cuda::cell_kernel<Stencil, F>, tiles(grid), stream(), film(grid), pass);
  }

  /// pass(first, length) for runs of cells that make up the film: here single ones.
  template <class F>
  void for_each_run(const Grid& grid, const F& pass) const {
    const int cells = grid.nx * grid.ny;
    const cuda::Shape shape{cuda::blocks_for(cells, cuda::block_size), cuda::block_size};
    if (cuda::recorded(cuda::RunBody<F>{cells, pass}, shape)) return;
    cuda::launch(cuda::run_kernel<F>, shape, stream(), cells, pass);
  }

  template <class Stencil, class Maxima, class F>
  Maxima max_over_cells(const Grid& grid, const F& pass) {
    const std::size_t count = block_count(grid);
    Maxima* partial = scratch<Maxima>(count + 1);
    block_maxima<Stencil>(grid, pass, partial);
    cuda::launch(cuda::max_of_blocks_kernel<Maxima>, cuda::one_block, stream(), partial,
                 static_cast<int>(count), partial + count);
    Maxima largest{};
    KUBOMAG_CUDA(cudaMemcpyAsync(&largest, partial + count, sizeof(Maxima), cudaMemcpyDeviceToHost,
                                 stream()));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream()));
    return largest;
  }

  template <class Stencil, std::size_t Count, class F>
  std::array<double, Count> sum_over_cells(const Grid& grid, const F& pass) {
    const std::size_t count = block_count(grid);
    double* partial = scratch<double>(count * Count);
    cuda::launch(cuda::sum_kernel<Stencil, Count, F>, tiles(grid), stream(), film(grid), pass,
                 partial);
    std::vector<double> values(count * Count);
    KUBOMAG_CUDA(cudaMemcpyAsync(values.data(), partial, values.size() * sizeof(double),
                                 cudaMemcpyDeviceToHost, stream()));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream()));
    std::array<double, Count> sums{};
    for (std::size_t b = 0; b < count; ++b)
      for (std::size_t j = 0; j < Count; ++j) sums[j] += values[b * Count + j];
    return sums;
  }

  /// The maxima of each block of cells, in order, into `blocks`; then what the last block does.
  template <class Stencil, class Maxima, class F>
  void block_maxima(const Grid& grid, const F& pass, Maxima* blocks,
                    const cuda::AfterMaxima<Maxima>& after = {}) const {
    using Body = cuda::MaxBody<Stencil, Maxima, F>;
    const Body body{film(grid), pass, blocks, after};
    if constexpr (cuda::is_basic<F>) {
      cuda::launch_body(body, tiles(grid), stream());
    } else {
      if constexpr (cuda::Evaluates<F>)
        if (cuda::recorded(body, tiles(grid))) return;
      cuda::launch(cuda::max_kernel<Stencil, Maxima, F>, tiles(grid), stream(), film(grid), pass,
                   blocks, after);
    }
  }

 private:
  static cuda::Shape tiles(const Grid& grid) {
    return {{cuda::blocks_for(grid.nx, cuda::block_x), cuda::blocks_for(grid.ny, cuda::block_y)},
            {cuda::block_x, cuda::block_y}};
  }
  static std::size_t block_count(const Grid& grid) {
    const dim3 blocks = tiles(grid).grid;
    return static_cast<std::size_t>(blocks.x) * blocks.y;
  }
  static cuda::FilmShape film(const Grid& grid) {
    return {grid.nx, grid.ny, grid.periodic_x, grid.periodic_y};
  }

  /// Memory for block partials; grows when first asked for more.
  template <class T>
  T* scratch(std::size_t count) {
    const std::size_t doubles = (count * sizeof(T) + sizeof(double) - 1) / sizeof(double);
    if (scratch_.size() < doubles) scratch_ = make_buffer<double>(doubles);
    return reinterpret_cast<T*>(scratch_.data());
  }

  int device_;
  std::shared_ptr<GangSeat> seat_;
  bool graphs_ = cuda::graphs_wanted();
  ArenaPointer arena_ = ArenaScope::arena();  // of the engine that this backend is made for
  CudaStream stream_;
  DeviceBuffer<double> scratch_;
};

/// Passes over one film, one after the other; the last of them looks for maxima.
class CudaBackend::Passes {
 public:
  Passes(CudaBackend& backend, const Grid& grid) : backend_(backend), grid_(grid) {}

  template <class Stencil, class F>
  void cells(const F& pass) {
    backend_.for_each_cell<Stencil>(grid_, pass);
  }

  template <class Stencil, class Maxima, class F>
  Maxima max(const F& pass) {
    return backend_.max_over_cells<Stencil, Maxima>(grid_, pass);
  }

 private:
  CudaBackend& backend_;
  const Grid& grid_;
};

/// The same with the maxima left on the device, block by block: the host does not wait.
template <class Maxima>
class CudaBackend::BlockMaxima {
  using After = cuda::AfterMaxima<Maxima>;

 public:
  BlockMaxima(const CudaBackend& backend, const Grid& grid)
      : backend_(backend), grid_(grid), partial_(backend.make_buffer<Maxima>(block_count(grid))) {}

  template <class Stencil, class F>
  void cells(const F& pass) {
    backend_.for_each_cell<Stencil>(grid_, pass);
  }

  template <class Stencil, class M, class F>
  Maxima max(const F& pass) {
    backend_.block_maxima<Stencil>(grid_, pass, partial_.data());
    return {};
  }
  /// For the last pass of all: then `after` is called.
  template <class Stencil, class M, class F>
  Maxima last_max(const F& pass, const After& after) {
    backend_.block_maxima<Stencil>(grid_, pass, partial_.data(), after);
    return {};
  }

  const Maxima* partial() const { return partial_.data(); }
  int count() const { return static_cast<int>(partial_.size()); }
  std::size_t bytes() const { return partial_.size() * sizeof(Maxima); }

 private:
  const CudaBackend& backend_;
  Grid grid_;
  DeviceBuffer<Maxima> partial_;
};

}  // namespace kubomag
