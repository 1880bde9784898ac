#pragma once
// The list of energy terms. A new term is one header beside this one, one name in `FieldTerms`,
// and one test; config keys, `kubomag terms`, energies in the table and the generic tests follow.
#include <type_traits>
#include <vector>

#include "anisotropy_uniaxial.hpp"
#include "exchange.hpp"

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

template <class Real, bool Mapped>
using FieldTerms = TermList<Real, Exchange<Real, Mapped>, AnisotropyUniaxial<Real, Mapped>>;

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

/// The energy terms of the list, then the inputs of the equation of motion itself.
inline std::vector<TermDeclaration> term_declarations() {
  auto all = detail::declarations(std::type_identity<FieldTerms<double, false>>{});
  all.push_back({"damping",
                 "",
                 "intrinsic Gilbert damping, alpha m x dm/dt",
                 "Gilbert, IEEE Trans. Magn. 40, 3443 (2004)",
                 {Input{"alpha", "1", 0, "intrinsic Gilbert damping"}}});
  return all;
}

}  // namespace kubomag
