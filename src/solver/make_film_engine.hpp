#pragma once
// From a Problem's contents to the engine compiled for exactly that.
#include <memory>

#include "solver/film_engine.hpp"

namespace kubomag {

inline bool varies(const Problem& p) {
  if (!p.material.uniform()) return true;
  if (!p.surface) return false;
  const DiracSurface& s = *p.surface;
  for (const ScalarMap* map : {&s.b, &s.sigma_s, &s.hall_1, &s.hall_3, &s.c0, &s.B_FL_per_E,
                               &s.B_diff_per_psi, &s.E_per_rate, &s.inverse_ev})
    if (!map->uniform()) return true;
  return false;
}

inline bool has_field_map(const Problem& p) {
  return p.demag.enabled || std::any_of(p.B_ext.begin(), p.B_ext.end(),
                                        [](const FieldSource& s) { return !s.map.empty(); });
}

template <class Real, class Backend>
std::unique_ptr<Engine> make_film_engine(const Problem& problem, Backend backend) {
  const auto with = [&]<class F>(F) -> std::unique_ptr<Engine> {
    return std::make_unique<FilmEngine<Backend, Real, F>>(problem, std::move(backend));
  };
  // Torques without an energy are rare: one engine for all of them, whatever the parameters are.
  if (TorqueTerms<Real>::acts(problem))
    return problem.surface ? with(Features<true, true, true, true>{})
                           : with(Features<true, true, false, true>{});
  const int key = 4 * varies(problem) + 2 * has_field_map(problem) + problem.surface.has_value();
  switch (key) {
    case 0:
      return with(Features<false, false, false>{});
    case 1:
      return with(Features<false, false, true>{});
    case 2:
      return with(Features<false, true, false>{});
    case 3:
      return with(Features<false, true, true>{});
    case 4:
      return with(Features<true, false, false>{});
    case 5:
      return with(Features<true, false, true>{});
    case 6:
      return with(Features<true, true, false>{});
    default:
      return with(Features<true, true, true>{});
  }
}

}  // namespace kubomag
