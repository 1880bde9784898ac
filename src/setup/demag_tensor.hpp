#pragma once
// The demagnetising tensor of a film on its FFT box, and its transform.
#include <vector>

#include "kubomag/grid.hpp"

namespace kubomag {

/// N(i, j) on a box of px x py cells: H_a = -sum_b N(a - b) M_b with indices modulo the box.
/// One quarter is stored, i = 0..px/2 and j = 0..py/2, row-major with i fastest, size
/// (px/2 + 1) (py/2 + 1). The rest follows from symmetry: xx, yy, zz are even in i and in j, xy is
/// odd in i and in j. Dimensionless.
/// Open axis: px = fft_size(2 nx) (src/setup/fft_size.hpp), zero for i >= nx. Periodic axis: px =
/// nx, summed over images.
struct DemagTensor {
  int px = 1, py = 1;
  std::vector<double> xx, yy, zz, xy;
};

/// The discrete Fourier transform of DemagTensor times mu_0 / (px py), ready for the product
///   B_q = -(N_q) (Ms m)_q  between unnormalised forward and backward transforms, B in T, Ms in
///   A/m: Bx = -(xx mx + xy my), By = -(xy mx + yy my), Bz = -zz mz  [mode by mode].
/// Real, because N is even. One quarter is stored, kx = 0..px/2 and ky = 0..py/2, row-major with kx
/// fastest, size (px/2 + 1) (py/2 + 1). For ky > py/2 read ky' = py - ky: xx, yy, zz are unchanged
/// and xy changes sign; likewise for kx.
struct DemagKernel {
  int px = 1, py = 1;
  std::vector<double> xx, yy, zz, xy;
};

/// The tensor of the film; along periodic axes of infinitely many images (src/setup/ewald.hpp).
/// Open films: as exact as CellPair. Periodic films: absolute error below 1e-14, of every mode
/// below 1e-13; in the uniform mode of a doubly periodic film Nzz = 1 and Nxx = Nyy = 0.
/// Deterministic: bit-identical for any number of threads. Throws InputError unless cell numbers
/// and edges are positive.
DemagTensor make_demag_tensor(const Grid& grid);

/// The tensor of a film with `images_x` copies on its left and as many on its right, and
/// `images_y` below and above: the field in the original film of (2 images + 1) films in a row that
/// all carry the same magnetisation. The boxes are those of open axes. Throws like
/// make_demag_tensor, and for negative numbers of images.
DemagTensor make_replicated_demag_tensor(const Grid& grid, int images_x, int images_y);

/// The transform of make_demag_tensor(grid); those of the last few small films (up to 1024 x 1024
/// points of the box) are kept for replicas of them. Not safe to call while another thread plans
/// with FFTW.
DemagKernel make_demag_kernel(const Grid& grid);

}  // namespace kubomag
