#pragma once
// Explicit Runge-Kutta pairs whose last slope is the first of the next step (FSAL). Row s of `a`
// builds the state of stage s + 1; the last row is the step's result; `e` = b - b* is the error.
#include <array>

#include "kubomag/problem.hpp"

namespace kubomag {

struct ButcherTableau {
  static constexpr int most_stages = 6;
  int stages;       // slopes that the result is made of
  int error_order;  // the error estimate falls as dt^error_order
  std::array<std::array<double, 6>, 6> a;
  std::array<double, 7> e;
  std::array<double, 7> c;  // times of the stages; c[stages] = 1
};

/// Dormand and Prince, J. Comput. Appl. Math. 6, 19 (1980), RK5(4)7M.
inline constexpr ButcherTableau dormand_prince{
    6,
    5,
    {{{1. / 5},
      {3. / 40, 9. / 40},
      {44. / 45, -56. / 15, 32. / 9},
      {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
      {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
      {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}}},
    {71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40},
    {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1}};

/// Bogacki and Shampine, Appl. Math. Lett. 2, 321 (1989).
inline constexpr ButcherTableau bogacki_shampine{
    3,
    3,
    {{{1. / 2}, {0, 3. / 4}, {2. / 9, 1. / 3, 4. / 9}}},
    {-5. / 72, 1. / 12, 1. / 9, -1. / 8},
    {0, 1. / 2, 3. / 4, 1}};

/// The classical fourth-order scheme. Its fourth slope and the slope at the end of the step both
/// approximate dm/dt(t + dt), with a difference of third order: (k_5 - k_4) dt/6 is the
/// difference to an embedded third-order result and serves as the error estimate.
inline constexpr ButcherTableau rk4{
    4,
    4,
    {{{1. / 2}, {0, 1. / 2}, {0, 0, 1}, {1. / 6, 1. / 3, 1. / 3, 1. / 6}}},
    {0, 0, 0, 1. / 6, -1. / 6},
    {0, 1. / 2, 1. / 2, 1, 1}};

/// Heun's scheme: with noise that is constant over the step it converges to the Stratonovich
/// solution (Garcia-Palacios and Lazaro, Phys. Rev. B 58, 14937 (1998)). The error estimate
/// (k_3 - k_2) dt/2 is the difference to the trapezoidal rule with the slope at the end.
inline constexpr ButcherTableau heun{
    2, 3, {{{1}, {1. / 2, 1. / 2}}}, {0, 1. / 2, -1. / 2}, {0, 1, 1}};

inline const ButcherTableau& tableau(Scheme scheme) {
  switch (scheme) {
    case Scheme::bogacki_shampine:
      return bogacki_shampine;
    case Scheme::rk4:
      return rk4;
    case Scheme::heun:
      return heun;
    default:
      return dormand_prince;
  }
}

}  // namespace kubomag
