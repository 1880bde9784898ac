#pragma once
// A Runge-Kutta step of a film whose cells see no more than their neighbours, as one sweep: all
// stages follow each other row by row (backend/row_sweep.hpp), and what lies between m and the new
// m exists for a few rows only (step_ring.hpp). The step then moves 18 words per cell over the
// memory bus: m and its slope in, the new m and its slope out, the latter two allocated in the
// cache first.
#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "backend/cpu_backend.hpp"
#include "backend/row_sweep.hpp"
#include "backend/team.hpp"
#include "kernels/rhs.hpp"
#include "solver/step_ring.hpp"
#include "solver/step_sweep.hpp"

namespace kubomag {

template <class Real, class F>
class StepSweep<CpuBackend, Real, F> {
 public:
  static constexpr bool possible = true;
  using Maxima = TwoMaxima<Real>;
  /// The right-hand sides of the slopes after the first.
  using Scenes = std::vector<Scene<Real, F>>;
  struct Film {
    VectorView<const Real> m, slope;
    VectorView<Real> new_m, new_slope;
  };

  StepSweep(const CpuBackend& backend, const Grid& grid, const ButcherTableau& scheme)
      : grid_(grid), scheme_(scheme), plan_(grid, scheme, backend.threads()) {
    rings_.resize(static_cast<std::size_t>(plan_.threads));
  }

  bool suits() const { return plan_.suits(); }
  /// Nothing before the first sweep.
  std::size_t bytes() const {
    const auto made = [](const auto& ring) { return ring != nullptr; };
    return std::any_of(rings_.begin(), rings_.end(), made) ? plan_.bytes() : 0;
  }

  /// The state a time dt later and its slope; the squares that ErrorEstimate finds.
  Maxima step(double dt, const Scenes& scenes, const Film& film) {
    std::array<Weighted, most> plan;
    plan[0].weight[0] = static_cast<Real>(dt * scheme_.a[0][0]);
    for (int s = 2; s <= scheme_.stages; ++s)
      plan[s - 1] = weighted(scheme_.a[s - 1].data(), s, dt, scenes[s - 2]);
    plan[scheme_.stages] =
        weighted(scheme_.e.data(), scheme_.stages + 1, dt, scenes[scheme_.stages - 1]);
    return over_tiles(plan_.sweep, film, [&](Task& task, int p, int y) {
      if (p == 0) return first_row(task, plan[0].weight[0], y);
      if (p == scheme_.stages) return error_row(task, plan[p], p, y);
      stage_row(task, plan[p], p, y);
    });
  }

  /// The slope of `film.m` into `film.new_slope`, by the code of a step's last pass: the same bits.
  /// `film.new_m` becomes `film.m`.
  Maxima slope(const Scene<Real, F>& scene, const Film& film) {
    const Weighted plan = weighted(scheme_.e.data(), scheme_.stages + 1, 0, scene);
    const RowSweep sweep{plan_.sweep.rows, plan_.sweep.periodic, 2};
    for (auto& ring : rings_)
      if (ring) ring->forget();
    return over_tiles(sweep, film, [&](Task& task, int p, int y) {
      if (p == 1) return error_row(task, plan, 1, y);
      const View stage = task.ring.row(y).stage[0].view();
      load(task, y,
           [=, m = film.m](int cell, int to) { stage.store(to, m.template load<Real>(cell)); });
      close(task, stage);
    });
  }

 private:
  using Ring = StepRing<Real>;
  using View = VectorView<Real>;
  static constexpr int most = ButcherTableau::most_stages + 1;

  /// A right-hand side and what its slope and those before it count.
  struct Weighted {
    const Scene<Real, F>* scene = nullptr;
    int count = 0;  // slopes that have a weight; the last of them is the new one
    std::array<int, most> slope{};
    std::array<Real, most> weight{};
  };
  struct Task {
    Ring& ring;
    Tile tile;
    int first_row, last_row;
    Film film;
    Maxima maxima{};
  };

  Weighted weighted(const double* weights, int count, double dt,
                    const Scene<Real, F>& scene) const {
    Weighted all{&scene};
    for (int j = 0; j < count; ++j)
      if (j == count - 1 || weights[j] != 0) {
        all.slope[all.count] = j;
        all.weight[all.count++] = static_cast<Real>(dt * weights[j]);
      }
    return all;
  }

