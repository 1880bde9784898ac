#include "setup/drive_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kubomag/error.hpp"
#include "setup/uniform_axes.hpp"

namespace kubomag {
namespace {

/// d/dx along one axis at cell i of n, values `stride` apart; of second order everywhere.
double difference(const double* f, int i, int n, std::ptrdiff_t stride, double d, bool periodic) {
  const auto at = [&](int j) { return f[((j + n) % n - i) * stride]; };
  if (n == 1) return 0;
  if (periodic || (i > 0 && i < n - 1)) return (at(i + 1) - at(i - 1)) / (2 * d);
  if (n == 2) return (at(1) - at(0)) / d;
  const int inward = i == 0 ? 1 : -1;
  return inward * (-3 * at(i) + 4 * at(i + inward) - at(i + 2 * inward)) / (2 * d);
}

void sample_film(const Grid& grid, const SeparableDrive& drive, PlannedDrive& out) {
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const Vec2<double> E = drive.E(grid.x(ix), grid.y(iy));
      out.Ex.push_back(E.x), out.Ey.push_back(E.y);
    }
}

PlannedPsi plan_psi(const DrivePlan& plan, const PrescribedPsi& given) {
  const Grid& grid = plan.fields;
  PlannedPsi out{std::vector<double>(grid.cells()), std::vector<double>(grid.cells()),
                 std::vector<double>(grid.cells()), given.signal};
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      out.psi[grid.index(ix, iy)] = given.psi(plan.grid.index(ix, iy));
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::size_t i = grid.index(ix, iy);
      const double* psi = &out.psi[i];
      out.Ex[i] = difference(psi, ix, grid.nx, 1, grid.dx, grid.periodic_x);
      out.Ey[i] = difference(psi, iy, grid.ny, grid.nx, grid.dy, grid.periodic_y);
    }
  return out;
}

void need(bool holds, const std::string& owner, const char* message) {
  if (!holds) throw InputError(fmt::format("{}: {}", owner, message));
}

void check_table(const std::string& owner, const SignalTerm& term) {
  need(!term.times.empty() && term.times.size() == term.values.size(), owner,
       "a table signal needs as many values as times, at least one");
  for (std::size_t i = 0; i < term.times.size(); ++i) {
    need(std::isfinite(term.times[i]) && std::isfinite(term.values[i]), owner,
         "a table signal has an entry that is not a finite number");
    need(i == 0 || term.times[i - 1] < term.times[i], owner,
         "the times of a table signal must increase");
  }
}

void check_diffusion(const Diffusion& diffusion) {
  if (!(diffusion.D >= 0 && std::isfinite(diffusion.D)))
    throw InputError(fmt::format("D = {} m^2/s (must be finite and not negative)", diffusion.D));
  if (!(diffusion.rate_c >= 0 && std::isfinite(diffusion.rate_c)))
    throw InputError(fmt::format("1/tau_c = {} 1/s (tau_c must be positive)", diffusion.rate_c));
}

void check_drive(const Drive& drive) {
  for (const SeparableDrive& d : drive.separable) {
    check_signal(d.name, d.signal);
    for (const SignalTerm& term : d.signal.terms)
      need(term.kind != SignalTerm::Kind::formula, d.name,
           "a formula in time has no closed response: give E with t and an interval (sampled)");
  }
  for (const PrescribedPsi& p : drive.psi) check_signal(p.name, p.signal);
  for (const SampledDrive& s : drive.sampled)
    need(s.interval > 0 && std::isfinite(s.interval), s.name,
         "the sampling interval must be positive");
}

}  // namespace

void check_signal(const std::string& owner, const Signal& signal) {
  for (const SignalTerm& term : signal.terms) {
    need(std::isfinite(term.amplitude), owner, "the signal's amplitude is not a finite number");
    switch (term.kind) {
      case SignalTerm::Kind::constant:
      case SignalTerm::Kind::formula:
        break;
      case SignalTerm::Kind::step:
        need(!std::isnan(term.start), owner, "the signal's start is not a number");
        break;
      case SignalTerm::Kind::sine:
        need(!std::isnan(term.start), owner, "the signal's start is not a number");
        need(term.frequency >= 0 && std::isfinite(term.frequency) && std::isfinite(term.phase),
             owner, "a sine needs a finite frequency >= 0 and a finite phase");
        break;
      case SignalTerm::Kind::pulse:
        need(term.width > 0 && std::isfinite(term.width) && std::isfinite(term.centre), owner,
             "a pulse needs a finite width > 0 and a finite centre");
        break;
      case SignalTerm::Kind::table:
        check_table(owner, term);
        break;
    }
  }
}

DrivePlan make_drive_plan(const Grid& grid, const Diffusion& diffusion, const Drive& drive,
                          int threads) {
  check_diffusion(diffusion);
  check_drive(drive);
  const UniformAxes uniform = uniform_axes(grid, diffusion, drive);
  DrivePlan plan{grid,
                 uniform.fields(grid),
                 uniform.box(make_film_box(grid, diffusion)),
                 diffusion,
                 {},
                 drive.sampled,
                 {}};
  FieldTransformer transform(plan.box, threads);
  for (const SeparableDrive& d : drive.separable) {
    plan.separable.push_back({d.name, {}, {}, {}, d.signal});
    sample_film(grid, d, plan.separable.back());
    transform(d.name, d.E, plan.separable.back().E);
  }
  for (const PrescribedPsi& p : drive.psi) plan.psi.push_back(plan_psi(plan, p));
  return plan;
}

}  // namespace kubomag
