#include "khat/patch_tree.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "khat/parallel.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::MatrixXd;
using Eigen::Vector2d;
using Eigen::VectorXd;

constexpr int n = Patch::nodes;
constexpr std::size_t row = n;
constexpr double slow_fall = 0.05, what_follows = 8;
constexpr double checks[][2] = {{0.371, -0.217}, {-0.643, 0.832}};  // of the square from -1 to 1

/// Chebyshev's nodes, and the coefficients of his polynomials from the values there.
struct Chebyshev {
  double at[n];
  Eigen::Matrix<double, n, n> from_values;
  Chebyshev() {
    for (int k = 0; k < n; ++k) {
      const double angle = pi * (k + 0.5) / n;
      at[k] = std::cos(angle);
      for (int j = 0; j < n; ++j)
        from_values(j, k) = (j == 0 ? 1.0 : 2.0) / n * std::cos(j * angle);
    }
  }
};

const Chebyshev& chebyshev() {
  static const Chebyshev rule;
  return rule;
}

/// Values of the polynomials at the places, one row each.
MatrixXd polynomials(const VectorXd& at, double low, double high) {
  MatrixXd out(at.size(), n);
  for (int i = 0; i < at.size(); ++i) {
    const double x = high == low ? 0 : (2 * at[i] - low - high) / (high - low);
    out(i, 0) = 1, out(i, 1) = x;
    for (int j = 2; j < n; ++j) out(i, j) = 2 * x * out(i, j - 1) - out(i, j - 2);
  }
  return out;
}

double within(double low, double high, double x) { return 0.5 * (low + high + x * (high - low)); }

}  // namespace

Patch::Patch(const PatchFunction& f, const PatchRange& range, const double* scales)
    : range_(range) {
  const Chebyshev& rule = chebyshev();
  const int along_u = range.constant ? 1 : n;
  std::vector<double> values(row * row * table_elements), errors(row * row, 0.0);
  const auto place = [&](std::size_t i) {
    const double s = range.constant ? range.s_0 : within(range.s_0, range.s_1, rule.at[i / n]);
    return Vector2d(range.variable.u(s), within(range.v_0, range.v_1, rule.at[i % n]));
  };
  in_parallel(std::size_t(along_u) * n, [&](std::size_t i) {
    const Vector2d at = place(i);
    errors[i] = f(at[0], at[1], &values[i * table_elements]);
  });
  if (range.constant)
    for (std::size_t i = row * table_elements; i < values.size(); ++i)
      values[i] = values[i - row * table_elements];
  const auto worst = std::max_element(errors.begin(), errors.end());
  model_error_ = *worst;
  model_error_at_ = place(std::size_t(worst - errors.begin()));
  transform(values, scales);
  compare(f, scales);
}

void Patch::transform(const std::vector<double>& values, const double* scales) {
  const auto& T = chebyshev().from_values;
  double middle[2] = {0, 0};
  for (int c = 0; c < table_elements; ++c) {
    Eigen::Matrix<double, n, n> at;
    for (int i = 0; i < n * n; ++i) at(i / n, i % n) = values[std::size_t(i) * table_elements + c];
    const Eigen::Matrix<double, n, n> own = T * at * T.transpose();
    for (const int j : {n - 2, n - 1}) {
      tails_[0] = std::max(tails_[0], own.row(j).norm() / scales[c]);
      tails_[1] = std::max(tails_[1], own.col(j).norm() / scales[c]);
    }
    for (const int j : {n / 2 - 1, n / 2}) {
      middle[0] = std::max(middle[0], own.row(j).norm() / scales[c]);
      middle[1] = std::max(middle[1], own.col(j).norm() / scales[c]);
    }
    coefficients_.emplace_back(own);
  }
  // Coefficients that hardly fall are those of a kink: what follows them adds up.
  for (const int along : {0, 1})
    if (tails_[along] > slow_fall * middle[along]) tails_[along] *= what_follows;
}

void Patch::compare(const PatchFunction& f, const double* scales) {
  error_ = std::max(tails_[0], tails_[1]);
  check_ = {range_.variable.u(within(range_.s_0, range_.s_1, 0)),
            within(range_.v_0, range_.v_1, 0)};
  std::vector<MatrixXd> own;
  for (const auto& check : checks) {
    const double s = range_.constant ? range_.s_0 : within(range_.s_0, range_.s_1, check[0]);
    const double v = within(range_.v_0, range_.v_1, check[1]);
    double exact[table_elements];
    f(range_.variable.u(s), v, exact);
    sample(VectorXd::Constant(1, s), VectorXd::Constant(1, v), own);
    for (int c = 0; c < table_elements; ++c) {
      const double error = std::abs(own[c](0, 0) - exact[c]) / scales[c];
      if (error <= error_) continue;
      error_ = error;
      check_ = {range_.variable.u(s), v};
    }
  }
}

void Patch::sample(const VectorXd& s, const VectorXd& v, std::vector<MatrixXd>& out) const {
  const MatrixXd left = polynomials(s, range_.s_0, range_.s_1);
  const MatrixXd right = polynomials(v, range_.v_0, range_.v_1).transpose();
  out.resize(table_elements);
  for (int c = 0; c < table_elements; ++c)
    out[std::size_t(c)].noalias() = left * coefficients_[std::size_t(c)] * right;
}

