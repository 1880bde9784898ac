#pragma once
// Initial textures: skyrmions, lattices of them, domain walls, helices (docs/skyrmions.md,
// "Initial states"). Lengths in m from the film's centre, angles in rad from x.
#include <vector>

#include "setup/initial_state.hpp"

namespace kubomag {

/// m = (sin theta cos Phi, sin theta sin Phi, cos theta) with Phi = (charge polarity) phi +
/// helicity. Helicity 0: Neel, m outward; pi: inward; +-pi/2: Bloch.
struct Skyrmion {
  Vec2<double> position;
  double radius = 0;    // where mz = 0
  double width = 0;     // decay length of the wall
  double helicity = 0;  // [rad]
  int polarity = -1;    // mz of the core; the film around it has the opposite one
  int charge = -1;      // Q = (1/4 pi) int m . (dm/dx x dm/dy); Q = polarity: winding once
};

struct SkyrmionLattice {
  Skyrmion motif;  // its position is that of one lattice point
  double period = 0;
  double direction = 0;  // of one line of nearest neighbours [rad]
  bool hexagonal = true;
};

/// m of a cell, given what was there before.
using StateLayer = std::function<Vec3<double>(Vec3<double> below, double x, double y)>;

/// Adds a skyrmion to what is there. The angle from the background obeys tan(theta/2) =
/// sinh(radius/width) / sinh(rho/width) (Wang et al., Commun. Phys. 1, 31 (2018), eq. 4), and
/// textures are added as stereographic coordinates tan(theta/2) exp(i Phi) (Belavin and Polyakov,
/// JETP Lett. 22, 245 (1975)): far away nothing changes, and the order does not matter. On periodic
/// axes the nearest image counts. Throws InputError unless radius and width are above 0, |polarity|
/// = 1 and charge differs from 0.
StateLayer skyrmion_layer(const Grid& grid, const Skyrmion& skyrmion);

/// The same for every point of a square or hexagonal lattice with nearest neighbours `period`
/// apart. Throws InputError too where the period is not above 0.
StateLayer skyrmion_lattice_layer(const SkyrmionLattice& lattice);

/// Straight walls at distances `positions` along `direction`; with one wall mz = polarity
/// tanh((position - s)/width), the profile of a Bloch wall (width = sqrt(Aex/K)). m turns through
/// every wall in the same sense, within the plane of z and of direction + helicity (helicity 0:
/// Neel, +-pi/2: Bloch), starting from polarity z before the first.
struct Walls {
  std::vector<double> positions;
  double width = 0, direction = 0, helicity = 0;
  int polarity = 1;
};
/// Throws InputError unless there is a wall, the width is above 0 and |polarity| = 1.
StateFunction wall_state(const Walls& walls);

/// m = cos(q s + phase) z + sin(q s + phase) e with q = 2 pi / period, s the distance along
/// `direction` and e the in-plane direction at direction + helicity: 0 is a cycloid (Neel), pi/2 a
/// Bloch helix.
struct Helix {
  double period = 0, direction = 0, helicity = 0, phase = 0;
};
/// Throws InputError unless the period is above 0.
StateFunction helix_state(const Helix& helix);

}  // namespace kubomag
