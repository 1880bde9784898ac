#pragma once
// Fourier transform of real rows along x, many rows at once: row r of a group is the real part of
// lane r, row width + r the imaginary part of the same lane, and the column transform does the
// rest. The spectra of the two rows are their sums and differences at k and -k. Tiles of
// width x width are transposed between rows in memory and lanes.
#include <algorithm>
#include <vector>

#include "backend/column_transform.hpp"
#include "backend/transpose.hpp"

namespace kubomag {

/// Rows of nx real values, padded with zeros to px. Spectra are stored in blocks of columns as
/// ColumnTransform takes them: block b holds k = b width ... for all rows of the film.
template <class Real>
class RowTransform {
 public:
  static constexpr int width = ColumnTransform<Real>::width;
  static constexpr int row = ColumnTransform<Real>::row;
  static constexpr int group = 2 * width;  // rows transformed together

  RowTransform(int nx, int px)
      : nx_(nx), px_(px), modes_(px / 2 + 1), columns_(px), filled_(columns_.filled(px >= 2 * nx)) {
    for (int k = 0; k < modes_; ++k) {
      plus_.push_back(static_cast<std::size_t>(columns_.position(k)) * row);
      minus_.push_back(static_cast<std::size_t>(columns_.position((px - k) % px)) * row);
    }
  }

  int blocks() const { return (modes_ + width - 1) / width; }
  /// Numbers of work space that a call needs, aligned to 64 bytes.
  std::size_t work_size() const {
    return static_cast<std::size_t>((std::max(px_, nx_) + width - 1) / width * width) * row;
  }

  /// Twice the spectra of `count` <= group rows of Ms m; Ms is per cell, or null and Ms_uniform.
  /// Block b of row r goes to out + b block_stride + r row; missing rows of the group become zero.
  void forward(const Real* m, const Real* Ms, Real Ms_uniform, int count, Real* work, Real* out,
               std::size_t block_stride) const {
    for (int ix = 0; ix < nx_; ix += width)
      for (int part = 0; part < 2; ++part) load_tile(m, Ms, Ms_uniform, count, ix, part, work);
    const std::size_t filled = static_cast<std::size_t>((nx_ + width - 1) / width * width) * row;
    const std::size_t all = static_cast<std::size_t>(px_ / columns_.parts() * filled_) * row;
    if (filled < all) std::fill(work + filled, work + all, Real(0));
    columns_.begin(work, filled_, work);
    columns_.forward(work);
    for (int b = 0; b < blocks(); ++b) separate(b, work, out + b * block_stride);
  }

  /// The rows B of given spectra, without a factor; `count` rows are written, `stride` apart.
  void inverse(const Real* in, std::size_t block_stride, int count, Real* work, Real* B,
               std::size_t stride) const {
    for (int b = 0; b < blocks(); ++b) {
      fetch(in + std::min(b + 1, blocks() - 1) * block_stride);
      join(b, in + b * block_stride, work);
    }
    columns_.inverse(work);
    columns_.finish(work, filled_, work);
    for (int ix = 0; ix < nx_; ix += width)
      for (int part = 0; part < 2; ++part) store_tile(work, count, ix, part, B, stride);
  }

 private:
  static constexpr int lanes = simd_bytes / sizeof(Real);

  /// Asks for the rows of a group in a block. Blocks are too far apart, and such rows too few, for
  /// the processor to foresee them.
  static void fetch(const Real* rows) {
    for (int i = 0; i < group * row; i += width) __builtin_prefetch(rows + i);
  }

  struct alignas(64) Tile {
    Real at[width][width];
  };

  static KUBOMAG_HD void transpose(const Tile& from, Real* to) {
    Transpose<Real>::template tile<width>(from.at[0], width, to, row);
  }
  static KUBOMAG_HD void transpose(const Real* from, Tile& to) {
    Transpose<Real>::template tile<width>(from, row, to.at[0], width);
  }

