// kubomag khat --model ...: a microscopic model at one direction of m, or against an input of it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/khat_options.hpp"
#include "cli/progress.hpp"
#include "io/plot.hpp"
#include "khat/electron_inputs.hpp"
#include "khat/model_report.hpp"
#include "khat/surface.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

/// Everything that a scan may change, in SI.
struct Setting {
  ElectronNumbers numbers;
  double theta = 0, phi = 0;
};

/// A model, or a family of them, from the command line or from a configuration.
struct Source {
  std::string title;
  std::vector<Input> inputs;   // that a scan may change, besides the direction of m
  ElectronNumbers parameters;  // the same of custom bands, whose units are not known
  Setting base;
  std::function<std::shared_ptr<const ElectronModel>(const ElectronNumbers&)> make;
  Film film;
};

Setting read_direction(const KhatOptions& options) {
  return {{}, read_option("theta", options.theta, "rad"), read_option("phi", options.phi, "rad")};
}

ImpurityScheme scheme_of(const KhatOptions& options) {
  if (electron_schemes(options.model).empty()) return ImpurityScheme::T_matrix;
  try {
    return read_scheme(options.model, options.scheme);
  } catch (const InputError& error) {
    throw InputError(fmt::format("--scheme: {}", error.what()));
  }
}

Setting read_setting(const KhatOptions& options) {
  Setting setting = read_direction(options);
  for (const Input& input : electron_inputs(options.model, scheme_of(options))) {
    const auto text = options.numbers.find(input.name);
    if (text != options.numbers.end())
      setting.numbers[input.name] = read_option(input.name, text->second, input.unit);
  }
  for (const auto& [name, text] : options.numbers)  // a scheme may have fewer than its model
    if (!setting.numbers.contains(name))
      throw InputError(fmt::format("--{} is not an input of the model '{}'", name, options.model));
  return setting;
}

std::shared_ptr<const ElectronModel> make_dirac_of(ElectronNumbers numbers, HallParts hall) {
  make_electrons("dirac", ImpurityScheme::T_matrix, numbers);  // throws for what is missing
  return make_dirac(
      {{numbers["fermi_energy"], numbers["velocity"], numbers["Delta_sd"], numbers["disorder"]},
       hall});
}

Source source_of_options(const KhatOptions& options) {
  const ImpurityScheme scheme = scheme_of(options);
  const HallParts hall = options.hall.empty() ? HallParts::full : hall_parts(options.hall);
  return {
      options.model,
      electron_inputs(options.model, scheme),
      {},
      read_setting(options),
      [&options, scheme,
       hall](const ElectronNumbers& given) -> std::shared_ptr<const ElectronModel> {
        if (options.model != "dirac") return make_electrons(options.model, scheme, given);
        ElectronNumbers numbers = given;
        if (options.scan != "disorder" && numbers.contains("fermi_energy"))
          numbers["disorder"] = read_disorder(options, numbers["fermi_energy"]);
        return make_dirac_of(numbers, hall);
      },
      {read_option("Msat", options.Msat, "A/m"), read_option("thickness", options.thickness, "m")}};
}

/// The mean electrons of a Dirac surface.
Source source_of_surface(const KhatOptions& options, const io::RunConfig& config) {
  const DiracElectrons e = mean_electrons(config.surface->maps);
  const HallParts hall =
      options.hall.empty() ? config.surface->parts.hall : hall_parts(options.hall);
  Setting setting = read_direction(options);
  setting.numbers = {{"fermi_energy", e.fermi_energy},
                     {"velocity", e.velocity},
                     {"Delta_sd", e.Delta_sd},
                     {"disorder", e.disorder}};
  return {"dirac",
          electron_inputs("dirac"),
          {},
          setting,
          [hall](const ElectronNumbers& numbers) { return make_dirac_of(numbers, hall); },
          mean_film(config.problem)};
}

/// One of the sets of electrons of a configuration.
Source source_of_set(const KhatOptions& options, const io::RunConfig& config, std::size_t set) {
  const io::LocalConfig& local = *config.local;
  Setting setting = read_direction(options);
  setting.numbers = local.numbers[set];
  setting.numbers.insert(local.parameters.begin(), local.parameters.end());
  const std::string title = local.models.size() == 1 ? local.model
                                                     : fmt::format("{}, set {} of {}", local.model,
                                                                   set + 1, local.models.size());
  return {title, local.inputs, local.parameters, setting, local.make, mean_film(config.problem)};
}

