#include "io/config_surface.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "khat/electron_inputs.hpp"
#include "khat/local_charge.hpp"
#include "khat/validity.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

class SurfaceReader {
 public:
  SurfaceReader(ConfigTable table, const std::vector<Region>& regions, const Grid& grid)
      : table_(std::move(table)), grid_(grid) {
    for (const Region& region : regions)
      if (const auto overrides = region.table.table("surface"))
        overrides_.emplace_back(&region, *overrides);
  }

  ScalarMap map(const std::string& key, const char* unit) const {
    if (!table_.has(key)) table_.quantity(key, unit);
    ScalarMap map = read(table_[key], unit);
    for (const auto& [region, overrides] : overrides_)
      if (const auto other = overrides.find(key))
        map = override_map(map, *region, read(*other, unit));
    return map;
  }

  /// The disorder strength from the one of its three measures that is given.
  ScalarMap disorder(const ScalarMap& fermi_energy) const {
    const auto sigma_0 = table_.find("sigma_0");
    const auto tau_tr = table_.find("tau_tr");
    const auto direct = table_.find("disorder");
    const int given = sigma_0.has_value() + tau_tr.has_value() + direct.has_value();
    if (given != 1)
      table_.fail(
          fmt::format("{} of disorder, sigma_0 and tau_tr are given; one of them is "
                      "expected, such as sigma_0 = 10",
                      given));
    if (direct) return map("disorder", "1");
    if (sigma_0)
      return sigma_0->located(
          [&] { return ScalarMap::combine(disorder_from_sigma_0, map("sigma_0", "1")); });
    return tau_tr->located(
        [&] { return ScalarMap::combine(disorder_from_tau_tr, map("tau_tr", "s"), fermi_energy); });
  }

 private:
  ScalarMap read(const ConfigValue& value, const char* unit) const {
    ScalarMap map = read_map(value, unit, grid_);
    for (const double worst : {map.min(), map.max()})
      if (const std::string fault = implausible({"", unit, 0, ""}, worst); !fault.empty())
        value.fail(fault);
    return map;
  }

  ConfigTable table_;
  const Grid& grid_;
  std::vector<std::pair<const Region*, ConfigTable>> overrides_;
};

/// Names the key that the theory's message is about, with its line.
void check_theory(const ConfigTable& table, const DiracMaps& maps) {
  try {
    check_maps(maps);
  } catch (const InputError& error) {
    const std::string message = error.what(), prefix = "surface.";
    const std::string key = message.starts_with(prefix)
                                ? message.substr(prefix.size(), message.find(' ') - prefix.size())
                                : "fermi_energy";
    for (const std::string& name : {key, std::string("sigma_0"), std::string("tau_tr")})
      if (const auto value = table.find(name)) value->fail(message);
    throw;
  }
}

Edge read_edge(const ConfigValue& value, bool periodic, bool local) {
  const Edge edges[] = {Edge::periodic, Edge::no_flux, Edge::infinite};
  const Edge edge = edges[value.choice({"periodic", "no_flux", "infinite"})];
  if ((edge == Edge::periodic) != periodic)
    value.fail(periodic ? "the grid is periodic along this axis; \"periodic\" is expected"
                        : "the grid is not periodic along this axis; \"no_flux\" or \"infinite\" "
                          "is expected");
  if (local && edge == Edge::infinite)
    value.fail(
        "with diffusion = \"local\" the surface ends with the grid (D follows m, and there is none "
        "beyond); \"no_flux\" is expected, on a grid that may be wider than the film (Msat = 0)");
  return edge;
}

void read_edges(const ConfigTable& table, const Grid& grid, SurfaceConfig& config) {
  config.edge_x = grid.periodic_x ? Edge::periodic : Edge::no_flux;
  config.edge_y = grid.periodic_y ? Edge::periodic : Edge::no_flux;
  if (const auto edges = table.find("edges")) {
    config.default_edges = false;
    const std::vector<ConfigValue> axes = edges->elements(2);
    config.edge_x = read_edge(axes[0], grid.periodic_x, config.local);
    config.edge_y = read_edge(axes[1], grid.periodic_y, config.local);
  }
  const auto padding = table.find("padding");
  if (!padding || (padding->is_text() && padding->text() == "auto")) return;
  const double width = padding->quantity("m");
  if (!(width >= 0) || std::isinf(width))
    padding->fail("a length of at least 0, or \"auto\", is expected");
  config.padding = width;
}

