#pragma once
// The CPU backend: OpenMP over rows, SIMD along each row. The only loops over cells on the host.
// Rows are the fixed unit of work and of every reduction, so that results are bit-identical for
// any number of threads.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "backend/host_buffer.hpp"
#include "backend/team.hpp"
#include "kubomag/grid.hpp"

namespace kubomag {

class CpuBackend {
 public:
  class Passes;

  template <class T>
  using Buffer = HostBuffer<T>;
  static constexpr bool arrays_for_all_parameters = true;  // kernels/field.hpp, Param
  static constexpr bool steps_by_itself = false;           // solver/device_stepper.hpp

  explicit CpuBackend(int threads) : threads_(threads) {}

  int threads() const { return threads_; }
  std::string name() const {
    return "CPU, " + std::to_string(threads_) + (threads_ == 1 ? " thread" : " threads");
  }
  std::size_t bytes() const { return 0; }  // held by no buffer and no transform

  template <class T>
  Buffer<T> make_buffer(std::size_t count) const {
    return Buffer<T>(count, threads_);
  }
  template <class T>
  void upload(Buffer<T>& to, const std::vector<T>& from) const {
    std::memcpy(to.data(), from.data(), from.size() * sizeof(T));
  }
  template <class T>
  void download(std::vector<T>& to, const Buffer<T>& from) const {
    std::memcpy(to.data(), from.data(), to.size() * sizeof(T));
  }

  /// f(stencil) for every cell; f may write its own cell only. `Stencil` is the caller's type
  /// {i, left, right, down, up}, built here from the grid's edges. A pass may have something to do
  /// for each row: f.in_row(first, last), if there is such a thing, is the pass for the row from
  /// the cell `first` to the cell `last`.
  template <class Stencil, class F>
  void for_each_cell(const Grid& grid, const F& pass) const {
    in_shares(threads_, grid.ny,
              [&](int iy) { row<Stencil>(grid, iy, in_row<Stencil>(grid, iy, pass)); });
  }

  /// pass(first, length) for runs of cells that make up the film: here its rows. The pass may write
  /// the cells of its run only.
  template <class F>
  void for_each_run(const Grid& grid, const F& pass) const {
    in_shares(threads_, grid.ny, [&](int iy) { pass(iy * grid.nx, grid.nx); });
  }

  /// Largest `first` and `second` of f(stencil) over all cells.
  template <class Stencil, class Maxima, class F>
  Maxima max_over_cells(const Grid& grid, const F& pass) const {
    std::vector<Maxima> rows(grid.ny);
    in_shares(threads_, grid.ny, [&](int iy) {
      rows[iy] = row_max<Stencil, Maxima>(grid, iy, in_row<Stencil>(grid, iy, pass));
    });
    return largest(rows);
  }

  /// Sums over all cells in double: rows first, then the rows in order.
  template <class Stencil, std::size_t Count, class F>
  std::array<double, Count> sum_over_cells(const Grid& grid, const F& pass) {
    using Sums = std::array<double, Count>;
    std::vector<Sums> rows(grid.ny);
    in_shares(threads_, grid.ny, [&](int iy) {
      const F f = pass;
      Sums sums{};
      for (int ix = 0; ix < grid.nx; ++ix) {
        const Sums values = f(stencil<Stencil>(grid, ix, iy));
        for (std::size_t j = 0; j < Count; ++j) sums[j] += values[j];
      }
      rows[iy] = sums;
    });
    Sums all{};
    for (const Sums& sums : rows)
      for (std::size_t j = 0; j < Count; ++j) all[j] += sums[j];
    return all;
  }

  /// The stencil of cell (ix, iy).
  template <class Stencil>
  static Stencil stencil(const Grid& grid, int ix, int iy) {
    int down = 0, up = 0;
    row_neighbours(grid, iy, down, up);
    const int begin = iy * grid.nx, i = begin + ix, last = begin + grid.nx - 1;
    return {i, ix > 0 ? i - 1 : (grid.periodic_x ? last : i),
            i < last ? i + 1 : (grid.periodic_x ? begin : i), i + down, i + up};
  }

  /// The largest of each.
  template <class Maxima>
  static Maxima largest(const std::vector<Maxima>& rows) {
    Maxima all{};
    for (const Maxima& row : rows) {
      all.first = std::max(all.first, row.first);
      all.second = std::max(all.second, row.second);
    }
    return all;
  }

  /// f(i) for begin <= i < end, each for itself.
  template <class F>
  static void each(int begin, int end, const F f) {
#pragma GCC ivdep
    for (int i = begin; i < end; ++i) f(i);
  }

