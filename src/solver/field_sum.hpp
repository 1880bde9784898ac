#pragma once
// Weighted sums of fixed fields on the device: what the fused pass takes as it is, and passes that
// sum where there are more fields than that.
#include <array>
#include <utility>

#include "kernels/rhs.hpp"
#include "solver/device_film.hpp"

namespace kubomag {

template <class Real>
struct WeightedSumPass {
  VectorView<const Real> F0, F1;
  VectorView<Real> sum;
  Number<Real> keep, w0, w1;  // sum = keep * sum + w0 F0 + w1 F1
  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<Real> old = keep() * sum.template load<Real>(s.i);
    sum.store(s.i, old + w0() * F0.template load<Real>(s.i) + w1() * F1.template load<Real>(s.i));
  }
};

/// One component of `Out` fields from `In` others: to_o = sum_k weight_ok from_k.
template <class Real, int In, int Out>
struct LinearPass {
  const Real* from[In];
  Real* to[Out];
  Real weight[Out][In];

  KUBOMAG_HD void operator()(int first, int length) const {
    const LinearPass local = *this;  // which no store can be suspected of changing
#ifndef __CUDA_ARCH__
#pragma GCC ivdep
#endif
    for (int i = first; i < first + length; ++i) {
      Real sum[Out]{};
      for (int k = 0; k < In; ++k) {
        const Real value = local.from[k][i];
        for (int o = 0; o < Out; ++o) sum[o] += local.weight[o][k] * value;
      }
      for (int o = 0; o < Out; ++o) local.to[o][i] = sum[o];
    }
  }
};

/// A single field with weight 1.
template <class Backend, class Real>
DriveSample<Real> whole(const VectorBuffer<Backend, Real>& field) {
  return {field.view(), field.view(), Real(1), Real(0)};
}

/// The sum of `fields` with as many weights, at most DriveSample::fields.
template <class Real, class Fields, class Weights>
DriveSample<Real> weighted(const Fields& fields, const Weights& weights) {
  DriveSample<Real> sample(fields.front().view(), fields.front().view(), Real(0), Real(0));
  for (std::size_t j = 0; j < fields.size(); ++j) {
    sample.F[j] = fields[j].view();
    sample.w[j] = weights[j];
  }
  return sample;
}

/// to_o = sum_k weights_ok from_k.
template <class Backend, class Real, std::size_t In, std::size_t Out>
void combine_fields(const Backend& backend, const Grid& grid,
                    const std::array<VectorView<const Real>, In>& from,
                    const std::array<std::array<double, In>, Out>& weights,
                    const std::array<VectorView<Real>, Out>& to) {
  constexpr auto in = static_cast<int>(In), out = static_cast<int>(Out);
  LinearPass<Real, in, out> x, y, z;
  for (std::size_t o = 0; o < Out; ++o) {
    x.to[o] = to[o].x, y.to[o] = to[o].y, z.to[o] = to[o].z;
    for (std::size_t k = 0; k < In; ++k)
      x.weight[o][k] = y.weight[o][k] = z.weight[o][k] = static_cast<Real>(weights[o][k]);
  }
  for (std::size_t k = 0; k < In; ++k)
    x.from[k] = from[k].x, y.from[k] = from[k].y, z.from[k] = from[k].z;
  for (const auto* pass : {&x, &y, &z}) backend.for_each_run(grid, *pass);
}

}  // namespace kubomag
