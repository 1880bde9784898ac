#pragma once
// E(x, y) -> its half spectrum on the FFT box, extended beyond the film as the edges demand.
//
// At a no_flux edge the mirrored normal component jumps by twice its edge value; sampled as it is,
// the jump would ring through psi with an error of first order. The part of the component that is
// linear between its two edge values is therefore transformed as the derivative of its quadratic
// antiderivative, whose even mirror image has a kink only; the rest vanishes at the edges.
#include <functional>
#include <string>
#include <vector>

#include "kubomag/vec3.hpp"
#include "setup/film_box.hpp"
#include "setup/film_transform.hpp"

namespace kubomag {

/// Half spectrum of a vector field in the film's plane: modes_x() x y.p values each, x fastest,
/// normalised so that the inverse transform needs no factor [V/m].
struct FieldSpectrum {
  std::vector<std::complex<double>> Ex, Ey;
};

using FieldFunction = std::function<Vec2<double>(double x, double y)>;

/// Throws InputError, which begins with `name`, if E [V/m] at (x, y) is not finite.
void check_field(const std::string& name, const Vec2<double>& E, double x, double y);

/// The same for the value of a signal at t [s].
void check_factor(const std::string& name, double factor, double t);

/// E at a point [V/m]. Throws InputError, which begins with `name`, where it is not finite.
Vec2<double> finite_field(const std::string& name, const FieldFunction& E, double x, double y);

/// Where E is asked for at the film's two edges (side = -1, 1) along an axis [m].
double edge_position(const BoxAxis& axis, int side);

class FieldTransformer {
 public:
  using Field = FieldFunction;

  FieldTransformer(const FilmBox& box, int threads);

  /// E [V/m] is called from one thread: at the cell centres, at no_flux edges (a 1e-12 of the film
  /// inside) and, with infinite edges, beyond the film. Throws InputError, which begins with
  /// `name`, where E is not finite.
  void operator()(const std::string& name, const Field& E, FieldSpectrum& out);

 private:
  void sample(const std::string& name, const Field& E);
  void split_jumps_x(const std::string& name, const Field& E);
  void split_jumps_y(const std::string& name, const Field& E);
  void mirror(std::vector<double>& values, double parity_x, double parity_y) const;
  void add_derivative(bool along_x, std::vector<std::complex<double>>& out);
  std::size_t at(int ix, int iy) const { return static_cast<std::size_t>(iy) * box_.x.p + ix; }

  FilmBox box_;
  FilmTransform transform_;
  std::vector<double> Ex_, Ey_;
  std::vector<double> jump_x_, jump_y_;  // antiderivatives of the linear parts [V]
  std::vector<std::complex<double>> spectrum_;
};

}  // namespace kubomag
