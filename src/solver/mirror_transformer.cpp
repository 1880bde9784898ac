#include "solver/mirror_transformer.hpp"

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using Columns = CosineColumns<double>;

/// The coefficients of the cosines of two functions on n points, in place.
void analyse_two(std::vector<double>& a, std::vector<double>& b) {
  const int n = static_cast<int>(a.size());
  const Columns columns(n);
  HostBuffer<double> values(static_cast<std::size_t>(n) * Columns::row);
  HostBuffer<double> coefficients(static_cast<std::size_t>(n) * Columns::row);
  for (int i = 0; i < n; ++i) {
    values[columns.value_at(i)] = a[i];
    values[columns.value_at(i) + 1] = b[i];
  }
  columns.analyse(values.data(), false, coefficients.data());
  for (int k = 0; k < n; ++k) {
    a[k] = coefficients[static_cast<std::size_t>(k) * Columns::row];
    b[k] = coefficients[static_cast<std::size_t>(k) * Columns::row + 1];
  }
}

void powers(const BoxAxis& axis, std::vector<double>& first, std::vector<double>& half_square) {
  for (int i = 0; i < axis.n; ++i) {
    const double x = (i + 0.5) * axis.d;
    first.push_back(x), half_square.push_back(0.5 * x * x);
  }
  analyse_two(first, half_square);
}

}  // namespace

MirrorTransformer::MirrorTransformer(const FilmBox& box, CosineFilm<double>& film)
    : box_(box), film_(film) {
  powers(box.x, x_, half_x_squared_);
  powers(box.y, y_, half_y_squared_);
  for (auto& values : values_) values.resize(static_cast<std::size_t>(box.x.n) * box.y.n);
}

MirrorTransformer::LinearPart MirrorTransformer::linear_part(const std::string& name,
                                                             const FieldFunction& E,
                                                             bool along_x) const {
  const BoxAxis &axis = along_x ? box_.x : box_.y, &across = along_x ? box_.y : box_.x;
  LinearPart part;
  for (int i = 0; i < across.n; ++i) {
    double ends[2];
    for (int side : {-1, 1}) {
      const double at = edge_position(axis, side), line = across.position(i);
      ends[side > 0] =
          along_x ? finite_field(name, E, at, line).x : finite_field(name, E, line, at).y;
    }
    part.low.push_back(ends[0]);
    part.slope.push_back((ends[1] - ends[0]) / (axis.n * axis.d));
  }
  return part;
}

void MirrorTransformer::operator()(const std::string& name, const FieldFunction& E,
                                   std::vector<double>& Ex, std::vector<double>& Ey) {
  const int nx = box_.x.n, ny = box_.y.n;
  LinearPart x = linear_part(name, E, true), y = linear_part(name, E, false);
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix) {
      const std::size_t i = static_cast<std::size_t>(iy) * nx + ix;
      const Vec2<double> here = finite_field(name, E, box_.x.position(ix), box_.y.position(iy));
      values_[0][i] = here.x - (x.low[iy] + x.slope[iy] * (ix + 0.5) * box_.x.d);
      values_[1][i] = here.y - (y.low[ix] + y.slope[ix] * (iy + 0.5) * box_.y.d);
    }
  Ex.resize(film_.at(film_.blocks(), 0)), Ey.resize(Ex.size());
  film_.analyse({true, false}, values_[0].data(), Ex.data());
  film_.analyse({false, true}, values_[1].data(), Ey.data());
  // the linear part is the derivative of low x + slope x^2/2, whose cosines
  // become sines
  analyse_two(x.low, x.slope), analyse_two(y.low, y.slope);
  for (int kx = 0; kx < nx; ++kx) {
    const double qx = constants::pi * kx / (nx * box_.x.d);
    const double y_low = y.low[kx], y_slope = y.slope[kx];
    const std::size_t column = film_.at(kx / film_.group, 0) + kx % film_.group;
    for (int ky = 0; ky < ny; ++ky) {
      const std::size_t at = column + static_cast<std::size_t>(ky) * film_.group;
      const double qy = constants::pi * ky / (ny * box_.y.d);
      Ex[at] -= qx * (x_[kx] * x.low[ky] + half_x_squared_[kx] * x.slope[ky]);
      Ey[at] -= qy * (y_[ky] * y_low + half_y_squared_[ky] * y_slope);
    }
  }
}

}  // namespace kubomag