LocalDrive read_drive(const KhatOptions& options) {
  if (!options.E.empty() && !options.J.empty())
    throw InputError("--E and --J are both given; one of them is expected, along x");
  if (!options.J.empty()) return {true, {read_option("J", options.J, "A/m"), 0}};
  return {false, {options.E.empty() ? 1e5 : read_option("E", options.E, "V/m"), 0}};
}

struct Scanned {
  std::string unit;  // of the first column
  std::vector<double> values;
};

Scanned read_scan(const KhatOptions& options, const Source& source) {
  Scanned scan{"rad", {}};
  if (options.scan != "theta" && options.scan != "phi") {
    scan.unit.clear();
    std::string names = "theta, phi";
    for (const Input& input : source.inputs) {
      names += std::string(", ") + input.name;
      if (options.scan == input.name) scan.unit = input.unit;
    }
    for (const auto& [name, value] : source.parameters) {
      names += ", " + name;
      if (options.scan == name) scan.unit = "SI";
    }
    if (scan.unit.empty())
      throw InputError(fmt::format("--scan {}: one of {} is expected", options.scan, names));
  }
  const double from = read_option("from", options.from, scan.unit);
  const double to = read_option("to", options.to, scan.unit);
  if (!std::isfinite(from) || !std::isfinite(to))
    throw InputError("--from and --to must be finite");
  if (options.logarithmic && !(from * to > 0))
    throw InputError("--log needs --from and --to of the same sign, not 0");
  for (int i = 0; i < options.points; ++i) {
    const double f = static_cast<double>(i) / (options.points - 1);
    scan.values.push_back(options.logarithmic ? from * std::pow(to / from, f)
                                              : from + f * (to - from));
  }
  return scan;
}

/// The unit of a report's number in a table, and its size.
std::pair<std::string, double> in_SI(const std::string& unit) {
  if (unit == "mT") return {"T", 1e-3};
  if (unit == "meV") return {"J", 1e-3 * constants::e_abs};
  return {unit == "1" ? "" : unit, 1};
}

/// The rows as a table: columns in the order in which they first appear, gaps (nan) elsewhere.
io::Table table_of(const io::Column& first, const std::vector<double>& values,
                   const std::vector<std::vector<Coefficient>>& rows) {
  io::Table table;
  table.columns = {first};
  table.data = {values};
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const Coefficient& c : rows[i]) {
      const auto [unit, factor] = in_SI(c.unit);
      const io::Column column{c.symbol, unit};
      auto at = std::find(table.columns.begin(), table.columns.end(), column);
      if (at == table.columns.end()) {
        at = table.columns.insert(at, column);
        table.data.emplace_back(values.size(), NAN);
      }
      table.data[static_cast<std::size_t>(at - table.columns.begin())][i] = factor * c.value;
    }
  return table;
}

/// A value outside the model leaves a gap and a line on stderr, so that a scan may cross a gap.
io::Table scan_table(const KhatOptions& options, const Source& source, const LocalDrive& drive) {
  const Scanned scan = read_scan(options, source);
  std::vector<std::vector<Coefficient>> rows;
  WaitingLine waiting;
  for (double value : scan.values) {
    if (!rows.empty())
      waiting.update([&](double seconds) {
        return points_line(rows.size(), scan.values.size(), double(rows.size()) / seconds);
      });
    Setting at = source.base;
    (options.scan == "theta" ? at.theta
     : options.scan == "phi" ? at.phi
                             : at.numbers[options.scan]) = value;
    try {
      const auto model = source.make(at.numbers);
      rows.push_back(
          model_coefficients(*model, model_point(*model, source.film, at.theta, at.phi, drive)));
    } catch (const InputError& error) {
      waiting.interrupt();
      fmt::print(stderr, "kubomag: {} = {:g} {}: {}\n", options.scan, value, scan.unit,
                 error.what());
      rows.emplace_back();
    }
  }
  if (std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.empty(); }))
    throw InputError(fmt::format("no value of the scan of {} is inside the model", options.scan));
  return table_of({options.scan, scan.unit == "1" ? "" : scan.unit}, scan.values, rows);
}