  /// The largest `first` and `second` of f(i) and of `all`, into `all`.
  template <class Maxima, class F>
  static void take_largest(int begin, int end, const F f, Maxima& all) {
    auto first = all.first, second = all.second;
#pragma omp simd reduction(max : first, second)
    for (int i = begin; i < end; ++i) {
      const Maxima value = f(i);
      first = first > value.first ? first : value.first;
      second = second > value.second ? second : value.second;
    }
    all = {first, second};
  }

 private:
  /// Index offsets of the rows below and above, 0 where the film ends.
  static void row_neighbours(const Grid& grid, int iy, int& down, int& up) {
    const int wrap = grid.nx * (grid.ny - 1);
    down = iy > 0 ? -grid.nx : (grid.periodic_y ? wrap : 0);
    up = iy < grid.ny - 1 ? grid.nx : (grid.periodic_y ? -wrap : 0);
  }

  template <class Stencil, class F>
  static F in_row(const Grid& grid, int iy, const F& pass) {
    if constexpr (requires(Stencil s) { pass.in_row(s, s); })
      return pass.in_row(stencil<Stencil>(grid, 0, iy), stencil<Stencil>(grid, grid.nx - 1, iy));
    else
      return pass;
  }

  /// A row: all of it, or a part after the other where a pass consists of a first and what it
  /// does then, so that what the first wrote is found in the cache.
  template <class Stencil, class F>
  static void row(const Grid& grid, int iy, const F& f) {
    if constexpr (of_two<F>)
      in_parts(grid.nx, [&](int from, int to) {
        cells<Stencil>(grid, iy, from, to, f.first);
        each(iy * grid.nx + from, iy * grid.nx + to, f.then);
      });
    else
      cells<Stencil>(grid, iy, 0, grid.nx, f);
  }

  template <class Stencil, class Maxima, class F>
  static Maxima row_max(const Grid& grid, int iy, const F& f) {
    Maxima all{};
    if constexpr (of_two<F>) {
      in_parts(grid.nx, [&](int from, int to) {
        cells<Stencil>(grid, iy, from, to, f.first);
        take_largest(iy * grid.nx + from, iy * grid.nx + to, f.then, all);
      });
    } else {  // through a buffer: that loop vectorises, and so does the maximum
      thread_local std::vector<Maxima> values;
      values.resize(static_cast<std::size_t>(grid.nx));
      const int begin = iy * grid.nx;
      cells<Stencil>(grid, iy, 0, grid.nx,
                     [f, to = values.data() - begin](Stencil s) { to[s.i] = f(s); });
      take_largest(
          0, grid.nx, [from = values.data()](int i) { return from[i]; }, all);
    }
    return all;
  }

  template <class F>
  static constexpr bool of_two = requires(const F& f) {
    f.first;
    f.then;
  };
  static constexpr int part = 128;  // cells

  template <class Do>
  static void in_parts(int nx, const Do& parts) {
    for (int from = 0; from < nx; from += part) parts(from, std::min(from + part, nx));
  }

  /// The cells [from, to) of a row: its ends by themselves, those in between as a SIMD loop. `f`
  /// comes by value so that no store of the loop can be suspected of changing it.
  template <class Stencil, class F>
  [[gnu::noinline]] static void cells(const Grid& grid, int iy, int from, int to, const F f) {
    int down = 0, up = 0;
    row_neighbours(grid, iy, down, up);
    const int begin = iy * grid.nx, stop = begin + std::min(to, grid.nx - 1);
    // one call for both ends: each call is another copy of the whole pass for the compiler
    for (int ix = from == 0 ? 0 : grid.nx - 1; ix < to; ix += std::max(grid.nx - 1, 1))
      f(stencil<Stencil>(grid, ix, iy));
#pragma GCC ivdep
    for (int i = begin + std::max(from, 1); i < stop; ++i)
      f(Stencil{i, i - 1, i + 1, i + down, i + up});
  }

  int threads_;
};

/// Passes over one film, one after the other; the last of them looks for maxima.
class CpuBackend::Passes {
 public:
  Passes(const CpuBackend& backend, const Grid& grid) : backend_(backend), grid_(grid) {}

  template <class Stencil, class F>
  void cells(const F& pass) {
    backend_.for_each_cell<Stencil>(grid_, pass);
  }

  template <class Stencil, class Maxima, class F>
  Maxima max(const F& pass) {
    return backend_.max_over_cells<Stencil, Maxima>(grid_, pass);
  }

 private:
  const CpuBackend& backend_;
  const Grid& grid_;
};

}  // namespace kubomag