PatchTree::PatchTree(PatchFunction f, const std::vector<PatchRange>& ranges, PatchOptions options)
    : f_(std::move(f)), options_(std::move(options)) {
  nodes_.emplace_back();
  plant(0, ranges, 0, ranges.size());
  using Rank = std::pair<double, int>;  // error, node: the later one first among equals
  std::priority_queue<Rank> coarse;
  const auto consider = [&](int node) {
    const Patch& patch = patches_[std::size_t(nodes_[std::size_t(node)].next)];
    if (!is_fine(patch) && !is_smallest(patch)) coarse.emplace(patch.error(), node);
  };
  for (int node = 0; node < int(nodes_.size()); ++node)
    if (nodes_[std::size_t(node)].along < 0) consider(node);
  while (!coarse.empty() && int(patches_.size()) < options_.most) {
    const auto [error, node] = coarse.top();
    coarse.pop();
    divide(node);
    const std::size_t others = coarse.size();
    for (const int half : {0, 1}) consider(nodes_[std::size_t(node)].next + half);
    coarse_halves_ += int(coarse.size() - others);
    note_fall(node, error);
    if (!options_.report) continue;
    const auto made = double(patches_.size());
    options_.report(made /
                    (made + patches_left(coarse.empty() ? 0 : coarse.top().first, coarse.size())));
  }
  summarise();
}

void PatchTree::plant(int node, const std::vector<PatchRange>& ranges, std::size_t begin,
                      std::size_t end) {
  if (end - begin == 1) {
    nodes_[std::size_t(node)].next = int(patches_.size());
    patches_.emplace_back(f_, ranges[begin], options_.scales);
    constexpr double as_many_again = 0.5;  // patches will come by divisions
    if (options_.report)
      options_.report(as_many_again * double(patches_.size()) / double(ranges.size()));
    return;
  }
  const std::size_t middle = (begin + end) / 2;
  const int next = int(nodes_.size());
  nodes_[std::size_t(node)] = {0, next, ranges[middle].begin};
  nodes_.resize(nodes_.size() + 2);
  plant(next, ranges, begin, middle);
  plant(next + 1, ranges, middle, end);
}

void PatchTree::note_fall(int node, double error_before) {
  double worst = 0;
  const auto next = std::size_t(nodes_[std::size_t(node)].next);
  for (const std::size_t half : {0, 1})
    worst = std::max(worst, patches_[std::size_t(nodes_[next + half].next)].error());
  ++divisions_;
  fall_ += std::clamp(std::log(error_before / worst), 0.0, 20.0);
}

/// As many levels of halves as the errors take to fall, each with as many coarse ones as so far.
double PatchTree::patches_left(double worst, std::size_t coarse) const {
  if (coarse == 0) return 0;
  const double fall = std::max(0.1, fall_ / divisions_);
  const double share = std::max(0.1, double(coarse_halves_) / divisions_);
  const double most = double(options_.most) - double(patches_.size());
  double levels = std::log(4 * worst / options_.tolerance) / fall, of_level = double(coarse);
  double left = 0;
  for (; levels > 0 && left < most; levels -= 1) left += 2 * of_level, of_level *= share;
  return std::min(left, most);
}

bool PatchTree::is_fine(const Patch& patch) const {
  return patch.error() <= 0.25 * attainable(options_.tolerance, patch.model_error());
}

bool PatchTree::is_smallest(const Patch& patch) const {
  const PatchRange& r = patch.range();
  const double u_0 = r.variable.u(r.s_0), u_1 = r.variable.u(r.s_1);
  const Vector2d lengths = options_.lengths(0.5 * (u_0 + u_1), 0.5 * (r.v_0 + r.v_1));
  return std::abs(u_1 - u_0) * lengths[0] < options_.smallest &&
         (r.v_1 - r.v_0) * lengths[1] < options_.smallest;
}

void PatchTree::divide(int node) {
  const int number = nodes_[std::size_t(node)].next;
  const Patch& whole = patches_[std::size_t(number)];
  const int along = whole.range().constant || whole.tail(1) > whole.tail(0) ? 1 : 0;
  PatchRange left = whole.range(), right = left;
  double split = 0;
  if (along == 0) {
    const double s = 0.5 * (left.s_0 + left.s_1);
    left.s_1 = right.s_0 = s;
    right.begin = split = left.variable.u(s);
  } else {
    left.v_1 = right.v_0 = split = 0.5 * (left.v_0 + left.v_1);
  }
  Patch first(f_, left, options_.scales), second(f_, right, options_.scales);
  const int next = int(nodes_.size());
  nodes_[std::size_t(node)] = {along, next, split};
  nodes_.push_back({-1, number, 0});
  nodes_.push_back({-1, int(patches_.size()), 0});
  patches_[std::size_t(number)] = std::move(first);
  patches_.push_back(std::move(second));
}

void PatchTree::summarise() {
  for (const Patch& patch : patches_) {
    if (!is_smallest(patch) && patch.error() > error_) {
      error_ = patch.error();
      error_at_ = patch.check();
    }
    if (patch.model_error() > model_error_) {
      model_error_ = patch.model_error();
      model_error_at_ = patch.model_error_at();
    }
  }
}

}  // namespace kubomag
