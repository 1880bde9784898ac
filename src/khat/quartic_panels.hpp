#pragma once
// Contours with sharp corners, or seen from where they are not star-shaped: on Gauss panels in the
// direction of lines through a point (quartic_contour.hpp).
#include "khat/quartic_contour.hpp"

namespace kubomag {

/// The contour on panels that are halved until 11 digits of the density of states, of spin and of
/// current of each band stand, 9 where lines touch it. `coarse` is the same before the last
/// halving, for an estimate of the error.
struct PanelContour {
  FermiContour fine, coarse;
};

/// Lines may meet the contour any number of times. Between the directions in which they touch it
/// that number is constant, and the states next to those go with the square root of the angle: phi
/// = begin + width (1 - cos x)/2 makes it smooth. Throws InputError where the directions cannot be
/// told apart, and beyond 20000 lines.
PanelContour fan_contour(const QuarticContour& contour);

}  // namespace kubomag
