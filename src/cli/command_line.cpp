#include <fmt/format.h>

#include <cstdio>
#include <sstream>

#include "cli/build_info.hpp"
#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

/// One line on stderr per line of the message.
void report(const std::string& message) {
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) fmt::print(stderr, "kubomag: {}\n", line);
}

int act(const Action& action) {
  try {
    return action();
  } catch (const InputError& error) {
    report(error.what());
    return exit_bad_input;
  } catch (const std::bad_alloc&) {
    report("the memory of this machine does not suffice; use fewer cells");
    return exit_failed;
  } catch (const std::exception& error) {
    report(error.what());
    return exit_failed;
  }
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("Micromagnetics of thin films on topological insulators", "kubomag");
  app.set_version_flag("--version",
                       fmt::format("kubomag {} ({})", build_info().version, build_info().commit));
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_check(app, action);
  add_khat(app, action);
  add_thiele(app, action);
  add_info(app, action);
  add_terms(app, action);
  add_convert(app, action);
  add_render(app, action);
  add_spectrum(app, action);
  add_sweep(app, action);
  add_bench(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    report(fmt::format("{}; see kubomag --help", error.what()));
    return exit_bad_input;
  }
  return act(action);
}

}  // namespace kubomag::cli
