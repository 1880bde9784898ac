#pragma once
// The knots of a drive (knots.hpp) in the modes of a film with its mirror
// images (mirror_rows.hpp).
#include "solver/knotted_modes.hpp"
#include "solver/mirror_rows.hpp"
#include "solver/mirror_transformer.hpp"

namespace kubomag {

/// Coefficients of the separable drives.
struct MirrorField {
  std::vector<double> Ex, Ey;
};

class MirrorKnots : public KnottedModes<double> {
 public:
  /// `plan`, `separable` and `film` must outlive this object.
  MirrorKnots(const DrivePlan& plan, const ModeBox& box, const std::vector<MirrorField>& separable,
              CosineFilm<double>& film, int threads);

  /// The row of modes that begins at `at`, seen at time t.
  MirrorKnot row(std::size_t at, double t) const;

  KnotRates rates() const override;

 protected:
  void transform(const FieldFunction& E, Field& out) override;
  void add_separable(std::size_t d, double factor, double* Ex, double* Ey) override;
  void settle() override;
  void advance() override;

 private:
  template <class F>
  void for_each_row(const F& f) const;

  ModeBox box_;
  const std::vector<MirrorField>& separable_;
  const CosineFilm<double>& film_;
  int ny_, threads_;
  MirrorTransformer transform_;
};

}  // namespace kubomag
