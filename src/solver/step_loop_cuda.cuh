#pragma once
// What a GPU does between the passes of the steps that it takes by itself: it settles an attempt,
// and computes the numbers of the next one. Each is one block of block_size threads for a film.
#include "backend/cuda_backend.cuh"
#include "solver/late_program.hpp"
#include "solver/step_state.hpp"

namespace kubomag::cuda {

/// What the loop knows. turn.side: which buffers m is in; turn.go: an attempt is to be made.
struct StepLoop {
  Turn turn;
  StepState step;
  long most = 0;     // steps to take, counted by step.accepted
  double limit = 0;  // no step ends here or later [s]
};

/// What decides over the nodes of the graph; not set: there are none.
struct StepConditions {
  cudaGraphConditionalHandle loop, side[2];
  bool set;
};

__device__ inline void begin_or_end(StepLoop& loop, const StepRule& rule,
                                    const StepConditions& conditions) {
  bool go = !loop.step.failed && loop.step.accepted < loop.most && loop.step.t < loop.step.stop;
  if (go) {
    begin_attempt(loop.step, rule);
    go = loop.step.end < loop.limit;
  }
  loop.turn.go = go;
  if (!conditions.set) return;
  cudaGraphSetConditional(conditions.loop, go);
  for (int side = 0; side < 2; ++side)
    cudaGraphSetConditional(conditions.side[side], go && loop.turn.side == side);
}

/// All threads of the block: the numbers of the attempt that begins.
__device__ inline void run_program(const LateProgram& program, const StepLoop& loop) {
  __syncthreads();
  if (loop.turn.go)
    for (int i = threadIdx.x; i < program.count; i += block_size) program.run(i, loop.step);
}

struct BeginBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  StepLoop* loop;
  StepRule rule;
  const LateProgram* program;
  StepConditions conditions;

  __device__ void operator()() const {
    __syncthreads();  // in a gang all threads have read whether it is the film's turn
    if (threadIdx.x == 0) begin_or_end(*loop, rule, conditions);
    run_program(*program, *loop);
  }
};

/// The numbers of the first slope.
struct NumbersBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  const StepLoop* loop;
  const LateProgram* program;

  __device__ void operator()() const {
    for (int i = threadIdx.x; i < program->count; i += block_size) program->run(i, loop->step);
  }
};

/// Largest |dm/dt| / gamma where an attempt begins.
template <class Maxima>
struct TorqueBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  const Maxima* blocks;
  int count;
  StepLoop* loop;

  __device__ void operator()() const {
    const Maxima largest = largest_of_blocks(blocks, count);
    if (threadIdx.x == 0) loop->step.max_torque = attempt_result(largest).max_torque;
  }
};

/// The end of an attempt, and the beginning of the next.
template <class Maxima>
struct SettleBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  const Maxima* blocks;
  int count;
  BeginBody next;

  __device__ void operator()() const {
    StepLoop& loop = *next.loop;
    const Maxima largest = largest_of_blocks(blocks, count);
    if (threadIdx.x == 0) {
      if (settle_attempt(loop.step, next.rule, attempt_result(largest)))
        loop.turn.side = 1 - loop.turn.side;
      begin_or_end(loop, next.rule, next.conditions);
    }
    run_program(*next.program, loop);
  }
};

/// Whether any of `count` loops goes on, for the gang's graph. A single thread block.
struct GoesOnBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  const StepLoop* loops;
  int count;
  cudaGraphConditionalHandle handle;

  struct Either {
    __device__ int operator()(int a, int b) const { return a | b; }
  };
  __device__ void operator()() const {
    using Reduce = cub::BlockReduce<int, block_size>;
    __shared__ typename Reduce::TempStorage storage;
    int any = 0;
    for (int i = threadIdx.x; i < count; i += block_size) any |= loops[i].turn.go ? 1 : 0;
    any = Reduce(storage).Reduce(any, Either{});
    if (threadIdx.x == 0) cudaGraphSetConditional(handle, static_cast<unsigned>(any));
  }
};

}  // namespace kubomag::cuda
