#pragma once
// The discrete Fourier transform of arrays with mirror symmetry, of which one quarter is stored.
#include <vector>

namespace kubomag {

enum class Parity { even, odd };  // under i -> -i and under j -> -j

/// `quarter` holds f(i, j) for i = 0..px/2, j = 0..py/2, i fastest; f is periodic in the box px x
/// py and has the given parity along both axes. Returns F(kx, ky) = sum f exp(-2 pi i (kx i/px + ky
/// j/py)), which is real and of the same parity, as a quarter. Twice the transform is px py times
/// the identity. px, py >= 1.
std::vector<double> mirror_transform(int px, int py, const std::vector<double>& quarter,
                                     Parity parity);

}  // namespace kubomag
