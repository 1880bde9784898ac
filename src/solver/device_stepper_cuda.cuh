#pragma once
// Adaptive steps that a GPU takes by itself: time, step size, error and acceptance are in its
// memory, and one graph loops over attempted steps until something is left for the host to do. An
// attempt exists twice in the graph, since a step that is taken exchanges the buffers of its two
// ends.
//   loop while(go) { if(side 0) { attempt, settle }  if(side 1) { attempt, settle } }
// Drivers without conditional nodes are given one graph an attempt, and asked after each; where
// graphs are off (backend/cuda_graph.cuh), the passes of an attempt one by one. A film in a gang
// takes its steps with the other members (solver/step_gang_cuda.cuh), where that can be.
#include <array>
#include <functional>
#include <optional>

#include "backend/cuda_graph.cuh"
#include "kernels/rhs.hpp"
#include "solver/device_stepper.hpp"
#include "solver/late_numbers.hpp"
#include "solver/step_gang_cuda.cuh"

namespace kubomag {
template <class Real>
class DeviceStepper<CudaBackend, Real> {
  using Maxima = TwoMaxima<Real>;

 public:
  DeviceStepper(CudaBackend& backend, const Grid& grid)
      : backend_(backend),
        passes_(backend, grid),
        attempt_(backend),
        slope_(backend),
        loop_(backend.make_buffer<StepLoop>(1)),
        seat_(static_cast<StepGang::Seat*>(backend.seat())) {}

  template <class Slope, class Attempt, class Exchange>
  bool record(const Slope& slope, const Attempt& attempt, const Exchange& exchange,
              const StepRule& rule) {
    rule_ = rule;
    slope_.begin_recording(), attempt_.begin_recording();
    passes_of_slope_ = [this, slope] { slope(passes_, slope_.numbers_again()); };
    passes_of_attempt_ = [this, attempt] { attempt(passes_, attempt_.numbers_again()); };
    exchange_ = exchange;
    recorded_.reset();
    in_gang_ = InGang::untried;
    if (backend_.graphs()) {
      if (!capture_both_sides()) return false;
    } else {
      passes_of_slope_();
      passes_of_attempt_();
    }
    return slope_.upload(backend_) && attempt_.upload(backend_);
  }

  void keep_torque() {
    cuda::launch_body(cuda::TorqueBody<Maxima>{passes_.partial(), passes_.count(), loop()},
                      one_block, backend_.stream());
  }

  double slope(const StepState& state, int side) {
    send({{side, false}, state, 0, 0});
    cuda::launch_body(cuda::NumbersBody{loop_.data(), slope_.program()}, one_block,
                      backend_.stream());
    recorded_ ? recorded_->slopes[side].launch(backend_.stream()) : passes_of_slope_();
    return read_back().step.max_torque;
  }

  StepState run(const StepState& state, int side, long steps, double limit) {
    const StepLoop asked{{side, true}, state, state.accepted + steps, limit};
    if (joins_gang(side)) return seat_->run(asked);
    send(asked);
    if (recorded_ && recorded_->conditions.set) {
      recorded_->loop[0].launch(backend_.stream());
      return read_back().step;
    }
    begin({});
    while (read_back().turn.go) attempt(host_.get()->turn.side, side);
    return host_.get()->step;
  }

  std::size_t bytes() const {
    return slope_.bytes() + attempt_.bytes() + passes_.bytes() + sizeof(StepLoop);
  }

 private:
  using StepLoop = cuda::StepLoop;
  inline static const cuda::Shape one_block{1, cuda::block_size};

  /// Numbers, and the program that computes them.
  class Program {
   public:
    explicit Program(const CudaBackend& backend)
        : memory_(backend.make_buffer<double>(number_bytes / sizeof(double))),
          program_(backend.make_buffer<LateProgram>(1)),
          numbers_(memory_.data(), number_bytes) {}
    void begin_recording() { numbers_ = {memory_.data(), number_bytes}; }
    /// For passes that ask for the same numbers again, or for the first time.
    LateNumbers& numbers_again() {
      numbers_.begin_again();
      return numbers_;
    }
    /// False: there is something that the device does not compute.
    bool upload(const CudaBackend& backend) {
      if (!numbers_.complete()) return false;
      what_it_reads_ = LateNumbers::Uploaded<CudaBackend>(backend, numbers_);
      backend.upload(program_, {what_it_reads_.program()});
      return true;
    }
    const LateProgram* program() const { return program_.data(); }
    std::size_t bytes() const { return number_bytes + sizeof(LateProgram); }

   private:
    static constexpr std::size_t number_bytes = 64 * 1024;
    DeviceBuffer<double> memory_;
    DeviceBuffer<LateProgram> program_;
    LateNumbers numbers_;
    LateNumbers::Uploaded<CudaBackend> what_it_reads_;
  };

  /// The loop is one graph that contains the attempts, or they are the graphs.
  struct Recorded {
    std::array<CudaGraph, 2> loop, slopes;
    std::array<cudaGraph_t, 2> attempts;
    cuda::StepConditions conditions{};

