#pragma once
// How large a step the explicit schemes allow.
#include "kubomag/problem.hpp"

namespace kubomag::cli {

/// Largest w dt for which the scheme damps a precession of frequency w with Gilbert damping
/// `alpha`: |R(z)| <= 1 for z = w dt (i - alpha) and all shorter steps, R the stability polynomial
/// (Hairer and Wanner, Solving ODEs II, IV.2).
double stability_limit(Scheme scheme, double alpha);

/// Right-hand sides per step (the last stage of the first two is the next step's first).
int evaluations_per_step(Scheme scheme);

/// Fastest exchange mode of the film, gamma (2 Aex/Msat) (4/dx^2 + 4/dy^2) for the five-point
/// Laplacian, largest over the cells [rad/s].
double fastest_exchange_mode(const Problem& problem);

}  // namespace kubomag::cli
