#pragma once
// Adaptive steps that a GPU takes by itself: time, step size, error and acceptance are in its
// memory, and one graph loops over attempted steps until something is left for the host to do. An
// attempt exists twice in the graph, since a step that is taken exchanges the buffers of its two
// ends.
//   loop while(go) { if(side 0) { attempt }  if(side 1) { attempt } }
// Drivers without conditional nodes are given one graph an attempt, and asked after each; where
// graphs are off (backend/cuda_graph.cuh), the passes of an attempt one by one. A film in a gang
// takes its steps with the other members (solver/step_gang_cuda.cuh), where that can be, and makes
// graphs of its own when it first has to go alone.
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
  using BlockMaxima = CudaBackend::BlockMaxima<Maxima>;

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
    std::array<cuda::GangLaunches, 2> launches;
    const bool sharable = seat_ != nullptr && record_launches(launches);
    if (!sharable && !record_alone()) return false;
    in_gang_ = false;
    if (!slope_.upload(backend_) || !attempt_.upload(backend_)) return false;
    in_gang_ = sharable && seat_->take(launches);
    return true;
  }

  void keep_torque() {
    cuda::launch_body(cuda::TorqueBody<Maxima>{passes_.partial(), passes_.count(), loop()},
                      cuda::one_block, backend_.stream());
  }
  /// The passes of an attempt: the last block of the last of them settles it.
  class Settling {
   public:
    Settling(BlockMaxima& passes, const cuda::AfterMaxima<Maxima>& settle)
        : passes_(passes), settle_(settle) {}
    template <class Stencil, class F>
    void cells(const F& pass) {
      passes_.template cells<Stencil>(pass);
    }
    template <class Stencil, class M, class F>
    M max(const F& pass) {
      return passes_.template last_max<Stencil, M>(pass, settle_);
    }

   private:
    BlockMaxima& passes_;
    cuda::AfterMaxima<Maxima> settle_;
  };
  Settling settling() { return {passes_, {passes_.partial(), passes_.count(), begin_body()}}; }

  double slope(const RunState& state, int side) {
    send({{side, false}, state, 0, 0});
    const cuda::NumbersBody numbers{loop_.data(), slope_.program()};
    cuda::launch(cuda::body_kernel<cuda::NumbersBody>, cuda::one_block, backend_.stream(), numbers);
    recorded_ ? recorded_->slopes[side].launch(backend_.stream()) : passes_of_slope_();
    return read_back().step.max_torque;
  }

  RunState run(const RunState& state, int side, long steps, double limit) {
    const StepLoop asked{{side, true}, state, state.accepted + steps, limit};
    if (const auto with_gang = turn(asked)) return *with_gang;
    if (backend_.graphs() && !recorded_) capture_both_sides(side);
    send(asked);
    if (recorded_ && recorded_->conditions.set) {
      recorded_->loop[0].launch(backend_.stream());
      return read_back().step;
    }
    begin();
    while (read_back().turn.go) attempt(host_.get()->turn.side, side);
    return host_.get()->step;
  }

  std::size_t bytes() const {
    return slope_.bytes() + attempt_.bytes() + passes_.bytes() + sizeof(StepLoop);
  }

 private:
  using StepLoop = cuda::StepLoop;

  /// Numbers, and the program that computes them.
  class Program {
   public:
    explicit Program(const CudaBackend& backend)
        : memory_(backend.make_buffer<double>(number_bytes / sizeof(double))),
          program_(backend.make_buffer<LateProgram>(1)),
          numbers_(memory_.data(), number_bytes) {}
    void begin_recording() { numbers_ = {memory_.data(), number_bytes}; }
    /// Numbers of which no pass makes anything.
    void clear(const CudaBackend& backend) {
      backend.upload(memory_, std::vector<double>(memory_.size()));
    }
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

  /// Where no gang can share the launches. False: something in an attempt cannot be captured.
  bool record_alone() {
    if (backend_.graphs()) return capture_both_sides(0);
    slope_.clear(backend_), attempt_.clear(backend_);
    passes_of_slope_();  // for the numbers that they need
    passes_of_attempt_();
    return true;
  }

  /// Everything but the attempts themselves.
  void make_loop(Recorded& made) {
    made.attempts = {made.loop[0].get(), made.loop[1].get()};
    if (!cuda::has_conditional_nodes()) return;
    const cudaGraph_t whole = made.loop[0].get();
    auto& conditions = made.conditions;
    conditions.loop = cuda::condition(whole), conditions.set = true;
    for (auto& side : conditions.side) side = cuda::condition(whole);
    conditions_ = conditions;
    cuda::capture(backend_.stream(), whole, [&] { begin(); });
    const auto loop = cuda::add_conditional(whole, cuda::only_node(whole), conditions.loop,
                                            cudaGraphCondTypeWhile);
    const auto first =
        cuda::add_conditional(loop.body, nullptr, conditions.side[0], cudaGraphCondTypeIf);
    const auto second =
        cuda::add_conditional(loop.body, first.node, conditions.side[1], cudaGraphCondTypeIf);
    made.attempts = {first.body, second.body};
  }

  /// False: something in an attempt cannot be captured. The buffers are as they are on side `now`.
  bool capture_both_sides(int now) {
    bool captured = false;
    try {
      Recorded made;
      make_loop(made);
      captured = on_both_sides(now, [&](int side) {
        cuda::capture(backend_.stream(), made.slopes[side].get(), passes_of_slope_);
        cuda::capture(backend_.stream(), made.attempts[side], passes_of_attempt_);
      });
      if (captured) made.make_executable(), recorded_ = std::move(made);
    } catch (const DeviceError&) {
      captured = false;
    }
    conditions_ = {};
    return captured;
  }

  /// What the gang is to launch for the film. False: not all of it can be shared.
  bool record_launches(std::array<cuda::GangLaunches, 2>& launches) {
    const auto into = [](cuda::GangLaunches& to, const auto& passes) {
      const cuda::GangRecording recording(to);
      passes();
    };
    conditions_.gang = seat_->turn();
    const bool recorded = on_both_sides(0, [&](int side) {
      cuda::GangLaunches of_slope;  // the film's own affair: its numbers are wanted
      into(of_slope, passes_of_slope_);
      into(launches[side], [this] { begin(), passes_of_attempt_(); });
    });
    conditions_ = {};
    return recorded;
  }

  /// use(side) for both, with the buffers as they are there; they are as on the side `now`, again
  /// when it returns. False: it threw DeviceError.
  template <class Use>
  bool on_both_sides(int now, const Use& use) {
    bool exchanged = false;
    try {
      use(now);
      exchange_(), exchanged = true;
      use(1 - now);
      exchange_();
      return true;
    } catch (const DeviceError&) {
      if (exchanged) exchange_();
      return false;
    }
  }

  /// An attempt from m on `side`, with the buffers as they are on the side `now`.
  void attempt(int side, int now) {
    if (recorded_) return recorded_->loop[side].launch(backend_.stream());
    if (side != now) exchange_();
    passes_of_attempt_();
    if (side != now) exchange_();
  }

  cuda::BeginBody begin_body() { return {loop(), rule_, attempt_.program(), conditions_}; }
  void begin() { cuda::launch_body(begin_body(), cuda::one_block, backend_.stream()); }

  /// Where the passes that are launched or recorded now find how things stand.
  StepLoop* loop() { return cuda::recorded_launches != nullptr ? seat_->loop() : loop_.data(); }

  /// The steps in turns with a gang, whose device finds all that was left to do done. Nothing: the
  /// film takes them alone.
  std::optional<RunState> turn(const StepLoop& asked) {
    if (in_gang_) {
      KUBOMAG_CUDA(cudaStreamSynchronize(backend_.stream()));
      return seat_->run(asked);
    }
    if (seat_ != nullptr) seat_->stay_out();
    return {};
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
  BlockMaxima passes_;
  StepRule rule_;
  Program attempt_, slope_;
  std::function<void()> passes_of_slope_, passes_of_attempt_, exchange_;
  DeviceBuffer<StepLoop> loop_;
  PinnedObject<StepLoop> host_;
  StepGang::Seat* seat_;               // the backend's; null: the film is alone
  bool in_gang_ = false;               // the gang has what an attempt launches
  std::optional<Recorded> recorded_;   // not set: graphs are off, or were not needed yet
  cuda::StepConditions conditions_{};  // of what is captured or recorded now
};

}  // namespace kubomag
