// kubomag info: versions and devices.
#include <fftw3.h>
#include <fmt/format.h>

#include "cli/build_info.hpp"
#include "cli/command.hpp"
#include "io/config_grid.hpp"
#include "kubomag/engine.hpp"

namespace kubomag::cli {
namespace {

int print_info() {
  const BuildInfo& build = build_info();
  const DeviceReport devices = find_devices();
  constexpr double GiB = 1024.0 * 1024 * 1024;
  fmt::print("kubomag   {} (commit {}, {} build)\n", build.version, build.commit, build.build_type);
  fmt::print("compiler  {}\n", build.compiler);
  fmt::print("FFT       {}\n", std::string(fftw_version));
  fmt::print("CPU       {}, {:.1f} GiB of memory\n", devices.cpu, io::physical_memory() / GiB);
  for (std::size_t i = 0; i < devices.cuda_devices.size(); ++i)
    fmt::print("cuda:{}    {}\n", i, devices.cuda_devices[i]);
  if (!devices.cuda_available) fmt::print("CUDA      not used: {}\n", devices.cuda_reason);
  return exit_done;
}

}  // namespace

void add_info(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("info", "Show versions, devices, and why CUDA is (not) used");
  command->callback([&action] { action = print_info; });
}

}  // namespace kubomag::cli
