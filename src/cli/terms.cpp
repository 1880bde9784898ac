// kubomag terms: what the physics terms declare.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "kernels/terms.hpp"

namespace kubomag::cli {
namespace {

int print_terms() {
  for (const TermDeclaration& term : term_declarations()) {
    fmt::print("{}: {}\n", term.name, term.help);
    if (*term.symbol) fmt::print("  gives B_{0} [T], E_{0} [J]\n", term.symbol);
    fmt::print("  source: {}\n", term.source);
    for (const Input& input : term.inputs)
      if (*input.words)
        fmt::print("  {:<12} one of {}; default the first; {}\n", input.name, input.words,
                   input.help);
      else
        fmt::print("  {:<12} {:<7} default {:<6g} {}\n", input.name,
                   fmt::format("[{}]", input.unit), input.default_value, input.help);
    fmt::print("\n");
  }
  fmt::print(
      "The inputs are keys of [material]; name_x, name_y, name_z are given as "
      "name = [x, y, z].\n");
  return exit_done;
}

}  // namespace

void add_terms(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("terms", "List the physics terms with their inputs");
  command->callback([&action] { action = print_terms; });
}

}  // namespace kubomag::cli
