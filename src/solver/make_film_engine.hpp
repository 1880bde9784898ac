#pragma once
// From a Problem's contents to the engine compiled for exactly that.
#include <memory>

#include "kernels/torques.hpp"
#include "kubomag/error.hpp"
#include "solver/device_summands.hpp"
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

/// Whether a field per cell is added to that of the energy terms and the demagnetising field.
inline bool has_summands(const Problem& p) {
  return TorqueTerms<double>::acts(p) || has_added_terms(p) || p.material["Temp"].max() > 0 ||
         std::any_of(p.B_ext.begin(), p.B_ext.end(),
                     [](const FieldSource& s) { return !s.map.empty(); });
}

/// What the engine of a problem is compiled for (kernels/rhs.hpp, Features).
struct EngineContents {
  bool mapped, field_map, all_terms, sums;
};

/// On a GPU branches that all threads take alike cost next to nothing: a map of the field may be
/// there or not, and where anything is summed in the passes they have everything.
inline EngineContents contents_of(const Problem& p, bool on_gpu) {
  if (on_gpu && has_summands(p)) return {true, true, true, true};
  const bool all = needs_all_terms(p.material), mapped = varies(p);
  return {mapped, on_gpu || all || mapped || p.demag.enabled || has_summands(p), all, false};
}

template <class Real, class Backend>
std::unique_ptr<Engine> make_film_engine(const Problem& problem, Backend backend) {
  const auto with = [&]<class F>(F) -> std::unique_ptr<Engine> {
    return std::make_unique<FilmEngine<Backend, Real, F>>(problem, std::move(backend));
  };
  // Every variant is compiled for two precisions and two devices, so there are few of them.
  constexpr bool on_gpu = !Backend::arrays_for_all_parameters;
  const EngineContents what = contents_of(problem, on_gpu);
  if constexpr (on_gpu)
    if (what.sums) {
      if (problem.surface) return with(SummingFeatures<true, false>{});
      return problem.local ? with(SummingFeatures<false, true>{})
                           : with(SummingFeatures<false, false>{});
    }
  if (what.all_terms) {
    if (what.mapped)
      return problem.surface ? with(Features<true, true, true, true>{})
                             : with(Features<true, true, false, true>{});
    return problem.surface ? with(Features<false, true, true, true>{})
                           : with(Features<false, true, false, true>{});
  }
  if (what.mapped)
    return problem.surface ? with(Features<true, true, true>{})
                           : with(Features<true, true, false>{});
  if constexpr (!on_gpu)
    if (!what.field_map)
      return problem.surface ? with(Features<false, false, true>{})
                             : with(Features<false, false, false>{});
  return problem.surface ? with(Features<false, true, true>{})
                         : with(Features<false, true, false>{});
}

}  // namespace kubomag
