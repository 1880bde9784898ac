#pragma once
// The one place where kernels are launched.
#include <cstddef>
#include <utility>

#include "backend/cuda_check.cuh"

namespace kubomag::cuda {

/// A kernel's grid, block and bytes of dynamic memory.
struct Shape {
  dim3 grid, block;
  std::size_t shared = 0;
};

/// Not null while this thread records its launches for a gang (cuda_gang.cuh).
class GangLaunches;
inline thread_local GangLaunches* recorded_launches = nullptr;

/// For whatever gives work to a stream and is not recorded for a gang. Throws DeviceError while
/// launches are recorded.
inline void require_no_recording() {
  if (recorded_launches != nullptr) throw DeviceError("CUDA: a gang cannot share all of this work");
}

/// kernel<<<...>>>(arguments...) in `stream`; throws DeviceError for a launch that cannot be.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const Shape& shape, cudaStream_t stream,
            Arguments&&... arguments) {
  require_no_recording();
  cudaLaunchConfig_t config{};
  config.gridDim = shape.grid;
  config.blockDim = shape.block;
  config.dynamicSmemBytes = shape.shared;
  config.stream = stream;
  KUBOMAG_CUDA(cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...));
}

/// Lets the kernel have up to `bytes` of dynamic memory, at most the device's
/// sharedMemPerBlockOptin. It holds for all later launches, whoever makes them.
template <class... Parameters>
void allow_shared(void (*kernel)(Parameters...), std::size_t bytes) {
  KUBOMAG_CUDA(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                    static_cast<int>(bytes)));
}

/// Blocks of `size` that cover `count` threads.
inline unsigned blocks_for(std::size_t count, std::size_t size) {
  return static_cast<unsigned>((count + size - 1) / size);
}

}  // namespace kubomag::cuda
