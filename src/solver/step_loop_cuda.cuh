#pragma once
// What a GPU does beside the passes of the steps that it takes by itself: the last block of an
// attempt's last pass settles it and computes the numbers of the next one; single blocks begin. All
// are blocks of block_size threads.
#include "backend/cuda_backend.cuh"
#include "kernels/called.hpp"
#include "solver/late_program.hpp"
#include "solver/run_state.hpp"

namespace kubomag::cuda {

/// What the loop knows. turn.side: which buffers m is in; turn.go: an attempt is to be made.
struct StepLoop {
  Turn turn;
  RunState step;
  long most = 0;         // steps to take, counted by step.accepted
  double limit = 0;      // no step ends here or later [s]
  unsigned arrived = 0;  // blocks of the last pass that are done
};

/// What the members of a gang's turn share.
struct GangTurn {
  unsigned running;                 // members that go on
  bool graph;                       // whether a graph loops, and
  cudaGraphConditionalHandle loop;  // what decides over that
};

/// What decides over the nodes of the graph; not set: there are none. `gang`: null without one.
struct StepConditions {
  cudaGraphConditionalHandle loop, side[2];
  bool set;
  GangTurn* gang;
};

/// Where there is nothing left to do. The last member ends the gang's loop.
__device__ inline void leave(GangTurn& gang) {
  if (atomicSub(&gang.running, 1u) == 1 && gang.graph) cudaGraphSetConditional(gang.loop, 0);
}

__device__ inline void begin_or_end(StepLoop& loop, const StepRule& rule,
                                    const StepConditions& conditions) {
  bool go = !loop.step.failed && loop.step.accepted < loop.most && loop.step.t < loop.step.stop;
  if (go) {
    begin_attempt(loop.step, rule);
    go = loop.step.end < loop.limit &&
         (loop.step.path.room == 0 || loop.step.path.cover(loop.step.h));
  }
  loop.turn.go = go;
  if (!go && conditions.gang != nullptr) leave(*conditions.gang);
  if (!conditions.set) return;
  cudaGraphSetConditional(conditions.loop, go);
  for (int side = 0; side < 2; ++side)
    cudaGraphSetConditional(conditions.side[side], go && loop.turn.side == side);
}

/// All threads of the block: the numbers of the attempt that begins.
__device__ inline void run_program(const LateProgram& program, const StepLoop& loop) {
  __syncthreads();
  if (loop.turn.go)
    for (int i = thread_of_block(); i < program.count; i += block_size) program.run(i, loop.step);
}

struct BeginBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  StepLoop* loop;
  StepRule rule;
  const LateProgram* program;
  StepConditions conditions;

  __device__ void operator()() const {
    __syncthreads();  // in a gang all threads have read whether it is the film's turn
    if (thread_of_block() == 0) begin_or_end(*loop, rule, conditions);
    run_program(*program, *loop);
  }
};

/// The numbers of the first slope.
struct NumbersBody {
  static constexpr int most_threads = block_size, least_blocks = 1;
  const StepLoop* loop;
  const LateProgram* program;

  __device__ void operator()() const {
    for (int i = thread_of_block(); i < program->count; i += block_size)
      program->run(i, loop->step);
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
    if (thread_of_block() == 0) loop->step.max_torque = attempt_result(largest).max_torque;
  }
};

/// For the last pass of an attempt: its end, and the beginning of the next. Where there is no loop
/// the maxima are all that is wanted.
template <class Maxima>
struct AfterMaxima {
  const Maxima* blocks = nullptr;
  int count = 0;
  BeginBody next{};

  /// By all threads of a block that has left its maxima.
  __device__ KUBOMAG_NOT_INLINE void operator()() const {
    if (next.loop == nullptr || !is_last_block(next.loop->arrived)) return;
    StepLoop& loop = *next.loop;
    const Maxima largest = largest_of_blocks(blocks, count);
    if (thread_of_block() == 0) {
      if (settle_attempt(loop.step, next.rule, attempt_result(largest))) {
        loop.turn.side = 1 - loop.turn.side;
        loop.step.path.pass();
      }
      begin_or_end(loop, next.rule, next.conditions);
    }
    run_program(*next.program, loop);
  }
};

}  // namespace kubomag::cuda
