#pragma once
// The table's columns that are made of the texture, with velocities from row to row.
#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/skyrmions.hpp"
#include "kubomag/engine.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag {

/// A position that is followed from row to row: through periodic edges without a jump.
class Trail {
 public:
  struct Point {
    Vec2<double> position;  // from the film's centre at the start, going on beyond the edges [m]
    Vec2<double> velocity;  // since the point before, NaN for the first [m/s]
  };
  /// `position` is within the film; the nearest of its periodic images is meant.
  Point add(const FilmView& film, double t, Vec2<double> position);
  /// Goes on from a point found earlier.
  void resume(double t, Vec2<double> position);
  const std::optional<Vec2<double>>& last() const { return last_; }

 private:
  std::optional<Vec2<double>> last_;
  double time_ = 0;
};

/// How many skyrmions came and went from row to row: the count's rises and falls since the first
/// row.
class Census {
 public:
  void add(double count) {
    if (count_) created_ += std::max(0.0, count - *count_);
    if (count_) annihilated_ += std::max(0.0, *count_ - count);
    count_ = count;
  }
  void resume(double count, double created, double annihilated) {
    count_ = count, created_ = created, annihilated_ = annihilated;
  }
  double created() const { return created_; }
  double annihilated() const { return annihilated_; }

 private:
  std::optional<double> count_;
  double created_ = 0, annihilated_ = 0;
};

class TableAnalysis {
 public:
  TableAnalysis(const Grid& grid, std::vector<Analysis> wanted)
      : grid_(grid), wanted_(std::move(wanted)) {}

  bool empty() const { return wanted_.empty(); }

  /// Names, units and values for the film `m` at the time t [s], whose frame has moved by
  /// `window` [m]. NaN where there is nothing to measure: no skyrmion, no row before.
  std::vector<Observable> row(double t, const std::vector<double>& m, Vec2<double> window = {});

  /// Makes the next row follow a row of an earlier run; `value` gives its numbers by name.
  void resume(const std::function<double(const std::string&)>& value);

 private:
  void add_charge(const FilmView& film, std::vector<Observable>& all) const;
  void add_census(const std::vector<SkyrmionCore>& cores, std::vector<Observable>& all);
  void add_skyrmion(const FilmView& film, const std::vector<SkyrmionCore>& cores, double t,
                    Vec2<double> window, std::vector<Observable>& all);
  void add_wall(const FilmView& film, double t, Vec2<double> window, std::vector<Observable>& all);
  std::size_t followed(const FilmView& film, const std::vector<SkyrmionCore>& cores,
                       Vec2<double> window) const;

  Grid grid_;
  std::vector<Analysis> wanted_;
  Trail skyrmion_, wall_;
  Census census_;
};

}  // namespace kubomag
