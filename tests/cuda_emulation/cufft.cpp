// cuFFT's transforms by FFTW. cuFFT computes when the stream comes to it, and so does this: what is
// enqueued is the call of FFTW.
#include "cufft.h"

#include <fftw3.h>

#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

namespace {

/// FFTW in one precision: a plan for given arrays.
template <class Real>
struct Fftw;
template <>
struct Fftw<double> {
  using Complex = fftw_complex;
  using Plan = fftw_plan;
  static constexpr auto forward = fftw_plan_many_dft_r2c;
  static constexpr auto inverse = fftw_plan_many_dft_c2r;
  static constexpr auto complex = fftw_plan_many_dft;
  static constexpr auto execute = fftw_execute;
  static constexpr auto destroy = fftw_destroy_plan;
};
template <>
struct Fftw<float> {
  using Complex = fftwf_complex;
  using Plan = fftwf_plan;
  static constexpr auto forward = fftwf_plan_many_dft_r2c;
  static constexpr auto inverse = fftwf_plan_many_dft_c2r;
  static constexpr auto complex = fftwf_plan_many_dft;
  static constexpr auto execute = fftwf_execute;
  static constexpr auto destroy = fftwf_destroy_plan;
};

/// What cufftMakePlanMany was asked for, and FFTW's plans for the arrays that it has met.
struct Plan {
  int rank = 1, n[3] = {1, 1, 1}, in_embed[3] = {}, out_embed[3] = {};
  bool embedded = false;
  int in_stride = 1, in_distance = 1, out_stride = 1, out_distance = 1, batch = 1;
  cufftType type = CUFFT_C2C;
  cudaStream_t stream = nullptr;
  bool automatic = true;  // the plan brings its own work area
  std::size_t work_size = 0;
  void* area = nullptr;
  std::map<std::tuple<void*, void*, int>, std::shared_ptr<void>> known;

  template <class Real>
  void transform(Real* in, Real* out, int direction) {
    using F = Fftw<Real>;
    std::shared_ptr<void>& plan = known[{in, out, direction}];
    if (!plan) plan = {make<Real>(in, out, direction), F::destroy};
    cuda_emulation::require(plan != nullptr, "a transform that FFTW refuses");
    F::execute(static_cast<typename F::Plan>(plan.get()));
    // a transform leaves its work area in any state
    if (area != nullptr) std::memset(area, 0xff, work_size);
  }

  template <class Real>
  typename Fftw<Real>::Plan make(Real* in, Real* out, int direction) const {
    using F = Fftw<Real>;
    const int *from = embedded ? in_embed : nullptr, *to = embedded ? out_embed : nullptr;
    auto *c_in = reinterpret_cast<typename F::Complex*>(in),
         *c_out = reinterpret_cast<typename F::Complex*>(out);
    if (type == CUFFT_R2C || type == CUFFT_D2Z)
      return F::forward(rank, n, batch, in, from, in_stride, in_distance, c_out, to, out_stride,
                        out_distance, FFTW_ESTIMATE);
    if (type == CUFFT_C2R || type == CUFFT_Z2D)
      return F::inverse(rank, n, batch, c_in, from, in_stride, in_distance, out, to, out_stride,
                        out_distance, FFTW_ESTIMATE);
    return F::complex(rank, n, batch, c_in, from, in_stride, in_distance, c_out, to, out_stride,
                      out_distance, direction, FFTW_ESTIMATE);
  }
};

std::mutex mutex;
std::map<cufftHandle, std::shared_ptr<Plan>> plans;
cufftHandle last_handle = 0;

std::shared_ptr<Plan> find(cufftHandle handle) {
  const std::lock_guard lock(mutex);
  const auto found = plans.find(handle);
  return found == plans.end() ? nullptr : found->second;
}

template <class Real>
cufftResult execute(cufftHandle handle, cufftType type, void* in, void* out, int direction) {
  const std::shared_ptr<Plan> plan = find(handle);
  if (!plan) return CUFFT_INVALID_PLAN;
  if (plan->type != type) return CUFFT_INVALID_TYPE;
  if (!plan->automatic && plan->area == nullptr && plan->work_size > 0) return CUFFT_INVALID_VALUE;
  const auto status = cuda_emulation::enqueue(plan->stream, [plan, in, out, direction] {
    plan->transform(static_cast<Real*>(in), static_cast<Real*>(out), direction);
  });
  return status == cudaSuccess ? CUFFT_SUCCESS : CUFFT_SETUP_FAILED;
}

}  // namespace

