#pragma once
// Finding skyrmions and measuring them (docs/skyrmions.md, "Analysis").
#include <vector>

#include "analysis/film_view.hpp"

namespace kubomag {

struct SkyrmionCore {
  Vec2<double> centre;  // of |mz| over the core [m]
  double charge = 0;    // topological charge of the squares with a corner in the core
  double radius = 0;    // sqrt(area where mz has the core's sign / pi) [m]
  int polarity = 0;     // mz of the core
};

/// The cores of all skyrmions of the film in the order of their first cells. The background has the
/// sign of the mean mz; a core is a connected set of cells of the other sign (neighbours along x
/// and y) that touches neither edge nor vacuum and whose squares carry a topological charge above
/// 1/4: half of a sphere belongs to a core. Positions are from the film's centre; lines mz = 0 are
/// linear between cells, so that all numbers change continuously as the skyrmion moves.
std::vector<SkyrmionCore> find_skyrmions(const FilmView& film);

struct SkyrmionShape {
  Vec2<double>
      centre;         // int q w r / int q w of the topological charge density q on the lattice [m]
  double charge = 0;  // int q
  double helicity = 0;  // mean of the angle of m minus winding phi, weighted by |m_parallel| [rad]
};

/// The skyrmion number `own` of `cores`, from all that is closer to its core than to the others;
/// the weight w of the centre is 1 up to twice the radius and falls to 0 at three times; the
/// helicity is from distances up to twice the radius.
SkyrmionShape measure_skyrmion(const FilmView& film, const std::vector<SkyrmionCore>& cores,
                               std::size_t own);

}  // namespace kubomag
