#include "khat/jumps.hpp"

namespace kubomag {
namespace {

struct Sample {
  double at;
  int label;
};

void bisect(const std::function<int(double)>& label, const Sample& left, const Sample& right,
            double resolution, std::vector<double>& out) {
  if (left.label == right.label) return;
  const double middle = 0.5 * (left.at + right.at);
  if (right.at - left.at > resolution) {
    const Sample mid{middle, label(middle)};
    bisect(label, left, mid, resolution, out);
    bisect(label, mid, right, resolution, out);
  } else if (out.empty() || middle - out.back() > 1e-6) {
    out.push_back(middle);
  }
}

}  // namespace

std::vector<double> label_changes(const std::function<int(double)>& label, double low, double high,
                                  int samples, double resolution) {
  std::vector<double> out;
  Sample left{low, label(low)};
  for (int i = 1; i <= samples; ++i) {
    const double at = low + (high - low) * i / samples;
    const Sample right{at, label(at)};
    bisect(label, left, right, resolution, out);
    left = right;
  }
  return out;
}

}  // namespace kubomag
