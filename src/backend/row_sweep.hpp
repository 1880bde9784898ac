#pragma once
// Several passes over the same rows in one sweep. Where a pass needs no more of the one before it
// than the neighbouring rows, the passes can follow each other at a distance of one row, so that
// a row is still in the cache when the next pass reads it, and what one pass leaves for the next
// needs no more memory than a few rows.
//
// Strips of rows are swept independently of each other: next to another strip a pass begins and
// ends as many rows further out as there are passes after it, so that each computes for itself what
// it needs of its neighbour.
#include <algorithm>

namespace kubomag {

struct RowSweep {
  int rows = 1;           // of the film
  bool periodic = false;  // whether row 0 follows the last one
  int passes = 1;

  /// Rows of which something is still needed while a pass works: a row's place may be taken by the
  /// one that many further up.
  int window() const { return passes + 1; }

  /// pass(p, row) for all passes p = 0, 1, ... such that the last of them covers the rows
  /// [first, last). Rows below 0 or from `rows` on are those of a periodic film, counted on.
  template <class F>
  void operator()(int first, int last, F&& pass) const {
    const int margin = passes - 1;
    for (int r = begin(first, margin); r < end(last, 0) + margin; ++r)
      for (int p = 0; p < passes; ++p) {
        const int row = r - p;
        if (row >= begin(first, margin - p) && row < end(last, margin - p)) pass(p, row);
      }
  }

 private:
  int begin(int first, int more) const {
    return periodic ? first - more : std::max(first - more, 0);
  }
  int end(int last, int more) const { return periodic ? last + more : std::min(last + more, rows); }
};

}  // namespace kubomag
