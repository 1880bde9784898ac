#pragma once
// Linear systems A x = b by the stabilised bi-conjugate gradient method with right preconditioning
// (van der Vorst, SIAM J. Sci. Stat. Comput. 13, 631 (1992)), in double. Sums are the backend's, so
// that the result does not depend on the number of threads.
#include <array>
#include <cmath>

#include "kernels/field.hpp"
#include "kubomag/grid.hpp"

namespace kubomag {

/// out = wa a + wb b + wc c.
struct CombinePass {
  double* out;
  const double *a, *b, *c;
  double wa, wb, wc;
  KUBOMAG_HD void operator()(Stencil s) const {
    out[s.i] = wa * a[s.i] + wb * b[s.i] + wc * c[s.i];
  }
};

/// a.b and c.d
struct DotPass {
  const double *a, *b, *c, *d;
  KUBOMAG_HD std::array<double, 2> operator()(Stencil s) const {
    return {a[s.i] * b[s.i], c[s.i] * d[s.i]};
  }
};

template <class Backend>
class BiCgStab {
 public:
  using Field = typename Backend::template Buffer<double>;

  BiCgStab(Backend& backend, const Grid& grid) : backend_(backend), grid_(grid) {
    for (Field* field : {&r_, &shadow_, &p_, &p_near_, &v_, &r_near_, &t_})
      *field = backend.template make_buffer<double>(grid.cells());
  }

  /// From the guess in x to |b - A x| <= tolerance |b|. `apply(in, out)` is A, `near(in, out)`
  /// about its inverse. Returns the iterations needed, or -1 if `most` did not suffice.
  ///
  /// If A and `near` scale the sum over the cells by factors that are inverse to each other, the
  /// step before the iteration makes the sum of the residual vanish, and it stays so: what A
  /// conserves is then conserved to rounding, whatever the tolerance.
  template <class Apply, class Near>
  int operator()(const Apply& apply, const Near& near, const Field& b, Field& x, double tolerance,
                 int most) {
    const double goal = tolerance * tolerance * dot(b, b);
    if (goal == 0) return combine(x, 0, b, 0, b, 0, b), 0;
    residual(apply, b, x);
    near(r_, r_near_);
    combine(x, 1, x, 1, r_near_, 0, x);
    residual(apply, b, x);
    double rho = restart(), left = rho;
    for (int iteration = 1; left > goal && iteration <= most; ++iteration) {
      near(p_, p_near_);
      apply(p_near_, v_);
      const double alpha = rho / dot(shadow_, v_);
      combine(r_, 1, r_, -alpha, v_, 0, v_);
      near(r_, r_near_);
      apply(r_near_, t_);
      const auto [tr, tt] = dots(t_, r_, t_, t_);
      const double omega = tt > 0 ? tr / tt : 0;
      combine(x, 1, x, alpha, p_near_, omega, r_near_);
      combine(r_, 1, r_, -omega, t_, 0, t_);
      const auto [next, squares] = dots(shadow_, r_, r_, r_);
      left = squares;
      if (left <= goal) return iteration;
      if (omega == 0 || !(std::abs(next) > lost * std::sqrt(left * shadow_squares_))) {
        rho = restart();
        continue;
      }
      const double beta = next / rho * (alpha / omega);
      combine(p_, 1, r_, beta, p_, -beta * omega, v_);
      rho = next;
    }
    return left <= goal ? 0 : -1;
  }

  std::size_t bytes() const { return 7 * grid_.cells() * sizeof(double); }

 private:
  static constexpr double lost = 1e-12;  // shadow and residual that are so nearly orthogonal

  template <class Apply>
  void residual(const Apply& apply, const Field& b, const Field& x) {
    apply(x, v_);
    combine(r_, 1, b, -1, v_, 0, v_);
  }

  /// The present residual as the first direction and as the shadow residual.
  double restart() {
    combine(shadow_, 1, r_, 0, r_, 0, r_);
    combine(p_, 1, r_, 0, r_, 0, r_);
    return shadow_squares_ = dot(r_, r_);
  }

  void combine(Field& out, double wa, const Field& a, double wb, const Field& b, double wc,
               const Field& c) {
    backend_.template for_each_cell<Stencil>(
        grid_, CombinePass{out.data(), a.data(), b.data(), c.data(), wa, wb, wc});
  }
  std::array<double, 2> dots(const Field& a, const Field& b, const Field& c, const Field& d) {
    return backend_.template sum_over_cells<Stencil, 2>(
        grid_, DotPass{a.data(), b.data(), c.data(), d.data()});
  }
  double dot(const Field& a, const Field& b) { return dots(a, b, a, b)[0]; }

  Backend& backend_;
  Grid grid_;
  Field r_, shadow_, p_, p_near_, v_, r_near_, t_;
  double shadow_squares_ = 0;
};

}  // namespace kubomag
