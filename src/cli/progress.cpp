#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "io/config_local.hpp"
#include "io/units.hpp"

namespace kubomag::cli {

using io::format_quantity;

void tell(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  std::clearerr(stdout);
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string progress_line(const Progress& progress, double steps_per_second, double seconds_left) {
  const std::string torque = format_quantity(progress.max_torque, "T");
  const std::string left =
      std::isfinite(seconds_left) ? fmt::format(", {} left", duration_text(seconds_left)) : "";
  if (progress.points > 0)
    return fmt::format("{} of {} points, {:.3g} steps/s, torque {}{}", progress.point,
                       progress.points, steps_per_second, torque, left);
  if (progress.relaxing)
    return fmt::format("relaxing: {} steps, {:.3g} steps/s, torque {}", progress.steps,
                       steps_per_second, torque);
  return fmt::format("t = {} of {} ({:.0f} %), dt = {}, {:.3g} steps/s, torque {}{}",
                     format_quantity(progress.time, "s"), format_quantity(progress.end, "s"),
                     progress.end > 0 ? 100 * progress.time / progress.end : 100,
                     format_quantity(progress.dt, "s"), steps_per_second, torque, left);
}

ProgressReport::ProgressReport(bool quiet, std::function<void(const std::string&)> log)
    : show_(!quiet),
      terminal_(isatty(STDOUT_FILENO) != 0),
      log_(std::move(log)),
      begin_(Clock::now()),
      phase_begin_(begin_),
      last_shown_(begin_),
      last_logged_(begin_) {}

double ProgressReport::seconds() const { return since(begin_); }

double ProgressReport::since(Clock::time_point then) const {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

void ProgressReport::update(const Progress& progress) {
  const bool loop = progress.points > 0;
  const double at = loop ? static_cast<double>(progress.point) : progress.time;
  const double end = loop ? static_cast<double>(progress.points) : progress.end;
  const bool relaxing = progress.relaxing && !loop;
  if (first_at_ < 0 || relaxing_ != relaxing) {  // rates count from here
    phase_begin_ = Clock::now();
    first_at_ = at;
    first_steps_ = progress.steps;
    relaxing_ = relaxing;
    return;
  }
  if (!log_due() && !show_due()) return;
  const double elapsed = since(phase_begin_);
  say(progress_line(progress, static_cast<double>(progress.steps - first_steps_) / elapsed,
                    elapsed * (end - at) / (at - first_at_)));
}

void ProgressReport::update(std::size_t done, std::size_t points) {
  const auto at = static_cast<double>(done);
  if (first_at_ < 0) {
    phase_begin_ = Clock::now();
    first_at_ = at;
    return;
  }
  if ((!log_due() && !show_due()) || at <= first_at_) return;
  const double rate = (at - first_at_) / since(phase_begin_);
  say(points_line(done, points, rate));
}

/// Where it is due.
void ProgressReport::say(const std::string& line) {
  const bool log_now = log_due();
  if (show_due()) {
    tell(fmt::format("{}{}{}", terminal_ ? "\r" : "", line, terminal_ ? "\033[K" : "\n"));
    line_open_ = terminal_;
    last_shown_ = Clock::now();
  }
  if (!log_now) return;
  log_(line);
  last_logged_ = Clock::now();
}

std::string points_line(std::size_t done, std::size_t points, double per_second) {
  return fmt::format("{} of {} points, {:.3g} points/s, {} left", done, points, per_second,
                     duration_text(static_cast<double>(points - done) / per_second));
}

std::string table_line(const TableProgress& progress, double seconds) {
  const std::string left =
      progress.part > 0 ? fmt::format(", {} left", duration_text(seconds * (1 / progress.part - 1)))
                        : "";
  const std::string count =
      progress.tables > 1 ? fmt::format("s: {} of {}", progress.done, progress.tables) : ":";
  return fmt::format("torque table{}{} {:.0f} %{}", count, progress.tables > 1 ? "," : "",
                     100 * progress.part, left);
}

WaitingLine::WaitingLine(bool quiet)
    : show_(!quiet), terminal_(isatty(STDERR_FILENO) != 0), begin_(Clock::now()), last_(begin_) {}

void WaitingLine::update(const std::function<std::string(double)>& line) {
  constexpr double first = 1, on_terminal = 0.2, elsewhere = 10;
  const auto since = [](Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
  };
  if (!show_ || since(last_) < (terminal_ ? (open_ ? on_terminal : first) : elsewhere)) return;
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r" : "", line(since(begin_)),
             terminal_ ? "\033[K" : "\n");
  std::fflush(stderr);
  open_ = terminal_;
  last_ = Clock::now();
}

void WaitingLine::interrupt() {
  if (open_) fmt::print(stderr, "\r\033[K");
  open_ = false;
}

void WaitingLine::clear() {
  interrupt();
  begin_ = last_ = Clock::now();
}

TableWatch::TableWatch(bool quiet) : line_(quiet) {
  io::set_table_report([this](const TableProgress& progress) {
    if (progress.done == progress.tables || progress.part == 0)
      line_.clear();
    else
      line_.update([&](double seconds) { return table_line(progress, seconds); });
  });
}

TableWatch::~TableWatch() { io::set_table_report({}); }

void ProgressReport::finish() {
  if (line_open_) tell("\n");
  line_open_ = false;
}

}  // namespace kubomag::cli
