#pragma once
// Films that take their steps in the launches of one (docs/decisions/011-replicas-on-a-gpu.md).
// What an attempt of each member launches is recorded (backend/cuda_gang.cuh); one graph,
//   while (any goes on) { the attempt's kernels for all members whose turn it is }
// serves all who launch the same kernels, a pattern. Each member has an engine and a thread of its
// own: a turn of a pattern begins when all of it who have entered wait for one, and ends when each
// has the steps that it asked for, or is left to its host. Whoever has no companion goes alone.
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
        turn_(1),
        loops_(places_.size()),
        bodies_(places_.size() * bytes_of_member) {}

  class Seat;
  /// A free place, as long as the seat lives; null: there is none.
  static std::shared_ptr<Seat> sit(const std::shared_ptr<StepGang>& gang);

  /// On the device.
  static std::size_t bytes(int places) {
    return static_cast<std::size_t>(places) * (bytes_of_member + sizeof(StepLoop)) + 768;
  }

 private:
  using StepLoop = cuda::StepLoop;
  using Launches = std::array<cuda::GangLaunches, 2>;

  /// What some members launch.
  struct Pattern {
    std::vector<cuda::GangLaunches::Launch> launches;
    std::optional<CudaGraph> graph{};   // made when first needed,
    cudaGraphConditionalHandle loop{};  // and what decides over its loop
  };
  struct Place {
    bool taken = false;
    bool entered = false;  // its film is being driven,
    bool by_gang = true;   // not by itself or by the host
    bool waits = false;
    std::shared_ptr<Pattern> pattern;  // null: nobody knows, or it cannot be shared
    std::exception_ptr error;
  };
  struct HostSide {
    cuda::GangTurn turn;
    std::array<StepLoop, most_places> of;
  };

  int count() const { return static_cast<int>(places_.size()); }

  bool take(std::size_t place, const Launches& sides) {
    const std::lock_guard lock(mutex_);
    const std::size_t size = sides[0].bodies().size();
    const bool fits = sides[1].launches() == sides[0].launches() && 2 * size <= bytes_of_member;
    for (std::size_t side = 0; fits && side < 2; ++side)
      copy(bodies_.data() + place * bytes_of_member + side * bytes_of_member / 2,
           sides[side].bodies().data(), size, cudaMemcpyHostToDevice);
    KUBOMAG_CUDA(cudaStreamSynchronize(stream_.get()));
    places_[place].pattern = fits ? pattern_of(sides[0].launches()) : nullptr;
    changed_.notify_all();
    return fits;
  }

  std::shared_ptr<Pattern> pattern_of(const std::vector<cuda::GangLaunches::Launch>& launches) {
    for (const Place& place : places_)
      if (place.pattern && place.pattern->launches == launches) return place.pattern;
    return std::make_shared<Pattern>(Pattern{launches});
  }

  std::optional<RunState> run(std::size_t place, const StepLoop& asked) {
    std::unique_lock lock(mutex_);
    Place& mine = places_[place];
    mine.waits = mine.by_gang = true;
    host_.get()->of[place] = asked;
    changed_.wait(lock, [&] { return !mine.waits || all_wait(*mine.pattern); });
    if (mine.waits) {
      if (!has_companion(mine)) {
        mine.waits = mine.by_gang = false;
        changed_.notify_all();
        return {};
      }
      take_turn(*mine.pattern);
    }
    if (mine.error) std::rethrow_exception(mine.error);
    return host_.get()->of[place].step;
  }

  /// Whether nobody is on the way to a turn of the pattern. What a member launches may be known
  /// only when it comes.
  bool all_wait(const Pattern& pattern) const {
    return std::all_of(places_.begin(), places_.end(), [&](const Place& p) {
      return !p.entered || !p.by_gang || p.waits || (p.pattern && p.pattern.get() != &pattern);
    });
  }
  /// Whether another film that is being driven launches the same.
  bool has_companion(const Place& mine) const {
    return std::any_of(places_.begin(), places_.end(), [&](const Place& p) {
      return &p != &mine && p.entered && p.pattern == mine.pattern;
    });
  }

  static bool waits_for(const Place& place, const Pattern& pattern) {
    return place.waits && place.pattern.get() == &pattern;
  }

  /// For all of the pattern who wait.
  void take_turn(Pattern& pattern) {
    std::exception_ptr error;
    try {
      KUBOMAG_CUDA(cudaSetDevice(device_));
      run_all(pattern);
    } catch (...) {
      error = std::current_exception();
    }
    for (Place& place : places_)
      if (waits_for(place, pattern)) place.waits = false, place.error = error;
    changed_.notify_all();
  }

  void run_all(Pattern& pattern) {
    HostSide& host = *host_.get();
    if (graphs_ && !pattern.graph) record(pattern);
    host.turn = {0, pattern.graph.has_value(), pattern.loop};
    for (std::size_t i = 0; i < places_.size(); ++i) {
      host.of[i].turn.go = waits_for(places_[i], pattern);
      host.turn.running += host.of[i].turn.go ? 1 : 0;
    }
    copy(turn_.data(), &host.turn, sizeof(host.turn), cudaMemcpyHostToDevice);
    copy(loops_.data(), &host.of, loops_.size() * sizeof(StepLoop), cudaMemcpyHostToDevice);
    if (pattern.graph) {
      pattern.graph->launch(stream_.get());
      return read_back();
    }
    launch(pattern, 0, 1);
    for (read_back(); any_goes_on(); read_back()) launch(pattern, 1, pattern.launches.size());
  }

  /// The launches [first, end) of the pattern: 0 begins, the others are an attempt.
  void launch(const Pattern& pattern, std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) {
      const auto& kernel = pattern.launches[i];
      const cuda::GangView view{bodies_.data() + kernel.body,
                                reinterpret_cast<const unsigned char*>(&loops_.data()->turn),
                                bytes_of_member,
                                bytes_of_member / 2,
                                sizeof(StepLoop),
                                count()};
      kernel.make(kernel.shape, stream_.get(), view);
    }
  }

  /// The pattern's graph, where the driver takes graphs.
  void record(Pattern& pattern) {
    try {
      CudaGraph made;
      pattern.loop = cuda::condition(made.get(), true);
      cuda::capture(stream_.get(), made.get(), [&] { launch(pattern, 0, 1); });
      const auto loop = cuda::add_conditional(made.get(), cuda::only_node(made.get()), pattern.loop,
                                              cudaGraphCondTypeWhile);
      cuda::capture(stream_.get(), loop.body, [&] { launch(pattern, 1, pattern.launches.size()); });
      made.make_executable();
      pattern.graph = std::move(made);
    } catch (const DeviceError&) {
      graphs_ = false;
    }
  }

  bool any_goes_on() {
    const auto& loops = host_.get()->of;
    return std::any_of(loops.begin(), loops.begin() + count(),
                       [](const StepLoop& loop) { return loop.turn.go; });
  }
  void read_back() {
    copy(&host_.get()->of, loops_.data(), loops_.size() * sizeof(StepLoop), cudaMemcpyDeviceToHost);
    KUBOMAG_CUDA(cudaStreamSynchronize(stream_.get()));
  }
  void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    KUBOMAG_CUDA(cudaMemcpyAsync(to, from, bytes, kind, stream_.get()));
  }

  int device_;
  bool graphs_ = cuda::graphs_wanted() && cuda::has_conditional_nodes();
  CudaStream stream_;
  std::vector<Place> places_;
  DeviceBuffer<cuda::GangTurn> turn_;
  DeviceBuffer<StepLoop> loops_;
  DeviceBuffer<unsigned char> bodies_;
  PinnedObject<HostSide> host_;
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

  /// Where the member's loop is on the device, and what all share of a turn.
  cuda::StepLoop* loop() { return gang_->loops_.data() + place_; }
  cuda::GangTurn* turn() { return gang_->turn_.data(); }
  /// What the member launches, for either side, from now on: first what begins, then an attempt.
  /// False: it cannot be shared.
  bool take(const Launches& sides) { return gang_->take(place_, sides); }
  /// A turn with all others who launch the same. Nothing: there is none, the film is to take its
  /// steps by itself. `take` must have been true; nothing of the member may be under way.
  std::optional<RunState> run(const cuda::StepLoop& asked) { return gang_->run(place_, asked); }

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
