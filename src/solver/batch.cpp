#include "kubomag/batch.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "solver/cpu_code.hpp"
#include "solver/cuda_plugin.hpp"

namespace kubomag {
namespace {

bool on_cpu(const DeviceChoice& choice) { return cuda_device(choice.device) < 0; }

}  // namespace

struct Batch::Parts {
  /// Films that share the launches of a GPU.
  struct Gang {
    std::unique_ptr<FilmGang> gang;
    std::vector<std::size_t> films;
  };
  std::vector<Gang> gangs;
  std::vector<std::unique_ptr<Engine>> engines;  // of the replicas
  std::vector<std::shared_ptr<MacrospinBlock>> blocks;
  std::vector<std::pair<MacrospinBlock*, std::size_t>> place_of;  // of each replica; null: none
  std::vector<std::string> failures;                              // of replicas without a block
  std::vector<std::size_t> films;  // the replicas with neither block nor gang
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

  /// Films on a GPU: those of one kind in gangs, whoever would be alone in one left out.
  void add_gangs(const std::vector<Problem>& problems, const DeviceChoice& choice) {
    std::map<std::string, std::vector<std::size_t>> kinds;
    for (const std::size_t r : std::exchange(films, {})) kinds[gang_kind(problems[r])].push_back(r);
    for (const auto& [kind, members] : kinds) {
      const auto places = static_cast<std::size_t>(gang_places(problems[members[0]]));
      for (std::size_t first = 0; first < members.size(); first += places) {
        const std::size_t count = std::min(places, members.size() - first);
        if (count == 1)
          films.push_back(members[first]);
        else
          add_gang(problems, {members.begin() + first, members.begin() + first + count}, choice);
      }
    }
  }
  void add_gang(const std::vector<Problem>& problems, const std::vector<std::size_t>& members,
                const DeviceChoice& choice) {
    gangs.push_back({make_film_gang(choice, static_cast<int>(members.size())), members});
    for (const std::size_t r : members)
      engines[r] = make_member(*gangs.back().gang, problems[r], choice);
  }

  bool run_gang(const Gang& gang, double t_end, const std::function<bool()>& go_on) {
    std::vector<Engine*> members;
    for (const std::size_t r : gang.films) members.push_back(engines[r].get());
    std::atomic<bool> whole = true;
    drive_together(*gang.gang, members, [&](std::size_t i) {
      if (!run_film(gang.films[i], t_end, go_on)) whole = false;
    });
    return whole;
  }

  /// A block's, a gang's or a film's, in this order.
  std::size_t tasks() const { return blocks.size() + gangs.size() + films.size(); }
  bool run_task(std::size_t task, double t_end, const std::function<bool()>& go_on) {
    if (task < blocks.size()) return blocks[task]->run(t_end, go_on);
    task -= blocks.size();
    if (task < gangs.size()) return run_gang(gangs[task], t_end, go_on);
    return run_film(films[task - gangs.size()], t_end, go_on);
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
  const int threads = choice.threads > 0 ? choice.threads : omp_get_max_threads();
  DeviceChoice own = choice;
  std::map<std::string, std::vector<std::size_t>> cells;
  for (std::size_t r = 0; r < replicas.size(); ++r) {
    if (shares_registers(replicas[r], choice))
      cells[macrospin_kind(replicas[r])].push_back(r);
    else
      parts_->films.push_back(r);
  }
  for (const auto& [kind, members] : cells) parts_->add_cells(replicas, members, choice);
  if (on_cpu(choice)) {
    parts_->threads = static_cast<int>(std::min<std::size_t>(
        static_cast<std::size_t>(threads), std::max<std::size_t>(parts_->tasks(), 1)));
    own.threads = threads / parts_->threads;
  } else {
    parts_->add_gangs(replicas, choice);
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
  const std::size_t tasks = parts.tasks();
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> whole = true;
  std::exception_ptr error;
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t task = next++; task < tasks && whole; task = next++) try {
        if (!parts.run_task(task, t_end, go_on)) whole = false;
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
