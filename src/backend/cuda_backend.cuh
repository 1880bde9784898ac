#pragma once
// The CUDA backend: one stream, in which passes over the film are launched or, for a gang,
// recorded.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "backend/cuda_graph.cuh"
#include "backend/cuda_memory.cuh"
#include "backend/cuda_passes.cuh"
#include "kubomag/grid.hpp"

namespace kubomag {

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
    upload(to, 0, from.data(), from.size());
  }
  /// Into elements first ... first + count - 1.
  template <class T>
  void upload(Buffer<T>& to, std::size_t first, const T* from, std::size_t count) const {
    KUBOMAG_CUDA(cudaMemcpyAsync(to.data() + first, from, count * sizeof(T), cudaMemcpyHostToDevice,
                                 stream()));
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
    if constexpr (cuda::is_of_steps<F>)
      if (cuda::recorded(cuda::CellBody<Stencil, F>{film(grid), pass}, tiles(grid))) return;
    cuda::launch(cuda::cell_kernel<Stencil, F>, tiles(grid), stream(), film(grid), pass);
  }

  /// pass(first, length) for runs of cells that make up the film: here single ones.
  template <class F>
  void for_each_run(const Grid& grid, const F& pass) const {
    const int cells = grid.nx * grid.ny;
    const cuda::Shape shape{cuda::blocks_for(cells, cuda::block_size), cuda::block_size};
    if constexpr (cuda::is_of_steps<F>)
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
    double* partial = scratch<double>((count + 1) * Count);
    block_sums<Stencil, Count>(grid, pass, partial);
    cuda::launch(cuda::sum_of_blocks_kernel<Count>, cuda::one_block, stream(), partial,
                 static_cast<int>(count), partial + count * Count);
    std::array<double, Count> sums{};
    KUBOMAG_CUDA(cudaMemcpyAsync(sums.data(), partial + count * Count, sizeof(sums),
                                 cudaMemcpyDeviceToHost, stream()));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream()));
    return sums;
  }

  static std::size_t block_count(const Grid& grid) {
    const dim3 blocks = tiles(grid).grid;
    return static_cast<std::size_t>(blocks.x) * blocks.y;
  }
  /// The sums of each block of cells, in order, into block_count(grid) times Count numbers.
  template <class Stencil, std::size_t Count, class F>
  void block_sums(const Grid& grid, const F& pass, double* blocks) const {
    cuda::launch(cuda::sum_kernel<Stencil, Count, F>, tiles(grid), stream(), film(grid), pass,
                 blocks);
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