cufftResult cufftCreate(cufftHandle* handle) {
  const std::lock_guard lock(mutex);
  plans[*handle = ++last_handle] = std::make_shared<Plan>();
  return CUFFT_SUCCESS;
}

cufftResult cufftSetAutoAllocation(cufftHandle handle, int automatic) {
  const std::shared_ptr<Plan> plan = find(handle);
  if (!plan) return CUFFT_INVALID_PLAN;
  plan->automatic = automatic != 0;
  return CUFFT_SUCCESS;
}

/// The work area is that of the largest array, as with many of cuFFT's sizes.
cufftResult cufftMakePlanMany(cufftHandle handle, int rank, int* n, int* inembed, int istride,
                              int idist, int* onembed, int ostride, int odist, cufftType type,
                              int batch, std::size_t* work_size) {
  const std::shared_ptr<Plan> plan = find(handle);
  if (!plan) return CUFFT_INVALID_PLAN;
  if (rank < 1 || rank > 3 || batch < 1) return CUFFT_INVALID_VALUE;
  plan->rank = rank, plan->batch = batch, plan->type = type;
  plan->embedded = inembed != nullptr && onembed != nullptr;
  const bool is_double = type == CUFFT_D2Z || type == CUFFT_Z2D || type == CUFFT_Z2Z;
  plan->work_size = static_cast<std::size_t>(batch) * (is_double ? 16 : 8);
  for (int d = 0; d < rank; ++d) {
    if (n[d] < 1) return CUFFT_INVALID_VALUE;
    plan->n[d] = n[d];
    const bool real = d == rank - 1 && type != CUFFT_C2C && type != CUFFT_Z2Z;
    plan->work_size *= static_cast<std::size_t>(real ? n[d] / 2 + 1 : n[d]);
    if (!plan->embedded) continue;
    plan->in_embed[d] = inembed[d], plan->out_embed[d] = onembed[d];
  }
  plan->in_stride = istride, plan->in_distance = idist;
  plan->out_stride = ostride, plan->out_distance = odist;
  *work_size = plan->work_size;
  return CUFFT_SUCCESS;
}

cufftResult cufftSetWorkArea(cufftHandle handle, void* area) {
  const std::shared_ptr<Plan> plan = find(handle);
  if (!plan) return CUFFT_INVALID_PLAN;
  plan->area = area;
  return CUFFT_SUCCESS;
}

cufftResult cufftDestroy(cufftHandle handle) {
  const std::lock_guard lock(mutex);
  return plans.erase(handle) == 1 ? CUFFT_SUCCESS : CUFFT_INVALID_PLAN;
}

cufftResult cufftSetStream(cufftHandle handle, cudaStream_t stream) {
  const std::shared_ptr<Plan> plan = find(handle);
  if (!plan) return CUFFT_INVALID_PLAN;
  plan->stream = stream;
  return CUFFT_SUCCESS;
}

cufftResult cufftGetSize(cufftHandle handle, std::size_t* bytes) {
  const std::shared_ptr<Plan> plan = find(handle);
  if (!plan) return CUFFT_INVALID_PLAN;
  *bytes = plan->work_size;
  return CUFFT_SUCCESS;
}

cufftResult cufftExecR2C(cufftHandle plan, cufftReal* in, cufftComplex* out) {
  return execute<float>(plan, CUFFT_R2C, in, out, FFTW_FORWARD);
}
cufftResult cufftExecC2R(cufftHandle plan, cufftComplex* in, cufftReal* out) {
  return execute<float>(plan, CUFFT_C2R, in, out, FFTW_BACKWARD);
}
cufftResult cufftExecC2C(cufftHandle plan, cufftComplex* in, cufftComplex* out, int direction) {
  return execute<float>(plan, CUFFT_C2C, in, out, direction);
}
cufftResult cufftExecD2Z(cufftHandle plan, cufftDoubleReal* in, cufftDoubleComplex* out) {
  return execute<double>(plan, CUFFT_D2Z, in, out, FFTW_FORWARD);
}
cufftResult cufftExecZ2D(cufftHandle plan, cufftDoubleComplex* in, cufftDoubleReal* out) {
  return execute<double>(plan, CUFFT_Z2D, in, out, FFTW_BACKWARD);
}
cufftResult cufftExecZ2Z(cufftHandle plan, cufftDoubleComplex* in, cufftDoubleComplex* out,
                         int direction) {
  return execute<double>(plan, CUFFT_Z2Z, in, out, direction);
}
