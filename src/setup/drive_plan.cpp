#include "setup/drive_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kubomag/error.hpp"

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

/// What varies by less than rounding is uniform: cos(90 deg) is not quite 0.
constexpr double rounding = 1e-14;

double largest(const std::vector<double>& values) {
  double out = 0;
  for (double v : values) out = std::max(out, std::abs(v));
  return out;
}

bool uniform_along(bool x, const Grid& grid, const PlannedDrive& drive) {
  const double bound = rounding * std::max(largest(drive.Ex), largest(drive.Ey));
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::size_t i = grid.index(ix, iy), first = x ? grid.index(0, iy) : grid.index(ix, 0);
      if (std::abs(drive.Ex[i] - drive.Ex[first]) > bound) return false;
      if (std::abs(drive.Ey[i] - drive.Ey[first]) > bound) return false;
    }
  return true;
}

/// An axis can be collapsed if no drive varies along it; a field that points at its no_flux edges
/// does vary (it is screened there), and beyond infinite edges nobody has looked.
bool can_collapse(bool x, const Grid& grid, const DrivePlan& plan) {
  const Edge edge = x ? plan.box.x.edge : plan.box.y.edge;
  if (!plan.sampled.empty() || edge == Edge::infinite) return false;
  for (const PlannedDrive& drive : plan.separable) {
    if (!uniform_along(x, grid, drive)) return false;
    const double across = largest(x ? drive.Ex : drive.Ey),
                 along = largest(x ? drive.Ey : drive.Ex);
    if (edge == Edge::no_flux && across > rounding * along) return false;
  }
  return true;
}

PlannedPsi plan_psi(const Grid& grid, const PrescribedPsi& given) {
  PlannedPsi out{std::vector<double>(grid.cells()), std::vector<double>(grid.cells()),
                 std::vector<double>(grid.cells()), given.signal};
  for (std::size_t i = 0; i < grid.cells(); ++i) out.psi[i] = given.psi(i);
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
  DrivePlan plan{grid, make_film_box(grid, diffusion), diffusion, {}, drive.sampled, {}};
  for (const SeparableDrive& d : drive.separable) {
    plan.separable.push_back({d.name, {}, {}, {}, d.signal});
    sample_film(grid, d, plan.separable.back());
  }
  const bool along_x = can_collapse(true, grid, plan), along_y = can_collapse(false, grid, plan);
  if (along_x) plan.box.x = collapsed(plan.box.x);
  if (along_y) plan.box.y = collapsed(plan.box.y);
  FieldTransformer transform(plan.box, threads);
  for (std::size_t d = 0; d < drive.separable.size(); ++d)
    transform(drive.separable[d].name, drive.separable[d].E, plan.separable[d].E);
  for (const PrescribedPsi& p : drive.psi) plan.psi.push_back(plan_psi(grid, p));
  return plan;
}

}  // namespace kubomag
