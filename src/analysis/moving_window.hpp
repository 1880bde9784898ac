#pragma once
// A film that moves along with its skyrmion or wall, by whole cells (docs/skyrmions.md, "Moving
// window").
#include <vector>

#include "kubomag/engine.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag {

/// m with everything `nx` cells further left and `ny` further down; what comes in repeats the
/// column or row at that edge. Throws InputError for shifts as large as the film.
std::vector<double> shifted_film(const Grid& grid, const std::vector<double>& m, int nx, int ny);

/// Looks where the skyrmion closest to the film's centre, or the wall, is and brings it back to the
/// centre to within a cell. The shift depends on m alone, so that a resumed run goes on to the bit.
class MovingWindow {
 public:
  MovingWindow(const Grid& grid, const Window& window) : grid_(grid), window_(window) {}

  /// To be called after every `Window::every` steps; counts the cells in `state`.
  void follow(Engine& engine, SimulationState& state) const;

 private:
  Vec2<double> offset(const std::vector<double>& m) const;

  Grid grid_;
  Window window_;
};

}  // namespace kubomag
