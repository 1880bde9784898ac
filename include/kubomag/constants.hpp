#pragma once
// CODATA 2018 constants (exact where the SI fixes them), SI units, double precision.
// Products such as hbar^2 underflow float: combine them on the host, in double.

namespace kubomag::constants {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double hbar = 1.054571817e-34;        // [J s]
inline constexpr double e_abs = 1.602176634e-19;       // elementary charge |e| [C]
inline constexpr double mu_0 = 4e-7 * pi;              // [T m/A], the value of OOMMF and mumax3
inline constexpr double epsilon_0 = 8.8541878128e-12;  // [F/m]
inline constexpr double k_B = 1.380649e-23;            // [J/K]
inline constexpr double mu_B = 9.2740100783e-24;       // Bohr magneton [J/T]
inline constexpr double e2_over_h =
    e_abs * e_abs / (2 * pi * hbar);          // conductance quantum e^2/h [S]
inline constexpr double GammaLL = 1.7595e11;  // gyromagnetic ratio gamma > 0 [rad/(T s)]

}  // namespace kubomag::constants
