// kubomag check: what a configuration means, before it is run.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/recorder.hpp"
#include "cli/stability.hpp"
#include "cli/sweep_workers.hpp"
#include "io/config.hpp"
#include "io/field_scale.hpp"
#include "io/units.hpp"
#include "solver/device_memory.hpp"

namespace kubomag::cli {
namespace {

using io::format_quantity;

void line(const std::string& name, const std::string& value, const std::string& remark = "") {
  fmt::print("  {:<37} {:<16} {}\n", name, value, remark);
}

/// Mean over the magnetic cells.
double mean(const Problem& problem, const char* key) {
  const ScalarMap& Msat = problem.material["Msat"];
  const ScalarMap& map = problem.material[key];
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i)
    if (Msat(i) > 0) sum += map(i), ++count;
  return sum / static_cast<double>(std::max<std::size_t>(count, 1));
}

void print_grid(const io::RunConfig& config) {
  const Grid& grid = config.problem.grid;
  fmt::print("{}\n", config.file.string());
  if (!config.title.empty()) line("title", config.title);
  line("cells", fmt::format("{} x {}", grid.nx, grid.ny));
  line("film", fmt::format("{} x {} x {}", format_quantity(grid.size_x(), "m"),
                           format_quantity(grid.size_y(), "m"), format_quantity(grid.dz, "m")));
  if (const auto& loop = config.hysteresis) {
    double largest = 0;
    for (const Vec3<double>& B : loop->B) largest = std::max(largest, norm(B));
    line("hysteresis loop", fmt::format("{} points", loop->B.size()),
         "up to " + format_quantity(largest, "T"));
  }
}

/// Lengths of the film's means; the exchange length is sqrt(2 Aex / (mu_0 Msat^2)).
void print_lengths(const io::RunConfig& config) {
  const Problem& problem = config.problem;
  const double Msat = mean(problem, "Msat"), Aex = mean(problem, "Aex");
  const double Ku1 = mean(problem, "Ku1");
  fmt::print("lengths\n");
  const double exchange = std::sqrt(2 * Aex / (constants::mu_0 * Msat * Msat));
  const double edge = std::max(problem.grid.dx, problem.grid.dy);
  line("exchange length", format_quantity(exchange, "m"),
       Aex > 0 && edge > exchange ? "smaller than the cells: refine them" : "");
  if (Ku1 != 0 && Aex > 0)
    line("wall width sqrt(Aex/|Ku1|)", format_quantity(std::sqrt(Aex / std::abs(Ku1)), "m"));
  if (!config.surface) return;
  const Diffusion& diffusion = problem.diffusion;
  if (diffusion.rate_c > 0)
    line("diffusion length sqrt(D tau_c)",
         format_quantity(std::sqrt(diffusion.D / diffusion.rate_c), "m"));
  if (config.time > 0)
    line("diffusion length sqrt(D time)",
         format_quantity(std::sqrt(diffusion.D * config.time), "m"));
  if (config.padding && config.padding->width > 0)
    line("padding", format_quantity(config.padding->width, "m"),
         fmt::format("estimated error {:.1e} ({})", config.padding->error, config.padding->reason));
}

void print_surface(const io::RunConfig& config) {
  if (!config.surface) return;
  fmt::print("surface state (E is the {} field)\n",
             config.surface->external ? "external" : "total");
  line("D", format_quantity(config.problem.diffusion.D, "m2/s"),
       fmt::format("at mz = {}{}", config.problem.diffusion.mz_reference,
                   config.surface->local ? "; follows the local mz" : ""));
  for (const GateSpec& gate : config.gates) {
    if (gate.period == 0) continue;
    const double q = 2 * constants::pi / gate.period;
    const Diffusion& diffusion = config.problem.diffusion;
    line("D q^2 of the gate", format_quantity(diffusion.D * q * q, "1/s"),
         diffusion.screening
             ? fmt::format("screened: psi is {:.3g} of the gate's", io::static_answer(diffusion, q))
             : "");
  }
  for (const SmallParameter& p : config.small_parameters)
    line(p.name, fmt::format("{:.3g}", p.value),
         p.verdict == Verdict::good ? "good" : "caution: " + p.message);
}

void print_local(const io::RunConfig& config) {
  if (!config.local) return;
  const LocalTables& tables = *config.problem.local;
  const bool imposed = config.local->drive == LocalTables::Drive::J;
  fmt::print("electrons with a local torque\n");
  line("model", config.local->model);
  line("drive", imposed ? "J" : "E",
       imposed ? "sheet current density imposed, Hall current blocked" : "electric field given");
  line("torque tables", fmt::format("{}", tables.tables.size()),
       fmt::format("{:.3g} MiB",
                   static_cast<double>(8 * (tables.spin.size() + tables.charge.size())) / 1048576));
  line("interpolation error", fmt::format("{:.1e}", tables.error), "of the largest element");
  for (const std::string& warning : config.local->warnings) line("caution", warning);
  if (config.local->quantised_by > 0)
    line("Fermi energy rounded by up to", format_quantity(config.local->quantised_by, "J"));
}

/// Those that no small parameter has told.
void print_cautions(const io::RunConfig& config) {
  for (const std::string& caution : config.cautions)
    if (std::none_of(config.small_parameters.begin(), config.small_parameters.end(),
                     [&](const SmallParameter& p) { return p.message == caution; }))
      line("caution", caution);
}

/// The stability limit of the scheme [s], infinity without exchange.
double print_stability(const Problem& problem) {
  const double alpha = problem.material["alpha"].min();
  const double w_max = fastest_exchange_mode(problem);
  fmt::print("time step (stability against the fastest exchange mode)\n");
  if (!(w_max > 0)) {
    line("limit", "none", "there is no exchange; accuracy (MaxErr) decides");
    return INFINITY;
  }
  line("fastest mode", format_quantity(w_max, "rad/s"));
  const std::pair<Scheme, const char*> schemes[] = {{Scheme::dormand_prince, "dormand_prince"},
                                                    {Scheme::bogacki_shampine, "bogacki_shampine"},
                                                    {Scheme::rk4, "rk4"},
                                                    {Scheme::heun, "heun"}};
  double own = INFINITY;
  for (const auto& [scheme, name] : schemes) {
    const double dt = stability_limit(scheme, alpha) / w_max;
    const bool chosen = scheme == problem.integrator.scheme;
    if (chosen) own = dt;
    line(fmt::format("dt of {}", name), "<= " + format_quantity(dt, "s"),
         fmt::format("{} per evaluation{}", format_quantity(dt / evaluations_per_step(scheme), "s"),
                     chosen ? ", chosen" : ""));
  }
  if (problem.integrator.FixDt > own)
    line("FixDt", format_quantity(problem.integrator.FixDt, "s"), "caution: unstable");
  return own;
}

std::string mebibytes(double bytes) { return fmt::format("{:.4g} MiB", bytes / (1024 * 1024)); }

/// What the film would hold on the device of the configuration, part by part, and what it would
/// hold elsewhere. Throws InputError if it does not fit.
void print_memory(const io::RunConfig& config) {
  const Problem& problem = config.problem;
  const DeviceMemory device = device_memory(config.device);
  const Precision precision = device_precision(config.device);
  const MemoryModel model(problem, device.kind, precision, config.device.threads);
  fmt::print("memory on {}\n", device.name);
  constexpr double least = 1024;  // bytes that are worth a line
  for (const MemoryPart& part : model.parts())
    if (part.bytes >= least) line(part.name, mebibytes(part.bytes));
  line("in all", mebibytes(model.bytes()),
       fmt::format("of {:.3g} MiB; free {:.3g} MiB", device.total / 1048576,
                   device.available / 1048576));
  const int largest = model.largest_square(device.limit());
  line("largest square film of this kind", fmt::format("{} x {}", largest, largest));
  for (const DeviceKind kind : {DeviceKind::cpu, DeviceKind::cuda})
    for (const Precision other : {Precision::single_precision, Precision::double_precision})
      line(fmt::format("{}, {} precision", kind == DeviceKind::cpu ? "CPU" : "GPU",
                       other == Precision::single_precision ? "single" : "double"),
           mebibytes(MemoryModel(problem, kind, other, config.device.threads).bytes()));
  require_memory(model, problem.grid, device);
}

/// Runs a few steps of the real engine, without writing anything.
void print_cost(const io::RunConfig& config, double dt_limit) {
  const auto engine = make_engine(config.problem, config.device);
  check_outputs(config, *engine);
  if (config.time <= 0) return;
  fmt::print("cost on {}\n", engine->device());
  using Clock = std::chrono::steady_clock;
  engine->step(config.time);  // the first step also prepares
  const auto begin = Clock::now();
  double seconds = 0;
  int steps = 0;
  while (steps < 20 && seconds < 1 && engine->time() < config.time) {
    engine->step(config.time);
    ++steps;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  if (steps == 0) {
    line("steps", "1", "it reaches the end of the run");
    return;
  }
  const Integrator& rule = config.problem.integrator;
  const double dt = rule.FixDt > 0 ? rule.FixDt : std::min(dt_limit, rule.MaxDt);
  line("time per step", format_quantity(seconds / steps, "s"));
  if (!std::isfinite(dt)) return;
  line("steps at that limit", fmt::format("{:.3g}", config.time / dt),
       "accuracy (MaxErr) may ask for more");
  line("run time at that limit", fmt::format("{:.3g} s", config.time / dt * seconds / steps));
}

/// The points of a sweep; its cost from the first of them, run for a second at most.
void print_sweep(const io::SweepConfig& sweep, const io::RunConfig& first) {
  fmt::print("{}: a sweep of {} points{}\n", sweep.file.string(), sweep.points(),
             sweep.zip ? ", its axes zipped" : "");
  for (const io::SweepAxis& axis : sweep.axes)
    for (const io::SweepKey& key : axis.keys)
      line(key.key, fmt::format("{} values", axis.count()),
           fmt::format("{} to {}", key.literals.front(), key.literals.back()));
  for (const io::Observe& what : sweep.observe) line("observed", what.name);
  const SweepWorkers workers(sweep, first, first.device);
  line("points at a time", fmt::format("{}", workers.count()));
  if (!(first.time > 0)) return;
  const auto engine = make_engine(first.problem, first.device);
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  while (engine->time() < first.time && seconds() < 1) engine->step(first.time);
  const double each = seconds() * first.time / engine->time();
  line("time of the first point", format_quantity(each, "s"), "without relaxation and start");
  line("time of the sweep",
       format_quantity(each * static_cast<double>(sweep.points()) / workers.count(), "s"),
       shares_registers(first, first.device) ? "at most: single cells share SIMD registers" : "");
}

int check_sweep(const std::string& file) {
  const io::SweepConfig sweep = io::read_sweep(file);
  const FirstPoint first = check_values(sweep, sweep.read_case(0).device);
  print_sweep(sweep, first.config);
  return exit_done;
}

int check_file(const std::string& file) {
  const TableWatch watch;
  if (io::is_sweep(file)) return check_sweep(file);
  const io::RunConfig config = io::read_config(file);
  print_grid(config);
  print_lengths(config);
  print_surface(config);
  print_local(config);
  print_cautions(config);
  const double dt_limit = print_stability(config.problem);
  print_memory(config);
  print_cost(config, dt_limit);
  fmt::print("{}: a valid configuration\n", file);
  return exit_done;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "check", "Validate a configuration; show lengths, rates, limits, memory and cost");
  const auto file = std::make_shared<std::string>();
  command->add_option("file", *file, "configuration (docs/config.md)")->required();
  command->callback([&action, file] { action = [file] { return check_file(*file); }; });
}

}  // namespace kubomag::cli
