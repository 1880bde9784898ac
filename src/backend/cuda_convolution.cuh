#pragma once
// B = -N * (Ms m) on the GPU, by one of three ways (docs/performance-gpu.md counts what each
// moves).
#include <array>
#include <optional>

#include "backend/convolution_method.hpp"
#include "backend/cuda_fft_convolution.cuh"
#include "backend/cuda_fused_convolution.cuh"

namespace kubomag {

template <class Real>
class CudaConvolution {
  using Complex = typename cuda::CufftTypes<Real>::Complex;

 public:
  /// `kernel`: the parts xx, yy, zz, xy of DemagKernel, (px/2+1) x (py/2+1) quarters.
  CudaConvolution(int nx, int ny, int px, int py, const std::array<const double*, 4>& kernel,
                  ConvolutionMethod method, const BlockLimits& limits, cudaStream_t stream)
      : shape_(nx, ny, px, py),
        at_once_(method == ConvolutionMethod::by_component ? 1 : 3),
        tensor_(
            upload_tensor<Real>(static_cast<std::size_t>(shape_.modes()) * (py / 2 + 1), kernel)) {
    const bool fused = method == ConvolutionMethod::fused;
    if (fused && FusedRows<Real>::possible(shape_, limits))
      fused_rows_.emplace(shape_, limits, stream);
    else
      rows_.emplace(shape_, at_once_, stream);
    if (fused && FusedColumns<Real>::possible(shape_, limits))
      fused_columns_.emplace(shape_, limits, stream);
    else
      columns_.emplace(shape_, at_once_, stream);
    spectrum_ = DeviceBuffer<Complex>(shape_.size(columns_ ? py : ny));
  }

  /// Queued in the stream; the host does not wait, and a graph can hold it.
  void operator()(const FilmState<Real>& m, const Real* Ms, Real Ms_uniform,
                  const FilmArrays<Real>& B) {
    Complex* spectrum = spectrum_.data();
    for (int c = 0; c < 3; c += at_once_) forward(m, Ms, {c, at_once_}, spectrum);
    const Real factor = Ms ? Real(1) : Ms_uniform;
    if (fused_columns_)
      (*fused_columns_)(spectrum, tensor_.data(), factor);
    else
      columns_->product(spectrum, tensor_.data(), factor);
    for (int c = 0; c < 3; c += at_once_) inverse(spectrum, {c, at_once_}, B);
  }

  /// Whether m may come with slopes.
  bool makes_states(const Real* Ms) const { return !rows_ || rows_->makes_states(Ms); }

  std::size_t bytes() const {
    std::size_t sum =
        tensor_.size() * sizeof(TensorMode<Real>) + spectrum_.size() * sizeof(Complex);
    if (rows_) sum += rows_->bytes();
    if (columns_) sum += columns_->bytes();
    if (fused_rows_) sum += fused_rows_->bytes();
    if (fused_columns_) sum += fused_columns_->bytes();
    return sum;
  }

 private:
  void forward(const FilmState<Real>& m, const Real* Ms, Components some, Complex* spectrum) {
    if (fused_rows_)
      fused_rows_->forward(m, Ms, spectrum);
    else
      rows_->forward(m, Ms, some, spectrum);
    if (columns_) columns_->forward(spectrum, some);
  }

  void inverse(Complex* spectrum, Components some, const FilmArrays<Real>& B) {
    if (columns_) columns_->inverse(spectrum, some);
    Complex* rows = columns_ ? columns_->columns(spectrum) : spectrum;
    if (fused_rows_)
      fused_rows_->inverse(rows, B);
    else
      rows_->inverse(rows, some, B);
  }

  SpectrumShape shape_;
  int at_once_;
  DeviceBuffer<TensorMode<Real>> tensor_;
  std::optional<CufftRows<Real>> rows_;
  std::optional<FusedRows<Real>> fused_rows_;
  std::optional<CufftColumns<Real>> columns_;
  std::optional<FusedColumns<Real>> fused_columns_;
  DeviceBuffer<Complex> spectrum_;
};

}  // namespace kubomag
