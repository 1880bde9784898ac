#pragma once
// Fermi contours and the local Green function of bands that are known as functions only.
#include <array>
#include <memory>
#include <optional>

#include "khat/band_grid.hpp"
#include "khat/band_loop.hpp"

namespace kubomag {

/// All contours of the bands at one direction of m, found on a grid, at the local extrema of the
/// bands where the grid is too coarse for a pocket, and then traced.
class BandContours {
 public:
  /// `grid` belongs to `model`; both are kept by reference. Throws InputError unless |m| = 1 within
  /// 1e-9.
  BandContours(const BandModel& model, const BandGrid& grid, const Eigen::Vector3d& m);

  /// Every contour of this energy, but for shallow_pockets(). Throws InputError where BandLoop
  /// does, and at_edge(energy).
  std::vector<BandLoop> loops(double energy) const;

  /// Pockets at the Fermi energy less than 1e-9 deep, each as one state without velocity: what that
  /// leaves out is of the order of the depth.
  std::vector<FermiState> shallow_pockets() const;

  /// Whether a local extremum of a band is within 1e-11 of the energy (of the larger of it and
  /// |Delta_sd|).
  bool at_edge(double energy) const { return !edges_at(energy).empty(); }

  /// A local minimum (side +1) or maximum (-1) of a band.
  struct Edge {
    int band, side;
    double energy;
    Eigen::Vector2d k;
    double on_grid;   // the energy of the closest node, from which on `topology` counts it
    double reach;     // spacing of the grid there [1/m]
    double depth;     // side (Fermi energy - energy), of an AxisEdge with its digits ...
    bool of_axis;     // ... which this is
    bool is_shallow;  // one of shallow_pockets(), or none within 1e-9
  };
  /// Those between two energies, each once.
  std::vector<Edge> edges(double low, double high) const;
  /// Those that at_edge finds.
  std::vector<Edge> edges_at(double energy) const;
  /// Second derivatives of the band at an edge [J m^2].
  Eigen::Matrix2d curvature(const Edge& edge) const;
  /// A point of the contour around an edge at an energy beyond it, in the direction of one (0 to 3)
  /// of its axes; nothing where that is not within the cutoff.
  std::optional<LoopSeed> pocket_seed(const Edge& edge, double energy, int ray) const;

  /// A number that changes with the topology of the contours at that energy as the grid sees it:
  /// contours within one cell of the grid are missed.
  int topology(double energy) const;
  /// What a region of a band more adds to it.
  static int one_region(int band) { return band > 0 ? 1 : 1000; }
  /// Number of minima below and maxima above the Fermi energy, of the lower and the upper band.
  std::pair<int, int> pockets() const;

  /// States of all loops with `count` nodes each (32, 64, 128, ...).
  std::vector<FermiState> states(const std::vector<BandLoop>& loops, int count) const;

  const Bands& bands() const { return bands_; }
  const BandGrid& grid() const { return grid_; }

 private:
  struct Extremum {
    int node, band, side;  // side +1: minimum, -1: maximum
    double energy, depth;  // at the node; largest difference to its neighbours
    bool on_grid;          // the node is an extremum of the nodes around it
    mutable std::optional<Eigen::Vector2d> found;  // where it is, once it was needed
  };
  /// A node beside which there may be an extremum that the grid does not show.
  struct FlatNode {
    int node, band;
    double energy, depth;  // as above
    mutable bool looked_at = false;
    mutable std::optional<Extremum> extremum;
  };

  const BandModel& model_;
  const BandGrid& grid_;
  Eigen::Vector3d m_;
  Bands bands_;
  std::array<std::vector<double>, 2> energies_;  // of band -1 and +1 on the grid
  std::vector<Extremum> extrema_;
  std::vector<FlatNode> flat_nodes_;

  const Eigen::Vector2d& place_of(const Extremum& x) const;
  double energy_at(int node, int band) const { return energies_[band > 0][node]; }
  double varying_length() const;
  void find_extrema(int band);
  void find_flat_nodes();
  std::vector<const Extremum*> extrema_near(double low, double high) const;
  std::optional<Extremum> extremum_beside(const FlatNode& flat) const;
  struct Disk {
    int band;
    Eigen::Vector2d centre;
    double radius;
  };
  std::vector<Disk> disks_of_shallow_pockets(double energy) const;
  void grid_loops(double energy, int band, const std::vector<Disk>& left_out,
                  std::vector<BandLoop>& out) const;
  double scale_at(double energy) const;
  Edge edge_of(const Extremum& x) const;
  void pocket_loops(double energy, const Extremum& x, std::vector<BandLoop>& out) const;
  void add_loop(double energy, int band, const LoopSeed& seed, std::vector<BandLoop>& out) const;
};

/// Re int d^2k/(2 pi)^2 (eps - H)^-1 over |k| < cutoff, Pauli components, and an estimate of its
/// error [1/(J m^2)]. With x = eps - E, 1/x = (1 - e^{-(x/W)^2})/x + e^{-(x/W)^2}/x: the first part
/// is an entire function of H and integrated over the plane; the second is a Gauss-Hermite sum of
/// the density of states over contours at eps - W t_j, which are those at eps moved along their
/// normals where that reaches them. Of a band that begins or ends within 5 W the density of states
/// is a polynomial on one side of its edge, and the integral of the step is an exponential
/// integral. W is made smaller until 10 and 8 nodes agree to 8 digits, if they do at all. Throws
/// InputError where an edge is too close for that (or would take more than 6 10^7 points).
struct RealGreen {
  Eigen::Vector4d Re_g0;
  double error = 0;
};
RealGreen real_green(const BandModel& model, const BandContours& contours,
                     const std::vector<BandLoop>& loops);

}  // namespace kubomag
