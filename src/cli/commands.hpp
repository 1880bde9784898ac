#pragma once
// The command line: `kubomag run|check|sweep|khat|thiele|info|convert|render|spectrum|bench|terms`.

namespace kubomag::cli {

/// Parses the arguments, runs the command, prints one clear line per error; returns the exit
/// status: 0 done, 2 bad input, 3 the run failed, 130 interrupted.
int run(int argc, char** argv);

}  // namespace kubomag::cli
