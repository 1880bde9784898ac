#pragma once
// What a run tells while it goes on: one line that renews itself on a terminal, else plain lines.
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "khat/torque_table.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::cli {

/// Prints to stdout at once. A run outlives a terminal that is closed, so errors are ignored.
void tell(std::string_view text);

/// "12 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(double seconds);

/// "t = 1.2 ns of 2 ns (60 %), dt = 180 fs, 950 steps/s, torque 2.1 mT, 12 s left", or of a loop
/// "12 of 81 points, 950 steps/s, torque 2.1 mT, 12 s left".
std::string progress_line(const Progress& progress, double steps_per_second, double seconds_left);

class ProgressReport {
 public:
  /// `quiet`: nothing to stdout. `log` takes a plain line every ten seconds.
  ProgressReport(bool quiet, std::function<void(const std::string&)> log);

  void update(const Progress& progress);
  /// points_line of a sweep.
  void update(std::size_t done, std::size_t points);
  /// Ends the line on the terminal.
  void finish();
  /// Since the construction.
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  double since(Clock::time_point then) const;
  bool log_due() const { return since(last_logged_) > 10; }
  bool show_due() const { return show_ && (terminal_ ? since(last_shown_) > 0.2 : log_due()); }
  void say(const std::string& line);

  bool show_ = true, terminal_ = false;
  std::function<void(const std::string&)> log_;
  Clock::time_point begin_, phase_begin_, last_shown_, last_logged_;
  double first_at_ = -1;  // time, or point of a loop
  long first_steps_ = 0;
  bool relaxing_ = false, line_open_ = false;
};

/// "12 of 81 points, 3.1 points/s, 22 s left".
std::string points_line(std::size_t done, std::size_t points, double per_second);

/// "torque tables: 12 of 40, 31 %, 40 s left"; the times are guesses in the beginning.
std::string table_line(const TableProgress& progress, double seconds);

/// Work before a command prints its results: a line on stderr, on a terminal renewed and taken away
/// in the end, else a plain line every ten seconds; none in the first second.
class WaitingLine {
 public:
  explicit WaitingLine(bool quiet = false);
  ~WaitingLine() { clear(); }
  WaitingLine(const WaitingLine&) = delete;
  WaitingLine& operator=(const WaitingLine&) = delete;

  /// `line` is asked for the text where one is due; its argument: seconds since the construction or
  /// the last clear().
  void update(const std::function<std::string(double seconds)>& line);
  void clear();
  /// Takes the line away before another is printed.
  void interrupt();

 private:
  using Clock = std::chrono::steady_clock;

  bool show_, terminal_, open_ = false;
  Clock::time_point begin_, last_;
};

/// Shows while it lives how far the torque tables of configurations being read are.
class TableWatch {
 public:
  explicit TableWatch(bool quiet = false);
  ~TableWatch();
  TableWatch(const TableWatch&) = delete;
  TableWatch& operator=(const TableWatch&) = delete;

 private:
  WaitingLine line_;
};

}  // namespace kubomag::cli
