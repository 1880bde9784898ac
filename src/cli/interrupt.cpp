#include "cli/interrupt.hpp"

namespace kubomag::cli {
namespace {

volatile std::sig_atomic_t flag = 0;

extern "C" void raise_flag(int) { flag = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  flag = 0;
  struct sigaction action = {};
  action.sa_handler = raise_flag;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    // the second signal is deadly, but of SIGHUP the kernel and the shell may each send one
    action.sa_flags = static_cast<int>(SA_RESTART | (signals_[i] == SIGHUP ? 0 : SA_RESETHAND));
    sigaction(signals_[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(signals_[i], &action, nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  for (std::size_t i = 0; i < signals_.size(); ++i) sigaction(signals_[i], &before_[i], nullptr);
}

bool InterruptGuard::interrupted() { return flag != 0; }

}  // namespace kubomag::cli
