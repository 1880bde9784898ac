// kubomag khat: the options, and the coefficients of a Dirac surface.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "cli/command.hpp"
#include "cli/khat_options.hpp"
#include "io/config_electrons.hpp"
#include "io/units.hpp"
#include "khat/electron_inputs.hpp"
#include "khat/report.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {

double read_option(const std::string& option, const std::string& text, std::string_view unit) {
  try {
    if (text.empty())
      throw InputError("is missing; " +
                       (unit == "SI" ? "a quantity is expected" : io::expectation(unit)));
    return unit == "SI" ? io::parse_any_quantity(text) : io::parse_quantity(text, unit);
  } catch (const InputError& error) {
    throw InputError(fmt::format("--{}: {}", option, error.what()));
  }
}

double read_disorder(const KhatOptions& options, double fermi_energy) {
  const auto disorder = options.numbers.find("disorder");
  const bool direct = disorder != options.numbers.end();
  const int given = direct + !options.sigma_0.empty() + !options.tau_tr.empty();
  if (given != 1)
    throw InputError(
        fmt::format("{} of --disorder, --sigma_0 and --tau_tr are given; one of them "
                    "is expected, such as --sigma_0 10",
                    given));
  if (!options.sigma_0.empty())
    return disorder_from_sigma_0(read_option("sigma_0", options.sigma_0, "1"));
  if (!options.tau_tr.empty())
    return disorder_from_tau_tr(read_option("tau_tr", options.tau_tr, "s"), fermi_energy);
  return read_option("disorder", disorder->second, "1");
}

