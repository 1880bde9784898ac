// kubomag khat: the coefficients of a Dirac surface.
#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "io/config.hpp"
#include "io/units.hpp"
#include "khat/report.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

struct Options {
  std::string file, model, format = "text", hall;
  std::string fermi_energy, velocity, Delta_sd, disorder, sigma_0, tau_tr, Msat, thickness;
  std::string mz = "0", q, frequency;
  int angles = 9;
};

double read(const std::string& option, const std::string& text, const char* unit) {
  try {
    if (text.empty()) throw InputError("is missing; " + io::expectation(unit));
    return io::parse_quantity(text, unit);
  } catch (const InputError& error) {
    throw InputError(fmt::format("--{}: {}", option, error.what()));
  }
}

double read_disorder(const Options& options, double fermi_energy) {
  const int given = !options.disorder.empty() + !options.sigma_0.empty() + !options.tau_tr.empty();
  if (given != 1)
    throw InputError(
        fmt::format("{} of --disorder, --sigma_0 and --tau_tr are given; one of them "
                    "is expected, such as --sigma_0 10",
                    given));
  if (!options.sigma_0.empty()) return disorder_from_sigma_0(read("sigma_0", options.sigma_0, "1"));
  if (!options.tau_tr.empty())
    return disorder_from_tau_tr(read("tau_tr", options.tau_tr, "s"), fermi_energy);
  return read("disorder", options.disorder, "1");
}

struct Material {
  DiracElectrons electrons;
  Film film;
  HallParts hall = HallParts::full;
};

Material from_options(const Options& options) {
  Material material;
  DiracElectrons& electrons = material.electrons;
  electrons.fermi_energy = read("fermi_energy", options.fermi_energy, "J");
  electrons.velocity = read("velocity", options.velocity, "m/s");
  electrons.Delta_sd = read("Delta_sd", options.Delta_sd, "J");
  electrons.disorder = read_disorder(options, electrons.fermi_energy);
  material.film.Ms = read("Msat", options.Msat, "A/m");
  material.film.thickness = read("thickness", options.thickness, "m");
  return material;
}

/// The means over the film.
Material from_file(const Options& options) {
  const io::RunConfig config = io::read_config(options.file);
  if (!config.surface) throw InputError(options.file + ": has no [surface] section to report on");
  const ScalarMap& Msat = config.surface->maps.Msat;
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < config.problem.grid.cells(); ++i)
    if (Msat(i) > 0) sum += Msat(i), ++count;
  return {mean_electrons(config.surface->maps),
          {sum / static_cast<double>(count), config.problem.grid.dz, config.problem.GammaLL},
          config.surface->parts.hall};
}

std::optional<Wave> read_wave(const Options& options) {
  if (options.q.empty() && options.frequency.empty()) return std::nullopt;
  Wave wave;
  if (!options.q.empty()) wave.qx = read("q", options.q, "1/m");
  if (!options.frequency.empty())
    wave.omega = 2 * constants::pi * read("frequency", options.frequency, "Hz");
  return wave;
}

int print_khat(const Options& options) {
  if (options.file.empty() == options.model.empty())
    throw InputError("give a configuration file, or --model dirac with its options");
  Material material = options.file.empty() ? from_options(options) : from_file(options);
  if (!options.hall.empty()) material.hall = hall_parts(options.hall);
  const KhatReport report =
      khat_report(material.electrons, material.film, read("mz", options.mz, "1"), material.hall,
                  read_wave(options), options.angles);
  fmt::print("{}", options.format == "csv"    ? report_csv(report)
                   : options.format == "json" ? report_json(report) + "\n"
                                              : report_text(report));
  return exit_done;
}

}  // namespace

void add_khat(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "khat", "Show the coefficients of the surface of a configuration, or of given electrons");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "configuration with a [surface]");
  command->add_option("--model", options->model, "dirac, with the options below")
      ->check(CLI::IsMember({"dirac"}));
  command->add_option("--fermi_energy", options->fermi_energy, "such as \"0.2 eV\"");
  command->add_option("--velocity", options->velocity,
                      "such as \"5e5 m/s\"; its sign is the helicity");
  command->add_option("--Delta_sd", options->Delta_sd, "such as \"50 meV\"");
  command->add_option("--disorder", options->disorder, "alpha; or --sigma_0, or --tau_tr");
  command->add_option("--sigma_0", options->sigma_0, "conductivity at mz = 0 in e^2/h");
  command->add_option("--tau_tr", options->tau_tr, "transport time at mz = 0, such as \"30 fs\"");
  command->add_option("--Msat", options->Msat, "such as \"140 kA/m\"");
  command->add_option("--thickness", options->thickness, "of the film, such as \"5 nm\"");
  command->add_option("--hall", options->hall, "full, ladder, crossed or none");
  command->add_option("--mz", options->mz, "where the coefficients are taken");
  command->add_option("--q", options->q, "wave number along x for K_hat, such as \"6e6 1/m\"");
  command->add_option("--frequency", options->frequency, "for K_hat, such as \"7 GHz\"");
  command->add_option("--angles", options->angles, "rows against mz, 0 for none")
      ->check(CLI::Range(0, 100000));
  command->add_option("--format", options->format, "text, csv or json")
      ->check(CLI::IsMember({"text", "csv", "json"}));
  command->callback([&action, options] { action = [options] { return print_khat(*options); }; });
}

}  // namespace kubomag::cli
