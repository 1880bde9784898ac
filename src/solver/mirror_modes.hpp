#pragma once
// psi and E' of a film with no_flux edges on all sides, from the closed
// solution of every mode (mirror_rows.hpp) and sums of sines and cosines.
#include <memory>

#include "solver/drive_signals.hpp"
#include "solver/mirror_knots.hpp"

namespace kubomag {

class MirrorModes {
 public:
  /// Whether a box is a film and its mirror images along both axes, and not a small one.
  static bool possible(const FilmBox& box);

  /// `box` is the mirrored box; `plan` must outlive this object.
  MirrorModes(const DrivePlan& plan, const ModeBox& box, int threads);

  Knots& knots() { return knots_; }

  /// psi [V] and E' [V/m] on the film, nx x ny values each, at time t (DriveEvaluator). The modes
  /// are always in double, the sums in the precision of the result.
  template <class Real>
  void evaluate(double t, double t_inside, const std::array<Real*, 3>& film);

 private:
  /// Signals of one drive that are on: at_[first] ... at_[last - 1].
  struct Active {
    std::size_t drive;
    int first, last;
  };

  struct Fields {
    MirrorRow psi, Ex, Ey;
  };

  std::vector<Active> active(const std::vector<SignalAt>& now) const;
  Fields fields(int block, int ky, const std::vector<Active>& active,
                const std::vector<SignalAt>& now, double t) const;
  template <class Real>
  CosineFilm<Real>& sums();

  std::vector<double> coefficients(const std::vector<std::complex<double>>& spectrum) const;
  void add_drive(const MirrorRates& mode, const Active& drive, const std::vector<SignalAt>& now,
                 std::size_t at, MirrorSum& sum) const;

  ModeBox box_;
  int nx_, ny_, threads_;
  DriveSignals signals_;
  CosineFilm<double> film_;
  std::unique_ptr<CosineFilm<float>> single_;  // made when it is first asked for
  std::vector<MirrorField> separable_;
  MirrorKnots knots_;
};

}  // namespace kubomag
