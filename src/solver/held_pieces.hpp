#pragma once
// Whether the fields of a drive's windows (windowed_field.hpp) hold through a step, so that the
// right hand sides of all its stages may be used at once: those of two pieces are kept.
#include <algorithm>
#include <cmath>

#include "solver/drive_windows.hpp"

namespace kubomag {

/// Whether all times from t in the window `first` to `end` in the window `last`, both of them with
/// pieces, are in one piece or in two.
inline bool in_two_pieces(const TimeWindow& first, double t, const TimeWindow& last, double end) {
  if (first == last) return first.piece(end) - first.piece(t) <= 1;
  const double gap = std::abs(last.begin - (first.begin + first.length));
  const bool adjacent = gap < 0.5 * std::min(first.length, last.length);
  return adjacent && first.piece(t) == first.pieces - 1 && last.piece(end) == 0;
}

}  // namespace kubomag