  void load_tile(const Real* m, const Real* Ms, Real Ms_uniform, int count, int ix, int part,
                 Real* work) const {
    Tile tile;
    const int columns = std::min(width, nx_ - ix), rows = std::min(width, count - part * width);
    if (columns < width || rows < width) tile = {};
    for (int r = 0; r < rows; ++r) {
      const std::size_t begin = static_cast<std::size_t>(part * width + r) * nx_ + ix;
      if (columns == width && !Ms)  // the common case, without a test per number
        for (int i = 0; i < width; ++i) tile.at[r][i] = Ms_uniform * m[begin + i];
      else
        for (int i = 0; i < columns; ++i)
          tile.at[r][i] = (Ms ? Ms[begin + i] : Ms_uniform) * m[begin + i];
    }
    transpose(tile, work + static_cast<std::size_t>(ix) * row + part * width);
  }

  void store_tile(const Real* work, int count, int ix, int part, Real* B,
                  std::size_t stride) const {
    const int columns = std::min(width, nx_ - ix), rows = std::min(width, count - part * width);
    if (rows <= 0) return;
    Tile tile;
    transpose(work + static_cast<std::size_t>(ix) * row + part * width, tile);
    for (int r = 0; r < rows; ++r) {
      Real* const to = B + static_cast<std::size_t>(part * width + r) * stride + ix;
      if (columns == width)
        for (int i = 0; i < width; ++i) to[i] = tile.at[r][i];
      else
        for (int i = 0; i < columns; ++i) to[i] = tile.at[r][i];
    }
  }

  /// Modes past the last are copies of it; the kernel is zero there.
  void separate(int b, const Real* work, Real* out) const {
    Tile a_re, a_im, b_re, b_im;
    for (int j = 0; j < width; ++j) {
      const int k = std::min(b * width + j, modes_ - 1);
      const Real *p = work + plus_[k], *q = work + minus_[k];
      for (int lane = 0; lane < width; lane += lanes) {
        const auto p_re = simd(p + lane), p_im = simd(p + lane + width);
        const auto q_re = simd(q + lane), q_im = simd(q + lane + width);
        simd(a_re.at[j] + lane) = p_re + q_re, simd(a_im.at[j] + lane) = p_im - q_im;
        simd(b_re.at[j] + lane) = p_im + q_im, simd(b_im.at[j] + lane) = q_re - p_re;
      }
    }
    transpose(a_re, out);
    transpose(a_im, out + width);
    transpose(b_re, out + width * row);
    transpose(b_im, out + width * row + width);
  }

  /// Z(k) = A + i B and Z(-k) = conj(A) + i conj(B). Where k = -k the second is written over: the
  /// spectrum of a real row is real there.
  void join(int b, const Real* in, Real* work) const {
    Tile a_re, a_im, b_re, b_im;
    transpose(in, a_re);
    transpose(in + width, a_im);
    transpose(in + width * row, b_re);
    transpose(in + width * row + width, b_im);
    for (int j = 0; j < std::min(width, modes_ - b * width); ++j) {
      Real *p = work + plus_[b * width + j], *q = work + minus_[b * width + j];
      for (int lane = 0; lane < width; lane += lanes) {
        const auto x_re = simd(a_re.at[j] + lane), x_im = simd(a_im.at[j] + lane);
        const auto y_re = simd(b_re.at[j] + lane), y_im = simd(b_im.at[j] + lane);
        simd(q + lane) = x_re + y_im, simd(q + lane + width) = y_re - x_im;
        simd(p + lane) = x_re - y_im, simd(p + lane + width) = y_re + x_im;
      }
    }
  }

  int nx_, px_, modes_;
  ColumnTransform<Real> columns_;
  int filled_;                             // parts of a row that are not zero
  std::vector<std::size_t> plus_, minus_;  // where k and -k lie in the work space
};

}  // namespace kubomag