    void make_executable() {
      for (auto& graph : slopes) graph.make_executable();
      loop[0].make_executable();
      if (!conditions.set) loop[1].make_executable();
    }
  };

  /// Everything but the attempts themselves.
  void make_loop(Recorded& made) {
    made.attempts = {made.loop[0].get(), made.loop[1].get()};
    if (!cuda::has_conditional_nodes()) return;
    const cudaGraph_t whole = made.loop[0].get();
    auto& conditions = made.conditions;
    conditions = {cuda::condition(whole), {cuda::condition(whole), cuda::condition(whole)}, true};
    cuda::capture(backend_.stream(), whole, [&] { begin(conditions); });
    const auto loop = cuda::add_conditional(whole, cuda::only_node(whole), conditions.loop,
                                            cudaGraphCondTypeWhile);
    const auto first =
        cuda::add_conditional(loop.body, nullptr, conditions.side[0], cudaGraphCondTypeIf);
    const auto second =
        cuda::add_conditional(loop.body, first.node, conditions.side[1], cudaGraphCondTypeIf);
    made.attempts = {first.body, second.body};
  }

  /// False: something in an attempt cannot be captured.
  bool capture_both_sides() {
    int side = 0;
    try {
      Recorded made;
      make_loop(made);
      for (; side < 2; ++side) {
        cuda::capture(backend_.stream(), made.slopes[side].get(), passes_of_slope_);
        cuda::capture(backend_.stream(), made.attempts[side], [&] {
          passes_of_attempt_();
          settle(made.conditions);
        });
        exchange_();
      }
      made.make_executable();
      recorded_ = std::move(made);
      return true;
    } catch (const DeviceError&) {
      if (side == 1) exchange_();
      return false;
    }
  }

  /// An attempt from m on `side`, with the buffers as they are on the side `now`.
  void attempt(int side, int now) {
    if (recorded_) return recorded_->loop[side].launch(backend_.stream());
    if (side != now) exchange_();
    passes_of_attempt_();
    settle({});
    if (side != now) exchange_();
  }

  cuda::BeginBody begin_body(const cuda::StepConditions& conditions) {
    return {loop(), rule_, attempt_.program(), conditions};
  }
  void begin(const cuda::StepConditions& conditions) {
    cuda::launch_body(begin_body(conditions), one_block, backend_.stream());
  }
  void settle(const cuda::StepConditions& conditions) {
    using Body = cuda::SettleBody<Maxima>;
    cuda::launch_body(Body{passes_.partial(), passes_.count(), begin_body(conditions)}, one_block,
                      backend_.stream());
  }

  /// Where the passes that are launched or recorded now find how things stand.
  StepLoop* loop() { return cuda::recorded_launches != nullptr ? seat_->loop() : loop_.data(); }

  /// Whether the steps are taken with a gang; if so, its device finds all that was left to do done.
  bool joins_gang(int side) {
    if (seat_ == nullptr) return false;
    if (in_gang_ == InGang::untried) in_gang_ = offer(side) ? InGang::yes : InGang::no;
    if (in_gang_ == InGang::yes)
      KUBOMAG_CUDA(cudaStreamSynchronize(backend_.stream()));
    else
      seat_->stay_out();
    return in_gang_ == InGang::yes;
  }

  /// Gives the gang what an attempt launches from either side. False: not all of it can be shared,
  /// or the others launch something else.
  bool offer(int side) {
    std::array<cuda::GangLaunches, 2> launches;
    int exchanged = 0;
    try {
      for (const int from : {side, 1 - side}) {
        {
          const cuda::GangRecording recording(launches[from]);
          begin({});
          passes_of_attempt_();
          settle({});
        }
        exchange_(), ++exchanged;
      }
      return seat_->take(launches);
    } catch (const DeviceError&) {
      if (exchanged == 1) exchange_();
      return false;
    }
  }

  void send(const StepLoop& loop) {
    *host_.get() = loop;
    copy(loop_.data(), host_.get(), cudaMemcpyHostToDevice);
  }
  const StepLoop& read_back() {
    copy(host_.get(), loop_.data(), cudaMemcpyDeviceToHost);
    KUBOMAG_CUDA(cudaStreamSynchronize(backend_.stream()));
    return *host_.get();
  }
  void copy(StepLoop* to, const StepLoop* from, cudaMemcpyKind kind) {
    KUBOMAG_CUDA(cudaMemcpyAsync(to, from, sizeof(StepLoop), kind, backend_.stream()));
  }

  CudaBackend& backend_;
  CudaBackend::BlockMaxima<Maxima> passes_;
  StepRule rule_;
  Program attempt_, slope_;
  std::function<void()> passes_of_slope_, passes_of_attempt_, exchange_;
  DeviceBuffer<StepLoop> loop_;
  PinnedObject<StepLoop> host_;
  StepGang::Seat* seat_;  // the backend's; null: the film is alone
  enum class InGang { untried, yes, no } in_gang_ = InGang::untried;
  std::optional<Recorded> recorded_;  // not set: graphs are off
};

}  // namespace kubomag
