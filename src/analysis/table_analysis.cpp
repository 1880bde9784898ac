#include "analysis/table_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/texture.hpp"

namespace kubomag {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double length(Vec2<double> r) { return std::hypot(r.x, r.y); }

}  // namespace

Trail::Point Trail::add(const FilmView& film, double t, Vec2<double> position) {
  Point point{position, {nothing, nothing}};
  if (last_) {
    const Vec2<double> step = film.shortest({position.x - last_->x, position.y - last_->y});
    point.position = {last_->x + step.x, last_->y + step.y};
    if (t > time_) point.velocity = {step.x / (t - time_), step.y / (t - time_)};
  }
  resume(t, point.position);
  return point;
}

void Trail::resume(double t, Vec2<double> position) {
  last_ = position;
  time_ = t;
}

void TableAnalysis::resume(const std::function<double(const std::string&)>& value) {
  const auto go_on = [&](Trail& trail, const char* x, const char* y) {
    const Vec2<double> position{value(x), y ? value(y) : 0};
    if (std::isfinite(position.x)) trail.resume(value("t"), position);
  };
  for (const Analysis one : wanted_) {
    if (one == Analysis::skyrmion) go_on(skyrmion_, "skyrmion_x", "skyrmion_y");
    if (one == Analysis::skyrmions)
      census_.resume(value("skyrmion_count"), value("skyrmion_created"),
                     value("skyrmion_annihilated"));
    if (one == Analysis::wall) go_on(wall_, "wall_x", nullptr);
  }
}

std::vector<Observable> TableAnalysis::row(double t, const std::vector<double>& m,
                                           Vec2<double> window) {
  const FilmView film{grid_, m};
  const auto asks = [&](Analysis one) {
    return std::find(wanted_.begin(), wanted_.end(), one) != wanted_.end();
  };
  std::vector<SkyrmionCore> cores;
  if (asks(Analysis::skyrmion) || asks(Analysis::skyrmions)) cores = find_skyrmions(film);
  std::vector<Observable> all;
  for (const Analysis one : wanted_) {
    if (one == Analysis::charge) add_charge(film, all);
    if (one == Analysis::skyrmion) add_skyrmion(film, cores, t, window, all);
    if (one == Analysis::skyrmions) add_census(cores, all);
    if (one == Analysis::wall) add_wall(film, t, window, all);
    if (one == Analysis::max_angle) all.push_back({"max_angle", "rad", largest_angle(film)});
  }
  return all;
}

void TableAnalysis::add_charge(const FilmView& film, std::vector<Observable>& all) const {
  all.push_back({"Q", "", charge_on_lattice(film)});
  all.push_back({"Q_fd", "", charge_by_differences(film)});
}

void TableAnalysis::add_census(const std::vector<SkyrmionCore>& cores,
                               std::vector<Observable>& all) {
  const auto count = static_cast<double>(cores.size());
  census_.add(count);
  all.push_back({"skyrmion_count", "", count});
  all.push_back({"skyrmion_created", "", census_.created()});
  all.push_back({"skyrmion_annihilated", "", census_.annihilated()});
}

/// The skyrmion that is nearest to where it was last; at first the largest.
std::size_t TableAnalysis::followed(const FilmView& film, const std::vector<SkyrmionCore>& cores,
                                    Vec2<double> window) const {
  const auto rank = [&](const SkyrmionCore& core) {
    if (!skyrmion_.last()) return -core.radius;
    return length(film.shortest({core.centre.x + window.x - skyrmion_.last()->x,
                                 core.centre.y + window.y - skyrmion_.last()->y}));
  };
  const auto best = std::min_element(
      cores.begin(), cores.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return static_cast<std::size_t>(best - cores.begin());
}

void TableAnalysis::add_skyrmion(const FilmView& film, const std::vector<SkyrmionCore>& cores,
                                 double t, Vec2<double> window, std::vector<Observable>& all) {
  Trail::Point point{{nothing, nothing}, {nothing, nothing}};
  Vec2<double> mz_centre = point.position;
  double radius = nothing, helicity = nothing;
  if (!cores.empty()) {
    const std::size_t own = followed(film, cores, window);
    const SkyrmionShape shape = measure_skyrmion(film, cores, own);
    point = skyrmion_.add(film, t, {shape.centre.x + window.x, shape.centre.y + window.y});
    const Vec2<double> apart =
        film.shortest({cores[own].centre.x - shape.centre.x, cores[own].centre.y - shape.centre.y});
    mz_centre = {point.position.x + apart.x, point.position.y + apart.y};
    radius = cores[own].radius, helicity = shape.helicity;
  }
  const Vec2<double> v = point.velocity;
  const std::initializer_list<Observable> columns{
      {"skyrmion_x", "m", point.position.x},
      {"skyrmion_y", "m", point.position.y},
      {"skyrmion_mz_x", "m", mz_centre.x},
      {"skyrmion_mz_y", "m", mz_centre.y},
      {"skyrmion_radius", "m", radius},
      {"skyrmion_helicity", "rad", helicity},
      {"skyrmion_vx", "m/s", v.x},
      {"skyrmion_vy", "m/s", v.y},
      {"skyrmion_v_angle", "rad", std::atan2(v.y, v.x)}};
  all.insert(all.end(), columns);
}

void TableAnalysis::add_wall(const FilmView& film, double t, Vec2<double> window,
                             std::vector<Observable>& all) {
  const Wall wall = find_wall(film);
  Trail::Point point{{nothing, nothing}, {nothing, nothing}};
  if (std::isfinite(wall.x)) point = wall_.add(film, t, {wall.x + window.x, 0});
  all.push_back({"wall_x", "m", point.position.x});
  all.push_back({"wall_angle", "rad", wall.angle});
  all.push_back({"wall_vx", "m/s", point.velocity.x});
}

}  // namespace kubomag
