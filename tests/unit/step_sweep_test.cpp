// A step in one sweep over the film against the same step stage by stage: equal to rounding for
// every scheme, for films of one and of several tiles of columns, open and periodic, uniform and of
// maps, with fields that are made row by row, which are compared with a plain loop over the film;
// the same bits for every number of threads. Tolerance: 40 units in the last place of |m| =
// 1, some hundred additions; a row or column taken from the wrong place changes m by its step,
// 1e-2.
#include "solver/step_sweep_cpu.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/terms.hpp"
#include "solver/field_map_cpu.hpp"
#include "solver/runge_kutta.hpp"

namespace kubomag {
namespace {

/// A field that looks at all neighbours and at a map.
template <class Real>
struct SlopeSummand {
  Real along_x, along_y;
  const Real* map;
  Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    return map[c.at.i] * cross(c.m, along_x * (c.right - c.left) + along_y * (c.up - c.down));
  }
};

/// B += (0, weight mx map, 0).
template <class Real>
struct ShearRun {
  Real weight;
  const Real* map;
  VectorView<const Real> m;
  VectorView<Real> B;
  void operator()(int first, int length) const {
    for (int i = first; i < first + length; ++i) B.y[i] += weight * m.x[i] * map[i];
  }
};

/// How a film gets the fields above: not at all, row by row, or over the whole film by a loop that
/// knows nothing of rows.
enum class Added { none, by_rows, over_film };

/// A film with a texture and, if `mapped`, parameters that vary from cell to cell.
template <class Real, class F>
class Film {
 public:
  Film(const Grid& grid, Scheme scheme, bool together, int threads, Added added = Added::none)
      : added_(added),
        backend_(threads),
        grid_(grid),
        upload_(backend_, grid.cells()),
        scene_(make_scene()),
        rows_(backend_, grid, false, false),
        method_(backend_, grid, tableau(scheme), together, false) {
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
    const auto scene_at = [&](double c, const StageState<Real>& state) -> Scene<Real, F>& {
      const VectorView<const Real> m = state.m;
      scene_.B_uniform = Vec3<Real>{static_cast<Real>(0.1 * c), 0, static_cast<Real>(0.2)};
      if (added_ == Added::by_rows) add_rows(static_cast<Real>(c), m);
      if (added_ == Added::over_film) add_over_film(static_cast<Real>(c), m);
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
  static constexpr Real along_x = 0.3, along_y = -0.2, shear = 0.4;

  void add_rows(Real c, VectorView<const Real> m) {
    rows_.begin(m);
    rows_.cells(SlopeSummand<Real>{(1 + c) * along_x, (1 + c) * along_y, map_.data()});
    rows_.runs(ShearRun<Real>{c * shear, map_.data(), {}, {}});
    rows_.show(scene_);
  }

  void add_over_film(Real c, VectorView<const Real> m) {
    const VectorView<Real> B = B_map_.view();
    const auto beside = [](int i, int n, bool periodic) {
      return periodic ? (i + n) % n : std::clamp(i, 0, n - 1);
    };
    for (int iy = 0; iy < grid_.ny; ++iy)
      for (int ix = 0; ix < grid_.nx; ++ix) {
        const auto at = [&](int x, int y) {
          return m.load(static_cast<int>(grid_.index(beside(x, grid_.nx, grid_.periodic_x),
                                                     beside(y, grid_.ny, grid_.periodic_y))));
        };
        const int i = static_cast<int>(grid_.index(ix, iy));
        const Vec3<Real> here = m.load(i), x = at(ix + 1, iy) - at(ix - 1, iy),
                         y = at(ix, iy + 1) - at(ix, iy - 1);
        const Vec3<Real> field = ((1 + c) * map_[i]) * cross(here, along_x * x + along_y * y);
        B.store(i, {field.x, field.y + c * shear * here.x * map_[i], field.z});
      }
    scene_.B_map = std::as_const(B_map_).view();
  }

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
      for (std::size_t i = 0; i < grid_.cells(); ++i)
        map_.push_back(static_cast<Real>(1 + 0.5 * std::sin(3 * static_cast<double>(i))));
    }
    return scene;
  }

  Added added_;
  CpuBackend backend_;
  Grid grid_;
  ParamUploader<CpuBackend, Real, F::mapped> upload_;
  VectorBuffer<CpuBackend, Real> B_map_;
  std::vector<Real> map_;
  Scene<Real, F> scene_;
  FieldMap<CpuBackend, Real> rows_;
  RungeKutta<CpuBackend, Real, F> method_;
};

template <class After>
void expect_close(const After& one, const After& other, double tolerance, const Grid& grid) {
  const double rate = 10 * 1.76e11;  // of some tesla of exchange
  double m = 0, slope = 0;
  for (std::size_t i = 0; i < one.m.size(); ++i) {
    m = std::max(m, std::abs(other.m[i] - one.m[i]));
    slope = std::max(slope, std::abs(other.slope[i] - one.slope[i]));
  }
  EXPECT_LT(m, tolerance) << grid.nx << " x " << grid.ny;
  EXPECT_LT(slope, 10 * tolerance * rate) << grid.nx << " x " << grid.ny;
  EXPECT_NEAR(other.max_torque, one.max_torque, 1e3 * tolerance);
  EXPECT_NEAR(other.error, one.error, 10 * tolerance);
}

template <class Real, class F>
void expect_same(const Grid& grid, Scheme scheme, int threads = 1) {
  const auto run = [&](bool together, int count, Added added) {
    return Film<Real, F>(grid, scheme, together, count, added).run();
  };
  const double tolerance = 40 * static_cast<double>(std::numeric_limits<Real>::epsilon());
  expect_close(run(false, 1, Added::none), run(true, threads, Added::none), tolerance, grid);
  if (!F::field_map) return;
  const auto known = run(false, 1, Added::over_film);
  for (const bool together : {false, true})
    expect_close(known, run(together, threads, Added::by_rows), tolerance, grid);
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

template <class F>
void expect_same_bits(Added added) {
  for (const bool periodic : {false, true})
    for (const int nx : {40, 2 * StepRing<double>::widest + 3}) {
      const Grid grid = film(nx, 120, periodic, periodic);
      const auto run = [&](int threads) {
        return Film<double, F>(grid, Scheme::dormand_prince, true, threads, added).run();
      };
      const auto one = run(1);
      for (const int threads : {2, 3, 5})
        EXPECT_EQ(one, run(threads)) << threads << " threads, " << nx << " columns";
    }
}

TEST(StepSweep, SameBitsForAnyNumberOfThreads) {
  expect_same_bits<Features<false, false, false>>(Added::none);
  expect_same_bits<Features<false, true, false>>(Added::by_rows);
}

}  // namespace
}  // namespace kubomag
