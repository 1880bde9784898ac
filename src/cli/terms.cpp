// kubomag terms: what the physics terms declare.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "kernels/torques.hpp"

namespace kubomag::cli {
namespace {

void print(const TermDeclaration& term, bool energy) {
  fmt::print("{}: {}\n", term.name, term.help);
  if (*term.symbol)
    fmt::print("  gives B_{} [T]{}\n", term.symbol,
               energy ? fmt::format(", E_{} [J]", term.symbol) : "");
  if (*term.source) fmt::print("  source: {}\n", term.source);
  for (const Input& input : term.inputs)
    if (*input.words)
      fmt::print("  {:<16} one of {}; default the first; {}\n", input.name, input.words,
                 input.help);
    else
      fmt::print("  {:<16} {:<7} default {:<6g} {}\n", input.name, fmt::format("[{}]", input.unit),
                 input.default_value, input.help);
  fmt::print("\n");
}

int print_terms() {
  for (const TermDeclaration& term : term_declarations()) print(term, true);
  for (const TermDeclaration& torque : torque_declarations()) print(torque, false);
  fmt::print(
      "custom_field, custom_torque: fields and torques [T] as formulas of x, y, t, mx, my, mz\n"
      "  gives B_<name> [T], E_<name> [J] of a field with an energy\n"
      "  [[custom_field]] and [[custom_torque]] of the configuration, docs/config.md\n\n");
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
