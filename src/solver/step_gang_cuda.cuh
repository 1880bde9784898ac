#pragma once
// Films that take their steps in the launches of one (docs/decisions/011-replicas-on-a-gpu.md).
// What an attempt of each member launches is recorded (backend/cuda_gang.cuh); one graph,
//   while (any goes on) { the attempt's kernels for all members whose turn it is }
// serves them all, as long as they launch the same kernels. Each member has an engine and a thread
// of its own: a turn begins when all who have entered wait for one, and ends when each has the
// steps that it asked for, or is left to its host.
#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "backend/cuda_graph.cuh"
#include "solver/step_loop_cuda.cuh"

namespace kubomag {

class StepGang {
 public:
  static constexpr int most_places = 256;
  /// What the bodies of a member may take on the device.
  static constexpr std::size_t bytes_of_member = 128 * 1024;

  StepGang(int device, int places)
      : device_(device),
        places_(static_cast<std::size_t>(std::clamp(places, 1, most_places))),
        loops_(places_.size()),
        bodies_(places_.size() * bytes_of_member) {}

  class Seat;
  /// A free place, as long as the seat lives; null: there is none.
  static std::shared_ptr<Seat> sit(const std::shared_ptr<StepGang>& gang);

  /// On the device.
  static std::size_t bytes(int places) {
    return static_cast<std::size_t>(places) * (bytes_of_member + sizeof(StepLoop)) + 512;
  }

 private:
  using StepLoop = cuda::StepLoop;
  using Launches = std::array<cuda::GangLaunches, 2>;

  struct Place {
    bool taken = false, fits = false;
    bool entered = false;  // its film is being driven,
    bool by_gang = true;   // not by the host
    bool waits = false;
    std::exception_ptr error;
  };
  struct HostLoops {
    std::array<StepLoop, most_places> of;
  };

  int count() const { return static_cast<int>(places_.size()); }

  bool take(std::size_t place, const Launches& sides) {
    const std::lock_guard lock(mutex_);
    places_[place].fits = false;
    const auto& launches = sides[0].launches();
    const std::size_t size = sides[0].bodies().size();
    if (sides[1].launches() != launches || 2 * size > bytes_of_member) return false;
    if (pattern_ != launches) {
      for (const Place& other : places_)
        if (other.fits) return false;
      pattern_ = launches;
      graph_.reset();
    }
    for (std::size_t side = 0; side < 2; ++side)
      copy(bodies_.data() + place * bytes_of_member + side * bytes_of_member / 2,
           sides[side].bodies().data(), size, cudaMemcpyHostToDevice);
    KUBOMAG_CUDA(cudaStreamSynchronize(stream_.get()));
    return places_[place].fits = true;
  }

  StepState run(std::size_t place, const StepLoop& asked) {
    std::unique_lock lock(mutex_);
    Place& mine = places_[place];
    mine.waits = mine.by_gang = true;
    host_.get()->of[place] = asked;
    changed_.wait(lock, [&] { return !mine.waits || all_wait(); });
    if (mine.waits) take_turn();
    if (mine.error) std::rethrow_exception(mine.error);
    return host_.get()->of[place].step;
  }

  bool all_wait() const {
    return std::all_of(places_.begin(), places_.end(),
                       [](const Place& p) { return !p.entered || !p.by_gang || p.waits; });
  }

  /// For all who wait.
  void take_turn() {
    std::exception_ptr error;
    try {
      KUBOMAG_CUDA(cudaSetDevice(device_));
      run_all();
    } catch (...) {
      error = std::current_exception();
    }
    for (Place& place : places_)
      if (place.waits) place.waits = false, place.error = error;
    changed_.notify_all();
  }

  void run_all() {
    for (std::size_t i = 0; i < places_.size(); ++i) host_.get()->of[i].turn.go = places_[i].waits;
    copy(loops_.data(), host_.get(), loops_.size() * sizeof(StepLoop), cudaMemcpyHostToDevice);
    launch(0, 1);
    if (graphs_) {
      if (!graph_) graph_ = recorded();
      graph_->launch(stream_.get());
      read_back();
    } else {
      for (read_back(); any_goes_on(); read_back()) launch(1, pattern_.size());
    }
  }

