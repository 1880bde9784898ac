#include "solver/rate_spectrum.hpp"

#include <cmath>

namespace kubomag {
namespace {

constexpr int bins_per_octave = 4;

double size(Complex a) { return std::sqrt(norm2(a)); }

/// u T_k = T_k/2 + (T_{k+1} + T_|k-1|)/4 for the argument 2u - 1.
ChebyshevMatrix make_chebyshev_matrix() {
  ChebyshevMatrix M{};
  M[0][0] = 1;
  constexpr int terms = KnotRates::slow_terms;
  for (int n = 1; n < terms; ++n)
    for (int k = 0; k < n; ++k) {
      M[k][n] += M[k][n - 1] / 2;
      M[k + 1][n] += M[k][n - 1] / (k > 0 ? 4 : 2);
      if (k > 0) M[k - 1][n] += M[k][n - 1] / 4;
    }
  return M;
}

}  // namespace

const ChebyshevMatrix& powers_in_chebyshev() {
  static const ChebyshevMatrix M = make_chebyshev_matrix();
  return M;
}

double across_squared(const DiffusionMode& mode, Complex Ex, Complex Ey) {
  const Complex L = longitudinal(mode, Ex, Ey);
  return norm2(mode.keep_x * (Ex - mode.ux * L)) + norm2(mode.keep_y * (Ey - mode.uy * L));
}

void RateSpectrum::add(double rate, int count, double psi, double current) {
  if (psi == 0 && current == 0) return;
  if (!(rate >= from_ && rate < to_)) {  // neighbouring modes have about the same rate
    last_ = static_cast<int>(std::floor(bins_per_octave * std::log2(rate)));
    from_ = std::exp2(static_cast<double>(last_) / bins_per_octave);
    to_ = std::exp2((last_ + 1.0) / bins_per_octave);
  }
  RateBin& bin = bins_[last_];
  if (bin.rate == 0) bin.rate = std::exp2((last_ + 0.5) / bins_per_octave);
  bin.psi += count * psi, bin.current += count * current;
  bin.psi_squared += count * psi * psi, bin.current_squared += count * current * current;
}

std::vector<RateBin> RateSpectrum::bins(double negligible) const {
  double psi = 0, current = 0;
  for (const auto& [at, bin] : bins_) psi += bin.psi / bin.rate, current += bin.current;
  std::vector<RateBin> kept;
  for (const auto& [at, bin] : bins_)
    if (bin.psi / bin.rate > negligible * psi || bin.current > negligible * current)
      kept.push_back(bin);
  return kept;
}

DriveRates drive_rates(const ModeBox& box, const Complex* Ex, const Complex* Ey) {
  DriveRates out;
  for_each_rate(box, [&](const DiffusionMode& mode, std::size_t at, int count) {
    const Complex L = longitudinal(mode, Ex[at], Ey[at]);
    out.along.add(mode.rate, count, box.D * mode.q * size(L), size(L));
    const double across = across_squared(mode, Ex[at], Ey[at]);
    out.across += count * std::sqrt(across);
    out.across_squared += count * across;
  });
  return out;
}

}  // namespace kubomag
