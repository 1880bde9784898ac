#pragma once
// The lists of energy terms. A new term is one header beside this one, one name in `AllTerms`, and
// one test; config keys, `kubomag terms`, energies in the table and the generic tests follow.
#include <type_traits>
#include <vector>

#include "anisotropy_cubic.hpp"
#include "anisotropy_uniaxial.hpp"
#include "dmi.hpp"
#include "exchange.hpp"
#include "vcma.hpp"

namespace kubomag {

/// Several terms as one: inherits from all, adds their fields.
template <class Real, class... Terms>
struct TermList : Terms... {
  static constexpr int count = sizeof...(Terms);

  template <class Upload>
  TermList(const Parameters& film, const Grid& grid, Upload& upload)
      : Terms(film, grid, upload)... {}

  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c) const {
    Vec3<Real> B{};
    ((B += Terms::field(c)), ...);
    return B;
  }

  /// f(index, term) for every term, in order.
  template <class F>
  KUBOMAG_HD void for_each(F&& f) const {
    int index = 0;
    (f(index++, static_cast<const Terms&>(*this)), ...);
  }
};

/// What every film has. Films that need no more are computed without the other terms' arithmetic.
template <class Real, bool Mapped>
using BasicTerms = TermList<Real, Exchange<Real, Mapped>, AnisotropyUniaxial<Real, Mapped>>;

/// Begins with the basic terms.
template <class Real, bool Mapped>
using AllTerms = TermList<Real, Exchange<Real, Mapped>, AnisotropyUniaxial<Real, Mapped>,
                          AnisotropyCubic<Real, Mapped>, Dmi<Real, Mapped>>;

template <class Real, bool Mapped, bool All>
using FieldTerms = std::conditional_t<All, AllTerms<Real, Mapped>, BasicTerms<Real, Mapped>>;

/// What a term says about itself.
struct TermDeclaration {
  const char* name;    // "exchange"
  const char* symbol;  // table column E_<symbol>, quantity B_<symbol>
  const char* help;
  const char* source;
  std::vector<Input> inputs;
};

namespace detail {
template <class Real, class... Terms>
std::vector<TermDeclaration> declarations(std::type_identity<TermList<Real, Terms...>>) {
  return {TermDeclaration{Terms::name,
                          Terms::symbol,
                          Terms::help,
                          Terms::source,
                          {Terms::inputs.begin(), Terms::inputs.end()}}...};
}
}  // namespace detail

/// All energy terms, or the basic ones alone.
inline std::vector<TermDeclaration> energy_term_declarations(bool all) {
  return all ? detail::declarations(std::type_identity<AllTerms<double, false>>{})
             : detail::declarations(std::type_identity<BasicTerms<double, false>>{});
}

/// Whether a film has more than the basic terms: an input of the others is not at its default.
inline bool needs_all_terms(const Parameters& film) {
  const std::vector<TermDeclaration> all = energy_term_declarations(true);
  for (std::size_t i = energy_term_declarations(false).size(); i < all.size(); ++i)
    for (const Input& input : all[i].inputs) {
      const ScalarMap& map = film[input.name];
      if (!map.uniform() || map(0) != input.default_value) return true;
    }
  return false;
}

/// The energy terms, those beside the fused sum too (src/solver/added_terms.hpp), then the inputs
/// of the equation of motion itself.
inline std::vector<TermDeclaration> term_declarations() {
  auto all = energy_term_declarations(true);
  using Voltage = Vcma<double>;
  all.push_back({Voltage::name,
                 Voltage::symbol,
                 Voltage::help,
                 Voltage::source,
                 {Voltage::inputs.begin(), Voltage::inputs.end()}});
  all.push_back({"damping",
                 "",
                 "intrinsic Gilbert damping, alpha m x dm/dt",
                 "Gilbert, IEEE Trans. Magn. 40, 3443 (2004)",
                 {Input{"alpha", "1", 0, "intrinsic Gilbert damping"}}});
  all.push_back({"thermal",
                 "",
                 "thermal field, B = eta sqrt(2 kB Temp alpha/(Msat gamma V dt))",
                 "Brown, Phys. Rev. 130, 1677 (1963)",
                 {Input{"Temp", "K", 0, "temperature"}}});
  all.push_back({"frozen",
                 "",
                 "cells whose magnetisation is held: dm/dt = 0",
                 "",
                 {Input{"frozen", "1", 0, "1 where m is held, 0 elsewhere"}}});
  return all;
}

}  // namespace kubomag
