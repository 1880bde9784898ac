#pragma once
// Sums of cosines and sines over a film: what a film with its mirror images
// needs in place of Fourier transforms of the mirrored box, which has four
// times the points.
//   f(ix, iy) = sum_k a(kx, ky) t_x(pi kx (ix + 1/2)/nx) t_y(pi ky (iy +
//   1/2)/ny),  t: cos or sin

#include <algorithm>
#include <array>

#include "backend/cosine_columns.hpp"
#include "backend/team.hpp"
#include "backend/transpose.hpp"

namespace kubomag {

/// What a field is made of along x and y.
struct Parities {
  bool sine_x, sine_y;
};

/// Coefficients lie in blocks of `group` kx: block by block, ky by ky in a
/// block, the kx of the block side by side.
template <class Real>
class CosineFilm {
 public:
  static constexpr int group = CosineColumns<Real>::row;  // columns, or rows, handled together

  CosineFilm(int nx, int ny, int threads)
      : nx_(nx), ny_(ny), threads_(threads), along_x_(nx), along_y_(ny) {
    columns_ = groups(nx), rows_ = groups(ny);
    part_ = static_cast<std::size_t>(std::max(columns_, rows_) * group) * group;
    work_ = HostBuffer<Real>(4 * part_ * threads, threads);
    for (auto& sums : half_done_)
      sums = HostBuffer<Real>(static_cast<std::size_t>(columns_) * stride(), threads);
  }

  int blocks() const { return columns_; }
  /// Where the coefficients of one ky in a block begin.
  std::size_t at(int block, int ky) const {
    return (static_cast<std::size_t>(block) * ny_ + ky) * group;
  }

  /// Three films at once. fill(block, {a, b, c}) writes a block of coefficients
  /// of each; those of kx >= nx must be finite.
  template <class Fill>
  void sum(const std::array<Parities, 3>& parities, const Fill& fill,
           const std::array<Real*, 3>& film) {
    in_team(threads_, [&](const Team& team) {
      Real* const work = work_.data() + 4 * part_ * team.number();
      team.share(columns_, [&](int b) {
        fill(b, std::array<Real*, 3>{work, work + part_, work + 2 * part_});
        for (int c = 0; c < 3; ++c)
          sum_columns(b, parities[c].sine_y, work + c * part_, work + 3 * part_, half_done_[c]);
      });
      team.share(rows_, [&](int g) {
        for (int c = 0; c < 3; ++c)
          sum_rows(g, parities[c].sine_x, half_done_[c], work, work + part_, film[c]);
      });
    });
  }

  /// The coefficients of a film of nx x ny values.
  void analyse(Parities parities, const Real* film, Real* coefficients) {
    in_team(threads_, [&](const Team& team) {
      Real* const work = work_.data() + 4 * part_ * team.number();
      team.share(rows_, [&](int g) {
        analyse_rows(g, parities.sine_x, film, work, work + part_, half_done_[0]);
      });
      team.share(columns_, [&](int b) {
        analyse_columns(b, parities.sine_y, half_done_[0], work, coefficients + at(b, 0));
      });
    });
  }

  /// What one holds.
  static double bytes(int nx, int ny, int threads) {
    const double columns = groups(nx), rows = groups(ny);
    return sizeof(Real) * group * group *
           (4.0 * std::max(columns, rows) * threads + 3 * columns * rows);
  }

 private:
  static constexpr int width = ColumnTransform<Real>::width;
  struct alignas(64) Tile {
    Real at[width][width];
  };

  static int groups(int n) { return (n + group - 1) / group; }
  std::size_t stride() const { return static_cast<std::size_t>(rows_) * group * group; }

  /// A square of rows of the film and kx, half done, from one order to the
  /// other.
  static void transpose_square(const Real* from, Real* to) {
    for (int r = 0; r < group; r += width)
      for (int k = 0; k < group; k += width)
        Transpose<Real>::template tile<width>(from + r * group + k, group, to + k * group + r,
                                              group);
  }
  std::size_t square(int block, int rows) const {
    return block * stride() + static_cast<std::size_t>(rows) * group * group;
  }

