#include "setup/gauss_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace kubomag;

// The moments of the weight 1 - |s|: int |s|^p (1 - |s|) ds = 2 / ((p + 1) (p + 2)) for even p.
TEST(TriangleRule, IntegratesPolynomialsUpToItsDegree) {
  for (int count = 1; count <= 24; ++count) {
    const GaussRule rule = triangle_rule(count);
    ASSERT_EQ(rule.nodes.size(), static_cast<size_t>(count));
    for (int p = 0; p <= 2 * count - 1; ++p) {
      double sum = 0;
      for (size_t i = 0; i < rule.nodes.size(); ++i)
        sum += rule.weights[i] * std::pow(rule.nodes[i], p);
      EXPECT_NEAR(sum, p % 2 == 1 ? 0 : 2.0 / ((p + 1.0) * (p + 2.0)), 4e-15) << count << " " << p;
    }
  }
}

TEST(TriangleRule, HasTheNodesFoundByHand) {
  EXPECT_NEAR(triangle_rule(1).nodes[0], 0, 1e-16);
  EXPECT_NEAR(triangle_rule(2).nodes[1], std::sqrt(1.0 / 6), 1e-15);  // beta_1 = <s^2>
  EXPECT_NEAR(triangle_rule(3).nodes[2], std::sqrt(0.4), 1e-15);      // <s^4>/<s^2>
}
