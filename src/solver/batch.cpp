#include "kubomag/batch.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "solver/cpu_code.hpp"
#include "solver/cuda_plugin.hpp"

namespace kubomag {
namespace {

bool on_cpu(const DeviceChoice& choice) { return cuda_device(choice.device) < 0; }

}  // namespace

struct Batch::Parts {
  std::vector<std::unique_ptr<Engine>> engines;  // of the replicas
  std::vector<std::shared_ptr<MacrospinBlock>> blocks;
  std::vector<std::pair<MacrospinBlock*, std::size_t>> place_of;  // of each replica; null: none
  std::vector<std::string> failures;                              // of replicas without a block
  std::vector<std::size_t> films;                                 // the replicas without a block
  int threads = 1;

  /// Cells of one kind: on the CPU in blocks of a few, on a GPU all in one.
  void add_cells(const std::vector<Problem>& problems, const std::vector<std::size_t>& cells,
                 const DeviceChoice& choice) {
    const int gpu = cuda_device(choice.device);
    const std::size_t together = gpu < 0 ? MacrospinBlock::lanes : cells.size();
    for (std::size_t first = 0; first < cells.size(); first += together) {
      const std::size_t end = std::min(first + together, cells.size());
      std::vector<const Problem*> members;
      for (std::size_t i = first; i < end; ++i) members.push_back(&problems[cells[i]]);
      blocks.push_back(gpu < 0 ? cpu_code().engines.cells(members)
                               : std::shared_ptr<MacrospinBlock>(cuda_plugin().macrospins(
                                     &members, gpu, single_on_gpu(choice), 0)));
      for (std::size_t i = first; i < end; ++i) {
        place_of[cells[i]] = {blocks.back().get(), i - first};
        engines[cells[i]] = make_macrospin_engine(problems[cells[i]], blocks.back(), i - first);
      }
    }
  }

  /// A device that steps by itself is asked whether to go on after that many.
  static constexpr long steps_at_once = 256;

  bool run_film(std::size_t r, double t_end, const std::function<bool()>& go_on) {
    try {
      while (failures[r].empty() && engines[r]->time() < t_end) {
        engines[r]->advance(t_end, steps_at_once);
        if (go_on && !go_on()) return false;
      }
    } catch (const RunError& error) {
      failures[r] = error.what();
    }
    return true;
  }
};

Batch::Batch(const std::vector<Problem>& replicas, const DeviceChoice& choice)
    : parts_(std::make_unique<Parts>()) {
  parts_->engines.resize(replicas.size());
  parts_->place_of.resize(replicas.size());
  parts_->failures.resize(replicas.size());
  const int threads = choice.threads > 0
                          ? choice.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  DeviceChoice own = choice;
  std::map<std::string, std::vector<std::size_t>> cells;
  for (std::size_t r = 0; r < replicas.size(); ++r) {
    if (shares_registers(replicas[r], choice))
      cells[macrospin_kind(replicas[r])].push_back(r);
    else
      parts_->films.push_back(r);
  }
  for (const auto& [kind, members] : cells) parts_->add_cells(replicas, members, choice);
  const std::size_t tasks = parts_->blocks.size() + parts_->films.size();
  if (on_cpu(choice)) {
    parts_->threads = static_cast<int>(
        std::min<std::size_t>(static_cast<std::size_t>(threads), std::max<std::size_t>(tasks, 1)));
    own.threads = threads / parts_->threads;
  }
  for (const std::size_t r : parts_->films) parts_->engines[r] = make_engine(replicas[r], own);
}

Batch::~Batch() = default;

std::size_t Batch::size() const { return parts_->engines.size(); }
Engine& Batch::replica(std::size_t r) { return *parts_->engines[r]; }

const std::string& Batch::failure(std::size_t r) const {
  const auto& [block, cell] = parts_->place_of[r];
  return block ? block->failure(cell) : parts_->failures[r];
}

bool Batch::run(double t_end, const std::function<bool()>& go_on) {
  Parts& parts = *parts_;
  const std::size_t blocks = parts.blocks.size(), tasks = blocks + parts.films.size();
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> whole = true;
  std::exception_ptr error;
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t task = next++; task < tasks && whole; task = next++) try {
        const bool done = task < blocks ? parts.blocks[task]->run(t_end, go_on)
                                        : parts.run_film(parts.films[task - blocks], t_end, go_on);
        if (!done) whole = false;
      } catch (...) {
        const std::lock_guard lock(mutex);
        error = std::current_exception();
        whole = false;
      }
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < parts.threads; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  if (error) std::rethrow_exception(error);
  return whole;
}

bool shares_registers(const Problem& problem, const DeviceChoice& choice) {
  if (!is_macrospin(problem)) return false;
  return on_cpu(choice) ? choice.precision != Precision::single_precision : drives_itself(problem);
}

}  // namespace kubomag
