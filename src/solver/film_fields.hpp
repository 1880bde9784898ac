#pragma once
// From time and state to the Scene of the right-hand side: demagnetising field, sources of B_ext
// and the drive's psi and E' at one instant.
#include <memory>
#include <optional>
#include <vector>

#include "kernels/rhs.hpp"
#include "setup/demag_tensor.hpp"
#include "setup/drive_events.hpp"
#include "solver/added_terms.hpp"
#include "solver/convolution.hpp"
#include "solver/device_film.hpp"
#include "solver/device_summands.hpp"
#include "solver/drive_field.hpp"
#include "solver/field_map.hpp"
#include "solver/local_diffusion.hpp"
#include "solver/source_sum.hpp"
#include "solver/thermal_field.hpp"
#include "solver/torque_field.hpp"

namespace kubomag {

template <class Backend, class Real, class F>
class FilmFields {
 public:
  FilmFields(const Problem& problem, const Backend& backend)
      : backend_(backend),
        grid_(problem.grid),
        upload_(backend, grid_.cells()),
        scene_(make_scene(problem)),
        quiet_(without_surface(scene_)),
        drive_(problem.diffusion.local ? without_drive(problem) : problem, backend),
        sources_(backend, grid_, problem.B_ext, switches_),
        added_(problem, backend, switches_),
        torques_(problem, backend, switches_),
        thermal_(problem, backend, upload_),
        coupled_(problem.diffusion.local.has_value()),
        whole_(problem.diffusion.local || has_many_summands(problem)) {
    Ms_ = upload_(problem.material["Msat"]);
    if (problem.demag.enabled)
      convolution_ =
          std::make_unique<Convolution<Backend, Real>>(backend, grid_, make_demag_kernel(grid_));
    if constexpr (F::field_map)
      map_.emplace(backend, grid_, has_demag(), has_many_summands(problem));
  }

  /// Takes psi and E' from `local`, which must outlive this object, instead of from uniform D.
  void couple(LocalDiffusion<Backend, Real>* local) { local_ = local; }

  /// The right-hand side at an instant.
  const Scene<Real, F>& at(const Instant& now, const StageState<Real>& m) {
    conservative(now, m);
    if constexpr (F::field_map) {
      torques_.set_time(now, drive_);
      torques_.add_to(*map_);
      added_.add_torques(now, *map_);
      thermal_.add_to(*map_);
      map_->show(scene_);
    }
    return scene_;
  }

  /// The same without the torques that have no energy and without noise.
  const Scene<Real, F>& conservative(const Instant& now, const StageState<Real>& m) {
    scene_.B_uniform = sources_.uniform(now);
    if constexpr (F::surface)
      scene_.drive =
          local_ ? local_->sample(now.t, now.t_inside, m.m) : sample<Backend, Real>(drive_, now);
    if constexpr (F::field_map) {
      begin_map(m);
      sources_.add_mapped(now, *map_);
      added_.add_fields(now, *map_);
      map_->show(scene_);
    }
    return scene_;
  }

  ThermalField<Backend, Real, F::mapped>& thermal() { return thermal_; }
  const ThermalField<Backend, Real, F::mapped>& thermal() const { return thermal_; }
  TorqueField<Backend, Real>& torques() { return torques_; }
  AddedTerms<Backend, Real>& added() { return added_; }

  /// The same for relaxation before time t: steepest descent without drives; `B_ext` replaces the
  /// sources if given.
  const Scene<Real, F>& relaxing(double t, const StageState<Real>& m,
                                 const std::optional<Vec3<double>>& B_ext) {
    Instant now(t, t);
    now.resting = true;
    if (B_ext)
      quiet_.B_uniform = cast<Real>(*B_ext);
    else
      quiet_.B_uniform = sources_.uniform(now);
    if constexpr (F::surface) quiet_.drive = drive_.silence();
    if constexpr (F::field_map) {
      begin_map(m);
      if (!B_ext) sources_.add_mapped(now, *map_);
      added_.add_fields(now, *map_);
      map_->show(quiet_);
    }
    return quiet_;
  }

  /// B_demag alone into `B`; zero when it is off.
  void demag(VectorView<const Real> m, VectorView<Real> B) {
    if (convolution_)
      (*convolution_)(m, Ms_, B);
    else
      backend_.template for_each_cell<Stencil>(grid_, ZeroPass<Real>{B});
  }

