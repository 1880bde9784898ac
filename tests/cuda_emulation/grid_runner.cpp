// Threads of a block as fibres (contexts with a stack of their own): each runs until it meets a
// barrier or ends, then the next one. A fibre whose thread ends takes the next thread, so that a
// kernel without barriers needs one fibre.
#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "control.hpp"
#include "cuda_runtime.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

// The block's dynamic memory (src/backend/cuda_block_fft.cuh declares it), and bytes behind it that
// nobody may write.
constexpr std::size_t shared_guard = 64;
alignas(16) thread_local unsigned char kubomag_shared_memory[cuda_emulation::largest_shared_memory +
                                                             shared_guard];

namespace cuda_emulation {
namespace {

constexpr std::size_t stack_bytes = 256 * 1024;

struct Fibre {
  ucontext_t context{};  // to begin with
  jmp_buf left{};        // to go on with
  bool lives = false;
  std::unique_ptr<unsigned char[]> stack;
  void* sanitizer = nullptr;     // what AddressSanitizer keeps for it
  const void* bottom = nullptr;  // of its stack
  std::size_t size = 0;
  uint3 thread{};  // where it waits
};

/// swapcontext enters the kernel of the system each time; once a fibre lives, jumps do.
void switch_fibre(Fibre& from, Fibre& to) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(&from.sanitizer, to.bottom, to.size);
  swapcontext(&from.context, &to.context);
  __sanitizer_finish_switch_fiber(from.sanitizer, nullptr, nullptr);
#else
  from.lives = true;
  if (_setjmp(from.left) != 0) return;
  if (std::exchange(to.lives, true)) _longjmp(to.left, 1);
  setcontext(&to.context);
#endif
}

/// Runs the blocks of one launch.
class Runner {
 public:
  void run(dim3 grid, dim3 block, std::size_t shared, const std::function<void()>& thread);
  void wait();

 private:
  void run_block();
  void start_threads();
  void make_fibre();
  void live(Fibre& fibre);
  static void enter();
  uint3 place(unsigned index, dim3 extent) const;

  const std::function<void()>* thread_ = nullptr;
  Fibre caller_;
  Fibre* current_ = nullptr;
  std::vector<std::unique_ptr<Fibre>> all_;
  std::vector<Fibre*> idle_, waiting_;
  unsigned count_ = 0, next_ = 0, ended_ = 0;
};

thread_local Runner runner;
thread_local bool running = false;
std::atomic<long> kernels_run = 0;
bool reversed_order = false;

uint3 Runner::place(unsigned index, dim3 extent) const {
  if (reversed_order) index = extent.x * extent.y * extent.z - 1 - index;
  return {index % extent.x, index / extent.x % extent.y, index / (extent.x * extent.y)};
}

void Runner::run(dim3 grid, dim3 block, std::size_t shared, const std::function<void()>& thread) {
  require(!running, "a kernel was run from within a kernel");
  running = true;
  thread_ = &thread;
  gridDim = grid, blockDim = block;
  count_ = block.x * block.y * block.z;
  for (unsigned b = 0; b < grid.x * grid.y * grid.z; ++b) {
    blockIdx = place(b, grid);
    std::memset(kubomag_shared_memory, 0xff, shared + shared_guard);
    run_block();
    const unsigned char* end = kubomag_shared_memory + shared;
    require(std::all_of(end, end + shared_guard, [](unsigned char byte) { return byte == 0xff; }),
            "a kernel wrote beyond its dynamic memory");
  }
  running = false;
}

void Runner::run_block() {
  next_ = ended_ = 0;
  start_threads();
  while (!waiting_.empty()) {
    require(ended_ == 0, "a barrier that some threads of the block have ended without");
    std::vector<Fibre*> released;
    released.swap(waiting_);
    for (Fibre* fibre : released) {
      threadIdx = fibre->thread;
      current_ = fibre;
      switch_fibre(caller_, *fibre);
    }
  }
}

/// Each thread of the block to its first barrier or its end.
void Runner::start_threads() {
  while (next_ < count_) {
    if (idle_.empty()) make_fibre();
    current_ = idle_.back();
    idle_.pop_back();
    switch_fibre(caller_, *current_);
  }
}

void Runner::make_fibre() {
  auto fibre = std::make_unique<Fibre>();
  fibre->stack = std::make_unique_for_overwrite<unsigned char[]>(stack_bytes);
  fibre->bottom = fibre->stack.get(), fibre->size = stack_bytes;
  getcontext(&fibre->context);
  fibre->context.uc_stack.ss_sp = fibre->stack.get();
  fibre->context.uc_stack.ss_size = stack_bytes;
  makecontext(&fibre->context, &Runner::enter, 0);
  idle_.push_back(fibre.get());
  all_.push_back(std::move(fibre));
}

void Runner::enter() {
  Fibre& fibre = *runner.current_;
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(nullptr, &runner.caller_.bottom, &runner.caller_.size);
#endif
  runner.live(fibre);
}

/// A fibre's life: thread after thread, for ever.
void Runner::live(Fibre& fibre) {
  for (;;) {
    while (next_ < count_) {
      threadIdx = place(next_++, blockDim);
      (*thread_)();
      ++ended_;
    }
    idle_.push_back(&fibre);
    switch_fibre(fibre, caller_);
  }
}

void Runner::wait() {
  Fibre& fibre = *current_;
  fibre.thread = threadIdx;
  waiting_.push_back(&fibre);
  switch_fibre(fibre, caller_);
}

}  // namespace

void run_grid(dim3 grid, dim3 block, std::size_t shared, const std::function<void()>& thread) {
  ++kernels_run;
  runner.run(grid, block, shared, thread);
}

void barrier() {
  require(running, "a barrier outside a kernel");
  runner.wait();
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "CUDA emulation: %s\n", what);
  std::abort();
}

}  // namespace cuda_emulation

void cuda_emulation_reverse_order(bool reversed) { cuda_emulation::reversed_order = reversed; }

long cuda_emulation_kernels_run() { return cuda_emulation::kernels_run; }