  template <class Rows>
  Maxima over_tiles(const RowSweep& sweep, const Film& film, const Rows& pass) {
    const int count = plan_.strips * static_cast<int>(plan_.tiles.size());
    std::vector<Maxima> found(static_cast<std::size_t>(count));
    const auto begin = [&](int strip) {
      return static_cast<int>(static_cast<long>(grid_.ny) * strip / plan_.strips);
    };
    in_team(plan_.threads, [&](const Team& team) {
      auto& ring = rings_[static_cast<std::size_t>(team.number())];
      if (!ring) ring = std::make_unique<Ring>();
      team.share(count, [&](int i) {
        const int strip = i / static_cast<int>(plan_.tiles.size());
        Task task{*ring, plan_.tiles[i % plan_.tiles.size()], begin(strip), begin(strip + 1), film};
        sweep(task.first_row, task.last_row, [&](int p, int y) { pass(task, p, y); });
        found[i] = task.maxima;
      });
    });
    return CpuBackend::largest(found);
  }

  // What lies where: column x of a tile is number x - begin + margin of the ring's arrays.
  static int place(const Task& task, int x) { return x - task.tile.begin + Ring::margin; }
  static int wrapped(int i, int n) { return (i % n + n) % n; }
  bool alone() const { return plan_.tiles.size() == 1; }

  /// take(cell, place) for the columns of row y: where the film has them, and where the ring.
  template <class Take>
  void load(const Task& task, int y, const Take take) const {
    const int begin = std::max(task.tile.begin, 0), end = std::min(task.tile.end, grid_.nx);
    const int row = wrapped(y, grid_.ny) * grid_.nx, to = place(task, begin);
#pragma GCC ivdep
    for (int x = 0; x < end - begin; ++x) take(row + begin + x, to + x);
    for (int x = task.tile.begin; x < begin; ++x) take(row + x + grid_.nx, place(task, x));
    for (int x = end; x < task.tile.end; ++x) take(row + x - grid_.nx, place(task, x));
  }

  /// The neighbours of a row's first and last cell, where the film ends.
  void close(const Task& task, View stage) const {
    const int first = place(task, 0), last = place(task, grid_.nx - 1);
    const bool wraps = grid_.periodic_x;
    if (wraps && !alone()) return;
    for (Real* row : {stage.x, stage.y, stage.z}) {
      if (task.tile.begin == 0) row[first - 1] = row[wraps ? last : first];
      if (task.tile.end == grid_.nx) row[last + 1] = row[wraps ? first : last];
    }
  }

  void first_row(Task& task, Real h, int y) const {
    auto& row = task.ring.row(y);
    const View m_0 = row.m_0.view(), slope = row.slope[0].view(), stage = row.stage[0].view();
    load(task, y, [=, m = task.film.m, k = task.film.slope](int cell, int to) {
      const Vec3<Real> m_cell = m.template load<Real>(cell), k_cell = k.template load<Real>(cell);
      m_0.store(to, m_cell);
      slope.store(to, k_cell);
      stage.store(to, m_cell + h * k_cell);
    });
    close(task, stage);
  }

  void stage_row(Task& task, const Weighted& plan, int p, int y) const {
    if (p < scheme_.stages - 1) {
      if (plan.count == 1) return stage_row<1, false>(task, plan, p, y);
      if (plan.count == 2) return stage_row<2, false>(task, plan, p, y);
      if (plan.count == 3) return stage_row<3, false>(task, plan, p, y);
      if (plan.count == 4) return stage_row<4, false>(task, plan, p, y);
      return stage_row<5, false>(task, plan, p, y);
    }
    if (plan.count == 2) return stage_row<2, true>(task, plan, p, y);
    if (plan.count == 3) return stage_row<3, true>(task, plan, p, y);
    if (plan.count == 4) return stage_row<4, true>(task, plan, p, y);
    return stage_row<5, true>(task, plan, p, y);
  }

  template <int Count, bool Normalise>
  void stage_row(Task& task, const Weighted& plan, int p, int y) const {
    auto& row = task.ring.row(y);
    NextState<Real, Count, Normalise> next{
        std::as_const(row.m_0).view(), {}, {}, row.stage[p % 2].view()};
    for (int j = 0; j < Count; ++j) {
      next.k[j] = std::as_const(row.slope[plan.slope[j]]).view();
      next.h[j] = plan.weight[j];
    }
    const auto [begin, end] = slope_row(task, *plan.scene, row.slope[plan.slope[Count - 1]].view(),
                                        task.tile.begin, task.tile.end, 1 - p % 2, y);
    CpuBackend::each(begin, end, next);
    close(task, row.stage[p % 2].view());
  }

  void error_row(Task& task, const Weighted& plan, int p, int y) const {
    if (plan.count == 2) return error_row<2>(task, plan, p, y);
    if (plan.count == 4) return error_row<4>(task, plan, p, y);
    error_row<6>(task, plan, p, y);
  }

