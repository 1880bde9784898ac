#pragma once
// Linear systems that a GPU iterates by itself: sums stay on the device, where one block makes of
// them what the next passes need, and a graph repeats the passes of an iteration while there is
// one more to come. The host waits once for each system.
//   while(go) { iteration }
// Without graphs or conditional nodes the host waits for every sum: the same kernels and numbers,
// hence the same bits.
#include <array>
#include <optional>
#include <utility>

#include "backend/cuda_backend.cuh"
#include "solver/bicgstab.hpp"

namespace kubomag {
namespace cuda {

/// What decides over the loop; not set: there is none.
struct KrylovLoop {
  cudaGraphConditionalHandle go;
  bool set;
};

/// What sums of blocks make of the state; without blocks only the loop is told how it stands.
struct KrylovBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  KrylovState* state;
  KrylovLoop loop;
  KrylovState::Sums which;
  const double* blocks;
  int count;

  __device__ void operator()() const {
    if (blocks != nullptr) {
      const std::array<double, 2> sums = sum_of_blocks<2>(blocks, count);
      if (thread_of_block() == 0) state->settle(which, sums[0], sums[1]);
    }
    if (thread_of_block() == 0 && loop.set) cudaGraphSetConditional(loop.go, state->go);
  }
};

}  // namespace cuda

template <>
class KrylovDriver<CudaBackend> {
 public:
  KrylovDriver(CudaBackend& backend, const Grid& grid)
      : backend_(backend),
        grid_(grid),
        there_(backend.make_buffer<KrylovState>(1)),
        blocks_(backend.make_buffer<double>(2 * CudaBackend::block_count(grid))),
        by_itself_(backend.graphs() && cuda::has_conditional_nodes()) {}

  template <class Begin, class Iterate>
  KrylovState operator()(const KrylovState& first, std::array<const double*, 2> fields,
                         const Begin& begin, const Iterate& iterate) {
    if (by_itself_ && (!loop_ || fields_ != fields)) record(iterate, fields);
    *here_.get() = first;
    if (!by_itself_) {
      begin();
      while (here_.get()->go) iterate();
      return *here_.get();
    }
    copy(there_.data(), here_.get(), cudaMemcpyHostToDevice);
    begin();
    loop_->launch(backend_.stream());
    copy(here_.get(), there_.data(), cudaMemcpyDeviceToHost);
    KUBOMAG_CUDA(cudaStreamSynchronize(backend_.stream()));
    return *here_.get();
  }

  template <class Pass>
  void cells(const Pass& pass) {
    backend_.for_each_cell<Stencil>(grid_, pass);
  }
  void sums(const DotPass& pass, KrylovState::Sums which) {
    if (!by_itself_) {
      const auto found = backend_.sum_over_cells<Stencil, 2>(grid_, pass);
      return here_.get()->settle(which, found[0], found[1]);
    }
    backend_.block_sums<Stencil, 2>(grid_, pass, blocks_.data());
    launch(which, blocks_.data());
  }
  template <class T>
  Number<T> number(T KrylovState::*member) {
    if (!by_itself_) return here_.get()->*member;
    return Number<T>::found_at(&(there_.data()->*member));
  }
  std::array<Number<double>, 2> numbers_of_A() {
    if (!by_itself_) return {here_.get()->A[0], here_.get()->A[1]};
    double* A = there_.data()->A;
    return {Number<double>::found_at(A), Number<double>::found_at(A + 1)};
  }

  std::size_t bytes() const { return blocks_.size() * sizeof(double) + sizeof(KrylovState); }

 private:
  /// Where an iteration cannot be captured, the host goes on driving it.
  template <class Iterate>
  void record(const Iterate& iterate, std::array<const double*, 2> fields) {
    loop_.reset();
    try {
      CudaGraph graph;
      decides_ = {cuda::condition(graph.get()), true};
      cuda::capture(backend_.stream(), graph.get(), [&] { launch({}, nullptr); });
      const auto loop = cuda::add_conditional(graph.get(), cuda::only_node(graph.get()),
                                              decides_.go, cudaGraphCondTypeWhile);
      cuda::capture(backend_.stream(), loop.body, iterate);
      graph.make_executable();
      loop_ = std::move(graph);
      fields_ = fields;
    } catch (const DeviceError&) {
      by_itself_ = false;
    }
    decides_ = {};
  }

  void launch(KrylovState::Sums which, const double* blocks) {
    const cuda::KrylovBody body{there_.data(), decides_, which, blocks,
                                static_cast<int>(blocks_.size() / 2)};
    cuda::launch(cuda::body_kernel<cuda::KrylovBody>, cuda::one_block, backend_.stream(), body);
  }

  void copy(KrylovState* to, const KrylovState* from, cudaMemcpyKind kind) {
    KUBOMAG_CUDA(cudaMemcpyAsync(to, from, sizeof(KrylovState), kind, backend_.stream()));
  }

  CudaBackend& backend_;
  Grid grid_;
  PinnedObject<KrylovState> here_;
  DeviceBuffer<KrylovState> there_;
  DeviceBuffer<double> blocks_;
  bool by_itself_;
  std::optional<CudaGraph> loop_;
  std::array<const double*, 2> fields_{};  // of what was recorded
  cuda::KrylovLoop decides_{};             // over what is recorded now
};

}  // namespace kubomag
