#pragma once
// From time and state to the Scene of the right-hand side: demagnetising field, sources of B_ext
// and the drive's psi and E' at one instant.
#include <memory>
#include <vector>

#include "kernels/rhs.hpp"
#include "setup/demag_tensor.hpp"
#include "setup/drive_events.hpp"
#include "solver/convolution.hpp"
#include "solver/device_film.hpp"
#include "solver/drive_field.hpp"
#include "solver/local_diffusion.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// B_map += weight * source at every cell.
template <class Real>
struct AddFieldPass {
  VectorView<const Real> source;
  VectorView<Real> B;
  Real weight;
  KUBOMAG_HD void operator()(Stencil s) const {
    B.store(s.i, B.template load<Real>(s.i) + weight * source.template load<Real>(s.i));
  }
};

template <class Real>
struct ZeroPass {
  VectorView<Real> B;
  KUBOMAG_HD void operator()(Stencil s) const { B.store(s.i, {}); }
};

template <class Backend, class Real, class F>
class FilmFields {
 public:
  FilmFields(const Problem& problem, const Backend& backend)
      : backend_(backend),
        grid_(problem.grid),
        upload_(backend),
        scene_(make_scene(problem)),
        quiet_(without_surface(scene_)),
        drive_(problem.diffusion.local ? without_drive(problem) : problem, backend) {
    Ms_ = upload_(problem.material["Msat"]);
    if (problem.demag.enabled)
      convolution_ =
          std::make_unique<Convolution<Backend, Real>>(backend, grid_, make_demag_kernel(grid_));
    if constexpr (F::field_map) B_map_ = VectorBuffer<Backend, Real>(backend, grid_.cells());
    for (const FieldSource& source : problem.B_ext) add_source(source);
  }

  /// Takes psi and E' from `local`, which must outlive this object, instead of from uniform D.
  void couple(LocalDiffusion<Backend, Real>* local) { local_ = local; }

  /// The right-hand side at time t; `t_inside` is a time inside the interval that is being
  /// integrated and decides which side of a switching moment is meant.
  const Scene<Real, F>& at(double t, double t_inside, VectorView<const Real> m) {
    scene_.B_uniform = cast<Real>(uniform_sources(t, t_inside));
    if constexpr (F::surface)
      scene_.drive = local_ ? local_->sample(t, t_inside, m) : drive_.sample(t, t_inside);
    if constexpr (F::field_map) {
      demag(m, B_map_.view());
      add_mapped_sources(t, t_inside, B_map_.view());
      scene_.B_map = std::as_const(B_map_).view();
    }
    return scene_;
  }

  /// The same for relaxation: steepest descent without drives; `B_ext` replaces the sources if
  /// given.
  const Scene<Real, F>& relaxing(double t, VectorView<const Real> m,
                                 const std::optional<Vec3<double>>& B_ext) {
    quiet_.B_uniform = cast<Real>(B_ext ? *B_ext : uniform_sources(t, t));
    if constexpr (F::surface) quiet_.drive = drive_.silence();
    if constexpr (F::field_map) {
      demag(m, B_map_.view());
      if (!B_ext) add_mapped_sources(t, t, B_map_.view());
      quiet_.B_map = std::as_const(B_map_).view();
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
  void mapped_sources(double t, double t_inside, VectorView<Real> B) {
    backend_.template for_each_cell<Stencil>(grid_, ZeroPass<Real>{B});
    add_mapped_sources(t, t_inside, B);
  }

  const Scene<Real, F>& scene() const { return scene_; }
  Param<Real, F::mapped> Ms() const { return Ms_; }
  DriveField<Backend, Real>& drive() { return drive_; }
  bool has_demag() const { return convolution_ != nullptr; }
  LocalDiffusion<Backend, Real>* local() { return local_; }
  double next_event(double t) const {
    const double drive = local_ ? local_->next_event(t) : drive_.next_event(t);
    return std::min(drive, switches_.next(t));
  }
  std::size_t bytes() const {
    std::size_t sum = upload_.bytes() + B_map_.bytes() + drive_.bytes();
    if (convolution_) sum += convolution_->bytes();
    for (const auto& source : mapped_) sum += source.map.bytes();
    return sum;
  }

 private:
  struct UniformSource {
    Vec3<double> value;
    Signal signal;
  };
  struct MappedSource {
    VectorBuffer<Backend, Real> map;
    Signal signal;
  };

  Scene<Real, F> make_scene(const Problem& problem) {
    const auto material = [](double Ms) { return Ms > 0 ? 1.0 : 0.0; };
    Scene<Real, F> scene{FieldTerms<Real, F::mapped>(problem.material, problem.grid, upload_)};
    scene.alpha = upload_(problem.material["alpha"]);
    scene.moment = upload_(ScalarMap::combine(material, problem.material["Msat"]));
    if (problem.surface) scene.surface = SurfaceDirac<Real, F::mapped>(*problem.surface, upload_);
    scene.gamma = static_cast<Real>(problem.GammaLL);
    return scene;
  }

  static Problem without_drive(Problem problem) {
    problem.drive = {};
    return problem;
  }

  static Scene<Real, F> without_surface(Scene<Real, F> scene) {
    scene.surface = {};
    scene.alpha = {Real(1), nullptr};
    scene.precession = 0;
    return scene;
  }

  void add_source(const FieldSource& source) {
    add_events(switches_, source.signal);
    if (source.map.empty()) {
      uniform_.push_back({source.value, source.signal});
      return;
    }
    std::vector<double> parts(3 * grid_.cells());
    for (std::size_t i = 0; i < grid_.cells(); ++i) {
      parts[i] = source.map[i].x;
      parts[grid_.cells() + i] = source.map[i].y;
      parts[2 * grid_.cells() + i] = source.map[i].z;
    }
    mapped_.push_back({VectorBuffer<Backend, Real>(backend_, grid_.cells()), source.signal});
    mapped_.back().map.upload(backend_, parts);
  }

  Vec3<double> uniform_sources(double t, double t_inside) const {
    Vec3<double> B{};
    for (const UniformSource& source : uniform_)
      B += signal_value(source.signal, t, t_inside) * source.value;
    return B;
  }

  void add_mapped_sources(double t, double t_inside, VectorView<Real> B) {
    for (MappedSource& source : mapped_)
      backend_.template for_each_cell<Stencil>(
          grid_, AddFieldPass<Real>{std::as_const(source.map).view(), B,
                                    static_cast<Real>(signal_value(source.signal, t, t_inside))});
  }

  const Backend& backend_;
  Grid grid_;
  ParamUploader<Backend, Real, F::mapped> upload_;
  Scene<Real, F> scene_, quiet_;
  DriveField<Backend, Real> drive_;
  LocalDiffusion<Backend, Real>* local_ = nullptr;
  Param<Real, F::mapped> Ms_;
  std::unique_ptr<Convolution<Backend, Real>> convolution_;
  VectorBuffer<Backend, Real> B_map_;
  EventTimes switches_;  // of the sources of B_ext
  std::vector<UniformSource> uniform_;
  std::vector<MappedSource> mapped_;
};

}  // namespace kubomag
