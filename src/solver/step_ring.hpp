#pragma once
// What a step keeps of the rows that it is working on (step_sweep_cpu.hpp): as many rows as the
// passes are apart, and no more columns than a second-level cache holds.
#include <algorithm>
#include <vector>

#include "backend/row_sweep.hpp"
#include "kernels/field.hpp"
#include "kubomag/grid.hpp"
#include "solver/butcher_tableau.hpp"

namespace kubomag {

/// The columns [first, last) of a film, computed from the columns [begin, end): towards another
/// tile more than wanted, so that each pass may lose a column there. Columns below 0 or from nx on
/// are those of a periodic film, counted on.
struct Tile {
  int first, last, begin, end;
};

/// Equal shares of the film's columns, at most `widest` computed in each; `margin` is how many are
/// lost towards a neighbour. A film of one tile has no neighbours: it closes on itself.
inline std::vector<Tile> tiles(const Grid& grid, int widest, int margin) {
  const int nx = grid.nx;
  if (nx <= widest) return {{0, nx, 0, nx}};
  const int count = (nx - 1) / (widest - 3 * margin) + 1;
  const auto begin = [&](int t) {
    return t == count ? nx : static_cast<int>(static_cast<long>(nx) * t / count / margin * margin);
  };
  std::vector<Tile> all;
  for (int t = 0; t < count; ++t) {
    Tile tile{begin(t), begin(t + 1), begin(t) - margin, begin(t + 1) + margin};
    if (!grid.periodic_x) tile.begin = std::max(tile.begin, 0), tile.end = std::min(tile.end, nx);
    all.push_back(tile);
  }
  return all;
}

/// Rows of a tile in a ring. Everything lies at fixed distances from a row's address, so that a
/// pass over thirty arrays needs a handful of registers for their addresses.
template <class Real>
class StepRing {
 public:
  static constexpr int margin = 64 / sizeof(Real);    // columns before the first, a cache line
  static constexpr int widest = 4096 / sizeof(Real);  // columns of a tile
  static constexpr int rows = 8;
  // Odd in cache lines: arrays a power of two apart would meet in the same sets of the L1 cache.
  static constexpr int room = (4096 + 3 * 64) / sizeof(Real);

  struct Vector {
    alignas(64) Real x[room], y[room], z[room];
    VectorView<Real> view() { return {x, y, z}; }
    VectorView<const Real> view() const { return {x, y, z}; }
  };
  struct Row {
    Vector m_0, stage[2], slope[ButcherTableau::most_stages + 1];
  };

  StepRing() : rows_(rows) {}

  Row& row(int y) { return rows_[static_cast<unsigned>(y) % rows]; }
  void forget() { std::fill(rows_.begin(), rows_.end(), Row{}); }
  static constexpr std::size_t bytes() { return rows * sizeof(Row); }

 private:
  std::vector<Row> rows_;
};

/// How the sweeps of a film are divided among threads: strips of rows, each in tiles of columns.
template <class Real>
struct SweepPlan {
  std::vector<Tile> tiles;
  RowSweep sweep;
  int strips = 1, threads = 1;

  SweepPlan(const Grid& grid, const ButcherTableau& scheme, int most_threads)
      : tiles(kubomag::tiles(grid, StepRing<Real>::widest, StepRing<Real>::margin)),
        sweep{grid.ny, grid.periodic_y && grid.ny > 1, scheme.stages + 1} {
    // Each strip computes some rows for its neighbours; with few rows that does not pay.
    strips = std::clamp(grid.ny / (4 * sweep.passes), 1, most_threads);
    threads = std::min(most_threads, strips * static_cast<int>(tiles.size()));
  }

  /// Where rows of a film close upon themselves too soon, too much would be computed twice.
  bool suits() const { return !sweep.periodic || sweep.rows >= 2 * sweep.passes; }
  std::size_t bytes() const { return static_cast<std::size_t>(threads) * StepRing<Real>::bytes(); }
};

}  // namespace kubomag
