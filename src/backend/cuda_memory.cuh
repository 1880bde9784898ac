#pragma once
// Move-only owners of what the device hands out. Destructors never throw and accept a driver that
// is already shutting down.
#include <cstddef>
#include <utility>

#include "backend/cuda_arena.cuh"
#include "backend/cuda_check.cuh"

namespace kubomag {

template <class T>
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  /// Zeroed, of the given arena; of no arena: an allocation of its own.
  explicit DeviceBuffer(std::size_t count, ArenaPointer arena = ArenaScope::arena())
      : count_(count) {
    if (count == 0) return;
    if (arena == nullptr) ArenaScope::allow_allocation(count * sizeof(T));
    arena_ = std::move(arena);
    data_ = static_cast<T*>(arena_ ? arena_->take(bytes()) : DeviceArena::allocate(bytes()));
    KUBOMAG_CUDA(cudaMemset(data_, 0, bytes()));
    KUBOMAG_CUDA(cudaStreamSynchronize(nullptr));  // our own stream does not wait for this one
  }
  DeviceBuffer(DeviceBuffer&& other) noexcept { swap(other); }
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    DeviceBuffer moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~DeviceBuffer() {
    if (data_ == nullptr) return;
    if (arena_)
      arena_->give_back(data_, bytes());
    else
      cudaFree(data_);
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return count_; }

 private:
  std::size_t bytes() const { return count_ * sizeof(T); }
  void swap(DeviceBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(count_, other.count_);
    std::swap(arena_, other.arena_);
  }

  T* data_ = nullptr;
  std::size_t count_ = 0;
  ArenaPointer arena_;
};

/// One object in host memory that the device copies without waiting for the host.
template <class T>
class PinnedObject {
 public:
  PinnedObject() { KUBOMAG_CUDA(cudaMallocHost(reinterpret_cast<void**>(&object_), sizeof(T))); }
  PinnedObject(const PinnedObject&) = delete;
  PinnedObject& operator=(const PinnedObject&) = delete;
  ~PinnedObject() { cudaFreeHost(object_); }

  T* get() { return object_; }

 private:
  T* object_ = nullptr;
};

class CudaStream {
 public:
  CudaStream() { KUBOMAG_CUDA(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  CudaStream(CudaStream&& other) noexcept : stream_(std::exchange(other.stream_, nullptr)) {}
  CudaStream& operator=(CudaStream&& other) noexcept {
    std::swap(stream_, other.stream_);
    return *this;
  }
  ~CudaStream() {
    if (stream_ != nullptr) cudaStreamDestroy(stream_);
  }
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

class CufftPlan {
 public:
  CufftPlan() = default;
  CufftPlan(CufftPlan&& other) noexcept { swap(other); }
  CufftPlan& operator=(CufftPlan&& other) noexcept {
    CufftPlan moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~CufftPlan() {
    if (made_) cufftDestroy(plan_);
  }

  /// `batch` transforms of length n; element e of transform b is at e * stride + b * distance. For
  /// n = 1 there is nothing to plan (cuFFT may refuse such a size): the plan is trivial.
  static CufftPlan many(int n, int in_stride, int in_distance, int out_stride, int out_distance,
                        cufftType type, int batch, cudaStream_t stream) {
    CufftPlan plan;
    plan.batch_ = batch;
    plan.stream_ = stream;
    if (n == 1) return plan;
    KUBOMAG_CUFFT(cufftCreate(&plan.plan_));
    plan.made_ = true;
    // Within the set-up of an engine its plans share one work area: they run one after the other.
    plan.shared_ = ArenaScope::arena() != nullptr;
    if (plan.shared_) KUBOMAG_CUFFT(cufftSetAutoAllocation(plan.plan_, 0));
    std::size_t work = 0;
    KUBOMAG_CUFFT(cufftMakePlanMany(plan.plan_, 1, &n, &n, in_stride, in_distance, &n, out_stride,
                                    out_distance, type, batch, &work));
    if (plan.shared_) ArenaScope::arena()->add_plan(plan.plan_, work);
    KUBOMAG_CUFFT(cufftSetStream(plan.plan_, stream));
    return plan;
  }
  cufftHandle get() const { return plan_; }
  bool trivial() const { return !made_; }
  int batch() const { return batch_; }
  cudaStream_t stream() const { return stream_; }
  /// Of its own work area; a shared one is the arena's.
  std::size_t bytes() const {
    std::size_t work = 0;
    return made_ && !shared_ && cufftGetSize(plan_, &work) == CUFFT_SUCCESS ? work : 0;
  }

 private:
  void swap(CufftPlan& other) noexcept {
    std::swap(plan_, other.plan_);
    std::swap(made_, other.made_);
    std::swap(shared_, other.shared_);
    std::swap(batch_, other.batch_);
    std::swap(stream_, other.stream_);
  }
  cufftHandle plan_ = 0;
  bool made_ = false, shared_ = false;
  int batch_ = 0;
  cudaStream_t stream_ = nullptr;
};

}  // namespace kubomag
