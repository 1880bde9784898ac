#pragma once
// One closed contour E(k) = energy of a band of any shape: traced with a predictor and a corrector,
// then described so that sums over it converge exponentially.
#include <complex>
#include <memory>
#include <optional>
#include <vector>

#include "khat/band_model.hpp"
#include "khat/contour.hpp"

namespace kubomag {

/// A point on the contour and a length along it on which it hardly bends [1/m].
struct LoopSeed {
  Eigen::Vector2d k;
  double step = 0;
};

class BandLoop {
 public:
  /// Follows the contour of `band` (+1 or -1) through the seed once around. Throws InputError where
  /// it leaves the cutoff, where the velocity vanishes and where the contour is too finely bent.
  BandLoop(const Bands& bands, int band, double energy, double cutoff, const LoopSeed& seed);

  int band() const { return band_; }
  /// Largest |k| [1/m].
  double extent() const { return extent_; }

  /// Whether k, on or near the contour with the velocity v, belongs to this loop: within `distance`
  /// of it, and the energy rises towards the same side. For one thread: looks first where it found
  /// the last one.
  bool contains(const Eigen::Vector2d& k, const Eigen::Vector2d& v, double distance) const;

  double energy() const { return energy_; }
  /// Nodes without which sums over the contour may seem to converge: waves of c(u) between them.
  int fewest_nodes() const;

  /// A start for the next node: how far along the normal, and the slope of the energy there.
  struct Hint {
    double r = 0, slope = 0;
    bool known = false;
  };
  struct Curve {
    Eigen::Vector2d c, dc, ddc;  // c(u), a trigonometric polynomial near it, and its derivatives
  };
  /// c(u) at u = 0.1 (off the axes of symmetry) + 2 pi j/count, count = 32, 64, 128, ...; all j for
  /// 32, and the odd ones, which are new, for more. Kept, for all energies; for one thread.
  const std::vector<Curve>& curves(int count) const;
  /// The state of this energy on the normal of c(u), with its weight per du; nothing where the
  /// normals do not reach the contour. Analytic in u.
  std::optional<FermiState> state_at(const Bands& bands, double energy, const Curve& at,
                                     Hint& hint) const;

 private:
  struct Point {
    Eigen::Vector2d k, velocity;
    double rate = 0;  // 1/(length on which velocity and B change) [m]
  };
  struct Parametrised {
    std::vector<double> u;  // of points_
    double period = 0;      // of u, once around
    double fastest = 0;     // largest du/ds [m]
  };

  int band_;
  double energy_, extent_ = 0;
  double stride_ = 0.08;                     // of a step, in lengths on which velocity and B change
  bool evenly_ = false;                      // and on which the change of the velocity changes
  std::vector<Point> points_;                // around the contour, at steps of about stride/rate
  std::vector<double> chords_;               // from each to the next one
  mutable std::size_t last_ = 0;             // which of them `contains` found last
  std::vector<std::complex<double>> modes_;  // of c_x + i c_y, from -highest to highest
  std::shared_ptr<std::vector<std::vector<Curve>>> curves_;  // of 32, 64, ... nodes

  Point point_at(const Bands& bands, const Eigen::Vector2d& k, double step) const;
  std::optional<Point> next(const Bands& bands, double step) const;
  void advance(const Bands& bands, double cutoff, const LoopSeed& seed, double& last);
  void trace(const Bands& bands, double cutoff, const LoopSeed& seed);
  Parametrised parametrised();
  std::vector<std::complex<double>> resampled(const Parametrised& by, int count) const;
  bool fit();
  std::vector<Curve> curves(double first, int count) const;
  std::optional<double> reach(const Bands& bands, double energy, const Curve& at,
                              const Hint& start) const;
};

/// A contour at equidistant parameters u with the weights of the trapezoid rule: 32 nodes, then
/// twice as many at every refinement. At another energy than the loop's it is that loop moved along
/// its normals.
class LoopSamples {
 public:
  /// Keeps references. Throws, like refine(), InputError where the normals do not reach the
  /// contour.
  LoopSamples(const Bands& bands, const BandLoop& loop, double energy);
  void refine();
  int count() const { return int(states_.size()); }
  bool are_enough() const { return count() >= loop_.fewest_nodes(); }
  void append_to(std::vector<FermiState>& states) const;

 private:
  const Bands& bands_;
  const BandLoop& loop_;
  double energy_;
  std::vector<FermiState> states_;
  std::vector<BandLoop::Hint> hints_;

  void add(const BandLoop::Curve& at, const BandLoop::Hint& start, std::vector<FermiState>& states,
           std::vector<BandLoop::Hint>& hints) const;
};

/// Of all loops.
bool are_enough(const std::vector<LoopSamples>& samples);

}  // namespace kubomag