  /// The sources that vary over the film, at time t, into `B`.
  void mapped_sources(const Instant& now, VectorView<Real> B) {
    write_summands<Backend, Real>(backend_, grid_, {B.x, B.y, B.z}, B,
                                  [&](auto& to) { sources_.add_mapped(now, to); });
  }

  /// Whether from t to `end` dm/dt of a cell needs no more than m there and beside it, fixed maps
  /// and numbers that change with time: no field is computed for the whole film at each evaluation.
  /// On a backend that steps by itself this is not asked: false.
  bool pointwise(double t, double end, double t_inside) {
    if constexpr (Backend::steps_by_itself)
      return false;
    else
      return sees_neighbours() && (!driven() || drive_.held(t, end, t_inside));
  }
  /// The same at all times.
  bool always_pointwise() const {
    if constexpr (Backend::steps_by_itself)
      return false;
    else
      return sees_neighbours() && (!driven() || drive_.always_held());
  }

  /// Whether something is computed from the m of all cells as it lies in memory.
  bool whole() const { return whole_ || (convolution_ && !convolution_->makes_states(Ms_)); }

  const Scene<Real, F>& scene() const { return scene_; }
  Param<Real, F::mapped> Ms() const { return Ms_; }
  DriveField<Backend, Real>& drive() { return drive_; }
  bool has_demag() const { return convolution_ != nullptr; }
  LocalDiffusion<Backend, Real>* local() { return local_; }
  double next_event(double t) {
    const double drive = local_ ? local_->next_event(t) : drive_.next_event(t);
    return std::min(drive, switches_.next(t));
  }
  std::size_t bytes() const {
    std::size_t sum = upload_.bytes() + drive_.bytes() + sources_.bytes() + added_.bytes() +
                      torques_.bytes() + thermal_.bytes();
    if (map_) sum += map_->bytes();
    if (convolution_) sum += convolution_->bytes();
    return sum;
  }

 private:
  bool driven() const { return F::surface || torques_.driven_by_E(); }
  /// Pointwise but for what drives it.
  bool sees_neighbours() const {
    return !convolution_ && !coupled_ && added_.held() && torques_.held();
  }

  void begin_map(const StageState<Real>& m) {
    map_->begin(m.m);
    if (convolution_) map_->compute(*convolution_, m, Ms_);
  }

  Scene<Real, F> make_scene(const Problem& problem) {
    const auto material = [](double Ms) { return Ms > 0 ? 1.0 : 0.0; };
    Scene<Real, F> scene{
        FieldTerms<Real, F::mapped, F::all_terms>(problem.material, problem.grid, upload_)};
    scene.alpha = upload_(problem.material["alpha"]);
    scene.moment = upload_(ScalarMap::combine(material, problem.material["Msat"]));
    if (problem.surface) scene.surface = SurfaceDirac<Real, F::mapped>(*problem.surface, upload_);
    const auto movable = [](double frozen) { return frozen > 0 ? 0.0 : 1.0; };
    scene.mobile = upload_(ScalarMap::combine(movable, problem.material["frozen"]));
    scene.gamma = static_cast<Real>(problem.GammaLL);
    return scene;
  }

  static Problem without_drive(Problem problem) {
    problem.drive = {};
    return problem;
  }

  Scene<Real, F> without_surface(Scene<Real, F> scene) {
    scene.surface = SurfaceDirac<Real, F::mapped>(DiracSurface{}, upload_);
    scene.alpha = upload_(1);
    scene.precession = 0;
    return scene;
  }

  const Backend& backend_;
  Grid grid_;
  ParamUploader<Backend, Real, F::mapped> upload_;
  Scene<Real, F> scene_, quiet_;
  DriveField<Backend, Real> drive_;
  LocalDiffusion<Backend, Real>* local_ = nullptr;
  Param<Real, F::mapped> Ms_;
  std::unique_ptr<Convolution<Backend, Real>> convolution_;
  std::optional<FieldMap<Backend, Real>> map_;  // with F::field_map
  EventTimes switches_;                         // of the sources below
  SourceSum<Backend, Real> sources_;
  AddedTerms<Backend, Real> added_;
  TorqueField<Backend, Real> torques_;
  ThermalField<Backend, Real, F::mapped> thermal_;
  bool coupled_;  // psi follows m
  bool whole_;
};

}  // namespace kubomag
