#include "cli/sweep_workers.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace kubomag::cli {

SweepWorkers::SweepWorkers(const io::SweepConfig& sweep, const io::RunConfig& first,
                           const DeviceChoice& choice)
    : sweep_(sweep), choice_(choice) {
  const bool cpu =
      choice.device == "cpu" || (choice.device == "auto" && !find_devices().cuda_available);
  if (!cpu) return;
  const int threads = choice.threads > 0
                          ? choice.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  count_ =
      static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(threads), sweep.points()));
  choice_.threads = threads / count_;
  constexpr std::size_t most = 64;  // cells at a time: a few blocks, so that an end comes soon
  const std::size_t share = sweep.points() / static_cast<std::size_t>(4 * count_);
  if (shares_registers(first, choice)) together_ = std::clamp<std::size_t>(share, 1, most);
}

void SweepWorkers::run(const std::function<bool(std::size_t point)>& skip,
                       const std::function<void(const PointResult&)>& take,
                       const std::function<bool()>& go_on) const {
  std::mutex mutex;
  std::size_t next = 0;
  std::exception_ptr error;
  std::atomic<bool> stopped = false;
  const auto ask = [&] { return !stopped && go_on(); };
  const auto work = [&] {
    for (;;) {
      std::vector<std::size_t> points;
      {
        const std::lock_guard lock(mutex);
        for (; points.size() < together_ && next < sweep_.points(); ++next)
          if (!skip(next)) points.push_back(next);
        if (points.empty() || !ask()) return;
      }
      const std::vector<PointResult> results = run_points(sweep_, points, choice_, ask);
      const std::lock_guard lock(mutex);
      try {
        for (const PointResult& result : results)
          if (!error) take(result);
      } catch (...) {
        error = std::current_exception();
        stopped = true;
      }
    }
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < count_; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace kubomag::cli
