#pragma once
// The harmonic basis of a drive on the device. Few fields (two per frequency) go straight into the
// fused pass; more are summed into a buffer first.
#include <limits>
#include <optional>
#include <vector>

#include "solver/field_sum.hpp"
#include "solver/harmonic_basis.hpp"
#include "solver/late_numbers.hpp"

namespace kubomag {

template <class Backend, class Real>
class BasisSum {
 public:
  BasisSum(const Backend& backend, const Grid& grid, const DrivePlan& plan, int threads)
      : backend_(backend), grid_(grid), basis_(make_harmonic_basis(plan, threads)) {
    if (!basis_) return;
    for (BasisField& field : basis_->fields) {
      std::vector<double> parts = std::move(field.psi);
      parts.insert(parts.end(), field.Ex.begin(), field.Ex.end());
      parts.insert(parts.end(), field.Ey.begin(), field.Ey.end());
      fields_.emplace_back(backend, grid.cells());
      fields_.back().upload(backend, parts);
      field.psi = field.Ex = field.Ey = {};
    }
  }

  bool covers(double t) const { return basis_ && t >= basis_->valid_from; }

  /// From here on it covers every time; infinity: there is no basis.
  double valid_from() const {
    return basis_ ? basis_->valid_from : std::numeric_limits<double>::infinity();
  }

  /// Whether samples of several instants hold at once: none needs the buffer below.
  bool held() const { return fields_.size() <= DriveSample<Real>::fields; }

  /// psi and E' at an instant; `sum` is written where there are more fields than a
  /// DriveSample takes.
  DriveSample<Real> at(const Instant& now, VectorBuffer<Backend, Real>& sum) const {
    if (fields_.empty())
      return {std::as_const(sum).view(), std::as_const(sum).view(), Real(0), Real(0)};
    if (fields_.size() <= DriveSample<Real>::fields) {
      std::vector<Number<Real>> weights;
      for (std::size_t j = 0; j < fields_.size(); ++j) weights.push_back(weight(j, now));
      return weighted<Real>(fields_, weights);
    }
    for (std::size_t j = 0; j < fields_.size(); j += 2) {
      const bool pair = j + 1 < fields_.size();
      backend_.template for_each_cell<Stencil>(
          grid_, WeightedSumPass<Real>{fields_[j].view(), fields_[pair ? j + 1 : j].view(),
                                       sum.view(), j > 0 ? Real(1) : Real(0), weight(j, now),
                                       pair ? weight(j + 1, now) : Number<Real>(0)});
    }
    return whole<Backend, Real>(sum);
  }

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& field : fields_) sum += field.bytes();
    return sum;
  }

 private:
  Number<Real> weight(std::size_t j, const Instant& now) const {
    const BasisField& field = basis_->fields[j];
    if (now.late) return now.late->wave<Real>(now, field.omega, field.sine);
    return static_cast<Real>(field.weight(now.t));
  }

  const Backend& backend_;
  Grid grid_;
  std::optional<HarmonicBasis> basis_;
  std::vector<VectorBuffer<Backend, Real>> fields_;
};

}  // namespace kubomag
