// kubomag spectrum: spectra of a table's columns or of field files.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "cli/command.hpp"
#include "cli/spectrum_options.hpp"
#include "io/plot.hpp"
#include "io/table.hpp"
#include "io/units.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

/// The spectra's numbers below f_max as a table: f, then amplitude and power of each.
io::Table spectra_table(const std::vector<NamedSpectrum>& spectra, double f_max) {
  io::Table table;
  const std::vector<double>& frequency = spectra.front().spectrum.frequency;
  const auto count =
      std::upper_bound(frequency.begin(), frequency.end(), f_max) - frequency.begin();
  const auto add = [&](const std::string& name, const std::string& unit,
                       const std::vector<double>& values) {
    table.columns.push_back({name, unit});
    table.data.emplace_back(values.begin(), values.begin() + count);
  };
  add("f", "Hz", frequency);
  for (const NamedSpectrum& one : spectra) {
    add(one.name + "_amplitude", one.unit, one.spectrum.amplitude);
    add(one.name + "_power", one.unit.empty() ? "1/Hz" : one.unit + "^2/Hz", one.spectrum.power);
  }
  return table;
}

void print_peaks(const NamedSpectrum& one, double f_max, int most) {
  fmt::print("{}: peaks\n", one.name);
  int shown = 0;
  for (const Peak& peak : find_peaks(one.spectrum.frequency, one.spectrum.amplitude)) {
    if (peak.frequency > f_max) continue;
    if (++shown > most) break;
    fmt::print("  {:.6g} GHz  amplitude {:.4g}{}{}\n", peak.frequency * 1e-9, peak.amplitude,
               one.unit.empty() ? "" : " ", one.unit);
  }
  if (shown == 0) fmt::print("  none\n");
}

/// The rows whose time is within [from, to].
std::vector<std::size_t> rows_within(const std::vector<double>& t,
                                     const SpectrumArguments& arguments) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double from = optional_quantity("from", arguments.from, "s", -infinity);
  const double to = optional_quantity("to", arguments.to, "s", infinity);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (t[i] >= from && t[i] <= to) rows.push_back(i);
  return rows;
}

void table_spectra(const SpectrumArguments& arguments) {
  if (arguments.files.size() != 1)
    throw InputError("give one table, or field files (.ovf) of one series");
  if (!arguments.axis.empty())
    throw InputError("--dispersion needs field files (.ovf), not a table");
  const io::Table table = io::read_table(arguments.files.front());
  const std::vector<double>& t = table.data[table.find("t")];
  const std::vector<std::size_t> rows = rows_within(t, arguments);
  const auto taken = [&](const std::vector<double>& column) {
    std::vector<double> values;
    for (const std::size_t row : rows) values.push_back(column[row]);
    return values;
  };
  const double interval = equal_interval(taken(t), [&](std::size_t i) {
    return fmt::format("{}: row {}", arguments.files.front(), rows[i] + 1);
  });
  std::vector<NamedSpectrum> spectra;
  for (const std::string& name : arguments.columns) {
    const std::size_t column = table.find(name);
    const std::vector<double> signal = taken(table.data[column]);
    for (std::size_t i = 0; i < signal.size(); ++i)
      if (!std::isfinite(signal[i]))
        throw InputError(
            fmt::format("{}: row {}: {} is not a finite number; cut it off with --from "
                        "or --to",
                        arguments.files.front(), rows[i] + 1, name));
    spectra.push_back({name, table.columns[column].unit,
                       make_spectrum(signal, interval, read_spectrum_options(arguments))});
  }
  write_spectra(spectra, arguments);
}

int make_spectra(const SpectrumArguments& arguments) {
  const bool fields = std::filesystem::path(arguments.files.front()).extension() == ".ovf";
  if (!fields)
    table_spectra(arguments);
  else if (arguments.axis.empty())
    field_spectra(arguments);
  else
    field_dispersion(arguments);
  return exit_done;
}

}  // namespace

SpectralWindow read_window(const std::string& name) {
  return name == "none"   ? SpectralWindow::none
         : name == "hann" ? SpectralWindow::hann
                          : SpectralWindow::blackman;
}

SpectrumOptions read_spectrum_options(const SpectrumArguments& arguments) {
  SpectrumOptions options;
  options.window = read_window(arguments.window);
  options.detrend = arguments.detrend == "none"   ? Detrend::none
                    : arguments.detrend == "mean" ? Detrend::mean
                                                  : Detrend::linear;
  options.padding = arguments.padding > 0 ? arguments.padding : arguments.axis.empty() ? 4 : 1;
  return options;
}

double optional_quantity(const std::string& option, const std::string& text, const char* unit,
                         double fallback) {
  if (text.empty()) return fallback;
  try {
    return io::parse_quantity(text, unit);
  } catch (const InputError& error) {
    throw InputError(fmt::format("--{}: {}", option, error.what()));
  }
}

void write_spectra(const std::vector<NamedSpectrum>& spectra, const SpectrumArguments& arguments) {
  const double f_max =
      optional_quantity("f-max", arguments.f_max, "Hz", std::numeric_limits<double>::infinity());
  const std::string output = arguments.output.empty() ? "spectrum" : arguments.output;
  const io::Table table = spectra_table(spectra, f_max);
  io::write_table(output + ".txt", table);
  std::vector<std::string> curves;
  for (const NamedSpectrum& one : spectra)
    if (one.unit == spectra.front().unit) curves.push_back(one.name + "_amplitude");
  io::write_plot(output + ".png", table, curves);
  for (const NamedSpectrum& one : spectra) print_peaks(one, f_max, arguments.peaks);
  fmt::print("{0}.txt and {0}.png written\n", output);
}

void add_spectrum(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "spectrum", "Spectra of table columns or of field files; dispersion of waves");
  const auto a = std::make_shared<SpectrumArguments>();
  command->add_option("files", a->files, "table.txt, or OVF files of one series")->required();
  command->add_option("-o,--output", a->output, "name of the files to write, without ending");
  command->add_option("--columns", a->columns, "of the table: mx,my,mz")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--components", a->components, "of the field: x,y,z; all by default")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"x", "y", "z"}));
  const CLI::IsMember windows({"none", "hann", "blackman"});
  command->add_option("--window", a->window, "none, hann or blackman")->check(windows);
  command->add_option("--detrend", a->detrend, "none, mean or linear")
      ->check(CLI::IsMember({"none", "mean", "linear"}));
  command
      ->add_option("--padding", a->padding, "length with zeros in lengths of the signal; 4, maps 1")
      ->check(CLI::Range(1, 64));
  command->add_option("--from", a->from, "leave out what is before, such as \"1 ns\"");
  command->add_option("--to", a->to, "leave out what is after");
  command->add_option("--f-max", a->f_max, "highest frequency shown, such as \"30 GHz\"");
  command->add_option("--peaks", a->peaks, "peaks listed at most")->check(CLI::Range(0, 1000));
  command->add_option("--dispersion", a->axis, "map over wave number and frequency along x or y")
      ->check(CLI::IsMember({"x", "y"}));
  command->add_option("--line", a->line, "one row of the map, at this position across it");
  command
      ->add_option("--space-window", a->space_window, "along the axis of the map; none if periodic")
      ->check(windows);
  command->callback([&action, a] { action = [a] { return make_spectra(*a); }; });
}

}  // namespace kubomag::cli
