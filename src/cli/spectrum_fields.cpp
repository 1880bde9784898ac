// kubomag spectrum of field files.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/field_spectrum.hpp"
#include "cli/spectrum_options.hpp"
#include "io/heat_map.hpp"
#include "io/ovf_series.hpp"
#include "io/table.hpp"
#include "io/units.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

constexpr const char* letters[] = {"x", "y", "z"};

/// The files between --from and --to as series, one per wanted component.
class Fields {
 public:
  explicit Fields(const SpectrumArguments& arguments)
      : series_(io::read_ovf_series({arguments.files.begin(), arguments.files.end()})) {
    cut(arguments);
    interval_ =
        equal_interval(series_.times, [&](std::size_t i) { return series_.files[i].string(); });
    const int components = series_.mesh.components;
    for (int c = 0; c < components; ++c)
      if (arguments.components.empty() ||
          std::count(arguments.components.begin(), arguments.components.end(), letters[c]) > 0)
        wanted_.push_back(c);
    if (wanted_.empty() || wanted_.size() < arguments.components.size())
      throw InputError(fmt::format("the field has {} component{}; --components names another",
                                   components, components > 1 ? "s" : ""));
  }

  const io::OvfField& mesh() const { return series_.mesh; }
  const std::vector<char>& inside() const { return series_.inside; }
  const std::vector<int>& wanted() const { return wanted_; }
  std::string name(int c) const {
    return series_.mesh.title + (series_.mesh.components > 1 ? letters[c] : "");
  }
  std::string unit() const { return series_.mesh.units.empty() ? "" : series_.mesh.units.front(); }

  /// The component; it can be taken once.
  FieldSeries take(int c) {
    const io::OvfField& mesh = series_.mesh;
    return {mesh.nx, mesh.ny,   mesh.dx,
            mesh.dy, interval_, std::move(series_.values[static_cast<std::size_t>(c)])};
  }

 private:
  void cut(const SpectrumArguments& arguments) {
    const double infinity = std::numeric_limits<double>::infinity();
    const double from = optional_quantity("from", arguments.from, "s", -infinity);
    const double to = optional_quantity("to", arguments.to, "s", infinity);
    const std::vector<double>& t = series_.times;
    const auto begin = std::lower_bound(t.begin(), t.end(), from) - t.begin();
    const auto end = std::max(begin, std::upper_bound(t.begin(), t.end(), to) - t.begin());
    const auto keep = [&](auto& list) { list = {list.begin() + begin, list.begin() + end}; };
    for (auto& frames : series_.values) keep(frames);
    keep(series_.files);
    keep(series_.times);
  }

  io::OvfSeries series_;
  double interval_ = 0;
  std::vector<int> wanted_;
};

/// The rows across the axis that count.
std::pair<int, int> rows_of_map(const SpectrumArguments& arguments, const io::OvfField& mesh,
                                bool along_x) {
  const int count = along_x ? mesh.ny : mesh.nx;
  if (arguments.line.empty()) return {0, count - 1};
  const double step = along_x ? mesh.dy : mesh.dx, base = along_x ? mesh.ybase : mesh.xbase;
  const double at = optional_quantity("line", arguments.line, "m", 0);
  const double row = std::round((at - base) / step);
  if (!(row >= 0 && row < count))
    throw InputError(fmt::format("--line: {} lies outside the film, whose cells are at {} to {}",
                                 io::format_quantity(at, "m"), io::format_quantity(base, "m"),
                                 io::format_quantity(base + (count - 1) * step, "m")));
  return {static_cast<int>(row), static_cast<int>(row)};
}

DispersionMap make_map(Fields& fields, const SpectrumArguments& arguments) {
  const bool along_x = arguments.axis == "x";
  const auto [first, last] = rows_of_map(arguments, fields.mesh(), along_x);
  DispersionMap sum;
  for (const int c : fields.wanted()) {
    DispersionMap map =
        dispersion_map(fields.take(c), along_x ? Axis::x : Axis::y, first, last,
                       read_spectrum_options(arguments), read_window(arguments.space_window));
    if (sum.power.empty())
      sum = std::move(map);
    else
      for (std::size_t i = 0; i < map.power.size(); ++i) sum.power[i] += map.power[i];
  }
  return sum;
}

void cut_frequencies(DispersionMap& map, double f_max) {
  const auto end = std::upper_bound(map.frequency.begin(), map.frequency.end(), f_max);
  map.frequency.erase(end, map.frequency.end());
  map.power.resize(map.frequency.size() * map.k.size());
  if (map.frequency.size() < 2 || map.k.size() < 2)
    throw InputError(
        "the map has less than two wave numbers or frequencies; more cells along the "
        "axis, or a higher --f-max, are needed");
}

void write_map(const DispersionMap& map, const std::string& output) {
  io::Table table{{{"k", "rad/m"}, {"f", "Hz"}, {"power", ""}}, {{}, {}, {}}};
  for (std::size_t f = 0; f < map.frequency.size(); ++f)
    for (std::size_t j = 0; j < map.k.size(); ++j) {
      table.data[0].push_back(map.k[j]);
      table.data[1].push_back(map.frequency[f]);
      table.data[2].push_back(map.power[f * map.k.size() + j]);
    }
  io::write_table(output + ".txt", table);
  io::Table modes{{{"k", "rad/m"}, {"f", "Hz"}, {"amplitude", ""}}, {map.k, {}, {}}};
  for (const Peak& mode : strongest_modes(map)) {
    modes.data[1].push_back(mode.frequency);
    modes.data[2].push_back(mode.amplitude);
  }
  io::write_table(output + "_modes.txt", modes);
}

}  // namespace

void field_spectra(const SpectrumArguments& arguments) {
  Fields fields(arguments);
  std::vector<NamedSpectrum> spectra;
  for (const int c : fields.wanted()) {
    FieldSpectrum both =
        field_spectrum(fields.take(c), fields.inside(), read_spectrum_options(arguments));
    const std::string unit = fields.unit() == "1" ? "" : fields.unit();
    spectra.push_back({fields.name(c), unit, std::move(both.average)});
    spectra.push_back({fields.name(c) + "_local", unit, std::move(both.local)});
  }
  write_spectra(spectra, arguments);
}

void field_dispersion(const SpectrumArguments& arguments) {
  Fields fields(arguments);
  const std::string output = arguments.output.empty() ? "dispersion" : arguments.output;
  DispersionMap map = make_map(fields, arguments);
  cut_frequencies(map, optional_quantity("f-max", arguments.f_max, "Hz",
                                         std::numeric_limits<double>::infinity()));
  write_map(map, output);
  std::string names;
  for (const int c : fields.wanted()) names += (names.empty() ? "" : ", ") + fields.name(c);
  const io::HeatMap picture{.title = "squared amplitude of " + names,
                            .x_name = "k" + arguments.axis,
                            .x_unit = "rad/m",
                            .y_name = "f",
                            .y_unit = "Hz",
                            .x_low = map.k.front(),
                            .x_high = map.k.back(),
                            .y_low = map.frequency.front(),
                            .y_high = map.frequency.back(),
                            .columns = static_cast<int>(map.k.size()),
                            .rows = static_cast<int>(map.frequency.size()),
                            .values = map.power};
  io::write_heat_map(output + ".png", picture);
  fmt::print("{0}.txt, {0}_modes.txt and {0}.png written\n", output);
}

}  // namespace kubomag::cli
