#pragma once
// What the files of the single commands share.
#include <CLI/CLI.hpp>
#include <functional>

namespace kubomag::cli {

/// A command that was chosen on the command line; returns the exit status.
using Action = std::function<int()>;

// Each adds its command with its options; choosing it sets `action`.
void add_run(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_khat(CLI::App& app, Action& action);
void add_info(CLI::App& app, Action& action);
void add_thiele(CLI::App& app, Action& action);
void add_terms(CLI::App& app, Action& action);
void add_convert(CLI::App& app, Action& action);
void add_render(CLI::App& app, Action& action);
void add_spectrum(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);

enum ExitStatus { exit_done = 0, exit_bad_input = 2, exit_failed = 3, exit_interrupted = 130 };

}  // namespace kubomag::cli
