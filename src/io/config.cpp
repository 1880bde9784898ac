#include "io/config.hpp"

#include "io/config_custom.hpp"
#include "io/config_drive.hpp"
#include "io/config_electrons.hpp"
#include "io/config_gate.hpp"
#include "io/config_grid.hpp"
#include "io/config_hysteresis.hpp"
#include "io/config_idle.hpp"
#include "io/config_initial.hpp"
#include "io/config_interface.hpp"
#include "io/config_local.hpp"
#include "io/config_material.hpp"
#include "io/config_output.hpp"
#include "io/config_reader.hpp"
#include "io/config_run.hpp"
#include "io/config_shape.hpp"
#include "io/config_validity.hpp"
#include "io/config_window.hpp"
#include "io/material_keys.hpp"
#include "io/read_file.hpp"
#include "kernels/torques.hpp"
#include "kubomag/error.hpp"
#include "setup/gate.hpp"
#include "setup/gate_normal.hpp"
#include "setup/padding.hpp"

namespace kubomag::io {
namespace {

/// The film: everything that the other sections build on.
struct Film {
  std::optional<Shapes> shapes;
  std::vector<Region> regions;
  ScalarMap Msat;  // of the magnet itself: a cell that it fills in part has less in the Problem
};

/// Grains, what the geometry leaves of every cell, and how cells are coupled.
void read_cells(ConfigFile& file, Problem& problem, Film& film) {
  const ConfigTable root = file.root();
  const std::vector<Input> inputs = material_inputs();
  std::vector<GrainName> grains;
  file.attempt("grains",
               [&] { grains = read_grains(root, problem.grid, inputs, problem.material); });
  film.Msat = problem.material["Msat"];
  ScalarMap part = 1;
  file.attempt("geometry", [&] {
    part = read_geometry(root, *film.shapes, problem.grid);
    const auto there = [](double Ms, double p) { return p > 0 ? Ms : 0.0; };
    film.Msat = ScalarMap::combine(there, film.Msat, part);
    fill_cells(problem.material, inputs, part);
    if (film.Msat.max() == 0) root["geometry"].fail("no cell inside the shape is magnetic");
  });
  file.attempt("interface", [&] {
    read_bonds(root, problem.grid, film.regions, grains, part, problem.material);
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
  file.attempt("E_z", [&] { problem.E_z = read_normal_fields(root, grid); });
  file.attempt("custom_field", [&] { read_custom_terms(root, CustomTerm::Kind::field, problem); });
  file.attempt("custom_torque",
               [&] { read_custom_terms(root, CustomTerm::Kind::torque, problem); });
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
    config.stop_when = read_stop(root);
  });
  file.attempt("output", [&] { read_output(root, *film.shapes, config); });
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

/// What gates do to the anisotropy comes after the other fields across the dielectric.
void add_gates_across_dielectric(const ConfigTable& root, RunConfig& config) {
  Problem& problem = config.problem;
  for (const GateSpec& gate : config.gates)
    if (gate.dielectric > 0)
      root.find("gate")->located([&] {
        for (FieldSource& source : gate_normal_field(gate, problem.grid))
          problem.E_z.push_back(std::move(source));
      });
  const ScalarMap& xi = problem.material["xi_VCMA"];
  if (problem.E_z.empty() || xi.min() != 0 || xi.max() != 0) return;
  root[root.has("E_z") ? "E_z" : "gate"].fail(
      "a field across the dielectric acts on nothing: xi_VCMA of [material] is 0; set it, such as "
      "xi_VCMA = \"100 fJ/(V m)\"");
}

/// A gate whose signal is one formula.
SampledDrive sampled_gate(SeparableDrive gate, double interval) {
  const SignalTerm term = gate.signal.terms.front();
  return {std::move(gate.name),
          [E = std::move(gate.E)](double x, double y, double) { return E(x, y); }, interval,
          [term](double t) { return term.amplitude * term.formula(t); }};
}

/// Gates come first among the drives.
void add_gates(const ConfigTable& root, RunConfig& config) {
  Drive& drive = config.problem.drive;
  std::vector<SeparableDrive> separable;
  std::vector<SampledDrive> sampled;
  const auto value = root.find("gate");
  for (const GateSpec& gate : config.gates)
    value->located([&] {
      for (GateField& field : make_gate(gate))
        if (gate.interval > 0)
          sampled.push_back(sampled_gate(std::move(field.drive), gate.interval));
        else
          separable.push_back(std::move(field.drive));
    });
  drive.separable.insert(drive.separable.begin(), separable.begin(), separable.end());
  drive.sampled.insert(drive.sampled.begin(), sampled.begin(), sampled.end());
}

void refuse_drive_without_surface(const ConfigTable& root, const RunConfig& config) {
  bool all_across = true;
  for (const GateSpec& gate : config.gates) all_across = all_across && gate.dielectric > 0;
  for (const char* key : {"gate", "E", "psi"}) {
    const auto value = root.find(key);
    if (value && !(all_across && std::string_view(key) == "gate"))
      value->fail("there is no [surface]; an electric field acts on the film through it");
  }
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
        R"(drive = "J" but there is no [[J]]; J = ["10 A/m", "0 A/m"] in a table [[J]] is expected)");
}

enum class TorqueTables { make, skip };

void connect_local(ConfigFile& file, RunConfig& config, TorqueTables tables) {
  const ConfigTable root = file.root();
  file.attempt("surface", [&] { check_local_drive(root, config); });
  file.attempt("gate", [&] { add_gates(root, config); });
  file.throw_kept();
  if (tables == TorqueTables::skip) return;
  file.attempt("surface", [&] { config.problem.local = tables_of(root, *config.local); });
  config.cautions = config.local->cautions;
}

/// The small parameters of the theory and all else to beware of; `fields`: the drives of [[E]] and
/// [[psi]].
void judge(RunConfig& config, const Drive& fields) {
  const Problem& problem = config.problem;
  const DriveVerdict drives =
      drive_verdict(problem, fields, config.gates, config.time, config.surface->default_edges);
  config.small_parameters = small_parameters(config.surface->maps, drives.scales);
  config.cautions = require_valid(config.small_parameters);
  for (const auto& more : {drives.cautions, thermal_cautions(problem)})
    config.cautions.insert(config.cautions.end(), more.begin(), more.end());
}

/// What needs every section: the drives' scales, the padding.
void connect(ConfigFile& file, RunConfig& config, TorqueTables tables) {
  const ConfigTable root = file.root();
  Problem& problem = config.problem;
  file.attempt("E_z", [&] { add_gates_across_dielectric(root, config); });
  file.attempt("material", [&] { refuse_idle_inputs(root, problem); });
  if (config.local) {
    connect_local(file, config, tables);
    return;
  }
  if (const auto J = root.find("J"))
    file.attempt("J", [&] {
      J->fail(config.surface
                  ? "fields drive a Dirac surface; the field that an imposed current makes on m, "
                    "-(Delta_sd/(Ms t |e| v)) z x J, is the same at every m: give it as [[B_ext]] "
                    "(kubomag khat --J prints it)"
                  : "no electrons are driven by an imposed current; a [surface] with another model "
                    "than \"dirac\" and drive = \"J\" is expected");
    });
  if (!config.surface) {
    file.attempt("surface", [&] { refuse_drive_without_surface(root, config); });
    return;
  }
  const Drive fields = problem.drive;
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
    place.located([&] { judge(config, fields); });
  });
}

RunConfig read(const std::filesystem::path& path, const std::string& text, TorqueTables tables) {
  ConfigFile file(path, text);
  RunConfig config;
  config.file = path;
  config.text = file.content();
  Film film;
  read_film(file, config, film);
  read_sections(file, config, film);
  read_surface_section(file, config, film);
  file.finish();
  connect(file, config, tables);
  if (config.window)
    file.attempt("window", [&] {
      require_uniform(file.root(), config.problem);
      for (std::string& caution : window_cautions(*config.window, config.problem))
        config.cautions.push_back(std::move(caution));
    });
  file.finish();
  return config;
}

}  // namespace

RunConfig read_config(const std::filesystem::path& path) {
  return read_config(path, read_file(path));
}

RunConfig read_config(const std::filesystem::path& path, const std::string& text) {
  return read(path, text, TorqueTables::make);
}

RunConfig read_electrons(const std::filesystem::path& path) {
  return read(path, read_file(path), TorqueTables::skip);
}

}  // namespace kubomag::io
