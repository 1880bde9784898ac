#include "io/config.hpp"

#include "io/config_drive.hpp"
#include "io/config_gate.hpp"
#include "io/config_grid.hpp"
#include "io/config_hysteresis.hpp"
#include "io/config_initial.hpp"
#include "io/config_local.hpp"
#include "io/config_material.hpp"
#include "io/config_reader.hpp"
#include "io/config_run.hpp"
#include "io/config_shape.hpp"
#include "io/config_validity.hpp"
#include "io/config_window.hpp"
#include "io/material_keys.hpp"
#include "io/table_cache.hpp"
#include "kernels/torques.hpp"
#include "khat/torque_table.hpp"
#include "kubomag/error.hpp"
#include "setup/gate.hpp"
#include "setup/padding.hpp"

namespace kubomag::io {
namespace {

/// The film: everything that the other sections build on.
struct Film {
  std::optional<Shapes> shapes;
  std::vector<Region> regions;
  ScalarMap Msat;  // of the magnet itself: a cell that it fills in part has less in the Problem
};

/// Grains, and what the geometry leaves of every cell.
void read_cells(ConfigFile& file, Problem& problem, Film& film) {
  const ConfigTable root = file.root();
  const std::vector<Input> inputs = material_inputs();
  file.attempt("grains", [&] { read_grains(root, problem.grid, inputs, problem.material); });
  film.Msat = problem.material["Msat"];
  file.attempt("geometry", [&] {
    const ScalarMap part = read_geometry(root, *film.shapes, problem.grid);
    const auto there = [](double Ms, double p) { return p > 0 ? Ms : 0.0; };
    film.Msat = ScalarMap::combine(there, film.Msat, part);
    fill_cells(problem.material, inputs, part);
    if (film.Msat.max() == 0) root["geometry"].fail("no cell inside the shape is magnetic");
  });
}

void read_film(ConfigFile& file, RunConfig& config, Film& film) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  bool complete = false;
  config.title = root.text("title", "");
  file.attempt("grid", [&] {
    problem.grid = read_grid(root);
    complete = true;
  });
  if (!complete) file.throw_kept();
  file.attempt("shape", [&] { film.shapes.emplace(root, problem.grid); });
  if (!film.shapes) file.throw_kept();
  file.attempt("region", [&] { film.regions = read_regions(root, problem.grid, *film.shapes); });
  complete = false;
  file.attempt("material", [&] {
    problem.GammaLL = read_GammaLL(root);
    problem.material = read_material(root, material_inputs(), film.regions, problem.grid);
    complete = true;
  });
  if (!complete) file.throw_kept();
  read_cells(file, problem, film);
}

void read_sections(ConfigFile& file, RunConfig& config, Film& film) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  const Grid& grid = problem.grid;
  file.attempt("demag", [&] {
    if (const auto table = root.table("demag"))
      problem.demag.enabled = table->boolean("enabled", true);
  });
  file.attempt("E", [&] { problem.drive = read_drive(root, grid); });
  file.attempt("B_ext", [&] { problem.B_ext = read_field_sources(root, grid); });
  file.attempt("current", [&] {
    problem.current = read_currents(root, grid);
    if (!problem.current.empty() && !TorqueTerms<double>::acts(problem))
      root["current"].fail(
          "no torque of this film is driven by a current; set one of the inputs of [material] that "
          "`kubomag terms` lists for torques, such as theta_SH");
  });
  file.attempt("J", [&] { problem.sheet_current = read_sheet_currents(root, grid); });
  file.attempt("initial", [&] { problem.m = read_initial(root, grid, film.Msat, *film.shapes); });
  file.attempt("relax", [&] { config.relax = read_relax(root); });
  file.attempt("run", [&] {
    problem.integrator = read_integrator(root);
    config.time = read_time(root);
  });
  file.attempt("output", [&] {
    config.output = read_output(root, grid);
    config.ovf = read_ovf_format(root);
  });
  file.attempt("window", [&] { config.window = read_window(root, grid); });
  file.attempt("thiele", [&] { config.thiele = read_thiele(root, problem); });
  file.attempt("hysteresis", [&] {
    config.hysteresis = read_hysteresis(root, config.relax, problem);
    if (!config.hysteresis) return;
    config.relax.reset();
    add_loop_field(*config.hysteresis, problem.B_ext);
  });
  file.attempt("device", [&] { config.device = read_device(root); });
}

/// Gates come first among the drives.
void add_gates(const ConfigTable& root, RunConfig& config) {
  std::vector<SeparableDrive>& drives = config.problem.drive.separable;
  std::vector<SeparableDrive> all;
  const auto value = root.find("gate");
  for (const GateSpec& gate : config.gates)
    value->located([&] {
      for (GateField& field : make_gate(gate)) all.push_back(std::move(field.drive));
    });
  all.insert(all.end(), drives.begin(), drives.end());
  drives = std::move(all);
}

void refuse_drive_without_surface(const ConfigTable& root) {
  for (const char* key : {"gate", "E", "psi"})
    if (const auto value = root.find(key))
      value->fail("there is no [surface]; an electric field acts on the film through it");
}

