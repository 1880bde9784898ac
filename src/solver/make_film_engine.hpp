#pragma once
// From a Problem's contents to the engine compiled for exactly that.
#include <memory>

#include "kernels/torques.hpp"
#include "solver/film_engine_device.hpp"

namespace kubomag {

inline bool varies(const Problem& p) {
  if (!p.material.uniform() || p.material["frozen"](0) > 0) return true;
  if (!p.surface) return false;
  const DiracSurface& s = *p.surface;
  for (const ScalarMap* map : {&s.b, &s.sigma_s, &s.hall_1, &s.hall_3, &s.c0, &s.B_FL_per_E,
                               &s.B_diff_per_psi, &s.E_per_rate, &s.inverse_ev})
    if (!map->uniform()) return true;
  return false;
}

inline bool has_field_map(const Problem& p) {
  return p.demag.enabled || TorqueTerms<double>::acts(p) || has_added_terms(p) ||
         p.material["Temp"].max() > 0 ||
         std::any_of(p.B_ext.begin(), p.B_ext.end(),
                     [](const FieldSource& s) { return !s.map.empty(); });
}

template <class Real, class Backend>
std::unique_ptr<Engine> make_film_engine(const Problem& problem, Backend backend) {
  const auto with = [&]<class F>(F) -> std::unique_ptr<Engine> {
    return std::make_unique<FilmEngine<Backend, Real, F>>(problem, std::move(backend));
  };
  // Every variant is compiled for two precisions and two devices, so there are few of them.
  if (needs_all_terms(problem.material)) {
    if (varies(problem))
      return problem.surface ? with(Features<true, true, true, true>{})
                             : with(Features<true, true, false, true>{});
    return problem.surface ? with(Features<false, true, true, true>{})
                           : with(Features<false, true, false, true>{});
  }
  if (varies(problem))
    return problem.surface ? with(Features<true, true, true>{})
                           : with(Features<true, true, false>{});
  if (has_field_map(problem))
    return problem.surface ? with(Features<false, true, true>{})
                           : with(Features<false, true, false>{});
  return problem.surface ? with(Features<false, false, true>{})
                         : with(Features<false, false, false>{});
}

}  // namespace kubomag
