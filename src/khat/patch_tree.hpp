#pragma once
// A vector function of two variables as polynomials on rectangles, the leaves of a binary tree:
// halved along the variable that needs it, the worst one first.
#include <Eigen/Core>
#include <functional>
#include <vector>

#include "khat/fit_variable.hpp"
#include "khat/table_elements.hpp"

namespace kubomag {

/// Fills the elements at u, v; returns an estimate of the relative error of the function itself.
using PatchFunction = std::function<double(double u, double v, double* elements)>;

/// u from `begin` on, which is s_0 of its variable, to s_1; `constant`: the function is that at
/// s_0.
struct PatchRange {
  double begin = 0;
  FitVariable variable;
  double s_0 = 0, s_1 = 1, v_0 = 0, v_1 = 1;
  bool constant = false;
};

/// Chebyshev polynomials of both variables, one for every element.
class Patch {
 public:
  static constexpr int nodes = 12;

  Patch() = default;
  /// Evaluates f at nodes x nodes places, in parallel, and at two more.
  Patch(const PatchFunction& f, const PatchRange& range, const double* scales);

  const PatchRange& range() const { return range_; }
  double error() const { return error_; }                 // largest, in units of the scales
  double tail(int along) const { return tails_[along]; }  // what a longer series would change
  double model_error() const { return model_error_; }
  Eigen::Vector2d model_error_at() const { return model_error_at_; }
  Eigen::Vector2d check() const { return check_; }  // where the error was found

  /// All elements at places s, v of a tensor grid: per element (number of s) x (number of v).
  void sample(const Eigen::VectorXd& s, const Eigen::VectorXd& v,
              std::vector<Eigen::MatrixXd>& out) const;

 private:
  PatchRange range_;
  std::vector<Eigen::MatrixXd> coefficients_;  // per element: of u by of v
  double error_ = 0, tails_[2] = {0, 0}, model_error_ = 0;
  Eigen::Vector2d check_, model_error_at_;

  void transform(const std::vector<double>& values, const double* scales);
  void compare(const PatchFunction& f, const double* scales);
};

struct PatchOptions {
  double tolerance = 1e-6;         // of the scales
  const double* scales = nullptr;  // of the elements
  double smallest = 1e-9;          // of a rectangle, in the units of `lengths`: not divided further
  int most = 1500;                 // patches (crossings take 200); what is left keeps its error
  /// Lengths per unit of u and of v at a place.
  std::function<Eigen::Vector2d(double u, double v)> lengths;
  /// Told after every division which part of the work is done, 0 to 1: what is left is estimated
  /// from how the errors fell so far.
  std::function<void(double part)> report;
};

/// Ranges side by side along u, ascending, all with the same v.
class PatchTree {
 public:
  struct Node {
    int along = -1, next = 0;  // 0, 1: halves `next` and `next` + 1; -1: patch `next`
    double split = 0;          // u or v where the halves meet
  };

  PatchTree(PatchFunction f, const std::vector<PatchRange>& ranges, PatchOptions options);

  const std::vector<Node>& nodes() const { return nodes_; }
  const Patch& patch(int number) const { return patches_[number]; }
  double error() const { return error_; }  // largest left
  Eigen::Vector2d error_at() const { return error_at_; }
  double model_error() const { return model_error_; }
  Eigen::Vector2d model_error_at() const { return model_error_at_; }

 private:
  PatchFunction f_;
  PatchOptions options_;
  std::vector<Node> nodes_;
  std::vector<Patch> patches_;
  int divisions_ = 0, coarse_halves_ = 0;
  double fall_ = 0;  // of log(error), all divisions together
  double error_ = 0, model_error_ = 0;
  Eigen::Vector2d error_at_ = Eigen::Vector2d::Zero(), model_error_at_ = Eigen::Vector2d::Zero();

  void plant(int node, const std::vector<PatchRange>& ranges, std::size_t begin, std::size_t end);
  bool is_fine(const Patch& patch) const;
  bool is_smallest(const Patch& patch) const;
  void divide(int node);
  void note_fall(int node, double error_before);
  double patches_left(double worst, std::size_t coarse) const;
  void summarise();
};

}  // namespace kubomag
