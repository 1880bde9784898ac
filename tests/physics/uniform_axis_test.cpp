// Drives that do not vary along an axis have their fields on one line of cells, or on one cell
// (kernels/drive_sample.hpp). Against the same film beside a silent drive that varies along both
// axes, so that every cell has fields of its own. What is made in windows of time is right to 1e-9
// (double) or 1e-6 (single) of the largest field, and the drives turn m by more than 1e-2; the
// fields themselves are tested against closed solutions in surface_wave_test.cpp and
// diffusive_waves_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "setup/drive_plan.hpp"
#include "support/backends.hpp"
#include "support/busy_film.hpp"
#include "support/local_torque_film.hpp"

namespace kubomag::test {
namespace {

enum class Along { x, y, nothing };

/// E of a grating whose stripes stand along the other axis; uniform on a film without edges.
Vec2<double> grating(Along axis, double x, double y) {
  constexpr double E = 1e7;
  if (axis == Along::x) return {E * std::sin(9e7 * x + 0.3), 0};
  if (axis == Along::y) return {0, E * std::cos(7e7 * y + 0.2)};
  return {E, 0.4 * E};
}

Problem film(Along axis) {
  Problem p = plain_film(37, 30, 4e-9, 5e-9, 3e-9);
  p.material.set("Msat", 3e5);
  p.material.set("Aex", 5e-12);
  p.material.set("Ku1", 1e5);
  p.material.set("alpha", 0.01);
  p.m = wavy(p.grid);
  p.grid.periodic_x = p.grid.periodic_y = axis == Along::nothing;
  p.integrator.FixDt = 1e-13;
  const DiracMaps maps{0.2 * constants::e_abs, 5e5, 0.05 * constants::e_abs, 0.03, 3e5};
  p.surface = dirac_surface(maps, p.grid.dz, p.GammaLL, {});
  const DiffusionNumbers numbers = diffusion_numbers(mean_electrons(maps), 0.7);
  p.diffusion.D = numbers.D, p.diffusion.mz_reference = numbers.mz_reference;
  p.diffusion.edge_x = p.diffusion.edge_y = axis == Along::nothing ? Edge::periodic : Edge::no_flux;
  return p;
}

void add_separable(Problem& p, Along axis, const Signal& signal) {
  p.drive.separable.push_back(
      {"grating", [axis](double x, double y) { return grating(axis, x, y); }, signal});
}

SignalTerm sine(double start) {
  SignalTerm term = sine_term(7e9);
  term.start = start, term.phase = 0.4;
  return term;
}

void harmonic(Problem& p, Along axis) { add_separable(p, axis, {{sine(-HUGE_VAL)}}); }
void begun(Problem& p, Along axis) { add_separable(p, axis, {{sine(0)}}); }
void pulsed(Problem& p, Along axis) {
  SignalTerm pulse = sine(0);
  pulse.kind = SignalTerm::Kind::pulse, pulse.centre = 0, pulse.width = 2e-11;
  add_separable(p, axis, {{pulse}});
}
void sampled(Problem& p, Along axis) {
  const FieldTraits known{axis == Along::x, axis == Along::y, axis != Along::y, axis != Along::x};
  p.drive.sampled = {{"grating",
                      [axis](double x, double y, double t) {
                        const Vec2<double> E = grating(axis, x, y);
                        const double now = std::cos(5e10 * t);
                        return Vec2<double>{now * E.x, now * E.y};
                      },
                      5e-13,
                      {},
                      known}};
}
void signal(Problem& p, Along axis) {
  p.drive.sampled = {{"grating", [axis](double x, double y, double) { return grating(axis, x, y); },
                      5e-13, [](double t) { return std::cos(5e10 * t); }}};
}
void prescribed(Problem& p, Along axis) {
  harmonic(p, axis);
  std::vector<double> psi(p.grid.cells());
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix)
      psi[p.grid.index(ix, iy)] = axis == Along::x   ? 0.01 * std::sin(0.2 * ix)
                                  : axis == Along::y ? 0.01 * std::cos(0.3 * iy)
                                                     : 0.01;
  p.drive.psi = {{"psi", ScalarMap(psi), {{sine(-HUGE_VAL)}}}};
}

using AddDrive = void (*)(Problem&, Along);
constexpr AddDrive drives[] = {harmonic, begun, pulsed, sampled, signal, prescribed};

Problem beside_silence(Problem p) {
  p.drive.separable.push_back({"silent",
                               [](double x, double y) {
                                 return Vec2<double>{1e7 * std::sin(3e7 * (x + y)), 1e7};
                               },
                               Signal::constant(0)});
  return p;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

class UniformAxis : public OnEveryBackend {
 protected:
  /// m after 20 steps, and fields that the drive makes.
  std::vector<std::vector<double>> after(const Problem& p, int threads = 1) const {
    const auto engine = this->engine(p, threads);
    for (int i = 0; i < 20; ++i) engine->step(HUGE_VAL);
    std::vector<std::vector<double>> all{engine->m()};
    for (const Quantity& quantity : engine->quantities())
      if (quantity.name == "psi" || quantity.name == "E_prime" || quantity.name == "B_SOT")
        all.push_back(engine->quantity(quantity.name));
    return all;
  }

  void expect_the_same(const Problem& p) const {
    const auto one = after(p), whole = after(beside_silence(p));
    Problem undriven = p;
    undriven.drive = {};
    EXPECT_GT(largest_difference(one[0], after(undriven)[0]), 1e-2);
    ASSERT_EQ(one.size(), whole.size());
    ASSERT_GT(one.size(), 1u);
    for (std::size_t q = 0; q < one.size(); ++q) {
      double largest = 1e-7;  // psi of a uniform field is 0
      for (const double value : whole[q]) largest = std::max(largest, std::abs(value));
      EXPECT_LE(largest_difference(one[q], whole[q]), tolerance(1e-9, 2e-5) * largest) << q;
    }
  }
};

TEST_P(UniformAxis, FieldsOfALineAreThoseOfTheFilm) {
  for (const Along axis : {Along::x, Along::y, Along::nothing})
    for (const AddDrive add : drives)
      for (const bool demag : {false, true}) {
        SCOPED_TRACE(::testing::Message() << static_cast<int>(axis) << ", drive "
                                          << std::find(drives, std::end(drives), add) - drives
                                          << (demag ? ", demag" : ""));
        Problem p = film(axis);
        p.demag.enabled = demag;
        add(p, axis);
        const DrivePlan plan = make_drive_plan(p.grid, p.diffusion, p.drive, 1);
        EXPECT_EQ(plan.fields.nx, axis == Along::x ? p.grid.nx : 1);
        EXPECT_EQ(plan.fields.ny, axis == Along::y ? p.grid.ny : 1);
        const Problem whole = beside_silence(p);
        EXPECT_EQ(make_drive_plan(p.grid, p.diffusion, whole.drive, 1).fields.cells(),
                  p.grid.cells());
        expect_the_same(p);
      }
}

TEST_P(UniformAxis, LocalElectronsSeeTheSame) {
  for (const Along axis : {Along::x, Along::y, Along::nothing}) {
    Problem p = film(axis);
    p.surface.reset();
    set_models(p, {rashba_gas(6 * meV)}, LocalTables::Drive::E);
    begun(p, axis);
    expect_the_same(p);
  }
}

TEST_P(UniformAxis, ThreadsChangeNoBit) {
  for (const Along axis : {Along::x, Along::y, Along::nothing}) {
    Problem p = film(axis);
    pulsed(p, axis);
    const auto one = after(p);
    for (const int threads : {2, 3}) EXPECT_EQ(after(p, threads), one);
  }
}

KUBOMAG_ON_EVERY_BACKEND(UniformAxis);

}  // namespace
}  // namespace kubomag::test
