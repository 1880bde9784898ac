#pragma once
// The list of torques that have no energy. Each is stated as the field B_tau [T] that enters
//   a = -gamma m x (B_eff + B_FL + B_diff + B_tau)
// in Gilbert form (docs/decisions/004): a torque T [1/s] that is not a field is B_tau = m x
// T/gamma. A new torque is one header beside this one, one name in `TorqueTerms`, and one test;
// config keys, `kubomag terms` and the output B_<symbol> follow. A torque provides
//   name, symbol, help, source, inputs          as an energy term does (terms.hpp)
//   T(const Problem&, Upload&)                  its coefficients, combined on the host in double
//   static bool acts(const Problem&)            whether it has any effect in this run
//   template <class Drives>
//   Vec3 field(const Neighbourhood&, const Drives&)         B_tau [T]; Drives: a TorqueDrives
// It reads no parameter of another cell. src/solver/torque_field.hpp adds those that act.
#include <string_view>
#include <type_traits>
#include <vector>

#include "drive_sample.hpp"
#include "kubomag/problem.hpp"
#include "local_torque.hpp"
#include "slonczewski_torque.hpp"
#include "spin_orbit_torque.hpp"
#include "terms.hpp"
#include "zhang_li_torque.hpp"

namespace kubomag {

/// Several torques as one: inherits from all, adds their fields.
template <class Real, class... Torques>
struct TorqueList : Torques... {
  static constexpr int count = sizeof...(Torques);

  template <class Upload>
  TorqueList(const Problem& problem, Upload& upload) : Torques(problem, upload)... {}

  static bool acts(const Problem& problem) { return (Torques::acts(problem) || ...); }

  /// f(index, torque) for every torque, in order.
  template <class F>
  void for_each(F&& f) const {
    int index = 0;
    (f(index++, static_cast<const Torques&>(*this)), ...);
  }
};

template <class Real>
using TorqueTerms = TorqueList<Real, SpinOrbitTorque<Real>, ZhangLiTorque<Real>,
                               SlonczewskiTorque<Real>, LocalTorque<Real>>;

namespace detail {
template <class Real, class... Torques>
std::vector<TermDeclaration> declarations(std::type_identity<TorqueList<Real, Torques...>>) {
  return {TermDeclaration{Torques::name,
                          Torques::symbol,
                          Torques::help,
                          Torques::source,
                          {Torques::inputs.begin(), Torques::inputs.end()}}...};
}
template <class Real, class... Torques>
std::vector<bool> acting(const Problem& problem, std::type_identity<TorqueList<Real, Torques...>>) {
  return {Torques::acts(problem)...};
}
}  // namespace detail

/// The torques of the list, in its order.
inline std::vector<TermDeclaration> torque_declarations() {
  return detail::declarations(std::type_identity<TorqueTerms<double>>{});
}

/// Which of them have an effect in this run.
inline std::vector<bool> acting_torques(const Problem& problem) {
  return detail::acting(problem, std::type_identity<TorqueTerms<double>>{});
}

/// The bits of the torques that make up B_<symbol>; torques of one symbol are added up.
inline unsigned torques_of_symbol(std::string_view symbol) {
  unsigned chosen = 0, bit = 1;
  for (const TermDeclaration& torque : torque_declarations()) {
    if (symbol == torque.symbol) chosen |= bit;
    bit <<= 1;
  }
  return chosen;
}

}  // namespace kubomag
