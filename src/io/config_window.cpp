#include "io/config_window.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace kubomag::io {
namespace {

using StillField = std::function<Vec2<double>(double x, double y)>;

bool is_uniform(const Grid& grid, const StillField& field) {
  const Vec2<double> first = field(grid.x(0), grid.y(0));
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const Vec2<double> E = field(grid.x(ix), grid.y(iy));
      if (E.x != first.x || E.y != first.y) return false;
    }
  return true;
}

/// Which electric field differs from place to place, or nothing.
std::string what_varies(const Grid& grid, const Drive& drive) {
  for (const SeparableDrive& each : drive.separable)
    if (!is_uniform(grid, each.E)) return "the electric field";
  for (const SampledDrive& each : drive.sampled) {
    if (!each.signal) return "an electric field given in x, y and t";
    if (!is_uniform(grid, [&](double x, double y) { return each.E(x, y, 0); }))
      return "the electric field";
  }
  return "";
}

/// What differs from place to place, or nothing.
std::string what_varies(const Problem& problem) {
  for (const auto& [name, map] : problem.material.all())
    if (!map.uniform()) return "material." + name;
  if (const auto& s = problem.surface)
    for (const ScalarMap* map :
         {&s->b, &s->sigma_s, &s->hall_1, &s->hall_3, &s->c0, &s->B_FL_per_E, &s->B_diff_per_psi})
      if (!map->uniform()) return "the surface";
  if (problem.local && !problem.local->table_of_cell.empty()) return "the surface";
  const std::pair<const char*, const std::vector<FieldSource>*> sources[] = {
      {"B_ext", &problem.B_ext},
      {"current", &problem.current},
      {"J", &problem.sheet_current},
      {"E_z", &problem.E_z}};
  for (const auto& [key, list] : sources)
    for (const FieldSource& source : *list)
      if (!source.map.empty()) return key;
  for (const CustomTerm& term : problem.custom)
    for (const FormulaNode& node : term.graph.nodes)
      if (node.op == FormulaOp::x || node.op == FormulaOp::y) return "the custom term " + term.name;
  for (const PrescribedPsi& psi : problem.drive.psi)
    if (!psi.psi.uniform()) return "psi";
  return what_varies(problem.grid, problem.drive);
}

}  // namespace

std::optional<Window> read_window(const ConfigTable& root, const Grid& grid) {
  const auto table = root.table("window");
  if (!table) return std::nullopt;
  Window window;
  window.target = (*table)["follow"].choice({"skyrmion", "wall"}) == 0 ? Window::Target::skyrmion
                                                                       : Window::Target::wall;
  const std::size_t axes = table->choice("axes", {"x", "y", "xy"});
  window.x = axes != 1;
  window.y = axes != 0;
  window.every = table->integer("every", window.every);
  if (window.every < 1) (*table)["every"].fail("a number of steps from 1 is expected");
  if (window.target == Window::Target::wall && window.y)
    (*table)["axes"].fail("a wall is followed along x only");
  if ((window.x && grid.periodic_x) || (window.y && grid.periodic_y))
    table->fail(
        "the film is periodic along the window's axis; nothing leaves it there, and the "
        "table's positions go on through its edges");
  return window;
}

void require_uniform(const ConfigTable& root, const Problem& problem) {
  if (problem.diffusion.local)
    root["window"].fail(
        "with surface.diffusion = \"local\" psi has a history that does not move with a window; "
        "diffusion = \"uniform\" is expected");
  const std::string varies = what_varies(problem);
  if (!varies.empty())
    root["window"].fail(varies +
                        " differs from place to place; a window moves over a uniform film only");
}

}  // namespace kubomag::io
