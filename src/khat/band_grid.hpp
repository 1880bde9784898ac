#pragma once
// Where to look for Fermi contours: the bands on rings of |k| from cutoff/10^6 to the cutoff, equal
// in log |k|, so that a contour is seen whatever its size. The values do not depend on m.
#include <utility>
#include <vector>

#include "khat/band_model.hpp"

namespace kubomag {

class BandGrid {
 public:
  /// Throws InputError where the bands are not finite.
  explicit BandGrid(const BandModel& model);

  struct Node {
    Eigen::Vector2d k;
    BandPoint point;  // without the exchange
  };
  const std::vector<Node>& nodes() const { return nodes_; }
  /// Pairs of nodes next to each other on a ring or on a ray.
  const std::vector<std::pair<int, int>>& edges() const { return edges_; }
  /// The nodes around one, none for those on the cutoff.
  const std::vector<int>& around(int node) const { return around_[node]; }

 private:
  std::vector<Node> nodes_;
  std::vector<std::pair<int, int>> edges_;
  std::vector<std::vector<int>> around_;

  void connect();
};

}  // namespace kubomag
