// kubomag convert: a field file in another format.
#include "io/convert.hpp"

#include <memory>

#include "cli/command.hpp"

namespace kubomag::cli {
namespace {

struct Options {
  std::string from, to, format = "binary4";
};

}  // namespace

void add_convert(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("convert", "Write an OVF file as .ovf, .vti, .txt or .png");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->from, "OVF file")->required();
  command->add_option("-o,--output", options->to, "file to write; its ending says the format")
      ->required();
  command->add_option("--ovf", options->format, "OVF data: text, binary4 or binary8");
  command->callback([&action, options] {
    action = [options] {
      io::convert(options->from, options->to, io::ovf_format(options->format));
      return exit_done;
    };
  });
}

}  // namespace kubomag::cli
