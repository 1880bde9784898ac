#pragma once
// Linear systems A x = b by the stabilised bi-conjugate gradient method with right preconditioning
// (van der Vorst, SIAM J. Sci. Stat. Comput. 13, 631 (1992)), in double. Sums are the backend's, so
// that the result does not depend on the number of threads.
#include <array>

#include "kernels/field.hpp"
#include "kernels/number.hpp"
#include "kubomag/grid.hpp"
#include "solver/krylov_state.hpp"

namespace kubomag {

/// out = wa a + wb b + wc c.
struct CombinePass {
  double* out;
  const double *a, *b, *c;
  Number<double> wa, wb, wc;
  KUBOMAG_HD void operator()(Stencil s) const {
    out[s.i] = wa() * a[s.i] + wb() * b[s.i] + wc() * c[s.i];
  }
};

/// x = x + near, or 0 where b is.
struct FirstGuessPass {
  double* x;
  const double* near;
  Number<double> squares;  // |b|^2
  KUBOMAG_HD void operator()(Stencil s) const { x[s.i] = squares() == 0 ? 0 : x[s.i] + near[s.i]; }
};

/// The next direction, and the shadow residual.
struct DirectionPass {
  double *p, *shadow;
  const double *r, *v;
  Number<double> beta, of_v;
  Number<bool> restart;
  KUBOMAG_HD void operator()(Stencil s) const {
    if (restart())
      p[s.i] = shadow[s.i] = r[s.i];
    else
      p[s.i] = r[s.i] + beta() * p[s.i] + of_v() * v[s.i];
  }
};

/// a.b and c.d
struct DotPass {
  const double *a, *b, *c, *d;
  KUBOMAG_HD std::array<double, 2> operator()(Stencil s) const {
    return {a[s.i] * b[s.i], c[s.i] * d[s.i]};
  }
};

/// Has the passes of an iteration made while it is to go on. Here the host does, which waits for
/// every sum; specialised for CUDA in krylov_cuda.cuh, where a graph can do it.
template <class Backend>
class KrylovDriver {
 public:
  KrylovDriver(Backend& backend, const Grid& grid) : backend_(backend), grid_(grid) {}

  /// begin(), and iterate() as often as is needed, from `first` on. `fields`: between two calls
  /// with the same ones both do the same.
  template <class Begin, class Iterate>
  KrylovState operator()(const KrylovState& first, std::array<const double*, 2> /*fields*/,
                         const Begin& begin, const Iterate& iterate) {
    state_ = first;
    begin();
    while (state_.go) iterate();
    return state_;
  }

  // For begin() and iterate(): a pass; one whose sums settle something; a number of the state.
  template <class Pass>
  void cells(const Pass& pass) {
    backend_.template for_each_cell<Stencil>(grid_, pass);
  }
  void sums(const DotPass& pass, KrylovState::Sums which) {
    const auto found = backend_.template sum_over_cells<Stencil, 2>(grid_, pass);
    state_.settle(which, found[0], found[1]);
  }
  template <class T>
  Number<T> number(T KrylovState::*member) const {
    return state_.*member;
  }
  std::array<Number<double>, 2> numbers_of_A() const { return {state_.A[0], state_.A[1]}; }

  std::size_t bytes() const { return 0; }

 private:
  Backend& backend_;
  Grid grid_;
  KrylovState state_;
};

template <class Backend>
class BiCgStab {
 public:
  using Field = typename Backend::template Buffer<double>;

  BiCgStab(Backend& backend, const Grid& grid) : driver_(backend, grid), cells_(grid.cells()) {
    for (Field* field : {&r_, &shadow_, &p_, &p_near_, &v_, &r_near_, &t_})
      *field = backend.template make_buffer<double>(cells_);
  }

  /// From the guess in x to |b - A x| <= tolerance |b|. `apply(in, out, numbers)` is A, which may
  /// need two numbers that are other ones each time (`asked.A`), `near(in, out)` about its inverse.
  /// Both must launch the same passes each time. Returns the iterations needed, or -1 if
  /// `asked.most` did not suffice.
  ///
  /// If A and `near` scale the sum over the cells by factors that are inverse to each other, the
  /// step before the iteration makes the sum of the residual vanish, and it stays so: what A
  /// conserves is then conserved to rounding, whatever the tolerance.
  template <class Apply, class Near>
  int operator()(const Apply& apply, const Near& near, const Field& b, Field& x,
                 const KrylovState& asked) {
    const auto residual = [&] {
      apply(x, v_, driver_.numbers_of_A());
      combine(r_, 1, b, -1, v_, 0, v_);
    };
    const auto begin = [&] {
      sums(b, b, b, b, Sums::of_b);
      residual();
      near(r_, r_near_);
      driver_.cells(
          FirstGuessPass{x.data(), r_near_.data(), driver_.number(&KrylovState::squares)});
      residual();
      turn();
      sums(r_, r_, r_, r_, Sums::of_start);
    };
    const KrylovState found =
        driver_(asked, {b.data(), x.data()}, begin, [&] { iterate(apply, near, x); });
    return found.converged() ? found.iterations : -1;
  }

  std::size_t bytes() const { return 7 * cells_ * sizeof(double) + driver_.bytes(); }

 private:
  using Sums = KrylovState::Sums;

  template <class Apply, class Near>
  void iterate(const Apply& apply, const Near& near, Field& x) {
    near(p_, p_near_);
    apply(p_near_, v_, driver_.numbers_of_A());
    sums(shadow_, v_, shadow_, v_, Sums::of_first_part);
    combine(r_, 1, r_, driver_.number(&KrylovState::minus_alpha), v_, 0, v_);
    near(r_, r_near_);
    apply(r_near_, t_, driver_.numbers_of_A());
    sums(t_, r_, t_, t_, Sums::of_second_part);
    combine(x, 1, x, driver_.number(&KrylovState::alpha), p_near_,
            driver_.number(&KrylovState::omega), r_near_);
    combine(r_, 1, r_, driver_.number(&KrylovState::minus_omega), t_, 0, t_);
    sums(shadow_, r_, r_, r_, Sums::of_end);
    turn();
  }

  void turn() {
    driver_.cells(DirectionPass{
        p_.data(), shadow_.data(), r_.data(), v_.data(), driver_.number(&KrylovState::beta),
        driver_.number(&KrylovState::of_v), driver_.number(&KrylovState::restart)});
  }
  void combine(Field& out, Number<double> wa, const Field& a, Number<double> wb, const Field& b,
               Number<double> wc, const Field& c) {
    driver_.cells(CombinePass{out.data(), a.data(), b.data(), c.data(), wa, wb, wc});
  }
  void sums(const Field& a, const Field& b, const Field& c, const Field& d, Sums which) {
    driver_.sums(DotPass{a.data(), b.data(), c.data(), d.data()}, which);
  }

  KrylovDriver<Backend> driver_;
  std::size_t cells_;
  Field r_, shadow_, p_, p_near_, v_, r_near_, t_;
};

}  // namespace kubomag
