// kubomag sweep: many points of one case, and a table of what was observed at each.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/build_info.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/log_file.hpp"
#include "cli/progress.hpp"
#include "cli/run_folder.hpp"
#include "cli/sweep_table.hpp"
#include "cli/sweep_workers.hpp"
#include "io/atomic_file.hpp"
#include "io/checkpoint.hpp"
#include "io/ovf.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

struct Options {
  std::string file, folder, device, precision;
  int threads = 0;
  bool force = false, resume = false, quiet = false;

  FolderUse use() const {
    return resume ? FolderUse::resume : force ? FolderUse::overwrite : FolderUse::fresh;
  }
};

/// One sweep with its folder. The constructor finds what is wrong with the input and writes
/// nothing; start() makes the folder.
class Sweep {
 public:
  Sweep(const Options& options, io::SweepConfig config)
      : options_(options),
        config_(std::move(config)),
        folder_(options.folder.empty() ? default_folder(config_.file) : fs::path(options.folder),
                options.use(), {"sweep.json", {"m"}, {}}),
        device_(choose_device()),
        first_(check_values(config_, device_)),
        table_(config_, first_.numbers) {
    if (options_.resume) resume();
  }

  int start() {
    folder_.make();
    log_.emplace(folder_ / "log.txt", options_.resume);
    SweepWorkers workers(config_, first_.config, device_);
    log_->info(fmt::format("kubomag {} ({}), {}: {} points, {} at a time", build_info().version,
                           build_info().commit, config_.file.string(), config_.points(),
                           workers.count()));
    if (options_.resume) log_->info(fmt::format("resumed after {} points", table_.size()));
    write_record("running");
    const InterruptGuard guard;
    progress_.emplace(options_.quiet, [this](const std::string& line) { log_->info(line); });
    progress_->update(table_.size(), config_.points());
    workers.run([&](std::size_t point) { return table_.has(point); },
                [&](const PointResult& result) { take(result); },
                [] { return !InterruptGuard::interrupted(); });
    return finish();
  }

 private:
  DeviceChoice choose_device() {
    const io::RunConfig first = config_.read_case(0);
    DeviceChoice choice = first.device;
    if (!options_.device.empty()) choice.device = options_.device;
    if (!options_.precision.empty())
      choice.precision = options_.precision == "single" ? Precision::single_precision
                                                        : Precision::double_precision;
    choice.threads = options_.threads;
    return choice;
  }

  std::uint32_t checksum() const { return io::checksum(config_.text + config_.cases->text()); }

  void resume() {
    const auto record =
        nlohmann::json::parse(io::read_file(folder_ / "sweep.json"), nullptr, false);
    if (record.is_discarded() || record.value("checksum", 0u) != checksum())
      throw InputError(fmt::format(
          "{}: the sweep or its case was changed since; give another folder with -o, or "
          "overwrite it with --force",
          folder_.path().string()));
    if (fs::exists(folder_ / "table.txt")) table_.resume(folder_ / "table.txt");
  }

  /// Called by one worker at a time.
  void take(const PointResult& result) {
    if (!result.error.empty()) {
      log_->error(fmt::format("point {} ({}) failed: {}", result.point,
                              config_.describe(result.point), result.error));
      errors_.push_back(fmt::format("point {} ({}): {}", result.point,
                                    config_.describe(result.point), result.error));
      return;
    }
    if (!result.done) return;
    table_.add(result.point, result.values);
    if (!result.m.empty())
      io::write_ovf(
          folder_ / fmt::format("m{:06}.ovf", result.point),
          io::make_ovf_field(first_.config.problem.grid, "m", "", 3, result.m, first_.config.time),
          first_.config.ovf);
    // a file of many rows is written so rarely that it takes a twentieth of the time at most
    if (seconds_since(last_written_) > std::max(1.0, 20 * write_seconds_)) write_table();
    progress_->update(table_.size(), config_.points());
  }

  void write_table() {
    const auto begin = Clock::now();
    if (table_.size() > 0) io::write_table(folder_ / "table.txt", table_.table());
    write_seconds_ = seconds_since(begin);
    last_written_ = Clock::now();
  }

  int finish() {
    progress_->finish();
    write_table();
    table_.write_pictures(folder_.path());
    const bool interrupted = InterruptGuard::interrupted();
    const bool complete = table_.size() == config_.points();
    const std::string status = complete ? "done" : interrupted ? "interrupted" : "failed";
    write_record(status);
    const std::string line = fmt::format(
        "{}: {} of {} points{} in {}; results in {}", status, table_.size(), config_.points(),
        errors_.empty() ? "" : fmt::format(" are done, {} failed,", errors_.size()),
        duration_text(progress_->seconds()), folder_.path().string());
    log_->info(line);
    if (!options_.quiet) tell(line + "\n");
    if (complete) return exit_done;
    if (interrupted) return exit_interrupted;
    throw RunError(fmt::format("{} points failed, {}{}; --resume tries again", errors_.size(),
                               errors_.size() > 1 ? "which log.txt lists, the first of them " : "",
                               errors_.front()));
  }

  void write_record(const std::string& status) {
    nlohmann::ordered_json record;
    record["kubomag"] = {{"version", build_info().version}, {"commit", build_info().commit}};
    record["status"] = status;
    record["title"] = config_.title;
    record["sweep_file"] = config_.file.string();
    record["sweep"] = config_.text;
    record["case_file"] = config_.case_file.string();
    record["case"] = config_.cases->text();
    record["checksum"] = checksum();
    record["points"] = config_.points();
    record["points_done"] = table_.size();
    record["failed"] = errors_;
    for (const io::SweepAxis& axis : config_.axes)
      for (const io::SweepKey& key : axis.keys) record["axes"][key.key] = key.literals;
    io::write_file(folder_ / "sweep.json", record.dump(2) + "\n");
  }

  Options options_;
  io::SweepConfig config_;
  RunFolder folder_;
  DeviceChoice device_;
  FirstPoint first_;
  SweepTable table_;
  std::optional<LogFile> log_;
  std::vector<std::string> errors_;
  std::optional<ProgressReport> progress_;
  Clock::time_point last_written_ = Clock::now();
  double write_seconds_ = 0;
};

int sweep_file(const Options& options) {
  if (options.resume && options.force)
    throw InputError("--resume continues a sweep and --force overwrites it; give one of them");
  const TableWatch watch(options.quiet);
  Sweep sweep(options, io::read_sweep(options.file));
  return sweep.start();
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "sweep", "Run a case for many values of its keys; one table of all points");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "sweep file (docs/sweeps.md)")->required();
  command->add_option("-o,--output", options->folder, "output folder, by default <file>.out");
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N");
  command->add_option("--precision", options->precision, "single or double")
      ->check(CLI::IsMember({"single", "double"}));
  command
      ->add_option("--threads", options->threads,
                   "CPU threads in all; 0: one per processor, or OMP_NUM_THREADS")
      ->check(CLI::Range(0, 4096));
  command->add_flag("--force", options->force, "overwrite the results of an earlier sweep");
  command->add_flag("--resume", options->resume, "compute the points that are missing");
  command->add_flag("--quiet", options->quiet, "print nothing but errors");
  command->callback([&action, options] { action = [options] { return sweep_file(*options); }; });
}

}  // namespace kubomag::cli
