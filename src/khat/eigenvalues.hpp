#pragma once
// Eigenvalues of a general 4 x 4 matrix, whose solver takes ten seconds to compile.
#include <Eigen/Core>

namespace kubomag {

/// In the order of Eigen's solver; real, or in pairs to the last bit.
Eigen::Vector4cd eigenvalues(const Eigen::Matrix4d& matrix);

}  // namespace kubomag