void refuse_psi_with_local_diffusion(const ConfigTable& root) {
  if (const auto value = root.find("psi"))
    value->fail(
        "with surface.diffusion = \"local\" psi follows from the balance of charge; give the field "
        "that makes it as [[E]], or use diffusion = \"uniform\"");
}

void read_surface_section(ConfigFile& file, RunConfig& config, const Film& film) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  file.attempt("gate", [&] { config.gates = read_gates(root); });
  file.attempt("surface", [&] {
    if (has_local_surface(root)) {
      config.local = read_local_surface(root, film.Msat, film.regions, problem.grid);
      return;
    }
    std::optional<double> height;
    for (const GateSpec& gate : config.gates)
      if (gate.height > 0) height = gate.height;
    config.surface = read_surface(root, film.Msat, film.regions, problem.grid, height);
  });
}

/// The error control of an adaptive step would take the noise for an error and choose the numbers.
void refuse_adaptive_noise(const ConfigTable& root, const RunConfig& config) {
  const Problem& problem = config.problem;
  if (problem.material["Temp"].max() <= 0 || config.time <= 0 || problem.integrator.FixDt > 0)
    return;
  root["run"].fail(
      "FixDt is missing: Temp is above 0, and the thermal field needs a fixed step; give it, such "
      "as FixDt = \"10 fs\" with scheme = \"heun\"");
}

/// Drives that do not act on the electrons of a local model, or miss.
void check_local_drive(const ConfigTable& root, const RunConfig& config) {
  const bool imposed = config.local->drive == LocalTables::Drive::J;
  if (const auto psi = root.find("psi"))
    psi->fail("a local torque knows no diffusive potential; only model = \"dirac\" does");
  for (const char* key : {"gate", "E"})
    if (const auto value = root.find(key); value && imposed)
      value->fail(
          "[surface] has drive = \"J\": the current is imposed by [[J]], a field would "
          "not act; drive = \"E\" is expected");
  if (const auto J = root.find("J"); J && !imposed)
    J->fail("[surface] has drive = \"E\": the field drives the current; drive = \"J\" is expected");
  if (imposed && !root.has("J"))
    root["surface"].fail(
        "drive = \"J\" but there is no [[J]]; J = [\"10 A/m\", \"0 A/m\"] in a "
        "table [[J]] is expected");
}

void connect_local(ConfigFile& file, RunConfig& config) {
  const ConfigTable root = file.root();
  file.attempt("surface", [&] { check_local_drive(root, config); });
  file.attempt("gate", [&] { add_gates(root, config); });
  file.throw_kept();
  file.attempt("surface", [&] {
    const ConfigValue place = *root.find("surface");
    place.located([&] {
      LocalConfig& local = *config.local;
      BuiltTables built = cached_tables(local.description, [&] {
        BuiltTables fresh;
        fresh.tables = make_local_tables(local.models, local.drive, 1e-6, &fresh.warnings);
        return fresh;
      });
      config.problem.local = std::move(built.tables);
      local.warnings = std::move(built.warnings);
      config.problem.local->table_of_cell = config.local->table_of_cell;
    });
  });
}

/// What needs every section: the drives' scales, the padding.
void connect(ConfigFile& file, RunConfig& config) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  file.attempt("run", [&] { refuse_adaptive_noise(root, config); });
  if (config.local) {
    connect_local(file, config);
    return;
  }
  if (const auto J = root.find("J"))
    file.attempt("J", [&] {
      J->fail(
          "no electrons are driven by an imposed current; a [surface] with another model than "
          "\"dirac\" and drive = \"J\" is expected");
    });
  if (!config.surface) {
    file.attempt("surface", [&] { refuse_drive_without_surface(root); });
    return;
  }
  file.attempt("gate", [&] { add_gates(root, config); });
  if (config.surface->local) file.attempt("psi", [&] { refuse_psi_with_local_diffusion(root); });
  file.throw_kept();
  file.attempt("surface", [&] {
    problem.surface = make_surface(*config.surface, problem.grid.dz, problem.GammaLL);
    problem.diffusion = make_diffusion(*config.surface);
    if (!config.surface->padding) {
      config.padding = default_padding(problem.grid, problem.diffusion, problem.drive, config.time);
      problem.diffusion.padding = config.padding->width;
    }
    const ConfigValue place = *root.find("surface");
    place.located([&] {
      config.small_parameters =
          small_parameters(config.surface->maps, drive_scales(problem, config.gates));
      config.cautions = require_valid(config.small_parameters);
    });
  });
}

}  // namespace

RunConfig read_config(const std::filesystem::path& path) {
  ConfigFile file(path);
  RunConfig config;
  config.file = path;
  config.text = file.content();
  Film film;
  read_film(file, config, film);
  read_sections(file, config, film);
  read_surface_section(file, config, film);
  file.finish();
  connect(file, config);
  if (config.window) file.attempt("window", [&] { require_uniform(file.root(), config.problem); });
  file.finish();
  return config;
}

}  // namespace kubomag::io
