#pragma once
// E(x, y) -> the coefficients of its sines and cosines, on a film with no_flux
// edges on all sides: what FieldTransformer (setup/field_transformer.hpp) does
// on the mirrored box, with the same treatment of the jumps at the edges.
#include <string>
#include <vector>

#include "backend/cosine_film.hpp"
#include "setup/field_transformer.hpp"

namespace kubomag {

class MirrorTransformer {
 public:
  /// `film` must outlive this object.
  MirrorTransformer(const FilmBox& box, CosineFilm<double>& film);

  /// Coefficients as `film` has them [V/m]. E [V/m] is called from one thread:
  /// at the cell centres and the edges. Throws InputError, which begins with
  /// `name`, where E is not finite.
  void operator()(const std::string& name, const FieldFunction& E, std::vector<double>& Ex,
                  std::vector<double>& Ey);

 private:
  /// The part of a component that is linear between the two edges it points at,
  /// low + slope x with x from the edge, for all lines across.
  struct LinearPart {
    std::vector<double> low, slope;
  };
  LinearPart linear_part(const std::string& name, const FieldFunction& E, bool along_x) const;

  FilmBox box_;
  CosineFilm<double>& film_;
  std::vector<double> values_[2];
  // coefficients of the cosines of x and x^2/2, and of y and y^2/2
  std::vector<double> x_, half_x_squared_, y_, half_y_squared_;
};

}  // namespace kubomag
