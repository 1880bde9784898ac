#pragma once
// Two bands typed by the user as formulas of k: H = h0(k) + h(k).sigma.
#include <map>
#include <memory>
#include <string>

#include "khat/band_model.hpp"

namespace kubomag::io {

/// Formulas (SI: J) of kx, ky [1/m] and of named parameters, which must not be names of functions
/// or kx, ky themselves. Evaluation is safe from several threads.
class BandFormula {
 public:
  /// h0 and the three components of h. Throws InputError with the formula, the place and the
  /// reason, and for a value at k = 0 that is not finite.
  BandFormula(const std::string& h0, const std::string (&h)[3],
              const std::map<std::string, double>& parameters);

  BandPoint operator()(double kx, double ky) const;
  /// At many k: some five times as fast.
  BandColumns at(std::span<const double> kx, std::span<const double> ky) const;
  /// The derivatives, to rounding, and the values; not finite where a formula has none.
  BandGradient gradient(double kx, double ky) const;

 private:
  struct Program;
  std::shared_ptr<const Program> program_;
};

}  // namespace kubomag::io
