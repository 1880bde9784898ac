#pragma once
// The elements of LocalTables at one direction of m, and what their errors are measured by.
#include <string>
#include <vector>

#include "khat/cubic_fit.hpp"
#include "khat/electron_model.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {

constexpr int table_elements = 10;  // 6 of spin, 4 of charge

/// "m = (0.6000, 0.0000, 0.8000)" for messages.
std::string direction_text(const Eigen::Vector3d& m);
/// "1.2, 3.4 meV", ascending, from energies in J.
std::string energies_text(std::vector<double> energies);

/// Appends the elements at m in the laboratory frame, K_zx and K_zy over `in_plane`; `swapped`: of
/// S K(S m) (Symmetry::swapped_rotation). Returns the model's estimate of its relative error.
/// Throws like the model, with the direction and the band edges there.
double append_elements(const ElectronModel& model, LocalTables::Drive drive,
                       const Eigen::Vector3d& m, bool swapped, double in_plane,
                       std::vector<double>& out);

/// The largest element of spin and of charge over some directions without symmetry between begin
/// and end, for every component of f.
std::vector<double> scales_of(const VectorFunction& f, double begin, double end);

/// No fit can follow the noise of the model's own numerics.
inline double attainable(double tolerance, double model_error) {
  return std::max(tolerance, 12 * model_error);
}

}  // namespace kubomag
