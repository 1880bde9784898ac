#pragma once
// Single cells on a GPU (solver/macrospin_cells.hpp): one launch takes all of them to the next
// time that they are asked for, whatever the number of their steps.
#include <memory>
#include <utility>
#include <vector>

#include "backend/cuda_backend.cuh"
#include "solver/macrospin_cells.hpp"
#include "solver/macrospin_ensemble.hpp"
#include "solver/macrospin_problem.hpp"
#include "solver/macrospin_tables.hpp"

namespace kubomag {
namespace cuda {

inline constexpr int cells_per_block = 128;

/// Blocks on a multiprocessor at once: three leave a thread 168 registers, which without the rarer
/// terms are enough in single precision.
template <class Real, class F>
inline constexpr int cell_blocks = sizeof(Real) == 4 && !F::all_terms ? 3 : 1;

template <class Real, class F, Scheme scheme>
__global__ void __launch_bounds__(cells_per_block, cell_blocks<Real, F>)
    macrospin_kernel(const __grid_constant__ CellEquations<Real, F> equations,
                     CellState<Real>* states, CellsTask task) {
  const int i = task.first + static_cast<int>(blockIdx.x * cells_per_block + threadIdx.x);
  if (i >= task.last) return;
  CellStepper<Real, F, scheme> stepper(equations, i, states[i]);
  states[i] = stepper.advance(task.t_end, task.steps, task.attempts);
}

}  // namespace cuda

/// A slice compiled for what its cells contain.
template <class Real, class F>
class CudaMacrospinSlice final : public MacrospinSlice<Real> {
 public:
  CudaMacrospinSlice(const std::vector<const Problem*>& cells, Vec3<double> demag,
                     std::shared_ptr<const CudaBackend> backend)
      : MacrospinSlice<Real>(cells),
        backend_(std::move(backend)),
        demag_(demag),
        row_(row_of_cells(cells, static_cast<int>(cells.size()))),
        tables_(cells) {}

  void perform(const CellsTask& task) override {
    if (!device_) device_ = std::make_unique<OnDevice>(*this);
    CellState<Real>*there = device_->states.data() + task.first,
    *here = this->states.data() + task.first;
    const std::size_t bytes =
        static_cast<std::size_t>(task.last - task.first) * sizeof(CellState<Real>);
    const cudaStream_t stream = backend_->stream();
    KUBOMAG_CUDA(cudaMemcpyAsync(there, here, bytes, cudaMemcpyHostToDevice, stream));
    launch(task);
    KUBOMAG_CUDA(cudaMemcpyAsync(here, there, bytes, cudaMemcpyDeviceToHost, stream));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream));
  }
  void drop() override { device_.reset(); }
  std::size_t bytes() const override { return device_ ? device_->bytes() : 0; }

 private:
  struct OnDevice {
    explicit OnDevice(const CudaMacrospinSlice& slice)
        : row(slice.row_, slice.demag_, *slice.backend_),
          states(slice.states.size()),
          node_values(slice.tables_.nodes()),
          drive_now(*slice.backend_, F::surface ? slice.states.size() : 0),
          equations{row.scene, row.torques,
                    row.demag, slice.tables_.on_device(row.upload, node_values.data()),
                    0,         drive_now.view()} {
      for (std::size_t torque = 0; torque < row.acting.size(); ++torque)
        if (row.acting[torque]) equations.acting |= 1u << torque;
    }
    std::size_t bytes() const {
      return row.upload.bytes() + states.size() * sizeof(CellState<Real>) +
             node_values.size() * sizeof(double) + drive_now.bytes();
    }

    MacrospinRow<CudaBackend, Real, F> row;
    DeviceBuffer<CellState<Real>> states;
    DeviceBuffer<double> node_values;  // of formulas
    VectorBuffer<CudaBackend, Real> drive_now;
    CellEquations<Real, F> equations;
  };

  void launch(const CellsTask& task) const {
    switch (row_.integrator.scheme) {
      case Scheme::dormand_prince:
        return launch_scheme<Scheme::dormand_prince>(task);
      case Scheme::bogacki_shampine:
        return launch_scheme<Scheme::bogacki_shampine>(task);
      case Scheme::rk4:
        return launch_scheme<Scheme::rk4>(task);
      case Scheme::heun:
        return launch_scheme<Scheme::heun>(task);
    }
  }
  template <Scheme scheme>
  void launch_scheme(const CellsTask& task) const {
    const auto count = static_cast<std::size_t>(task.last - task.first);
    cuda::launch(cuda::macrospin_kernel<Real, F, scheme>,
                 {cuda::blocks_for(count, cuda::cells_per_block), cuda::cells_per_block},
                 backend_->stream(), device_->equations, device_->states.data(), task);
  }

  std::shared_ptr<const CudaBackend> backend_;
  Vec3<double> demag_;
  Problem row_;
  MacrospinTables tables_;
  std::unique_ptr<OnDevice> device_;
};

/// Cells of one kind.
template <class Real>
std::unique_ptr<MacrospinSlice<Real>> make_cuda_slice(const std::vector<const Problem*>& cells,
                                                      Vec3<double> demag,
                                                      std::shared_ptr<const CudaBackend> backend) {
  const auto with = [&]<class F>(F) -> std::unique_ptr<MacrospinSlice<Real>> {
    return std::make_unique<CudaMacrospinSlice<Real, F>>(cells, demag, backend);
  };
  const Problem& first = *cells.front();
  if (needs_all_terms(first.material) || first.local || has_formulas(first))
    return with(Features<true, false, true, true>{});
  if (first.surface) return with(Features<true, false, true>{});
  return with(Features<true, false, false>{});
}

template <class Real>
std::unique_ptr<MacrospinBlock> make_cuda_macrospins(const std::vector<const Problem*>& cells,
                                                     int device, std::size_t most_at_once) {
  const auto backend = std::make_shared<const CudaBackend>(device);
  std::size_t free = 0, total = 0;
  KUBOMAG_CUDA(cudaMemGetInfo(&free, &total));
  const auto make = [backend](const std::vector<const Problem*>& slice, Vec3<double> demag) {
    return make_cuda_slice<Real>(slice, demag, backend);
  };
  return std::make_unique<MacrospinEnsemble<Real>>(cells, backend->name(), free / 2, most_at_once,
                                                   make);
}

}  // namespace kubomag
