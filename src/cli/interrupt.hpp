#pragma once
// Ctrl-C and SIGTERM end a run in good order.

namespace kubomag::cli {

/// While it lives, SIGINT and SIGTERM only raise a flag; a second one ends the program at once.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool interrupted();
};

}  // namespace kubomag::cli
