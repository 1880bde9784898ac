#pragma once
// The device memory of one engine in one block that is taken at set-up, so that nothing is
// allocated while a run goes on. How much that is the host predicts (solver/memory_model.hpp);
// buffers that are made later (outputs, relaxation) find their place in it.
//
// The environment variable KUBOMAG_CUDA_MEMORY, for tests: "separate" gives each buffer an
// allocation of its own, so that memory checkers see its ends; "fixed" makes any allocation after
// set-up an error.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backend/cuda_check.cuh"

namespace kubomag {

class DeviceArena {
 public:
  enum class Mode { shared, separate, fixed };

  static Mode mode() {
    const char* given = std::getenv("KUBOMAG_CUDA_MEMORY");
    const std::string wanted = given != nullptr ? given : "";
    return wanted == "separate" ? Mode::separate : wanted == "fixed" ? Mode::fixed : Mode::shared;
  }

  explicit DeviceArena(std::size_t bytes) { add_block(bytes); }
  DeviceArena(const DeviceArena&) = delete;
  DeviceArena& operator=(const DeviceArena&) = delete;
  ~DeviceArena() {
    for (const Block& block : blocks_) cudaFree(block.memory);
  }

  static void* allocate(std::size_t bytes) {
    void* memory = nullptr;
    KUBOMAG_CUDA(cudaMalloc(&memory, bytes));
    return memory;
  }

  /// Memory for a buffer, at a multiple of 256 bytes. What was given back in the same size is used
  /// again; where there is no room another block is taken from the device, which is an error after
  /// set-up in the mode `fixed`.
  void* take(std::size_t bytes) {
    const std::size_t size = rounded(bytes);
    free_.reserve(++taken_);  // so that giving back cannot fail
    const auto known = std::find_if(free_.begin(), free_.end(),
                                    [size](const Range& range) { return range.bytes == size; });
    if (known != free_.end()) {
      void* memory = known->memory;
      free_.erase(known);
      KUBOMAG_CUDA(cudaDeviceSynchronize());  // its last user may not be done
      return memory;
    }
    if (blocks_.back().bytes - blocks_.back().used < size) {
      if (closed_ && mode() == Mode::fixed)
        throw DeviceError("CUDA: " + std::to_string(bytes) +
                          " bytes were asked for after set-up and the arena is full");
      add_block(std::max(size, blocks_.front().bytes / 16));
    }
    Block& block = blocks_.back();
    return static_cast<std::byte*>(block.memory) + std::exchange(block.used, block.used + size);
  }

  void give_back(void* memory, std::size_t bytes) noexcept {
    free_.push_back({memory, rounded(bytes)});
  }

  /// A plan of cuFFT that will work in the shared area; it must live no longer than the arena is
  /// used for it.
  void add_plan(cufftHandle plan, std::size_t work) {
    plans_.push_back(plan);
    work_bytes_ = std::max(work_bytes_, work);
  }

  /// Ends the set-up: the plans get their work area.
  void close() {
    void* const area = work_bytes_ > 0 ? take(work_bytes_) : nullptr;
    for (const cufftHandle plan : plans_)
      if (area != nullptr) KUBOMAG_CUFFT(cufftSetWorkArea(plan, area));
    closed_ = true;
  }

  /// Of the work area that the plans share.
  std::size_t work_bytes() const { return work_bytes_; }
  /// Taken from the device.
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Block& block : blocks_) sum += block.bytes;
    return sum;
  }

 private:
  struct Block {
    void* memory;
    std::size_t bytes, used;
  };
  struct Range {
    void* memory;
    std::size_t bytes;
  };

  static std::size_t rounded(std::size_t bytes) { return (bytes + 255) / 256 * 256; }
  void add_block(std::size_t bytes) {
    blocks_.reserve(blocks_.size() + 1);
    blocks_.push_back({allocate(rounded(bytes)), rounded(bytes), 0});
  }

  std::vector<Block> blocks_;
  std::vector<Range> free_;
  std::vector<cufftHandle> plans_;
  std::size_t taken_ = 0, work_bytes_ = 0;
  bool closed_ = false;
};

using ArenaPointer = std::shared_ptr<DeviceArena>;

/// The set-up of an engine on this thread: buffers and plans that are made meanwhile belong to its
/// arena.
class ArenaScope {
 public:
  /// `bytes`: what the engine on this device is expected to need.
  ArenaScope(int device, std::size_t bytes) : outer_(current_) {
    KUBOMAG_CUDA(cudaSetDevice(device));
    const bool separate = DeviceArena::mode() == DeviceArena::Mode::separate;
    current_ = separate ? ArenaPointer()
                        : std::make_shared<DeviceArena>(std::max<std::size_t>(bytes, 256));
    ++depth_;
  }
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;
  ~ArenaScope() {
    current_ = std::move(outer_);
    --depth_;
  }

  /// The engine is made.
  void close() const {
    if (current_) current_->close();
  }

  /// Null outside of a set-up, and where each buffer is to have an allocation of its own.
  static ArenaPointer arena() { return current_; }

  /// Throws DeviceError for an allocation outside of a set-up that the mode `fixed` does not allow.
  static void allow_allocation(std::size_t bytes) {
    if (depth_ == 0 && DeviceArena::mode() == DeviceArena::Mode::fixed)
      throw DeviceError("CUDA: " + std::to_string(bytes) + " bytes were asked for after set-up");
  }

 private:
  static inline thread_local ArenaPointer current_;
  static inline thread_local int depth_ = 0;
  ArenaPointer outer_;
};

}  // namespace kubomag
