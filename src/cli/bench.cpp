// kubomag bench: how fast a device is at films of several sizes, and how near to what its memory
// allows.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench_report.hpp"
#include "cli/bench_workloads.hpp"
#include "cli/command.hpp"
#include "io/atomic_file.hpp"
#include "kubomag/error.hpp"
#include "solver/device_memory.hpp"

namespace kubomag::cli {
namespace {

struct Options {
  std::string device = "auto", precision, json, png;
  int threads = 0;
  std::vector<int> sizes{32, 64, 128, 256, 512, 1024, 2048, 4096, 8192};
  std::vector<std::string> workloads;
  double seconds = 60;
};

/// The file's folder must be there before minutes are spent.
void check_output(const std::string& file, const char* ending) {
  if (file.empty()) return;
  const std::filesystem::path path(file);
  if (path.extension() != ending)
    throw InputError(fmt::format("{}: a name that ends in {} is expected", file, ending));
  const auto folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!std::filesystem::is_directory(folder))
    throw InputError(fmt::format("{}: there is no folder {}", file, folder.string()));
}

class Bench {
 public:
  explicit Bench(const Options& options)
      : options_(options), budget_(options.seconds), terminal_(isatty(STDOUT_FILENO) != 0) {
    check_output(options.json, ".json");
    check_output(options.png, ".png");
    choice_.device = options.device;
    choice_.threads = options.threads;
    if (!options.precision.empty())
      choice_.precision =
          options.precision == "single" ? Precision::single_precision : Precision::double_precision;
    choice_.precision = device_precision(choice_);
    if (options_.workloads.empty())
      for (const Workload& workload : workloads()) options_.workloads.push_back(workload.name);
    std::sort(options_.sizes.begin(), options_.sizes.end());
    report_.device = device_name();
    report_.precision = choice_.precision == Precision::single_precision ? "single" : "double";
  }

  int start() {
    fmt::print("{}, {} precision\n", report_.device, report_.precision);
    check_agreements();
    measure_copy();
    fmt::print("{}\n", table_header());
    for (const int n : options_.sizes)
      for (const std::string& workload : options_.workloads) add_point(workload, n);
    time_replicas();
    for (const LeftOut& film : report_.left_out)
      fmt::print("not timed: {} {} x {}: {}\n", film.workload, film.n, film.n, film.reason);
    if (report_.points.empty())
      throw RunError("no film was timed: " + report_.left_out.front().reason);
    report_.seconds = budget_.used();
    write_files();
    return exit_done;
  }

 private:
  /// On the CPU the number of threads goes with the film.
  std::string device_name() const {
    if (device_memory(choice_).kind == DeviceKind::cpu && choice_.threads == 0)
      return find_devices().cpu + " at most";
    return make_engine(workload_config("demag", 8).problem, choice_)->device();
  }

  /// Throws RunError where a trajectory is not what it should be: nothing is timed then.
  void check_agreements() {
    for (const std::string& workload : options_.workloads) {
      busy(fmt::format("{}: comparing trajectories", workload));
      for (const Agreement& agreement : check_agreement(workload, choice_)) {
        say(agreement_line(agreement));
        if (!agreement.holds())
          throw RunError(fmt::format(
              "workload {}: {} do not agree (they differ by {:.3g}, {:.3g} "
              "is allowed, and m moved by {:.3g}); nothing was timed",
              workload, agreement.what, agreement.difference, agreement.bound, agreement.motion));
        report_.agreements.push_back(agreement);
      }
    }
  }

  void measure_copy() {
    busy("measuring the copy bandwidth");
    report_.copy_bytes =
        std::min(256.0 * 1024 * 1024, std::floor(device_memory(choice_).available / 8));
    report_.copy_bandwidth = copy_bandwidth(choice_, static_cast<std::size_t>(report_.copy_bytes),
                                            budget_.per_point() / 2);
    say(fmt::format("copies of {:.0f} MiB: {:.1f} GB/s, read and written together",
                    report_.copy_bytes / (1024 * 1024), report_.copy_bandwidth / 1e9));
  }

