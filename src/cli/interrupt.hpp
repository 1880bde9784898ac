#pragma once
// Ctrl-C, SIGTERM and a terminal that is closed (SIGHUP) end a run in good order.
#include <array>
#include <csignal>

namespace kubomag::cli {

/// While it lives, these signals only raise a flag; a second Ctrl-C or SIGTERM ends the program at
/// once. Signals that were ignored when the program was started (nohup) stay so.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool interrupted();

 private:
  static constexpr std::array signals_ = {SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, signals_.size()> before_{};
};

}  // namespace kubomag::cli
