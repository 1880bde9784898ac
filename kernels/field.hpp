#pragma once
// How a cell sees its surroundings: indices of the neighbours and structure-of-arrays fields.
#include <type_traits>

#include "kubomag/vec3.hpp"

namespace kubomag {

/// Cell `i` and its neighbours' indices. Where the film ends a neighbour's index is `i` itself,
/// which makes every difference across that edge vanish (dm/dn = 0).
struct Stencil {
  int i, left, right, down, up;
};

/// Three arrays of one value per cell.
template <class Real>
struct VectorView {
  Real *x = nullptr, *y = nullptr, *z = nullptr;

  template <class R = Real>
  KUBOMAG_HD Vec3<std::remove_const_t<R>> load(int i) const {
    return {x[i], y[i], z[i]};
  }
  KUBOMAG_HD void store(int i, Vec3<std::remove_const_t<Real>> v) const {
    x[i] = v.x, y[i] = v.y, z[i] = v.z;
  }
};

/// A parameter on the device: the same everywhere, or (Mapped) one value per cell. The distinction
/// is made at compile time so that a uniform film reads no maps at all. In a film of maps a GPU
/// reads `value` where `map` is null; the host has an array for every parameter, since that branch
/// would keep the loop over cells from being vectorised.
template <class Real, bool Mapped>
struct Param {
  Real value{};
  const Real* map = nullptr;

  KUBOMAG_HD Real operator()(int i) const {
#ifdef __CUDA_ARCH__
    if constexpr (Mapped) return map ? map[i] : value;
#else
    if constexpr (Mapped) return map[i];
#endif
    return value;
  }
};

/// The magnetisation direction around one cell.
template <class Real>
struct Neighbourhood {
  Stencil at;
  Vec3<Real> m, left, right, down, up;

  /// `field`: anything that has load(i).
  template <class Field>
  KUBOMAG_HD Neighbourhood(const Field& field, Stencil s)
      : at(s),
        m(field.load(s.i)),
        left(field.load(s.left)),
        right(field.load(s.right)),
        down(field.load(s.down)),
        up(field.load(s.up)) {}

  /// The same where three rows of the field lie by themselves (solver/step_sweep_cpu.hpp): `i` is
  /// the place in each of them.
  KUBOMAG_HD Neighbourhood(const VectorView<const Real>& row, const VectorView<const Real>& below,
                           const VectorView<const Real>& above, int i, Stencil s)
      : at(s),
        m(row.load(i)),
        left(row.load(i - 1)),
        right(row.load(i + 1)),
        down(below.load(i)),
        up(above.load(i)) {}

  /// The same for what looks at no other cell's parameters (cell_row.hpp): the rows are read at the
  /// film's numbers, those of the neighbours beside the cell given.
  KUBOMAG_HD Neighbourhood(const VectorView<const Real>& row, const VectorView<const Real>& below,
                           const VectorView<const Real>& above, int i, int to_left, int to_right)
      : at{i, i, i, i, i},
        m(row.load(i)),
        left(row.load(to_left)),
        right(row.load(to_right)),
        down(below.load(i)),
        up(above.load(i)) {}
};

}  // namespace kubomag
