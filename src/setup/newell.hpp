#pragma once
// The demagnetising tensor between two equal cells in closed form:
// Newell, Williams and Dunlop, J. Geophys. Res. 98, 9551 (1993), eqs. 27 to 32.
#include <vector>

namespace kubomag {

/// Tensor N of a pair of cells in one layer: the field averaged over one cell is H = -N M, with M
/// the magnetisation of the other. Dimensionless; xz and yz vanish by symmetry.
struct PairTensor {
  double xx = 0, yy = 0, zz = 0, xy = 0;

  PairTensor& operator+=(const PairTensor& N) {
    xx += N.xx, yy += N.yy, zz += N.zz, xy += N.xy;
    return *this;
  }
};
inline PairTensor operator*(double s, const PairTensor& N) {
  return {s * N.xx, s * N.yy, s * N.zz, s * N.xy};
}
inline PairTensor& operator-=(PairTensor& sum, const PairTensor& N) { return sum += -1 * N; }

/// N for the offsets (i dx, j dy, 0), 0 <= i < columns, 0 <= j < rows, at [i + columns j].
/// Edges in any common unit. Correct to double rounding component by component while offset/edge
/// stays below some thousands: the formulas are sixth differences, hence evaluated with 113 bits.
/// They are slow (tens of microseconds per offset): for the nearest cells only.
std::vector<PairTensor> newell_block(double dx, double dy, double dz, int columns, int rows);

}  // namespace kubomag
