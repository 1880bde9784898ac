// kubomag run: from a configuration file to a folder of results.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "analysis/moving_window.hpp"
#include "cli/build_info.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/log_file.hpp"
#include "cli/progress.hpp"
#include "cli/recorder.hpp"
#include "cli/run_folder.hpp"
#include "cli/run_record.hpp"
#include "io/checkpoint.hpp"
#include "io/config_sweep.hpp"
#include "io/units.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file, folder, device, precision;
  int threads = -1;
  bool force = false, resume = false, quiet = false;

  FolderUse use() const {
    return resume ? FolderUse::resume : force ? FolderUse::overwrite : FolderUse::fresh;
  }
};

/// Seconds between checkpoints, so that a crash or a power cut costs no more.
constexpr double checkpoint_seconds = 300;

DeviceChoice choose_device(DeviceChoice choice, const Options& options) {
  if (!options.device.empty()) choice.device = options.device;
  if (!options.precision.empty())
    choice.precision =
        options.precision == "single" ? Precision::single_precision : Precision::double_precision;
  if (options.threads >= 0) choice.threads = options.threads;
  return choice;
}

/// One run with its folder. The constructor finds everything that is wrong with the input and
/// writes nothing; start() makes the folder.
class Run {
 public:
  Run(const Options& options, io::RunConfig config)
      : options_(options),
        config_(std::move(config)),
        folder_(options.folder.empty() ? default_folder(config_.file) : fs::path(options.folder),
                options.use(), {"checkpoint", config_.output.fields, config_.output.pictures}),
        simulation_(make_engine(config_.problem, choose_device(config_.device, options)),
                    config_.output, config_.relax, config_.time, config_.hysteresis),
        recorder_(config_, folder_.path(), simulation_.state()),
        progress_(options.quiet, [this](const std::string& line) { log_->info(line); }) {
    check_outputs(config_, simulation_.engine());
    if (config_.window)
      simulation_.set_follower(
          config_.window->every,
          [window = MovingWindow(config_.problem.grid, *config_.window)](
              Engine& engine, SimulationState& state) { window.follow(engine, state); });
    if (options_.resume) resume();
  }

  int start() {
    folder_.make();
    open_log();
    if (options_.resume)
      recorder_.resume_table(simulation_.engine(), simulation_.state().table_rows);
    record_ = start_record(config_, simulation_.engine());
    if (options_.resume && simulation_.state().relaxed) keep_descent(record_, folder_.path());
    write_record(folder_.path(), record_);
    try {
      return go();
    } catch (const std::exception& error) {
      fail(error.what());
      throw;
    }
  }

 private:
  void resume() {
    const io::Checkpoint checkpoint = io::read_checkpoint(folder_ / "checkpoint");
    simulation_.engine().restore(checkpoint.engine);
    simulation_.set_state(checkpoint.state);
    changed_since_ = checkpoint.config_checksum != io::checksum(config_.text);
  }

  void open_log() {
    log_.emplace(folder_ / "log.txt", options_.resume);
    log_->info(fmt::format("kubomag {} ({}), {}, on {}", build_info().version, build_info().commit,
                           config_.file.string(), simulation_.engine().device()));
    if (options_.resume) log_->info("resumed at " + place());
    if (changed_since_) say("the configuration differs from that of the interrupted run");
    for (const std::string& caution : config_.cautions) say("caution: " + caution);
    if (config_.padding && config_.padding->width > 0)
      log_->info(fmt::format("padding {} at infinite edges, estimated error {:.1e} ({})",
                             io::format_quantity(config_.padding->width, "m"),
                             config_.padding->error, config_.padding->reason));
  }

  void say(const std::string& line) {
    progress_.finish();
    log_->warn(line);
    if (!options_.quiet) tell(line + "\n");
  }

  /// How far the run has come.
  std::string place() {
    if (config_.hysteresis)
      return fmt::format("point {} of {}", simulation_.state().table_rows,
                         config_.hysteresis->B.size());
    return "t = " + io::format_quantity(simulation_.engine().time(), "s");
  }

  void write_checkpoint() {
    recorder_.sync();
    io::write_checkpoint(folder_ / "checkpoint", {simulation_.state(), io::checksum(config_.text),
                                                  simulation_.engine().checkpoint()});
    last_checkpoint_ = progress_.seconds();
  }

