#pragma once
// The thermal field of the present time step on a device (kernels/thermal.hpp). With a fixed step
// its numbers are those of the step. With steps of any length the field is the mean slope of a
// Wiener path over the step: what a rejected attempt has seen of the path stays, and a shorter step
// divides it by a Brownian bridge, so that the choice of steps does not touch the statistics
// (Rackauckas and Nie, Discrete Contin. Dyn. Syst. B 22, 2731 (2017), "rejection sampling with
// memory"; docs/physics-terms.md).
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "kernels/thermal.hpp"
#include "kubomag/error.hpp"
#include "kubomag/problem.hpp"
#include "solver/device_film.hpp"
#include "solver/late_numbers.hpp"
#include "solver/noise_path.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {

template <class Backend, class Real, bool Mapped>
class ThermalField {
  using Buffer = VectorBuffer<Backend, Real>;

 public:
  template <class Upload>
  ThermalField(const Problem& problem, const Backend& backend, Upload& upload)
      : backend_(backend), grid_(problem.grid), seed_(problem.integrator.seed) {
    const Parameters& film = problem.material;
    if (film["Temp"].max() <= 0) return;
    const double per_cell = 2 * constants::k_B / (problem.GammaLL * grid_.cell_volume());
    const auto strength = [per_cell](double T, double alpha, double Ms) {
      return Ms > 0 ? std::sqrt(per_cell * T * alpha / Ms) : 0.0;
    };
    strength_ = upload(ScalarMap::combine(strength, film["Temp"], film["alpha"], film["Msat"]));
    B_ = Buffer(backend, grid_.cells());
    if (problem.integrator.FixDt > 0) return;
    room_ = NoisePath::usual;
    pieces_ = Buffer(backend, grid_.cells() * static_cast<std::size_t>(room_));
  }

  /// Whether the film has a temperature.
  bool any() const { return B_.bytes() > 0; }

  /// The field of the given step, dt long, acts from now on, until `drop`.
  void draw(std::uint64_t step, double dt) {
    backend_.template for_each_cell<Stencil>(
        grid_, ThermalPass<Real, Mapped>{strength_, static_cast<Real>(1 / std::sqrt(dt)), seed_,
                                         step, B_.view()});
    acts_ = true;
  }

  /// The same for steps that the device takes by itself.
  void draw(LateNumbers& late) {
    backend_.template for_each_cell<Stencil>(
        grid_, ThermalPass<Real, Mapped>{strength_, late.per_root_dt<Real>(), seed_, late.step(),
                                         B_.view()});
    acts_ = true;
  }

  /// How many pieces of a path there is room for; 0: there is none.
  int room() const { return room_; }
  /// Makes room for as many pieces again. Throws RunError where a step may not have more.
  void make_room() {
    if (2 * room_ > NoisePath::most)
      throw RunError("the noise of a step is divided into more than " +
                     std::to_string(NoisePath::most) +
                     " pieces by attempts that were refused; give a smaller InitialDt or MaxDt");
    const std::vector<double> known = pieces_.download(backend_);
    const std::size_t before = known.size() / 3;
    std::vector<double> all(2 * known.size());
    for (std::size_t c = 0; c < 3; ++c)
      std::copy_n(known.begin() + static_cast<std::ptrdiff_t>(c * before), before,
                  all.begin() + static_cast<std::ptrdiff_t>(2 * c * before));
    room_ *= 2;
    pieces_ = Buffer(backend_, grid_.cells() * static_cast<std::size_t>(room_));
    pieces_.upload(backend_, all);
  }

  /// The field of an attempted step of the path acts from now on, until `drop`.
  void follow(const PathStep& step) { follow(Number<PathStep>(step)); }
  /// The same for steps that the device takes by itself.
  void follow(LateNumbers& late) { follow(late.path_step()); }

  /// No field acts.
  void drop() { acts_ = false; }

  /// Adds the field that acts.
  template <class Adder>
  void add_to(Adder& to) const {
    if (acts_) to.cells(MapSummand<Real>{B_.view()});
  }

  /// What is known of the path beyond the present time: how often numbers were drawn, then the
  /// length and the three components of each piece.
  std::vector<double> save(const NoisePath& path) const {
    std::vector<double> saved{static_cast<double>(path.draws)};
    if (path.count == 0) return saved;
    const std::vector<double> W = pieces_.download(backend_);
    for (int k = 0; k < path.count; ++k) {
      saved.push_back(path.length[k]);
      for (int c = 0; c < 3; ++c) {
        const auto first = W.begin() + place(c, path.place[k]);
        saved.insert(saved.end(), first, first + cells());
      }
    }
    return saved;
  }
  /// False if that is not what `save` gives for this film.
  bool restore(const std::vector<double>& saved, NoisePath& path) {
    const std::size_t size = 1 + 3 * grid_.cells();
    if (saved.empty() || (saved.size() - 1) % size != 0) return false;
    const std::size_t count = (saved.size() - 1) / size;
    if (count > static_cast<std::size_t>(room_ > 0 ? NoisePath::most : 0)) return false;
    while (count > static_cast<std::size_t>(room_)) make_room();
    path.room = room_, path.count = static_cast<int>(count), path.step = {};
    path.draws = static_cast<std::uint64_t>(saved[0]);
    std::vector<double> W(3 * grid_.cells() * static_cast<std::size_t>(room_));
    for (int k = 0; k < path.count; ++k) {
      auto from = saved.begin() + 1 + k * static_cast<std::ptrdiff_t>(size);
      path.place[k] = static_cast<unsigned char>(k);
      path.length[k] = *from++;
      for (int c = 0; c < 3; ++c, from += cells())
        std::copy_n(from, cells(), W.begin() + place(c, k));
    }
    if (count > 0) pieces_.upload(backend_, W);
    return true;
  }

  std::size_t bytes() const { return B_.bytes() + pieces_.bytes(); }

 private:
  void follow(const Number<PathStep>& step) {
    backend_.template for_each_cell<Stencil>(
        grid_,
        PathFieldPass<Real, Mapped>{strength_, seed_, step, pieces_.view(), cells(), B_.view()});
    acts_ = true;
  }

  std::ptrdiff_t cells() const { return static_cast<std::ptrdiff_t>(grid_.cells()); }
  /// Where the component c of a piece begins in what `pieces_` downloads.
  std::ptrdiff_t place(int c, int piece) const { return (c * room_ + piece) * cells(); }

  const Backend& backend_;
  Grid grid_;
  std::uint64_t seed_;
  Param<Real, Mapped> strength_;  // [T s^(1/2)]
  Buffer B_;
  bool acts_ = false;
  int room_ = 0;
  Buffer pieces_;  // of the path, one after the other
};

}  // namespace kubomag