namespace {

struct Material {
  DiracElectrons electrons;
  Film film;
  HallParts hall = HallParts::full;
};

double read_number(const KhatOptions& options, const char* name, const char* unit) {
  const auto text = options.numbers.find(name);
  return read_option(name, text == options.numbers.end() ? "" : text->second, unit);
}

Material from_options(const KhatOptions& options) {
  Material material;
  DiracElectrons& electrons = material.electrons;
  electrons.fermi_energy = read_number(options, "fermi_energy", "J");
  electrons.velocity = read_number(options, "velocity", "m/s");
  electrons.Delta_sd = read_number(options, "Delta_sd", "J");
  electrons.disorder = read_disorder(options, electrons.fermi_energy);
  material.film.Ms = read_option("Msat", options.Msat, "A/m");
  material.film.thickness = read_option("thickness", options.thickness, "m");
  return material;
}

/// The means over the film.
Material from_config(const io::RunConfig& config) {
  return {mean_electrons(config.surface->maps), mean_film(config.problem),
          config.surface->parts.hall};
}

std::optional<Wave> read_wave(const KhatOptions& options) {
  if (options.q.empty() && options.frequency.empty()) return std::nullopt;
  Wave wave;
  if (!options.q.empty()) wave.qx = read_option("q", options.q, "1/m");
  if (!options.frequency.empty())
    wave.omega = 2 * constants::pi * read_option("frequency", options.frequency, "Hz");
  return wave;
}

const std::set<std::string> of_report = {"mz", "q", "frequency", "angles"};
const std::set<std::string> of_direction = {"theta", "phi", "E", "J"};
const std::set<std::string> of_scan = {"scan", "from", "to", "points", "log", "png", "columns"};

/// Whether a Dirac surface is looked at as the other models are, instead of its own report.
bool asks_direction(const KhatOptions& options) {
  return options.given.contains("scan") ||
         std::any_of(of_direction.begin(), of_direction.end(),
                     [&](const std::string& name) { return options.given.contains(name); });
}

/// Throws InputError for an option that would change nothing, with those that count.
void check_used(const KhatOptions& options, bool dirac, bool report) {
  std::set<std::string> used = {"file", "model", "format"};
  if (options.file.empty()) {
    used.insert({"Msat", "thickness"});
    if (dirac) used.insert({"sigma_0", "tau_tr"});
    if (!electron_schemes(options.model).empty()) used.insert("scheme");
    for (const Input& input : electron_inputs(options.model)) used.insert(input.name);
  } else if (!dirac) {
    used.insert("set");
  }
  if (dirac) used.insert("hall");
  used.insert(report ? of_report.begin() : of_direction.begin(),
              report ? of_report.end() : of_direction.end());
  if (!options.scan.empty()) used.insert(of_scan.begin(), of_scan.end());
  for (const std::string& name : options.given) {
    if (used.contains(name)) continue;
    if (options.file.empty() && options.numbers.contains(name))
      throw InputError(fmt::format("--{} is not an input of the model '{}'", name, options.model));
    used.erase("file");
    throw InputError(fmt::format("--{} is not used by the {}{}; options that are: --{}", name,
                                 report                 ? "report of a Dirac surface"
                                 : options.scan.empty() ? "report at one direction of m"
                                                        : "scan",
                                 options.file.empty() ? "" : " of a configuration",
                                 fmt::join(used, ", --")));
  }
}

int print_khat(const KhatOptions& options) {
  if (options.file.empty() == options.model.empty())
    throw InputError(fmt::format("give a configuration file, or --model ({}) with its options",
                                 fmt::join(electron_models(), ", ")));
  if (!options.png.empty() && options.scan.empty())
    throw InputError("--png draws a scan; give --scan, such as --scan theta");
  std::optional<io::RunConfig> config;
  if (!options.file.empty()) config = io::read_electrons(options.file);
  if (config && !config->local && !config->surface)
    throw InputError(options.file + ": has no [surface] section to report on");
  const bool dirac = config ? config->surface.has_value() : options.model == "dirac";
  const bool directed = !dirac || asks_direction(options);
  check_used(options, dirac, !directed);
  if (directed) return config ? print_config_model(options, *config) : print_model(options);
  Material material = config ? from_config(*config) : from_options(options);
  if (!options.hall.empty()) material.hall = hall_parts(options.hall);
  const KhatReport report =
      khat_report(material.electrons, material.film, read_option("mz", options.mz, "1"),
                  material.hall, read_wave(options), options.angles);
  fmt::print("{}", options.format == "csv"    ? report_csv(report)
                   : options.format == "json" ? report_json(report) + "\n"
                                              : report_text(report));
  return exit_done;
}

/// The inputs of all models, each once, and what stands in for one.
void add_inputs(CLI::App& command, KhatOptions& options) {
  for (const std::string& model : electron_models())
    for (const Input& input : electron_inputs(model)) {
      const std::string flag = std::string("--") + input.name;
      if (command.get_option_no_throw(flag)) continue;
      command
          .add_option_function<std::string>(
              flag,
              [&options, name = std::string(input.name)](const std::string& text) {
                options.numbers[name] = text;
              },
              fmt::format("{} [{}]", input.help, input.unit))
          ->group("Inputs of the models");
    }
  command.add_option("--scheme", options.scheme, "T_matrix, full (finite density), first_born")
      ->group("Inputs of the models");
  command.add_option("--sigma_0", options.sigma_0, "dirac: conductivity at mz = 0 in e^2/h")
      ->group("Inputs of the models");
  command.add_option("--tau_tr", options.tau_tr, "dirac: transport time at mz = 0 [s]")
      ->group("Inputs of the models");
  command.add_option("--Msat", options.Msat, "such as \"140 kA/m\"");
  command.add_option("--thickness", options.thickness, "of the film, such as \"5 nm\"");
}

void add_directions(CLI::App& command, KhatOptions& options) {
  command.add_option("--hall", options.hall, "dirac: full, ladder, crossed or none");
  command.add_option("--mz", options.mz, "dirac: where the coefficients are taken");
  command.add_option("--q", options.q, "dirac: wave number along x for K_hat, \"6e6 1/m\"");
  command.add_option("--frequency", options.frequency, "dirac: for K_hat, such as \"7 GHz\"");
  command.add_option("--angles", options.angles, "dirac: rows against mz, 0 for none")
      ->check(CLI::Range(0, 100000));
  command.add_option("--theta", options.theta, "polar angle of m, such as \"45 deg\"");
  command.add_option("--phi", options.phi, "azimuth of m");
  command.add_option("--E", options.E, "drive: field along x, 1e5 V/m if nothing is given");
  command.add_option("--J", options.J, "drive: imposed sheet current along x, \"100 A/m\"");
  command.add_option("--scan", options.scan, "theta, phi or an input of the model");
  command.add_option("--from", options.from, "first value of the scan");
  command.add_option("--to", options.to, "last value of the scan");
  command.add_option("--points", options.points, "values of the scan")
      ->check(CLI::Range(2, 100000));
  command.add_flag("--log", options.logarithmic, "equal ratios instead of equal steps");
  command.add_option("--png", options.png, "also draw columns of the scan into this file");
  command.add_option("--columns", options.columns, "columns to draw, of one unit: a_J,b_J,c_J,d_J")
      ->delimiter(',')
      ->capture_default_str();
}

}  // namespace

void add_khat(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "khat", "Show the coefficients of the surface of a configuration, or of given electrons");
  const auto options = std::make_shared<KhatOptions>();
  command->add_option("file", options->file, "configuration with a [surface]");
  command->add_option("--set", options->set, "of a configuration with several sets of electrons")
      ->check(CLI::Range(1, 100000));
  command->add_option("--model", options->model, "with the options below, instead of a file")
      ->check(CLI::IsMember(electron_models()));
  add_inputs(*command, *options);
  add_directions(*command, *options);
  command->add_option("--format", options->format, "text, csv or json")
      ->check(CLI::IsMember({"text", "csv", "json"}));
  command->callback([&action, options, command] {
    for (const CLI::Option* option : command->get_options())
      if (option->count() > 0) options->given.insert(option->get_single_name());
    action = [options] { return print_khat(*options); };
  });
}

}  // namespace kubomag::cli
