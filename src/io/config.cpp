#include "io/config.hpp"

#include "io/config_drive.hpp"
#include "io/config_gate.hpp"
#include "io/config_grid.hpp"
#include "io/config_initial.hpp"
#include "io/config_material.hpp"
#include "io/config_reader.hpp"
#include "io/config_run.hpp"
#include "io/config_validity.hpp"
#include "io/material_keys.hpp"
#include "kubomag/error.hpp"
#include "setup/gate.hpp"
#include "setup/padding.hpp"

namespace kubomag::io {
namespace {

/// The film: everything that the other sections build on.
void read_film(ConfigFile& file, RunConfig& config, std::vector<Region>& regions) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  bool complete = false;
  config.title = root.text("title", "");
  file.attempt("grid", [&] {
    problem.grid = read_grid(root);
    complete = true;
  });
  if (!complete) file.throw_kept();
  file.attempt("region", [&] { regions = read_regions(root, problem.grid); });
  complete = false;
  file.attempt("material", [&] {
    problem.GammaLL = read_GammaLL(root);
    problem.material = read_material(root, material_inputs(), regions, problem.grid);
    complete = true;
  });
  if (!complete) file.throw_kept();
}

void read_sections(ConfigFile& file, RunConfig& config) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  const Grid& grid = problem.grid;
  file.attempt("demag", [&] {
    if (const auto table = root.table("demag"))
      problem.demag.enabled = table->boolean("enabled", true);
  });
  file.attempt("E", [&] { problem.drive = read_drive(root, grid); });
  file.attempt("B_ext", [&] { problem.B_ext = read_field_sources(root, grid); });
  file.attempt("initial", [&] { problem.m = read_initial(root, grid, problem.material["Msat"]); });
  file.attempt("relax", [&] { config.relax = read_relax(root); });
  file.attempt("run", [&] {
    problem.integrator = read_integrator(root);
    config.time = read_time(root);
  });
  file.attempt("output", [&] {
    config.output = read_output(root, grid);
    config.ovf = read_ovf_format(root);
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

void read_surface_section(ConfigFile& file, RunConfig& config, const std::vector<Region>& regions) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  file.attempt("gate", [&] { config.gates = read_gates(root); });
  file.attempt("surface", [&] {
    std::optional<double> height;
    for (const GateSpec& gate : config.gates)
      if (gate.height > 0) height = gate.height;
    config.surface = read_surface(root, problem.material["Msat"], regions, problem.grid, height);
  });
}

/// What needs every section: the drives' scales, the padding.
void connect(ConfigFile& file, RunConfig& config) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
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
  std::vector<Region> regions;
  read_film(file, config, regions);
  read_sections(file, config);
  read_surface_section(file, config, regions);
  file.finish();
  connect(file, config);
  file.finish();
  return config;
}

}  // namespace kubomag::io
