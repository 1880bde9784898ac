#pragma once
// Several passes over the same film in one sweep. Where a pass needs no more of the one before it
// than the neighbouring rows, the passes can follow each other at a distance of one row, so that
// a row is still in the cache when the next pass reads it: a Runge-Kutta step then moves each array
// over the memory bus once instead of once per stage.
//
// Threads: each strip of rows is first swept as far as it needs no row of another strip (pass p
// stays p rows away from the strip's ends); then the gaps around the ends are filled. The same
// values are computed in another order, so the result does not depend on the number of strips.
// Two buffers may take turns as the passes' output: pass p + 2 overwrites what pass p wrote only in
// rows that pass p + 1 has left behind, in both parts.
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace kubomag {

class RowPipeline {
 public:
  RowPipeline(int rows, bool periodic, int threads)
      : rows_(rows), periodic_(periodic), threads_(threads) {}

  /// `pass(iy)` computes row iy from rows iy - 1 to iy + 1 of the pass before.
  void add(std::function<void(int)> pass) { passes_.push_back(std::move(pass)); }

  void run() const {
    const int count = static_cast<int>(passes_.size());
    // A strip must be wide enough for its two slopes not to meet.
    const int strips = std::clamp(rows_ / (2 * count), 1, threads_);
#pragma omp parallel for schedule(static) num_threads(strips)
    for (int s = 0; s < strips; ++s) inside(begin(s, strips), begin(s + 1, strips));
    const int seams = strips - 1 + (periodic_ ? 1 : 0);
#pragma omp parallel for schedule(static) num_threads(std::max(seams, 1))
    for (int s = 0; s < seams; ++s) around(begin(s + 1, strips));
  }

 private:
  int begin(int strip, int strips) const {
    return static_cast<int>(static_cast<long>(rows_) * strip / strips);
  }

  /// Whether a strip that ends at `row` has a neighbour there.
  bool seam(int row) const { return periodic_ || (row > 0 && row < rows_); }

  /// Rows [first, last) of the first pass; every further pass leaves out one more at a seam.
  void inside(int first, int last) const {
    const int count = static_cast<int>(passes_.size());
    for (int r = first; r < last + count - 1; ++r)
      for (int p = 0; p < count; ++p) {
        const int row = r - p;
        if (row >= first + (seam(first) ? p : 0) && row < last - (seam(last) ? p : 0))
          passes_[p](row);
      }
  }

  /// What `inside` left out around a seam.
  void around(int seam) const {
    for (int p = 1; p < static_cast<int>(passes_.size()); ++p)
      for (int row = seam - p; row < seam + p; ++row) passes_[p]((row + rows_) % rows_);
  }

  int rows_;
  bool periodic_;
  int threads_;
  std::vector<std::function<void(int)>> passes_;
};

}  // namespace kubomag