std::string table_text(const io::Table& table, const char* separator, const char* open) {
  std::string out = open;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    out +=
        fmt::format("{}{} ({})", c ? separator : "", table.columns[c].name, table.columns[c].unit);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    out += '\n';
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      out += fmt::format("{}{}", c ? separator : "", table.data[c][i]);
  }
  return out + '\n';
}

std::string table_json(const std::string& title, const io::Table& table) {
  nlohmann::ordered_json out{{"model", title}};
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    auto& column = out["columns"][table.columns[c].name];
    column["unit"] = table.columns[c].unit;
    for (double value : table.data[c])
      column["values"].push_back(std::isfinite(value) ? nlohmann::ordered_json(value) : nullptr);
  }
  return out.dump(2) + '\n';
}

int print_scan(const KhatOptions& options, const Source& source, const LocalDrive& drive) {
  const io::Table table = scan_table(options, source, drive);
  fmt::print("{}", options.format == "json"  ? table_json(source.title, table)
                   : options.format == "csv" ? table_text(table, ",", "")
                                             : table_text(table, "\t", "# "));
  if (!options.png.empty()) io::write_plot(options.png, table, options.columns, source.title);
  return exit_done;
}

std::string drive_text(const LocalDrive& drive) {
  return fmt::format("{} = {:g} {} along x", drive.current ? "j" : "E", drive.value.x(),
                     drive.current ? "A/m (imposed current)" : "V/m (imposed field)");
}

std::string unit_text(const std::string& unit) { return unit == "1" ? "" : " " + unit; }

void print_point(const KhatOptions& options, const Source& source, const LocalDrive& drive) {
  const Setting& setting = source.base;
  const auto model = source.make(setting.numbers);
  ModelPoint point = model_point(*model, source.film, setting.theta, setting.phi, drive);
  if (model->symmetry() != Symmetry::none) point.jumps = model->jumps(setting.phi);  // else slow
  const std::vector<Coefficient> rows = model_coefficients(*model, point);
  if (options.format == "csv") {
    fmt::print("{}{}", coefficient_csv_title, coefficient_csv(rows));
  } else if (options.format == "json") {
    const nlohmann::ordered_json out{
        {"model", source.title},      {"theta", point.theta},
        {"phi", point.phi},           {drive.current ? "J" : "E", drive.value.x()},
        {"numbers", setting.numbers}, {"coefficients", coefficient_json(rows)}};
    fmt::print("{}\n", out.dump(2));
  } else {
    fmt::print("{}: theta = {:g}, phi = {:g} rad, {}\n", source.title, point.theta, point.phi,
               drive_text(drive));
    for (const Input& input : source.inputs)
      if (const auto number = setting.numbers.find(input.name); number != setting.numbers.end())
        fmt::print("  {} = {:g}{}\n", input.name, number->second, unit_text(input.unit));
    for (const auto& [name, value] : source.parameters)
      fmt::print("  {} = {:g} (SI)\n", name, value);
    fmt::print("\n{}", coefficient_text(rows));
  }
}

int print_source(const KhatOptions& options, const Source& source) {
  const LocalDrive drive = read_drive(options);
  if (!options.scan.empty()) return print_scan(options, source, drive);
  print_point(options, source, drive);
  return exit_done;
}

}  // namespace

Film mean_film(const Problem& problem) {
  const ScalarMap& Msat = problem.material["Msat"];
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i)
    if (Msat(i) > 0) sum += Msat(i), ++count;
  return {sum / static_cast<double>(count), problem.grid.dz, problem.GammaLL};
}

int print_model(const KhatOptions& options) {
  return print_source(options, source_of_options(options));
}

int print_config_model(const KhatOptions& options, const io::RunConfig& config) {
  if (!config.local) return print_source(options, source_of_surface(options, config));
  const std::size_t sets = config.local->models.size();
  if (options.set > sets)
    throw InputError(fmt::format("--set {}: {} has {} sets of electrons, counted from 1",
                                 options.set, options.file, sets));
  if (options.set > 0)
    return print_source(options, source_of_set(options, config, options.set - 1));
  if (sets > 1 && (!options.scan.empty() || options.format != "text"))
    throw InputError(fmt::format(
        "{}: has {} sets of electrons; a scan, csv and json are for one: choose it with --set",
        options.file, sets));
  for (std::size_t set = 0; set < sets; ++set)
    print_source(options, source_of_set(options, config, set));
  return exit_done;
}

}  // namespace kubomag::cli
