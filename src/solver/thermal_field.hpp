#pragma once
// The thermal field of the present time step on a device (kernels/thermal.hpp). With a fixed step
// its numbers are those of the step. With steps of any length the field is the mean slope of a
// Wiener path over the step: what a rejected attempt has seen of the path stays, and a shorter step
// divides it by a Brownian bridge, so that the choice of steps does not touch the statistics
// (Rackauckas and Nie, Discrete Contin. Dyn. Syst. B 22, 2731 (2017), "rejection sampling with
// memory"; docs/physics-terms.md).
#include <cmath>
#include <utility>
#include <vector>

#include "kernels/thermal.hpp"
#include "kubomag/problem.hpp"
#include "solver/device_film.hpp"
#include "solver/late_numbers.hpp"
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

  /// The field of a step of the path from here, dt long, acts from now on. Asking again for another
  /// dt asks for the same path.
  void follow(double dt) {
    covered_ = cover(dt);
    for (std::size_t k = 0; k < covered_; ++k)
      backend_.template for_each_cell<Stencil>(
          grid_, PathFieldPass<Real, Mapped>{strength_, static_cast<Real>(1 / dt),
                                             std::as_const(path_[k].W).view(), B_.view(), k == 0});
    acts_ = true;
  }

  /// The step is over: what it covered of the path is past.
  void drop() {
    acts_ = false;
    for (; covered_ > 0; --covered_) {
      spare_.push_back(std::move(path_.front().W));
      path_.erase(path_.begin());
    }
  }
  /// The path begins anew.
  void forget() {
    covered_ = path_.size();
    drop();
  }

  /// Adds the field that acts.
  template <class Adder>
  void add_to(Adder& to) const {
    if (acts_) to.cells(MapSummand<Real>{B_.view()});
  }

  /// What is known of the path beyond the present time: how often numbers were drawn, then the
  /// length and the three components of each piece.
  std::vector<double> save() const {
    std::vector<double> saved{static_cast<double>(draws_)};
    for (const Piece& piece : path_) {
      saved.push_back(piece.length);
      const std::vector<double> W = piece.W.download(backend_);
      saved.insert(saved.end(), W.begin(), W.end());
    }
    return saved;
  }
  /// False if that is not what `save` gives for this film.
  bool restore(const std::vector<double>& saved) {
    const std::size_t size = 1 + 3 * grid_.cells();
    if (saved.empty() || (saved.size() - 1) % size != 0) return false;
    forget();
    draws_ = static_cast<std::uint64_t>(saved[0]);
    for (auto at = saved.begin() + 1; at != saved.end();) {
      path_.push_back({*at++, buffer()});
      const auto end = at + static_cast<std::ptrdiff_t>(size - 1);
      path_.back().W.upload(backend_, {at, end});
      at = end;
    }
    return true;
  }

  std::size_t bytes() const { return B_.bytes() * (1 + path_.size() + spare_.size()); }

 private:
  /// A piece of the path: its increment W has the variance `length` [s].
  struct Piece {
    double length;
    Buffer W;
  };

  /// Has pieces end where the step does: divides the one that crosses its end, or draws what is
  /// missing. The number of pieces in the step.
  std::size_t cover(double dt) {
    double left = dt;
    for (std::size_t k = 0;; ++k) {
      if (k == path_.size()) {
        path_.push_back({left, buffer()});
        backend_.template for_each_cell<Stencil>(
            grid_, WienerPass<Real>{static_cast<Real>(std::sqrt(left)), seed_, draws_++,
                                    path_.back().W.view()});
        return k + 1;
      }
      const double beyond = path_[k].length - left;
      if (std::abs(beyond) <= 1e-9 * dt) return k + 1;
      if (beyond > 0) {
        divide(k, left);
        return k + 1;
      }
      left -= path_[k].length;
    }
  }

  /// Divides piece k after `length`.
  void divide(std::size_t k, double length) {
    const double whole = path_[k].length, part = length / whole;
    Piece before{length, buffer()};
    backend_.template for_each_cell<Stencil>(
        grid_, BridgePass<Real>{static_cast<Real>(part),
                                static_cast<Real>(std::sqrt(part * (1 - part) * whole)), seed_,
                                draws_++, before.W.view(), path_[k].W.view()});
    path_[k].length = whole - length;
    path_.insert(path_.begin() + static_cast<std::ptrdiff_t>(k), std::move(before));
  }

  Buffer buffer() {
    if (spare_.empty()) return Buffer(backend_, grid_.cells());
    Buffer used = std::move(spare_.back());
    spare_.pop_back();
    return used;
  }

  const Backend& backend_;
  Grid grid_;
  std::uint64_t seed_;
  Param<Real, Mapped> strength_;  // [T s^(1/2)]
  Buffer B_;
  bool acts_ = false;
  std::vector<Piece> path_;  // from the present time on
  std::size_t covered_ = 0;  // pieces of the present step
  std::uint64_t draws_ = 0;  // counts the numbers of the path
  std::vector<Buffer> spare_;
};

}  // namespace kubomag
