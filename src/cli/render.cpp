// kubomag render: pictures of field files.
#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "io/convert.hpp"

namespace kubomag::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string folder = ".";
  bool own_range = false;
  double animation = 0;
};

int render_files(const Options& options) {
  io::RenderOptions how;
  how.common_range = !options.own_range;
  if (options.animation > 0) how.animation = options.animation;
  const std::vector<std::filesystem::path> files(options.files.begin(), options.files.end());
  for (const auto& written : io::render(files, options.folder, how))
    fmt::print("{}\n", written.string());
  return exit_done;
}

}  // namespace

void add_render(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("render", "Draw OVF files as PNG");
  const auto options = std::make_shared<Options>();
  command->add_option("files", options->files, "OVF files")->required();
  command->add_option("-o,--output", options->folder, "folder for the pictures");
  command->add_flag("--own-range", options->own_range, "colours scaled for each picture alone");
  command->add_option("--animation", options->animation,
                      "also animation.png (APNG), this many seconds per picture");
  command->callback([&action, options] { action = [options] { return render_files(*options); }; });
}

}  // namespace kubomag::cli
