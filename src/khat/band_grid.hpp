#pragma once
// Where to look for Fermi contours: the bands on rings of |k| from cutoff/10^6 to the cutoff, equal
// in log |k|, so that a contour is seen whatever its size. The values do not depend on m.
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "khat/band_model.hpp"

namespace kubomag {

struct AxisEdge;  // axis_edge.hpp

class BandGrid {
 public:
  /// Throws InputError where the bands are not finite.
  explicit BandGrid(const BandModel& model);

  struct Node {
    Eigen::Vector2d k;
    BandPoint point;  // without the exchange
  };
  const std::vector<Node>& nodes() const { return nodes_; }
  /// The nodes around one, none for those on the cutoff.
  const std::vector<int>& around(int node) const { return around_[node]; }

  /// Energies at all nodes of the bands -1 and +1 with the exchange field Delta_sd m.
  std::array<std::vector<double>, 2> energies(const Eigen::Vector3d& exchange) const;
  /// Nodes where the bands -1 and +1 are flatter than at those around them: |dE/dk| is least there.
  std::array<std::vector<int>, 2> flattest(const Eigen::Vector3d& exchange) const;
  /// Pairs of nodes next to each other on a ring or on a ray, of energies on different sides.
  static std::vector<std::pair<int, int>> crossings(const std::vector<double>& energies,
                                                    double energy);
  /// Nodes that may be the lowest or the highest of those around them: without those between a
  /// lower and a higher one on their ray, and those on the cutoff.
  static std::vector<int> turning_points(const std::vector<double>& energies);

  /// What BandContours know of edges at the Fermi energy beside an axis; none at first.
  const std::vector<AxisEdge>& axis_edges() const { return *axis_edges_; }
  void set_axis_edges(std::vector<AxisEdge> edges);

  /// A length of the order of the largest Fermi contour, the same at every m [1/m].
  double scale() const { return scale_; }

  /// The bands, without the exchange, at the angles 2 pi (j + first)/count, j < count, of
  /// |k| = r; `first` is 0 or 1/2. Computed once: neither r nor the angles depend on m. From any
  /// thread.
  std::shared_ptr<const BandColumns> ring(double r, int count, double first) const;

  /// Euler characteristics of the regions {E < energy} of a band whose energies at the nodes are
  /// given: another number means another topology of the contours.
  static int euler_characteristic(const std::vector<double>& energies, double energy);

 private:
  struct Circle {
    std::vector<double> x, y;  // of unit vectors
  };
  using Key = std::pair<double, int>;  // of a ring: r and the count, negative if first = 0
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<double>()(key.first) * 31 + std::hash<int>()(key.second);
    }
  };
  struct Rings {
    std::mutex mutex;
    std::unordered_map<Key, std::shared_ptr<const BandColumns>, Hash> known;
    std::map<int, std::shared_ptr<const Circle>> circles;  // by the same count
    std::size_t points = 0;
  };

  BandModel model_;
  double scale_ = 0;
  std::shared_ptr<Rings> rings_ = std::make_shared<Rings>();
  std::shared_ptr<const std::vector<AxisEdge>> axis_edges_;
  std::vector<Node> nodes_;
  BandColumns columns_;                // of the nodes
  std::array<BandColumns, 2> slopes_;  // d/dkx and d/dky of them
  std::vector<std::vector<int>> around_;

  std::shared_ptr<const Circle> circle(int count, double first) const;
  void connect();
  void find_slopes();
  std::vector<int> least_of(const std::vector<double>& values) const;
};

}  // namespace kubomag
