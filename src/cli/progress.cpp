#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "io/units.hpp"

namespace kubomag::cli {

using io::format_quantity;

namespace {

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

std::string progress_line(const Progress& progress, double steps_per_second, double seconds_left) {
  const std::string torque = format_quantity(progress.max_torque, "T");
  const std::string left =
      std::isfinite(seconds_left) ? fmt::format(", {} left", duration(seconds_left)) : "";
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

double ProgressReport::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begin_).count();
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
  const auto now = Clock::now();
  const auto since = [&](Clock::time_point then) {
    return std::chrono::duration<double>(now - then).count();
  };
  const bool log_now = since(last_logged_) > 10;
  const bool show_now = show_ && (terminal_ ? since(last_shown_) > 0.2 : log_now);
  if (!log_now && !show_now) return;
  const double elapsed = since(phase_begin_);
  const std::string line =
      progress_line(progress, static_cast<double>(progress.steps - first_steps_) / elapsed,
                    elapsed * (end - at) / (at - first_at_));
  if (show_now) {
    fmt::print("{}{}{}", terminal_ ? "\r" : "", line, terminal_ ? "\033[K" : "\n");
    std::fflush(stdout);
    line_open_ = terminal_;
    last_shown_ = now;
  }
  if (!log_now) return;
  log_(line);
  last_logged_ = now;
}

void ProgressReport::finish() {
  if (line_open_) fmt::print("\n");
  line_open_ = false;
}

}  // namespace kubomag::cli
