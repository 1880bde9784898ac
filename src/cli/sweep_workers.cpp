#include "cli/sweep_workers.hpp"

#include <omp.h>

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
  const std::size_t threads = choice.threads > 0 ? static_cast<std::size_t>(choice.threads)
                                                 : static_cast<std::size_t>(omp_get_max_threads());
  const bool cells = shares_registers(first, choice);
  // A GPU is full when so many cells are on their way.
  constexpr std::size_t cells_of_a_gpu = std::size_t{1} << 20;
  const std::size_t films = std::max<std::size_t>(1, cells_of_a_gpu / first.problem.grid.cells());
  // The threads of a gang wait for the device most of the time: there may be many.
  const int places = cpu || cells ? 1 : gang_places(first.problem);
  const bool many = places > 1 && choice.threads == 0;
  const std::size_t most = cpu || cells ? threads
                           : many       ? static_cast<std::size_t>(places)
                                        : std::min(threads, films);
  count_ = static_cast<int>(std::max<std::size_t>(1, std::min(most, sweep.points())));
  if (places > 1 && count_ > 1) gang_ = make_film_gang(choice, count_);
  choice_.threads = cpu ? static_cast<int>(threads) / count_ : 1;
  // Cells at a time: on the CPU a few blocks, so that an end comes soon; on a GPU a few warps for
  // each multiprocessor, while the other threads of the host read the next points.
  const std::size_t most_cells = cpu ? 64 : 4096;
  const std::size_t share = sweep.points() / static_cast<std::size_t>(4 * count_);
  if (cells) together_ = std::clamp<std::size_t>(share, 1, most_cells);
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
      const std::vector<PointResult> results =
          run_points(sweep_, points, choice_, gang_.get(), ask);
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