  void sum_columns(int b, bool sine, const Real* coefficients, Real* values,
                   HostBuffer<Real>& out) const {
    along_y_.sum(coefficients, sine, values);
    Real* to = out.data() + b * stride();
    for (int iy = 0; iy < ny_; ++iy, to += group)
      scale(values + along_y_.value_at(iy), along_y_.sign(iy, sine), to);
  }

  void sum_rows(int g, bool sine, const HostBuffer<Real>& in, Real* coefficients, Real* values,
                Real* film) const {
    for (int b = 0; b < columns_; ++b)
      transpose_square(in.data() + square(b, g),
                       coefficients + static_cast<std::size_t>(b) * group * group);
    along_x_.sum(coefficients, sine, values);
    for_each_tile(g, [&](int ix, int columns, int first, int rows) {
      Tile tile, turned;
      for (int j = 0; j < columns; ++j) {
        const Real* from = values + along_x_.value_at(ix + j) + first % group;
        const Real sign = along_x_.sign(ix + j, sine);
        for (int r = 0; r < width; ++r) tile.at[j][r] = sign * from[r];
      }
      Transpose<Real>::template tile<width>(tile.at[0], width, turned.at[0], width);
      for (int r = 0; r < rows; ++r)
        std::copy_n(turned.at[r], columns, film + static_cast<std::size_t>(first + r) * nx_ + ix);
    });
  }

  void analyse_rows(int g, bool sine, const Real* film, Real* coefficients, Real* values,
                    HostBuffer<Real>& out) const {
    for_each_tile(g, [&](int ix, int columns, int first, int rows) {
      Tile tile{}, turned;
      for (int r = 0; r < rows; ++r)
        std::copy_n(film + static_cast<std::size_t>(first + r) * nx_ + ix, columns, tile.at[r]);
      Transpose<Real>::template tile<width>(tile.at[0], width, turned.at[0], width);
      for (int j = 0; j < columns; ++j) {
        Real* to = values + along_x_.value_at(ix + j) + first % group;
        const Real sign = along_x_.sign(ix + j, sine);
        for (int r = 0; r < width; ++r) to[r] = sign * turned.at[j][r];
      }
    });
    along_x_.analyse(values, sine, coefficients);
    std::fill_n(coefficients + static_cast<std::size_t>(nx_) * group,
                static_cast<std::size_t>(columns_ * group - nx_) * group, Real(0));
    for (int b = 0; b < columns_; ++b)
      transpose_square(coefficients + static_cast<std::size_t>(b) * group * group,
                       out.data() + square(b, g));
  }

  void analyse_columns(int b, bool sine, const HostBuffer<Real>& in, Real* values,
                       Real* coefficients) const {
    const Real* from = in.data() + b * stride();
    for (int iy = 0; iy < ny_; ++iy, from += group)
      scale(from, along_y_.sign(iy, sine), values + along_y_.value_at(iy));
    along_y_.analyse(values, sine, values + part_);
    std::copy_n(values + part_, static_cast<std::size_t>(ny_) * group, coefficients);
  }

  static void scale(const Real* from, Real factor, Real* to) {
    for (int i = 0; i < group; ++i) to[i] = factor * from[i];
  }

  /// f(ix, columns, first row, rows) for the tiles of a group of rows; all have
  /// columns, a tile beyond the last row has no rows.
  template <class F>
  void for_each_tile(int g, const F& f) const {
    for (int ix = 0; ix < nx_; ix += width)
      for (int first = g * group; first < (g + 1) * group; first += width)
        f(ix, std::min(width, nx_ - ix), first, std::clamp(ny_ - first, 0, width));
  }

  int nx_, ny_, threads_;
  CosineColumns<Real> along_x_, along_y_;
  int columns_ = 0, rows_ = 0;
  std::size_t part_ = 0;
  HostBuffer<Real> work_;
  std::array<HostBuffer<Real>, 3> half_done_;  // along y alone: blocks of kx, row by row
};

}  // namespace kubomag
