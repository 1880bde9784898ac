// A step in one sweep over the film against the same step stage by stage: equal to rounding for
// every scheme, for films of one and of several tiles of columns, open and periodic, uniform and of
// maps; the same bits for every number of threads. Tolerance: 40 units in the last place of |m| =
// 1, some hundred additions; a row or column taken from the wrong place changes m by its step,
// 1e-2.
#include "solver/step_sweep_cpu.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/terms.hpp"
#include "solver/runge_kutta.hpp"

namespace kubomag {
namespace {

/// A film with a texture and, if `mapped`, parameters that vary from cell to cell.
template <class Real, class F>
class Film {
 public:
  Film(const Grid& grid, Scheme scheme, bool together, int threads)
      : backend_(threads),
        grid_(grid),
        upload_(backend_, grid.cells()),
        scene_(make_scene()),
        method_(backend_, grid, tableau(scheme), together) {
    std::vector<double> m(3 * grid.cells());
    for (std::size_t i = 0; i < grid.cells(); ++i) {
      const double a = 0.7 * static_cast<double>(i % 37), b = 0.3 * static_cast<double>(i % 23);
      m[i] = std::sin(a) * std::cos(b);
      m[grid.cells() + i] = std::sin(a) * std::sin(b);
      m[2 * grid.cells() + i] = std::cos(a);
    }
    method_.m().upload(backend_, m);
  }

  struct After {
    std::vector<double> m, slope;
    double error = 0, max_torque = 0;
    bool operator==(const After&) const = default;
  };

  /// Two steps, the second of which needs the slope of the first.
  After run() {
    const auto scene_at = [&](double c, VectorView<const Real>) -> Scene<Real, F>& {
      scene_.B_uniform = Vec3<Real>{static_cast<Real>(0.1 * c), 0, static_cast<Real>(0.2)};
      return scene_;
    };
    method_.first_slope(scene_at);
    method_.attempt(dt, scene_at);
    method_.take();
    const auto result = method_.attempt(dt, scene_at);
    method_.take();
    return {method_.m().download(backend_), method_.slope().download(backend_), result.error,
            result.max_torque};
  }

  static constexpr double dt = 2e-14;

 private:
  ScalarMap varying(double value, double by) const {
    if (!F::mapped) return value;
    std::vector<double> map(grid_.cells());
    for (std::size_t i = 0; i < map.size(); ++i)
      map[i] = value * (1 + by * std::sin(static_cast<double>(i)));
    return ScalarMap(std::move(map));
  }

  Scene<Real, F> make_scene() {
    Parameters film;
    for (const TermDeclaration& term : term_declarations())
      for (const Input& input : term.inputs) film.set(input.name, input.default_value);
    film.set("Msat", varying(8e5, 0.1));
    film.set("Aex", varying(1.3e-11, 0.3));
    film.set("Ku1", varying(5e5, 0.2));
    if (F::all_terms) film.set("Dind", varying(2e-3, 0.2));
    Scene<Real, F> scene{FieldTerms<Real, F::mapped, F::all_terms>(film, grid_, upload_)};
    scene.alpha = upload_(varying(0.1, 0.5));
    scene.moment = upload_(ScalarMap(1.0));
    scene.mobile = upload_(ScalarMap(1.0));
    scene.gamma = static_cast<Real>(1.76e11);
    if (F::field_map) {
      B_map_ = VectorBuffer<CpuBackend, Real>(backend_, grid_.cells());
      std::vector<double> B(3 * grid_.cells());
      for (std::size_t i = 0; i < B.size(); ++i) B[i] = 0.1 * std::cos(static_cast<double>(i));
      B_map_.upload(backend_, B);
      scene.B_map = std::as_const(B_map_).view();
    }
    return scene;
  }

  CpuBackend backend_;
  Grid grid_;
  ParamUploader<CpuBackend, Real, F::mapped> upload_;
  VectorBuffer<CpuBackend, Real> B_map_;
  Scene<Real, F> scene_;
  RungeKutta<CpuBackend, Real, F> method_;
};

template <class Real, class F>
void expect_same(const Grid& grid, Scheme scheme, int threads = 1) {
  const auto by_stages = Film<Real, F>(grid, scheme, false, 1).run();
  const auto swept = Film<Real, F>(grid, scheme, true, threads).run();
  const double tolerance = 40 * static_cast<double>(std::numeric_limits<Real>::epsilon());
  const double rate = 10 * 1.76e11;  // of some tesla of exchange
  double m = 0, slope = 0;
  for (std::size_t i = 0; i < swept.m.size(); ++i) {
    m = std::max(m, std::abs(swept.m[i] - by_stages.m[i]));
    slope = std::max(slope, std::abs(swept.slope[i] - by_stages.slope[i]));
  }
  EXPECT_LT(m, tolerance) << grid.nx << " x " << grid.ny;
  EXPECT_LT(slope, 10 * tolerance * rate) << grid.nx << " x " << grid.ny;
  EXPECT_NEAR(swept.max_torque, by_stages.max_torque, 1e3 * tolerance);
  EXPECT_NEAR(swept.error, by_stages.error, 10 * tolerance);
}

Grid film(int nx, int ny, bool periodic_x, bool periodic_y) {
  return {nx, ny, 4e-9, 5e-9, 3e-9, periodic_x, periodic_y};
}

template <class Real, class F>
void expect_same_for_all_shapes() {
  for (const bool px : {false, true})
    for (const bool py : {false, true}) {
      for (const Scheme scheme :
           {Scheme::dormand_prince, Scheme::bogacki_shampine, Scheme::rk4, Scheme::heun})
        expect_same<Real, F>(film(37, 19, px, py), scheme);
      for (const auto& [nx, ny] : {std::pair{1, 20}, {2, 1}, {33, 1}, {1, 1}, {5, 15}})
        expect_same<Real, F>(film(nx, ny, px, py), Scheme::dormand_prince);
      const int wide = 2 * StepRing<Real>::widest + 3;
      expect_same<Real, F>(film(wide, 14, px, py), Scheme::dormand_prince, 2);
    }
}

TEST(StepSweep, UniformFilms) {
  expect_same_for_all_shapes<double, Features<false, false, false>>();
  expect_same_for_all_shapes<float, Features<false, false, false>>();
}

TEST(StepSweep, FilmsOfMaps) { expect_same_for_all_shapes<double, Features<true, true, false>>(); }

TEST(StepSweep, FilmsWithEveryTerm) {
  expect_same_for_all_shapes<double, Features<false, true, false, true>>();
}

TEST(StepSweep, SameBitsForAnyNumberOfThreads) {
  using F = Features<false, false, false>;
  for (const bool periodic : {false, true})
    for (const int nx : {40, 2 * StepRing<double>::widest + 3}) {
      const Grid grid = film(nx, 120, periodic, periodic);
      const auto one = Film<double, F>(grid, Scheme::dormand_prince, true, 1).run();
      for (const int threads : {2, 3, 5})
        EXPECT_EQ(one, (Film<double, F>(grid, Scheme::dormand_prince, true, threads).run()))
            << threads << " threads, " << nx << " columns";
    }
}

}  // namespace
}  // namespace kubomag
