#include "setup/field_transformer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

bool has_walls(const BoxAxis& axis) { return axis.edge == Edge::no_flux; }

/// The field that is linear between its edge values, and its antiderivative, at cell i.
struct LinearPart {
  double field, antiderivative;
};

LinearPart linear_part(const BoxAxis& axis, int i, double low, double high) {
  const double length = axis.n * axis.d, x = (i + 0.5) * axis.d, slope = (high - low) / length;
  return {low + slope * x, x * (low + 0.5 * slope * x)};
}

}  // namespace

double edge_position(const BoxAxis& axis, int side) {
  return side * 0.5 * axis.n * axis.d * (1 - 1e-12);
}

void check_field(const std::string& name, const Vec2<double>& E, double x, double y) {
  if (!std::isfinite(E.x) || !std::isfinite(E.y))
    throw InputError(fmt::format("{}: E = ({}, {}) V/m at x = {} m, y = {} m (must be finite)",
                                 name, E.x, E.y, x, y));
}

void check_factor(const std::string& name, double factor, double t) {
  if (!std::isfinite(factor))
    throw InputError(
        fmt::format("{}: the signal is {} at t = {} s (must be finite)", name, factor, t));
}

Vec2<double> finite_field(const std::string& name, const FieldFunction& E, double x, double y) {
  const Vec2<double> value = E(x, y);
  check_field(name, value, x, y);
  return value;
}

FieldTransformer::FieldTransformer(const FilmBox& box, int threads)
    : box_(box), transform_(box, threads), Ex_(box.points()), Ey_(box.points()) {
  if (has_walls(box.x)) jump_x_.resize(box.points());
  if (has_walls(box.y)) jump_y_.resize(box.points());
  if (has_walls(box.x) || has_walls(box.y)) spectrum_.resize(box.modes());
}

void FieldTransformer::operator()(const std::string& name, const Field& E, FieldSpectrum& out) {
  sample(name, E);
  if (has_walls(box_.x)) split_jumps_x(name, E);
  if (has_walls(box_.y)) split_jumps_y(name, E);
  mirror(Ex_, -1, 1);
  mirror(Ey_, 1, -1);
  out.Ex.resize(box_.modes()), out.Ey.resize(box_.modes());
  transform_.forward(Ex_, out.Ex);
  transform_.forward(Ey_, out.Ey);
  if (has_walls(box_.x)) add_derivative(true, out.Ex);
  if (has_walls(box_.y)) add_derivative(false, out.Ey);
}

void FieldTransformer::sample(const std::string& name, const Field& E) {
  for (int iy = 0; iy < box_.y.originals(); ++iy)
    for (int ix = 0; ix < box_.x.originals(); ++ix) {
      const Vec2<double> here = finite_field(name, E, box_.x.position(ix), box_.y.position(iy));
      Ex_[at(ix, iy)] = here.x, Ey_[at(ix, iy)] = here.y;
    }
}

void FieldTransformer::split_jumps_x(const std::string& name, const Field& E) {
  for (int iy = 0; iy < box_.y.originals(); ++iy) {
    const double y = box_.y.position(iy);
    const double low = finite_field(name, E, edge_position(box_.x, -1), y).x;
    const double high = finite_field(name, E, edge_position(box_.x, 1), y).x;
    for (int ix = 0; ix < box_.x.n; ++ix) {
      const LinearPart part = linear_part(box_.x, ix, low, high);
      Ex_[at(ix, iy)] -= part.field;
      jump_x_[at(ix, iy)] = part.antiderivative;
    }
  }
}

void FieldTransformer::split_jumps_y(const std::string& name, const Field& E) {
  for (int ix = 0; ix < box_.x.originals(); ++ix) {
    const double x = box_.x.position(ix);
    const double low = finite_field(name, E, x, edge_position(box_.y, -1)).y;
    const double high = finite_field(name, E, x, edge_position(box_.y, 1)).y;
    for (int iy = 0; iy < box_.y.n; ++iy) {
      const LinearPart part = linear_part(box_.y, iy, low, high);
      Ey_[at(ix, iy)] -= part.field;
      jump_y_[at(ix, iy)] = part.antiderivative;
    }
  }
}

/// Fills the mirror images; a parity of -1 changes the sign across the edges of that axis.
void FieldTransformer::mirror(std::vector<double>& values, double parity_x, double parity_y) const {
  for (int iy = 0; iy < box_.y.p; ++iy)
    for (int ix = 0; ix < box_.x.p; ++ix) {
      const bool over_x = box_.x.mirrored(ix), over_y = box_.y.mirrored(iy);
      if (over_x || over_y)
        values[at(ix, iy)] = (over_x ? parity_x : 1) * (over_y ? parity_y : 1) *
                             values[at(box_.x.original(ix), box_.y.original(iy))];
    }
}

/// out += i q times the spectrum of an antiderivative; the Nyquist modes have no derivative.
void FieldTransformer::add_derivative(bool along_x, std::vector<std::complex<double>>& out) {
  std::vector<double>& jump = along_x ? jump_x_ : jump_y_;
  mirror(jump, 1, 1);
  transform_.forward(jump, spectrum_);
  const BoxAxis& axis = along_x ? box_.x : box_.y;
  const double step = 2 * constants::pi / (axis.p * axis.d);
  for (int iy = 0; iy < box_.y.p; ++iy)
    for (int ix = 0; ix < box_.modes_x(); ++ix) {
      const int i = along_x ? ix : iy;
      const double q = 2 * i == axis.p ? 0 : (2 * i > axis.p ? i - axis.p : i) * step;
      const std::size_t mode = static_cast<std::size_t>(iy) * box_.modes_x() + ix;
      out[mode] += std::complex<double>(0, q) * spectrum_[mode];
    }
}

}  // namespace kubomag
