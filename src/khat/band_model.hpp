#pragma once
// Two bands with any spin-orbit field, H = h0(k) + h(k).sigma - Delta_sd m.sigma, and what every
// numerical treatment of them asks at one k: energies E = h0 + s |B|, B = h - Delta_sd m, spins
// s B/|B| and velocities of the bands s = +1, -1.
#include <Eigen/Core>
#include <functional>
#include <span>
#include <vector>

namespace kubomag {

struct BandPoint {
  double h0 = 0;      // [J]
  Eigen::Vector3d h;  // [J]
};

struct BandGradient {
  Eigen::Vector2d h0;             // d/dk [J m]
  Eigen::Matrix<double, 3, 2> h;  // columns d/dkx, d/dky [J m]
  BandPoint value = {};           // where they are taken
};

/// The same at many k.
struct BandColumns {
  std::vector<double> h0, hx, hy, hz;  // [J]
};

struct BandModel {
  std::function<BandPoint(double, double)> point;        // at kx, ky [1/m]
  std::function<BandGradient(double, double)> gradient;  // if empty or not finite: differences
  double fermi_energy = 0;                               // [J]
  double Delta_sd = 0;                                   // [J]
  double cutoff = 0;  // the bands end at |k| = cutoff, outside all Fermi contours [1/m]
  /// `point` at many kx, ky at once, where that is faster; may be empty.
  std::function<BandColumns(std::span<const double>, std::span<const double>)> points = {};
};

/// The bands, without the exchange, at many kx, ky [1/m].
BandColumns band_columns(const BandModel& model, std::span<const double> kx,
                         std::span<const double> ky);

/// Throws InputError unless `point` is given, fermi_energy, Delta_sd and cutoff are finite,
/// Delta_sd is not 0 and cutoff is positive.
void check_bands(const BandModel& model);

/// The bands at one direction of m.
class Bands {
 public:
  /// `length` [1/m] is a scale on which h0 and h vary, for differences. Keeps a reference to the
  /// model.
  Bands(const BandModel& model, const Eigen::Vector3d& m, double length)
      : model_(&model), exchange_(model.Delta_sd * m), step_(0.002 * length) {}

  BandPoint at(const Eigen::Vector2d& k) const {
    return with_exchange(model_->point(k.x(), k.y()));
  }
  const Eigen::Vector3d& exchange() const { return exchange_; }  // Delta_sd m
  /// h0 and B from h0 and h.
  BandPoint with_exchange(const BandPoint& p) const { return {p.h0, p.h - exchange_}; }
  double energy(const Eigen::Vector2d& k, int band) const { return energy_of(at(k), band); }
  static double energy_of(const BandPoint& p, int band) { return p.h0 + band * p.h.norm(); }

  struct State {
    double energy = 0;         // [J]
    Eigen::Vector3d spin;      // <sigma>
    Eigen::Vector2d velocity;  // dE/dk [J m]
    double B = 0;              // s |B| [J]
  };
  State state(const Eigen::Vector2d& k, int band) const;
  BandGradient gradient(const Eigen::Vector2d& k) const;

 private:
  const BandModel* model_;
  Eigen::Vector3d exchange_;
  double step_;
};

}  // namespace kubomag
