#include "cli/interrupt.hpp"

#include <csignal>

namespace kubomag::cli {
namespace {

volatile std::sig_atomic_t flag = 0;

extern "C" void raise_flag(int) { flag = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  flag = 0;
  struct sigaction action = {};
  action.sa_handler = raise_flag;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second signal is deadly
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool InterruptGuard::interrupted() { return flag != 0; }

}  // namespace kubomag::cli
