#pragma once
// What a microscopic model gives to everything behind it (torque tables, `kubomag khat`, Thiele):
// spin density and current of its electrons in a uniform field, at any direction of m.
#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "khat/jump_curve.hpp"

namespace kubomag {

struct FermiSurface;  // fermi_surface.hpp

/// Response at one direction of m. B_SOT = Delta_sd <sigma>/(Ms t) is the field on m and
/// -gamma m x B_SOT its torque; E-drive: <sigma> = K_E E, J-drive: <sigma> = K_J() j.
struct LocalResponse {
  Eigen::Matrix2d sigma;            // sheet conductivity, Hall part included [1/Ohm]
  Eigen::Matrix<double, 3, 2> K_E;  // density of the Pauli vector per field, q K_hat [1/(V m)]
  double relative_error = 0;        // estimate of the numerics, of the largest element

  /// Per sheet current density j [A/m] that is imposed, Hall current blocked [1/(A m)].
  Eigen::Matrix<double, 3, 2> K_J() const { return K_E * sigma.inverse(); }
};

/// How K_E depends on the azimuth of m.
enum class Symmetry {
  rotation,          // with P the rotation about z that takes m to (sin theta, 0, cos theta),
                     // P K_E(m) P^T = K_E(P m): the polar angle alone needs a table
  swapped_rotation,  // the same of S K_E(S m), S: (x, y, z) -> (y, x, -z): an exchange of m and
                     // spin alone, the field stays
  none
};

/// Directions of m on half a great circle: from `pole` over `side`, perpendicular to it, to -pole.
struct Arc {
  Eigen::Vector3d pole, side;
  Eigen::Vector3d at(double theta) const { return std::cos(theta) * pole + std::sin(theta) * side; }
};

class ElectronModel {
 public:
  virtual ~ElectronModel() = default;
  virtual std::string name() const = 0;
  virtual Symmetry symmetry() const = 0;
  virtual double Delta_sd() const = 0;  // coupling of m to sigma, H = ... - Delta_sd m.sigma [J]

  /// Throws InputError outside the model's range, and unless |m| = 1 within 1e-9.
  virtual LocalResponse response(const Eigen::Vector3d& m) const = 0;

  /// The electrons at the Fermi energy and their impurities, for the scales of `kubomag khat`; none
  /// for a model without bands. Throws like response.
  virtual std::shared_ptr<const FermiSurface> fermi_surface(const Eigen::Vector3d&) const {
    return {};
  }

  /// Angles on the arc, ascending within [0, pi], at which the response jumps because a band edge
  /// crosses the Fermi energy; 0 or pi where it does so at the pole itself. Never interpolate
  /// across one.
  virtual std::vector<double> jumps(const Arc& arc) const = 0;
  /// The same on the meridian at the azimuth phi.
  std::vector<double> jumps(double phi) const {
    return jumps(Arc{Eigen::Vector3d::UnitZ(), {std::cos(phi), std::sin(phi), 0}});
  }

  /// The curves of m on which the response jumps: wherever `jumps` finds one, and each as exactly
  /// as polynomials of its places can be (1e-10 rad). None of a model whose jumps are known on arcs
  /// only.
  virtual const std::vector<JumpCurve>& jump_curves() const {
    static const std::vector<JumpCurve> none;
    return none;
  }

  /// How close to places where these curves cross, and to their cusps, they are known and the
  /// response has its digits at a cost that is worth it [rad]: a table has rectangles of that size
  /// there, and at cusps as far as `around_cusps`.
  struct Closest {
    double to_crossings = 1e-3, to_cusps = 2e-3, around_cusps = 7e-3;
  };
  virtual Closest closest() const { return {}; }

  /// Energies of the edges of the bands at m (minima, maxima and saddles that the model knows), for
  /// messages [J].
  virtual std::vector<double> band_edges(const Eigen::Vector3d&) const { return {}; }

  /// How exactly, at least, `jumps` are known [rad].
  virtual double jump_accuracy() const { return 1e-11; }

  /// Axes round which the jumps may go, unit vectors, the film normal first. Without symmetry only.
  virtual std::vector<Eigen::Vector3d> axes() const { return {Eigen::Vector3d::UnitZ()}; }
};

}  // namespace kubomag
