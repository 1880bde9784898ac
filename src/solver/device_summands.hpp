#pragma once
// What a GPU adds to the field of a cell within the pass that reads it: the summands of
// solver/field_map.hpp, those that act. Whether one acts is a branch that all threads take alike,
// which costs nothing there; a pass of its own would move 36 bytes per cell.
#include <optional>
#include <type_traits>

#include "kernels/called.hpp"
#include "solver/added_terms.hpp"
#include "solver/source_sum.hpp"
#include "solver/torque_field.hpp"

namespace kubomag {

template <class Real>
KUBOMAG_CALLED Vec3<Real> field_of_formulas(const CustomFieldPass<Real>& pass, int i,
                                            Vec3<Real> m) {
  return pass.field(i, m);
}

template <class Electrons, class Real>
KUBOMAG_CALLED Vec3<Real> field_of_electrons(const Electrons& electrons, int i, Vec3<Real> m) {
  return electrons.torque.field(i, m, electrons.drives);
}

template <class Real, class Torque>
struct TorqueSlot {
  std::optional<TorqueSummand<Torque, TorqueDrives<Real>>> torque;
};

template <class Real, class List>
class TorqueSlots;

/// Torques of the list that act.
template <class Real, class... Torques>
class TorqueSlots<Real, TorqueList<Real, Torques...>> : private TorqueSlot<Real, Torques>... {
 public:
  template <class Torque>
  void take(const TorqueSummand<Torque, TorqueDrives<Real>>& torque) {
    static_cast<TorqueSlot<Real, Torque>&>(*this).torque.emplace(torque);
  }

  /// The sum on a cell but for that of local electrons [T].
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    Vec3<Real> B{};
    (add<Torques>(B, c), ...);
    return B;
  }
  /// That of local electrons.
  KUBOMAG_HD Vec3<Real> electrons(const Neighbourhood<Real>& c) const {
    const auto& slot = static_cast<const TorqueSlot<Real, LocalTorque<Real>>&>(*this).torque;
    return slot ? field_of_electrons(*slot, c.at.i, c.m) : Vec3<Real>{};
  }

 private:
  template <class Torque>
  KUBOMAG_HD void add(Vec3<Real>& B, const Neighbourhood<Real>& c) const {
    if constexpr (!std::is_same_v<Torque, LocalTorque<Real>>) {
      const auto& slot = static_cast<const TorqueSlot<Real, Torque>&>(*this).torque;
      if (slot) B += (*slot)(c);
    }
  }
};

template <class Real>
class DeviceSummands {
  using Voltage = VcmaSummand<Real, SourceSample<Real>>;

 public:
  static constexpr int most_maps = 6, most_formulas = 4;

  /// It is added from now on. False: there are too many of its kind.
  bool take(const MapSummand<Real>& map) { return append(map, maps_, map_count_, most_maps); }
  bool take(const CustomFieldPass<Real>& formulas) {
    return append(formulas, formulas_, formula_count_, most_formulas);
  }
  bool take(const Voltage& vcma) {
    vcma_.emplace(vcma);
    return true;
  }
  template <class Torque>
  bool take(const TorqueSummand<Torque, TorqueDrives<Real>>& torque) {
    torques_.take(torque);
    return true;
  }

  /// Their sum on a cell but for the torque of local electrons [T].
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    Vec3<Real> B{};
    for (int k = 0; k < formula_count_; ++k) B += field_of_formulas(formulas_[k], c.at.i, c.m);
    B += torques_(c);
    if (vcma_) B += (*vcma_)(c);
    for (int k = 0; k < map_count_; ++k) B += maps_[k](c);
    return B;
  }

 protected:
  TorqueSlots<Real, TorqueTerms<Real>> torques_;

 private:
  template <class Summand>
  static bool append(const Summand& summand, Summand* all, int& count, int most) {
    if (count == most) return false;
    all[count++] = summand;
    return true;
  }

  int map_count_ = 0, formula_count_ = 0;
  MapSummand<Real> maps_[most_maps];
  std::optional<Voltage> vcma_;
  CustomFieldPass<Real> formulas_[most_formulas];
};

/// The same with the torque of local electrons, which needs more registers.
template <class Real>
struct ElectronSummands : DeviceSummands<Real> {
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    const Vec3<Real> B = DeviceSummands<Real>::operator()(c);
    return B + this->torques_.electrons(c);
  }
};

/// What a GPU's passes contain where there is any of these (make_film_engine.hpp). On a Dirac
/// surface local electrons are not among them, but summed beforehand.
template <bool Surface, bool Electrons>
struct SummingFeatures : Features<true, true, Surface, true> {
  static constexpr bool sums = true;
  template <class Real>
  using Summands = std::conditional_t<Electrons, ElectronSummands<Real>, DeviceSummands<Real>>;
};

template <class Summand>
inline constexpr bool is_of_electrons = false;
template <class Real, class Drives>
inline constexpr bool is_of_electrons<TorqueSummand<LocalTorque<Real>, Drives>> = true;

/// Whether a film has more of a kind than a pass takes, or local electrons beside a Dirac surface:
/// these are summed over the film beforehand, and so are local electrons then.
inline bool has_many_summands(const Problem& p) {
  using Summands = DeviceSummands<double>;
  const auto maps = std::count_if(p.B_ext.begin(), p.B_ext.end(),
                                  [](const FieldSource& s) { return !s.map.empty(); });
  const bool noise = p.material["Temp"].max() > 0;
  return maps + (noise ? 1 : 0) > Summands::most_maps ||
         p.custom.size() > static_cast<std::size_t>(Summands::most_formulas) ||
         (p.surface && p.local);
}

}  // namespace kubomag
