// The CUDA plug-in: which devices there are, and the same engine on the CUDA backend.
#include <cuda_runtime.h>

#include <map>

#include "backend/cuda_probe.cuh"
#include "solver/cuda_plugin.hpp"
#include "solver/engine_cuda.hpp"
#include "solver/macrospins_cuda.hpp"
#include "solver/step_gang_cuda.cuh"

using namespace kubomag;

namespace {

std::unique_ptr<Engine> make_engine(const Problem& problem, int device, bool single_precision,
                                    std::shared_ptr<GangSeat> seat) {
  return single_precision ? make_cuda_engine_float(problem, device, std::move(seat))
                          : make_cuda_engine_double(problem, device, std::move(seat));
}

class CudaFilmGang final : public FilmGang {
 public:
  CudaFilmGang(int device, int places) : device_(device) {
    const ArenaScope scope(device, StepGang::bytes(places));
    gang_ = std::make_shared<StepGang>(device, places);
    scope.close();
  }

  std::unique_ptr<Engine> engine(const Problem& problem, bool single_precision) override {
    const auto seat = StepGang::sit(gang_);
    auto made = make_engine(problem, device_, single_precision, seat);
    const std::lock_guard lock(mutex_);
    seats_[made.get()] = seat;
    return made;
  }
  void enter(const Engine& film) override {
    if (const auto seat = seat_of(film)) seat->enter();
  }
  void leave(const Engine& film) override {
    if (const auto seat = seat_of(film)) seat->leave();
  }
  void use_device() const override { KUBOMAG_CUDA(cudaSetDevice(device_)); }

 private:
  std::shared_ptr<StepGang::Seat> seat_of(const Engine& film) const {
    const std::lock_guard lock(mutex_);
    const auto found = seats_.find(&film);
    return found == seats_.end() ? nullptr : found->second.lock();
  }

  int device_;
  std::shared_ptr<StepGang> gang_;
  mutable std::mutex mutex_;
  std::map<const Engine*, std::weak_ptr<StepGang::Seat>> seats_;
};

}  // namespace

extern "C" __attribute__((visibility("default"))) void kubomag_cuda_devices(
    int version, CudaPluginDevices* out) {
  if (version != cuda_plugin_version) {
    out->reason = "the CUDA plug-in is of another version of Kubomag";
    return;
  }
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess || count == 0) {
    out->reason = status == cudaSuccess ? "no CUDA device was found" : cudaGetErrorString(status);
    return;
  }
  for (int device = 0; device < count; ++device) {
    cudaDeviceProp properties{};
    if (cudaGetDeviceProperties(&properties, device) == cudaSuccess)
      out->names.push_back(properties.name);
  }
}

extern "C" __attribute__((visibility("default"))) Engine* kubomag_cuda_engine(
    const Problem* problem, int device, bool single_precision) {
  return make_engine(*problem, device, single_precision, nullptr).release();
}

extern "C" __attribute__((visibility("default"))) FilmGang* kubomag_cuda_gang(int device,
                                                                              int places) {
  return new CudaFilmGang(device, places);
}

extern "C" __attribute__((visibility("default"))) MacrospinBlock* kubomag_cuda_macrospins(
    const std::vector<const Problem*>* cells, int device, bool single_precision,
    std::size_t most_at_once) {
  return (single_precision ? make_cuda_macrospins_float(*cells, device, most_at_once)
                           : make_cuda_macrospins_double(*cells, device, most_at_once))
      .release();
}

extern "C" __attribute__((visibility("default"))) void kubomag_cuda_memory(int device,
                                                                           std::size_t* total,
                                                                           std::size_t* free) {
  kubomag::cuda::device_memory(device, total, free);
}

extern "C" __attribute__((visibility("default"))) double kubomag_cuda_copy(int device,
                                                                           std::size_t bytes,
                                                                           double seconds) {
  return kubomag::cuda::copy_bandwidth(device, bytes, seconds);
}
