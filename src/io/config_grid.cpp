#include "io/config_grid.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>

namespace kubomag::io {
namespace {

int cell_count(const ConfigValue& value) {
  const long count = value.integer();
  if (count < 1 || count > std::numeric_limits<int>::max() / 4)
    value.fail(fmt::format("{} cells; a whole number from 1 is expected", count));
  return static_cast<int>(count);
}

double positive_length(const ConfigValue& value) {
  const double length = value.quantity("m");
  if (!(length > 0) || length > 1)
    value.fail(fmt::format(
        "{} m; a length above 0 and of at most 1 m, such as \"4 nm\", is expected", length));
  return length;
}

void read_cell_size(const ConfigTable& table, Grid& grid) {
  const auto cell = table.find("cell");
  const auto size = table.find("size");
  if (cell && size) size->fail("cell is given too; give one of them");
  const std::vector<ConfigValue> lengths = (size ? *size : table["cell"]).elements(2);
  grid.dx = positive_length(lengths[0]) / (size ? grid.nx : 1);
  grid.dy = positive_length(lengths[1]) / (size ? grid.ny : 1);
}

}  // namespace

double setup_memory(double cells) {
  constexpr double state = 3 * 3;   // m of the problem, of the engine, and on its way there
  constexpr double tensor = 2 * 4;  // four quarters of the open film's box, before and after
  return cells * sizeof(double) * (state + tensor);
}

double physical_memory() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

Grid read_grid(const ConfigTable& root) {
  const ConfigTable table = root["grid"].table();
  const ConfigValue cells = table["cells"];
  const std::vector<ConfigValue> counts = cells.elements(2);
  Grid grid;
  grid.nx = cell_count(counts[0]);
  grid.ny = cell_count(counts[1]);
  const double bytes = setup_memory(static_cast<double>(grid.nx) * grid.ny);
  if (bytes > physical_memory()) {
    constexpr double GiB = 1024.0 * 1024 * 1024;
    cells.fail(
        fmt::format("a grid of {} x {} cells needs about {:.3g} GiB; this machine has {:.3g} GiB: "
                    "use fewer or larger cells",
                    grid.nx, grid.ny, bytes / GiB, physical_memory() / GiB));
  }
  read_cell_size(table, grid);
  grid.dz = positive_length(table["thickness"]);
  if (const auto periodic = table.find("periodic")) {
    const std::vector<ConfigValue> axes = periodic->elements(2);
    grid.periodic_x = axes[0].boolean();
    grid.periodic_y = axes[1].boolean();
  }
  return grid;
}

}  // namespace kubomag::io