  void add_point(const std::string& workload, int n) {
    const std::string reason = reason_against(workload, n);
    if (!reason.empty()) {
      report_.left_out.push_back({workload, n, reason});
      return;
    }
    busy(fmt::format("{} {} x {}: set-up and timing", workload, n, n));
    report_.points.push_back(measure(workload, n, choice_, budget_.per_point()));
    last_[workload] = report_.points.back();
    say(table_row(report_, report_.points.back()));
  }

  /// Small films side by side, where there is the time; twice all of them need less memory than one
  /// of 1024 x 1024.
  void time_replicas() {
    constexpr const char* workload = "demag";
    constexpr int n = 64, films = 64;
    const auto& wanted = options_.workloads;
    if (std::find(wanted.begin(), wanted.end(), workload) == wanted.end()) return;
    if (!does_not_fit(workload_config(workload, n).problem, 16 * n, choice_).empty() ||
        budget_.left() < 4 * budget_.per_point())
      return;
    busy(fmt::format("{} films of {} x {}: set-up and timing", films, n, n));
    report_.replicas = measure_replicas(workload, n, films, choice_, budget_.per_point());
    say(replicas_line(*report_.replicas));
  }

  /// Why a film is not timed; empty if it is.
  std::string reason_against(const std::string& workload, int n) {
    const std::string memory = does_not_fit(workload_config(workload, 32).problem, n, choice_);
    if (!memory.empty()) return memory;
    const auto smaller = last_.find(workload);
    const double needed =
        smaller == last_.end() ? 0 : Budget::expected(smaller->second, n, budget_.per_point());
    if (needed <= budget_.left()) return "";
    return fmt::format(
        "it would take about {:.0f} s, and of --seconds {:g} there are {:.0f} s left", needed,
        options_.seconds, std::max(0.0, budget_.left()));
  }

  /// A line on the terminal that goes when the next one comes.
  void busy(const std::string& text) {
    if (!terminal_) return;
    fmt::print("\r\033[K{} ...", text);
    std::fflush(stdout);
  }
  void say(const std::string& line) const {
    fmt::print("{}{}\n", terminal_ ? "\r\033[K" : "", line);
    std::fflush(stdout);
  }

  void write_files() const {
    if (!options_.json.empty()) io::write_file(options_.json, to_json(report_).dump(2) + "\n");
    if (!options_.png.empty()) write_picture(options_.png, report_);
  }

  Options options_;
  Budget budget_;
  bool terminal_;
  DeviceChoice choice_;
  BenchReport report_;
  std::map<std::string, Point> last_;  // of each workload
};

}  // namespace

void add_bench(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "bench", "Time films of several sizes; first check that the device computes what it should");
  const auto options = std::make_shared<Options>();
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N");
  command->add_option("--precision", options->precision, "single or double")
      ->check(CLI::IsMember({"single", "double"}));
  command->add_option("--threads", options->threads, "CPU threads; 0: chosen by film size")
      ->check(CLI::Range(0, 4096));
  command->add_option("--sizes", options->sizes, "cells along the edges of the films")
      ->delimiter(',')
      ->check(CLI::Range(8, 32768));
  std::vector<std::string> names;
  for (const Workload& workload : workloads()) names.push_back(workload.name);
  command
      ->add_option("--workloads", options->workloads,
                   "demag, local, all, table, sphere; by default each")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  command
      ->add_option("--seconds", options->seconds, "time budget; what would take longer is left out")
      ->check(CLI::Range(0.1, 86400.0));
  command->add_option("--json", options->json, "file for all numbers");
  command->add_option("--png", options->png, "file for a picture of the rates");
  command->callback([&action, options] { action = [options] { return Bench(*options).start(); }; });
}

}  // namespace kubomag::cli