void read_screening(const ConfigTable& table, std::optional<double> gate_height,
                    SurfaceConfig& config) {
  config.external = table.choice("E_is", {"total", "external"}) == 1;
  if (!config.external) return;
  const ConfigValue permittivity = table["permittivity"];
  config.permittivity = permittivity.quantity("1") * constants::epsilon_0;
  if (!(config.permittivity >= constants::epsilon_0) || std::isinf(config.permittivity))
    permittivity.fail("a relative permittivity of at least 1, such as 4, is expected");
  config.gate_distance = table.quantity("gate_distance", "m", gate_height.value_or(infinity));
  if (!(config.gate_distance > 0))
    table["gate_distance"].fail("a length above 0, or \"inf\" for no gate plane, is expected");
}

void read_numbers(const ConfigTable& table, SurfaceConfig& config) {
  config.local = table.choice("diffusion", {"uniform", "local"}) == 1;
  config.mz_reference = table.quantity("mz_reference", "1", 0);
  if (std::abs(config.mz_reference) > 1)
    table["mz_reference"].fail("a number from -1 to 1 is expected");
  config.tau_c = table.quantity("tau_c", "s", infinity);
  if (!(config.tau_c > 0))
    table["tau_c"].fail("a time above 0, or \"inf\" for no leak, is expected");
  if (const auto hall = table.find("hall"))
    config.parts.hall = hall->located([&] { return hall_parts(hall->text()); });
  const auto field_like = table.find("field_like");
  config.hall_alone = field_like && field_like->is_text();
  if (config.hall_alone)
    field_like->choice({"hall"});
  else
    config.parts.field_like = table.boolean("field_like", true);
  config.parts.diffusive = table.boolean("diffusive", true);
  config.parts.damping = table.boolean("damping", true);
  if (config.hall_alone && (config.parts.damping || config.parts.diffusive))
    field_like->fail(
        "the Hall current alone, for studies of its torque; diffusive = false and damping = false "
        "are expected with it");
}

}  // namespace

std::optional<SurfaceConfig> read_surface(const ConfigTable& root, const ScalarMap& Msat,
                                          const std::vector<Region>& regions, const Grid& grid,
                                          std::optional<double> gate_height) {
  const auto table = root.table("surface");
  if (!table) {
    for (const Region& region : regions)
      if (const auto overrides = region.table.find("surface"))
        overrides->fail("there is no [surface] section to override");
    return std::nullopt;
  }
  const SurfaceReader reader(*table, regions, grid);
  SurfaceConfig config;
  config.maps.fermi_energy = reader.map("fermi_energy", "J");
  config.maps.velocity = reader.map("velocity", "m/s");
  config.maps.Delta_sd = reader.map("Delta_sd", "J");
  config.maps.disorder = reader.disorder(config.maps.fermi_energy);
  config.maps.Msat = Msat;
  check_theory(*table, config.maps);
  read_numbers(*table, config);
  read_edges(*table, grid, config);
  read_screening(*table, gate_height, config);
  return config;
}

DiracSurface make_surface(const SurfaceConfig& config, double thickness, double GammaLL) {
  DiracSurface surface = dirac_surface(config.maps, thickness, GammaLL, config.parts);
  if (config.hall_alone) surface.sigma_s = 0;
  return surface;
}

Diffusion make_diffusion(const SurfaceConfig& config) {
  const DiffusionNumbers numbers =
      diffusion_numbers(mean_electrons(config.maps), config.mz_reference);
  Diffusion diffusion;
  diffusion.D = numbers.D;
  diffusion.mz_reference = config.mz_reference;
  diffusion.rate_c = 1 / config.tau_c;
  diffusion.edge_x = config.edge_x;
  diffusion.edge_y = config.edge_y;
  diffusion.padding = config.padding.value_or(0);
  if (config.external)
    diffusion.screening = Screening{numbers.e2_nu, config.permittivity, config.gate_distance};
  if (config.local) diffusion.local = local_charge(config.maps, config.parts);
  return diffusion;
}

}  // namespace kubomag::io
