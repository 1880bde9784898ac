#include "solver/local_diffusion.hpp"

namespace kubomag {
namespace {

void check_edge(const char* axis, Edge edge, bool periodic) {
  const std::string name = std::string("diffusion = \"local\": the edges along ") + axis;
  if (edge == Edge::infinite)
    throw InputError(
        name +
        " are infinite (beyond the film there is no m for D to follow); allowed are "
        "no_flux and, on a periodic grid, periodic: make the grid wider than the film, "
        "with Msat = 0 around it");
  if ((edge == Edge::periodic) != periodic)
    throw InputError(name + " must be periodic where the grid is, and no_flux where it is not");
}

}  // namespace

void check_local_diffusion(const Problem& problem) {
  const Diffusion& diffusion = problem.diffusion;
  check_edge("x", diffusion.edge_x, problem.grid.periodic_x);
  check_edge("y", diffusion.edge_y, problem.grid.periodic_y);
  if (!problem.surface) throw InputError("diffusion = \"local\" needs a surface");
  if (!(diffusion.local->e2_nu.min() > 0))
    throw InputError("diffusion = \"local\": the quantum capacitance must be positive everywhere");
  if (!problem.drive.psi.empty())
    throw InputError(
        "diffusion = \"local\": a psi given by hand cannot be used (psi follows from the balance "
        "of "
        "charge); give the field that makes it as E, or use diffusion = \"uniform\"");
}

}  // namespace kubomag