  /// The last pass: nothing else writes into the film.
  template <int Count>
  void error_row(Task& task, const Weighted& plan, int p, int y) const {
    auto& row = task.ring.row(y);
    const int shift = y * grid_.nx - place(task, 0);  // from the ring's places to the film's cells
    const View slope = shifted(task.film.new_slope, shift);
    ErrorEstimate<Real, Count> estimate{{}, {}, plan.scene->gamma};
    for (int j = 0; j < Count; ++j) {
      estimate.k[j] = std::as_const(row.slope[plan.slope[j]]).view();
      estimate.e[j] = plan.weight[j];
    }
    estimate.k[Count - 1] = {slope.x, slope.y, slope.z};
    const auto [begin, end] =
        slope_row(task, *plan.scene, slope, task.tile.first, task.tile.last, 1 - p % 2, y);
    CpuBackend::each(
        begin, end,
        [m = std::as_const(row.stage[1 - p % 2]).view(), new_m = shifted(task.film.new_m, shift)](
            int i) { new_m.store(i, m.template load<Real>(i)); });
    CpuBackend::take_largest(begin, end, estimate, task.maxima);
  }

  /// The slope of the columns [begin, end) of row y, whose m is in stage `in` of the ring; the
  /// places of these columns.
  struct Places {
    int begin, end;
  };
  Places slope_row(Task& task, const Scene<Real, F>& scene, View slope, int begin, int end, int in,
                   int y) const {
    SlopePass<Real, F> pass{scene, {}, slope};
    enter(pass.f, task, begin, end, in, y);
    cells(task, begin, end, in, y, pass);
    return {place(task, begin), place(task, end)};
  }

  /// Stage `in` of row y and the rows beside it in the ring; `middle` is the row's first cell.
  struct Rows {
    Stencil middle;
    VectorView<const Real> m, below, above;
  };
  Rows rows(const Task& task, int in, int y) const {
    const Stencil middle = CpuBackend::stencil<Stencil>(grid_, 0, wrapped(y, grid_.ny));
    const auto at = [&](int row) { return std::as_const(task.ring.row(row).stage[in]).view(); };
    const VectorView<const Real> m = at(y);
    return {middle, m, middle.down == middle.i ? m : at(y - 1),
            middle.up == middle.i ? m : at(y + 1)};
  }

  /// Has the scene make the fields of the columns [begin, end) of row y.
  void enter(Scene<Real, F>& scene, const Task& task, int begin, int end, int in, int y) const {
    if constexpr (F::surface) scene.drive = scene.drive.in_row(wrapped(y, grid_.ny) * grid_.nx);
    if constexpr (F::field_map) {
      if (!scene.rows) return;
      const Rows at = rows(task, in, y);
      const int nx = grid_.nx;
      const auto part = [&](int first, int last, int wrap) {
        if (first >= last) return;
        const int cell = at.middle.i + first + wrap, shift = place(task, first) - cell;
        scene.enter({shifted(at.m, shift), shifted(at.below, shift), shifted(at.above, shift), cell,
                     cell + last - first});
      };
      part(begin, std::min(end, 0), nx);
      part(std::max(begin, 0), std::min(end, nx), 0);
      part(std::max(begin, nx), end, -nx);
    }
  }

  /// pass(place, surroundings) for the columns [begin, end) of row y; m is in stage `in` of the
  /// ring. `pass` comes by value so that no store of the loop can be suspected of changing it.
  template <class Pass>
  void cells(const Task& task, int begin, int end, int in, int y, const Pass pass) const {
    const Grid grid = grid_;
    const int iy = wrapped(y, grid.ny);
    const auto [middle, m, below, above] = rows(task, in, y);
    // What varies over the film is found by its indices, which are consecutive inside alone.
    constexpr bool indexed = F::mapped || F::field_map || F::surface;
    const int first = indexed ? std::max(begin, 1) : begin;
    const int last = indexed ? std::max(std::min(end, grid.nx - 1), first) : end;
    if constexpr (indexed)
      for (int x = begin < first ? begin : last; x < end; x = x == first - 1 ? last : x + 1)
        pass(place(task, x),
             Neighbourhood<Real>(m, below, above, place(task, x),
                                 CpuBackend::stencil<Stencil>(grid, wrapped(x, grid.nx), iy)));
    const int shift = middle.i - place(task, 0), down = middle.down - middle.i,
              up = middle.up - middle.i, stop = place(task, last);
#pragma GCC ivdep
    for (int i = place(task, first); i < stop; ++i) {
      const int cell = i + shift;
      pass(i, Neighbourhood<Real>(m, below, above, i,
                                  Stencil{cell, cell - 1, cell + 1, cell + down, cell + up}));
    }
  }

  Grid grid_;
  const ButcherTableau& scheme_;
  SweepPlan<Real> plan_;
  std::vector<std::unique_ptr<Ring>> rings_;  // of each thread, made by it
};

}  // namespace kubomag