  /// Asked between steps, where state and engine belong together (within a relaxation they do not).
  bool go_on(const Progress& progress) {
    progress_.update(progress);
    if (!progress.relaxing) report_descent();
    if (!progress.relaxing && progress_.seconds() - last_checkpoint_ > checkpoint_seconds)
      write_checkpoint();
    return !InterruptGuard::interrupted();
  }

  int go() {
    const InterruptGuard guard;
    const Outcome outcome =
        simulation_.run(recorder_, [this](const Progress& p) { return go_on(p); });
    progress_.finish();
    return finish(outcome);
  }

  void fail(const char* reason) try {
    progress_.finish();
    log_->error(reason);
    end_record(record_, "failed", reason, simulation_, progress_.seconds());
    write_record(folder_.path(), record_);
  } catch (const std::exception&) {  // a full disk: the first reason is the one to tell
  }

  int finish(Outcome outcome) {
    const bool done = outcome == Outcome::done;
    write_checkpoint();
    // beyond the checkpoint's rows: a resumed run removes it again
    if (!done && config_.output.table_interval > 0) recorder_.table_row(simulation_.engine());
    recorder_.finish(simulation_.engine());
    const bool ended = done && recorder_.ends();
    if (ended) record_["stop_when"] = config_.stop_when->text;
    end_record(record_, done ? "done" : "interrupted", "", simulation_, progress_.seconds());
    write_record(folder_.path(), record_);
    const std::string line =
        fmt::format("{} at {}{} after {} steps; results in {}", done ? "done" : "interrupted",
                    place(), ended ? ", where run.stop_when is true," : "",
                    simulation_.state().steps, folder_.path().string());
    log_->info(line);
    if (const long points = recorder_.unconverged(); points > 0)
      say(fmt::format("{} points of the loop did not reach stop_torque (column converged)",
                      points));
    if (!options_.quiet) tell(line + "\n");
    return done ? exit_done : exit_interrupted;
  }

  /// Once, when the relaxation is over: whatever becomes of the run.
  void report_descent() {
    const auto& info = simulation_.relax_info();
    if (!info || descent_reported_ || config_.hysteresis) return;
    descent_reported_ = true;
    add_descent(record_, *info);
    write_record(folder_.path(), record_);
    const bool in_time = config_.relax->descent == Descent::in_time;
    log_->info(fmt::format("{} in {} steps ({} evaluations of the field){}",
                           in_time ? "relaxed" : "minimised", info->steps, info->evaluations,
                           info->fell_back ? ", the last of them in time" : ""));
    if (!info->converged)
      say(fmt::format("the {} stopped after {} steps at {}, above {}.stop_torque",
                      in_time ? "relaxation" : "minimisation", info->steps,
                      io::format_quantity(info->max_torque, "T"), in_time ? "relax" : "minimise"));
  }

  Options options_;
  io::RunConfig config_;
  RunFolder folder_;
  Simulation simulation_;
  FileRecorder recorder_;
  ProgressReport progress_;
  std::optional<LogFile> log_;
  nlohmann::ordered_json record_;
  double last_checkpoint_ = 0;
  bool changed_since_ = false, descent_reported_ = false;
};

int run_file(const Options& options) {
  if (options.resume && options.force)
    throw InputError("--resume continues a run and --force overwrites it; give one of them");
  if (io::is_sweep(options.file))
    throw InputError(options.file + ": is a sweep; kubomag sweep runs it");
  const TableWatch watch(options.quiet);
  Run run(options, io::read_config(options.file));
  return run.start();
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("run", "Run a configuration file");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "configuration (docs/config.md)")->required();
  command->add_option("-o,--output", options->folder, "output folder, by default <file>.out");
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N");
  command->add_option("--precision", options->precision, "single or double")
      ->check(CLI::IsMember({"single", "double"}));
  command->add_option("--threads", options->threads, "CPU threads; 0: chosen by film size")
      ->check(CLI::Range(0, 4096));
  command->add_flag("--force", options->force, "overwrite the results of an earlier run");
  command->add_flag("--resume", options->resume, "continue an interrupted run");
  command->add_flag("--quiet", options->quiet, "print nothing but errors");
  command->callback([&action, options] { action = [options] { return run_file(*options); }; });
}

}  // namespace kubomag::cli
