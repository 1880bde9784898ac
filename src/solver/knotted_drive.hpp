#pragma once
// The knots of a drive (knots.hpp) in the modes of the FFT box.
#include <complex>
#include <vector>

#include "kernels/diffusion_mode.hpp"
#include "solver/knotted_modes.hpp"

namespace kubomag {

class KnottedDrive : public KnottedModes<std::complex<double>> {
 public:
  /// `plan` must outlive this object.
  KnottedDrive(const DrivePlan& plan, int threads);

  /// The spectra of the interval, seen at time t. Null pointers where there is
  /// no such drive. What they point to is another after move_to() has returned
  /// true.
  KnottedSpectrum at(double t);

  KnotRates rates() const override;

 protected:
  void transform(const FieldFunction& E, Field& out) override;
  void add_separable(std::size_t d, double factor, std::complex<double>* Ex,
                     std::complex<double>* Ey) override;
  void settle() override;
  void advance() override;

 private:
  template <class F>
  void for_each_mode(const F& f);

  int threads_;
  ModeBox box_;
  FieldTransformer transform_;
};

/// What sets the rates of the plan's modes.
ModeBox mode_box(const DrivePlan& plan);

}  // namespace kubomag
