#include "khat/band_model.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/error.hpp"

namespace kubomag {

void check_bands(const BandModel& model) {
  if (!model.point) throw InputError("the bands h0(k), h(k) are missing");
  if (!std::isfinite(model.fermi_energy)) throw InputError("fermi_energy is not a finite number");
  if (model.Delta_sd == 0 || !std::isfinite(model.Delta_sd))
    throw InputError(
        fmt::format("Delta_sd = {:g} J (must be finite, and not 0: without it there is no torque)",
                    model.Delta_sd));
  if (!(model.cutoff > 0) || !std::isfinite(model.cutoff))
    throw InputError(fmt::format("cutoff = {:g} 1/m (must be positive and finite)", model.cutoff));
}

BandColumns band_columns(const BandModel& model, std::span<const double> kx,
                         std::span<const double> ky) {
  if (model.points) return model.points(kx, ky);
  BandColumns out;
  for (std::vector<double>* column : {&out.h0, &out.hx, &out.hy, &out.hz})
    column->reserve(kx.size());
  for (std::size_t i = 0; i < kx.size(); ++i) {
    const BandPoint p = model.point(kx[i], ky[i]);
    out.h0.push_back(p.h0);
    out.hx.push_back(p.h.x()), out.hy.push_back(p.h.y()), out.hz.push_back(p.h.z());
  }
  return out;
}

BandGradient Bands::gradient(const Eigen::Vector2d& k) const {
  if (model_->gradient) {
    BandGradient known = model_->gradient(k.x(), k.y());
    if (known.h0.allFinite() && known.h.allFinite()) return known;
  }
  const double weights[] = {8. / 12, -1. / 12};
  BandGradient out{Eigen::Vector2d::Zero(), Eigen::Matrix<double, 3, 2>::Zero(),
                   model_->point(k.x(), k.y())};
  for (int axis = 0; axis < 2; ++axis)
    for (int n = 1; n <= 2; ++n) {
      const Eigen::Vector2d shift = n * step_ * Eigen::Vector2d::Unit(axis);
      const BandPoint right = at(k + shift), left = at(k - shift);
      out.h0[axis] += weights[n - 1] / step_ * (right.h0 - left.h0);
      out.h.col(axis) += weights[n - 1] / step_ * (right.h - left.h);
    }
  return out;
}

Bands::State Bands::state(const Eigen::Vector2d& k, int band) const {
  const BandGradient g = gradient(k);
  const BandPoint p = with_exchange(g.value);
  const double size = p.h.norm();
  const Eigen::Vector3d spin =
      size > 0 ? Eigen::Vector3d(band / size * p.h) : Eigen::Vector3d(Eigen::Vector3d::Zero());
  return {p.h0 + band * size, spin, g.h0 + g.h.transpose() * spin, band * size};
}

}  // namespace kubomag
