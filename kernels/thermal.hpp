#pragma once
// The thermal field of one time step (Brown, Phys. Rev. 130, 1677 (1963)), the same over the step:
//   B_th = eta sqrt(2 kB T alpha/(Ms gamma V dt)),  eta: independent normal numbers per component,
// V the cell's volume, in Gilbert form and read as Stratonovich noise. The numbers are counted, not
// drawn from a stream: eta is a function of (seed, step, cell) alone, by Philox4x32-10 (Salmon et
// al., SC11 (2011)) and the Box-Muller transform, in double whatever the film is computed in.
#include <cmath>
#include <cstddef>
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

/// What a step asks of a Wiener path that is known in pieces (src/solver/noise_path.hpp): those in
/// it, of which the last may have to be drawn first.
struct PathStep {
  static constexpr int most_pieces = 16;

  int count = 0;                   // pieces
  std::uint64_t places = 0;        // where they are, four bits each
  double per_dt = 0;               // [1/s]
  bool draws = false;              // the last one is drawn: part W + deviation eta
  int rest = -1;                   // of W, here, which keeps what is left; below 0: W = 0
  double part = 0, deviation = 0;  // 1, [s^(1/2)]
  std::uint64_t draw = 0;          // the number of the draw

  KUBOMAG_HD void add(int place) { places |= static_cast<std::uint64_t>(place) << (4 * count++); }
  KUBOMAG_HD int place(int k) const { return static_cast<int>(places >> (4 * k) & 15u); }
};

/// Writes B_th [T] of a step of a Wiener path: the strength times the mean slope of the path. An
/// increment that is not known yet is drawn; one of which the step takes the part q of its time L
/// is divided by a Brownian bridge: given the whole W, the part is normal with the mean q W and the
/// variance q (1 - q) L.
template <class Real, bool Mapped>
struct PathFieldPass {
  Param<Real, Mapped> strength;  // sqrt(2 kB T alpha/(Ms gamma V)) [T s^(1/2)], 0 in vacuum
  std::uint64_t seed;
  Number<PathStep> step;
  VectorView<Real> pieces;  // one after the other, each of `cells` increments [s^(1/2)]
  std::ptrdiff_t cells;
  VectorView<Real> B;

  KUBOMAG_HD void operator()(Stencil s) const {
    const PathStep here = step();
    if (here.draws) draw(here, s.i);
    const Real weight = static_cast<Real>(here.per_dt) * strength(s.i);
    Vec3<Real> sum{};
    for (int k = 0; k < here.count; ++k) sum += weight * at(here.place(k)).template load<Real>(s.i);
    B.store(s.i, sum);
  }

 private:
  KUBOMAG_HD VectorView<Real> at(int place) const {
    const std::ptrdiff_t first = place * cells;
    return {pieces.x + first, pieces.y + first, pieces.z + first};
  }

  KUBOMAG_HD void draw(const PathStep& here, int i) const {
    const Vec3<double> eta = normal_triple(seed, here.draw, static_cast<std::uint32_t>(i));
    Vec3<Real> W = static_cast<Real>(here.deviation) * cast<Real>(eta);
    if (here.rest >= 0) {
      const Vec3<Real> whole = at(here.rest).template load<Real>(i);
      W += static_cast<Real>(here.part) * whole;
      at(here.rest).store(i, whole - W);
    }
    at(here.place(here.count - 1)).store(i, W);
  }
};

}  // namespace kubomag
