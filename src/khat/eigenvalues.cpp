#include "khat/eigenvalues.hpp"

#include <Eigen/Eigenvalues>

namespace kubomag {

Eigen::Vector4cd eigenvalues(const Eigen::Matrix4d& matrix) { return matrix.eigenvalues(); }

}  // namespace kubomag
