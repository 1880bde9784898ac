#include "khat/jumps.hpp"

namespace kubomag {

std::vector<double> sign_changes(const std::function<double(double)>& f, double low, double high,
                                 int samples) {
  std::vector<double> roots;
  double left = low;
  bool below = f(low) < 0;
  for (int i = 1; i <= samples; ++i) {
    const double right = low + (high - low) * i / samples;
    const bool right_below = f(right) < 0;
    if (right_below != below) {
      double a = left, b = right;
      for (double mid = 0.5 * (a + b); mid > a && mid < b; mid = 0.5 * (a + b))
        ((f(mid) < 0) == below ? a : b) = mid;
      roots.push_back(0.5 * (a + b));
    }
    left = right, below = right_below;
  }
  return roots;
}

}  // namespace kubomag
