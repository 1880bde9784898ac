#pragma once
// What drives a skyrmion in a configured film: its electrons, currents and custom torques.
#include <string>
#include <vector>

#include "analysis/thiele.hpp"
#include "io/config.hpp"

namespace kubomag::cli {

struct FilmForce {
  Vec2<double> force;                // [m/s], as in ThieleMotion
  Vec2<double> drive;                // E or j or J in the plane, what there is; 0 without
  std::vector<std::string> remarks;  // what the prediction leaves out
};

/// The force of all torques of the film at the end of its run, each from the solver's own formulas
/// at the directions of m in the skyrmion. Throws InputError where parameters or drives vary over
/// the film, and where nothing drives it.
FilmForce force_of_film(const io::RunConfig& run, const RigidSkyrmion& skyrmion);

}  // namespace kubomag::cli
