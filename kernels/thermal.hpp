#pragma once
// The thermal field of one time step (Brown, Phys. Rev. 130, 1677 (1963)), the same over the step:
//   B_th = eta sqrt(2 kB T alpha/(Ms gamma V dt)),  eta: independent normal numbers per component,
// V the cell's volume, in Gilbert form and read as Stratonovich noise. The numbers are counted, not
// drawn from a stream: eta is a function of (seed, step, cell) alone, by Philox4x32-10 (Salmon et
// al., SC11 (2011)) and the Box-Muller transform, in double whatever the film is computed in.
#include <cmath>
#include <cstdint>

#if defined(__CUDACC__)
#define R123_CUDA_DEVICE __host__ __device__
#endif
#include <Random123/philox.h>

#include "field.hpp"
#include "number.hpp"

namespace kubomag {

/// Two independent normal numbers from 64 random bits; the largest possible one is 6.7.
KUBOMAG_HD Vec2<double> normal_pair(std::uint32_t a, std::uint32_t b) {
  constexpr double unit = 1.0 / 4294967296.0, two_pi = 6.28318530717958647693;
  const double radius = std::sqrt(-2 * std::log(unit * (a + 0.5)));
  const double angle = two_pi * unit * (b + 0.5);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

/// Three independent normal numbers of a cell at a step. The counter's second word keeps them apart
/// from the random initial states, which have the step 0 and 0 there.
KUBOMAG_HD Vec3<double> normal_triple(std::uint64_t seed, std::uint64_t step, std::uint32_t cell) {
  const philox4x32_ctr_t counter = {
      {cell, 1, static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32)}};
  const philox4x32_key_t key = {
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const philox4x32_ctr_t bits = philox4x32_R(10, counter, key);
  const Vec2<double> first = normal_pair(bits.v[0], bits.v[1]);
  const Vec2<double> second = normal_pair(bits.v[2], bits.v[3]);
  return {first.x, first.y, second.x};
}

/// Writes B_th of one step [T].
template <class Real, bool Mapped>
struct ThermalPass {
  Param<Real, Mapped> strength;  // sqrt(2 kB T alpha/(Ms gamma V)) [T s^(1/2)], 0 in vacuum
  Number<Real> per_root_dt;      // [1/s^(1/2)]
  std::uint64_t seed;
  Number<std::uint64_t> step;
  VectorView<Real> B;

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<double> eta = normal_triple(seed, step(), static_cast<std::uint32_t>(s.i));
    B.store(s.i, (per_root_dt() * strength(s.i)) * cast<Real>(eta));
  }
};

/// The increment of a Wiener path over a time whose square root is given [s^(1/2)].
template <class Real>
struct WienerPass {
  Real root;
  std::uint64_t seed, draw;
  VectorView<Real> W;

  KUBOMAG_HD void operator()(Stencil s) const {
    W.store(s.i, root * cast<Real>(normal_triple(seed, draw, static_cast<std::uint32_t>(s.i))));
  }
};

/// Divides a known increment, in `after`, by a Brownian bridge: `before` takes the part q of the
/// time L and, given the whole, is normal with the mean q W and the variance q (1 - q) L.
template <class Real>
struct BridgePass {
  Real part, deviation;  // q, sqrt(q (1 - q) L)
  std::uint64_t seed, draw;
  VectorView<Real> before, after;

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<double> eta = normal_triple(seed, draw, static_cast<std::uint32_t>(s.i));
    const Vec3<Real> whole = after.template load<Real>(s.i);
    const Vec3<Real> first = part * whole + deviation * cast<Real>(eta);
    before.store(s.i, first);
    after.store(s.i, whole - first);
  }
};

/// B_th of a step from the increments of the path in it: the first one is written, others added.
template <class Real, bool Mapped>
struct PathFieldPass {
  Param<Real, Mapped> strength;  // sqrt(2 kB T alpha/(Ms gamma V)) [T s^(1/2)], 0 in vacuum
  Real per_dt;                   // [1/s]
  VectorView<const Real> W;
  VectorView<Real> B;
  bool first;

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<Real> field = (per_dt * strength(s.i)) * W.template load<Real>(s.i);
    B.store(s.i, first ? field : B.template load<Real>(s.i) + field);
  }
};

}  // namespace kubomag
