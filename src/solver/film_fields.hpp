#pragma once
// From time and state to the Scene of the right-hand side: demagnetising field, sources of B_ext
// and the drive's psi and E' at one instant.
#include <memory>
#include <vector>

#include "kernels/rhs.hpp"
#include "kernels/thermal.hpp"
#include "setup/demag_tensor.hpp"
#include "setup/drive_events.hpp"
#include "solver/convolution.hpp"
#include "solver/device_film.hpp"
#include "solver/drive_field.hpp"
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
        drive_(problem, backend) {
    Ms_ = upload_(problem.material["Msat"]);
    if (problem.demag.enabled)
      convolution_ =
          std::make_unique<Convolution<Backend, Real>>(backend, grid_, make_demag_kernel(grid_));
    if constexpr (F::field_map) B_map_ = VectorBuffer<Backend, Real>(backend, grid_.cells());
    if (problem.material["Temp"].max() > 0) add_thermal(problem);
    for (const FieldSource& source : problem.B_ext) add_source(source);
  }

  /// The right-hand side at time t; `t_inside` is a time inside the interval that is being
  /// integrated and decides which side of a switching moment is meant.
  const Scene<Real, F>& at(double t, double t_inside, VectorView<const Real> m) {
    scene_.B_uniform = cast<Real>(uniform_sources(t, t_inside));
    if constexpr (F::surface) scene_.drive = drive_.sample(t, t_inside);
    if constexpr (F::field_map) {
      demag(m, B_map_.view());
      add_mapped_sources(t, t_inside, B_map_.view());
      if (noisy_) add(B_thermal_, Real(1), B_map_.view());
      scene_.B_map = std::as_const(B_map_).view();
    }
    return scene_;
  }

  bool has_thermal() const { return B_thermal_.bytes() > 0; }
  /// From now on `at` contains the thermal field of this step, dt long.
  void draw_thermal(std::uint64_t step, double dt) {
    backend_.template for_each_cell<Stencil>(
        grid_, ThermalPass<Real, F::mapped>{thermal_, static_cast<Real>(1 / std::sqrt(dt)), seed_,
                                            step, B_thermal_.view()});
    noisy_ = true;
  }
  /// From now on `at` contains no thermal field: for relaxation and output.
  void drop_thermal() { noisy_ = false; }

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
  double next_event(double t) const { return std::min(drive_.next_event(t), switches_.next(t)); }
  std::size_t bytes() const {
    std::size_t sum = upload_.bytes() + B_map_.bytes() + B_thermal_.bytes() + drive_.bytes();
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

  static Scene<Real, F> without_surface(Scene<Real, F> scene) {
    scene.surface = {};
    scene.alpha = {Real(1), nullptr};
    scene.precession = 0;
    return scene;
  }

  void add_thermal(const Problem& problem) {
    const double per_cell = 2 * constants::k_B / (problem.GammaLL * grid_.cell_volume());
    const auto strength = [per_cell](double T, double alpha, double Ms) {
      return Ms > 0 ? std::sqrt(per_cell * T * alpha / Ms) : 0.0;
    };
    const Parameters& film = problem.material;
    thermal_ = upload_(ScalarMap::combine(strength, film["Temp"], film["alpha"], film["Msat"]));
    seed_ = problem.integrator.seed;
    B_thermal_ = VectorBuffer<Backend, Real>(backend_, grid_.cells());
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
    for (const MappedSource& source : mapped_)
      add(source.map, static_cast<Real>(signal_value(source.signal, t, t_inside)), B);
  }

  /// B += weight * source
  void add(const VectorBuffer<Backend, Real>& source, Real weight, VectorView<Real> B) {
    backend_.template for_each_cell<Stencil>(grid_, AddFieldPass<Real>{source.view(), B, weight});
  }

  const Backend& backend_;
  Grid grid_;
  ParamUploader<Backend, Real, F::mapped> upload_;
  Scene<Real, F> scene_, quiet_;
  DriveField<Backend, Real> drive_;
  Param<Real, F::mapped> Ms_;
  std::unique_ptr<Convolution<Backend, Real>> convolution_;
  VectorBuffer<Backend, Real> B_map_;
  Param<Real, F::mapped> thermal_;  // kernels/thermal.hpp
  std::uint64_t seed_ = 0;
  VectorBuffer<Backend, Real> B_thermal_;
  bool noisy_ = false;
  EventTimes switches_;  // of the sources of B_ext
  std::vector<UniformSource> uniform_;
  std::vector<MappedSource> mapped_;
};

}  // namespace kubomag