  /// The launches [first, end) of the pattern: 0 begins, the others are an attempt.
  void launch(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) {
      const cuda::GangView view{bodies_.data() + pattern_[i].body,
                                reinterpret_cast<const unsigned char*>(&loops_.data()->turn),
                                bytes_of_member,
                                bytes_of_member / 2,
                                sizeof(StepLoop),
                                count()};
      pattern_[i].make(pattern_[i].shape, stream_.get(), view);
    }
  }

  CudaGraph recorded() {
    CudaGraph made;
    const auto handle = cuda::condition(made.get());
    const auto decide = [&] {
      cuda::launch(cuda::body_kernel<cuda::GoesOnBody>, {1, cuda::block_size}, stream_.get(),
                   cuda::GoesOnBody{loops_.data(), count(), handle});
    };
    cuda::capture(stream_.get(), made.get(), decide);
    const auto loop = cuda::add_conditional(made.get(), cuda::only_node(made.get()), handle,
                                            cudaGraphCondTypeWhile);
    cuda::capture(stream_.get(), loop.body, [&] {
      launch(1, pattern_.size());
      decide();
    });
    made.make_executable();
    return made;
  }

  bool any_goes_on() {
    const auto& loops = host_.get()->of;
    return std::any_of(loops.begin(), loops.begin() + count(),
                       [](const StepLoop& loop) { return loop.turn.go; });
  }
  void read_back() {
    copy(host_.get(), loops_.data(), loops_.size() * sizeof(StepLoop), cudaMemcpyDeviceToHost);
    KUBOMAG_CUDA(cudaStreamSynchronize(stream_.get()));
  }
  void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    KUBOMAG_CUDA(cudaMemcpyAsync(to, from, bytes, kind, stream_.get()));
  }

  int device_;
  bool graphs_ = cuda::graphs_wanted() && cuda::has_conditional_nodes();
  CudaStream stream_;
  std::vector<Place> places_;
  DeviceBuffer<StepLoop> loops_;
  DeviceBuffer<unsigned char> bodies_;
  PinnedObject<HostLoops> host_;
  std::vector<cuda::GangLaunches::Launch> pattern_;  // of all who fit
  std::optional<CudaGraph> graph_;                   // of the pattern, made when first needed
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// One member's place; all of it may be called by that member's thread while others wait.
class StepGang::Seat final : public GangSeat {
 public:
  Seat(std::shared_ptr<StepGang> gang, std::size_t place) : gang_(std::move(gang)), place_(place) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() override {
    change([](Place& place) { place = {}; });
  }

  /// From `enter` to `leave` turns wait for this member, but while the host drives it.
  void enter() {
    change([](Place& place) { place.entered = true; });
  }
  void leave() {
    change([](Place& place) { place.entered = false; });
  }
  void stay_out() override {
    change([](Place& place) { place.by_gang = false; });
  }

  /// Where the member's loop is on the device.
  cuda::StepLoop* loop() { return gang_->loops_.data() + place_; }
  /// What the member launches, for either side, from now on: first what begins, then an attempt.
  /// False: the others launch something else.
  bool take(const Launches& sides) { return gang_->take(place_, sides); }
  /// A turn, of all who wait. `take` must have been true; nothing of the member may be under way.
  StepState run(const cuda::StepLoop& asked) { return gang_->run(place_, asked); }

 private:
  template <class Change>
  void change(const Change& change) {
    const std::lock_guard lock(gang_->mutex_);
    change(gang_->places_[place_]);
    gang_->changed_.notify_all();
  }

  std::shared_ptr<StepGang> gang_;
  std::size_t place_;
};

inline std::shared_ptr<StepGang::Seat> StepGang::sit(const std::shared_ptr<StepGang>& gang) {
  const std::lock_guard lock(gang->mutex_);
  for (std::size_t i = 0; i < gang->places_.size(); ++i)
    if (!std::exchange(gang->places_[i].taken, true)) return std::make_shared<Seat>(gang, i);
  return nullptr;
}

}  // namespace kubomag
