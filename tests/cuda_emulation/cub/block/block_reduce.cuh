#pragma once
// Emulation of cub::BlockReduce (cuda_runtime.h says what for): values are combined in the order of
// the threads, the result is that of thread 0 alone.
#include "../../cuda_runtime.h"

namespace cub {

enum BlockReduceAlgorithm {
  BLOCK_REDUCE_RAKING_COMMUTATIVE_ONLY,
  BLOCK_REDUCE_RAKING,
  BLOCK_REDUCE_WARP_REDUCTIONS
};

template <class T, int SizeX, BlockReduceAlgorithm = BLOCK_REDUCE_WARP_REDUCTIONS, int SizeY = 1,
          int SizeZ = 1>
class BlockReduce {
  static constexpr int size = SizeX * SizeY * SizeZ;

 public:
  struct TempStorage {
    alignas(T) unsigned char values[size * sizeof(T)];
  };

  explicit BlockReduce(TempStorage& storage)
      : values_(reinterpret_cast<T*>(storage.values)),
        thread_(
            static_cast<int>(threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z))) {
    cuda_emulation::require(blockDim.x * blockDim.y * blockDim.z == size,
                            "a BlockReduce of another size than the block");
  }

  template <class Operation>
  T Reduce(T value, Operation combine) {
    values_[thread_] = value;
    cuda_emulation::barrier();
    T all = value;
    if (thread_ == 0)
      for (int i = 1; i < size; ++i) all = combine(all, values_[i]);
    return all;
  }
  T Sum(T value) {
    return Reduce(value, [](const T& a, const T& b) { return a + b; });
  }

 private:
  T* values_;
  int thread_;
};

}  // namespace cub
