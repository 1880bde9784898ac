#include "cli/thiele_film.hpp"

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "solver/signals.hpp"

namespace kubomag::cli {
namespace {

constexpr int azimuths = 24;
constexpr std::size_t most_distances = 400;

[[noreturn]] void refuse(const std::string& what) {
  throw InputError(what + " differs from place to place; Thiele's equation is for a uniform film");
}

/// E of the film's centre, if it is that everywhere.
Vec2<double> uniform_E(const SeparableDrive& drive, const Grid& grid) {
  const Vec2<double> E = drive.E(0, 0);
  for (int i = -2; i <= 2; ++i)
    for (int j = -2; j <= 2; ++j) {
      const Vec2<double> there = drive.E(0.2 * i * grid.size_x(), 0.2 * j * grid.size_y());
      if (std::hypot(there.x - E.x, there.y - E.y) > 1e-9 * std::hypot(E.x, E.y))
        refuse("the field of '" + drive.name + "'");
    }
  return E;
}

void refuse_other_drives(const Problem& p) {
  for (const auto& [name, map] : p.material.all())
    if (!map.uniform()) refuse("material." + name);
  if (!p.drive.sampled.empty()) refuse("the field of '" + p.drive.sampled[0].name + "'");
  if (!p.drive.psi.empty())
    throw InputError("[[psi]] changes the skyrmion's profile; leave it out to predict its motion");
  for (const auto* sources : {&p.current, &p.sheet_current})
    for (const FieldSource& source : *sources)
      if (!source.map.empty()) refuse("the current '" + source.name + "'");
  if (p.surface)
    for (const ScalarMap* map : {&p.surface->b, &p.surface->sigma_s, &p.surface->B_FL_per_E})
      if (!map->uniform()) refuse("[surface]");
  if (p.local && !p.local->table_of_cell.empty()) refuse("[surface]");
  for (const CustomTerm& term : p.custom)
    for (const FormulaNode& node : term.graph.nodes)
      if (term.kind == CustomTerm::Kind::torque &&
          (node.op == FormulaOp::x || node.op == FormulaOp::y))
        refuse("the torque '" + term.name + "'");
}

/// The film's torques without its energy and its damping, on cells with the directions `m`.
Problem at_samples(const Problem& film, const std::vector<Vec3<double>>& m) {
  Problem p = film;
  const auto count = static_cast<int>(m.size());
  p.grid = {azimuths, count / azimuths, film.grid.dx, film.grid.dy, film.grid.dz, true, true};
  p.demag.enabled = false;
  for (const char* name : {"Aex", "Dind", "Dbulk", "Ku1", "Ku2", "Kc1", "Kc2", "Kc3", "alpha",
                           "Temp", "frozen", "xi_VCMA"})
    if (p.material.contains(name)) p.material.set(name, 0.0);
  p.B_ext.clear(), p.E_z.clear();
  std::erase_if(p.custom,
                [](const CustomTerm& term) { return term.kind == CustomTerm::Kind::field; });
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::periodic;
  p.diffusion.screening.reset(), p.diffusion.local.reset();
  if (p.surface) p.surface->c0 = 0.0;
  for (SeparableDrive& drive : p.drive.separable) {
    const Vec2<double> E = uniform_E(drive, film.grid);
    drive.E = [E](double, double) { return E; };
  }
  p.m.assign(3 * m.size(), 0);
  for (std::size_t i = 0; i < m.size(); ++i)
    p.m[i] = m[i].x, p.m[m.size() + i] = m[i].y, p.m[2 * m.size() + i] = m[i].z;
  return p;
}

Vec3<double> sum_of(const std::vector<FieldSource>& sources, double t) {
  Vec3<double> sum;
  for (const FieldSource& source : sources)
    sum = sum + signal_value(source.signal, t, t) * source.value;
  return sum;
}

Vec2<double> drive_of(const Problem& p, double t) {
  Vec2<double> E;
  for (const SeparableDrive& drive : p.drive.separable) {
    const Vec2<double> one = drive.E(0, 0);
    const double factor = signal_value(drive.signal, t, t);
    E.x += factor * one.x, E.y += factor * one.y;
  }
  for (const Vec3<double> j : {sum_of(p.sheet_current, t), sum_of(p.current, t)})
    if (E.x == 0 && E.y == 0) E = {j.x, j.y};
  return E;
}

/// T [1/s] on the samples, less Zhang-Li's, which follows from the slope of m.
std::vector<Vec3<double>> torques(const Problem& p, double t) {
  const auto film = make_engine(p, {"cpu", Precision::double_precision, 0});
  film->set_time(t);
  const std::size_t n = p.grid.cells();
  const auto quantities = film->quantities();
  const bool zhang_li = std::any_of(quantities.begin(), quantities.end(),
                                    [](const Quantity& q) { return q.name == "B_ZL"; });
  const auto total = film->quantity("torque");
  const auto B = zhang_li ? film->quantity("B_ZL") : std::vector<double>(3 * n, 0.0);
  const auto at = [n](const std::vector<double>& field, std::size_t i) {
    return Vec3<double>{field[i], field[n + i], field[2 * n + i]};
  };
  std::vector<Vec3<double>> T;
  for (std::size_t i = 0; i < n; ++i)
    T.push_back(p.GammaLL * (at(total, i) + cross(at(p.m, i), at(B, i))));
  return T;
}

/// u of kernels/zhang_li_torque.hpp [m/s].
Vec2<double> drift(const Problem& p, Vec3<double> j) {
  const auto value = [&](const char* name) {
    return p.material.contains(name) ? p.material[name](0) : 0;
  };
  const double xi = value("xi");
  const double per_j =
      -value("Pol") * constants::mu_B / (constants::e_abs * value("Msat") * (1 + xi * xi));
  return {per_j * j.x, per_j * j.y};
}

}  // namespace

FilmForce force_of_film(const io::RunConfig& run, const RigidSkyrmion& skyrmion) {
  const Problem& film = run.problem;
  refuse_other_drives(film);
  const double t = run.time;
  const std::size_t stride = 1 + (skyrmion.profile.rho.size() - 1) / most_distances;
  const TorqueSamples samples(skyrmion, stride, azimuths);
  const Problem p = at_samples(film, samples.m());
  FilmForce result;
  result.force = samples.force(torques(p, t));
  const double xi = film.material.contains("xi") ? film.material["xi"](0) : 0;
  const Vec2<double> of_current =
      zhang_li_force(skyrmion, drift(film, sum_of(film.current, t)), xi);
  result.force.x += of_current.x, result.force.y += of_current.y;
  result.drive = drive_of(p, t);
  if (result.force.x == 0 && result.force.y == 0)
    throw InputError(
        "nothing drives the skyrmion; a current, a uniform E on a surface, a custom torque, or a, "
        "b, "
        "c, d in [thiele] are expected");
  if (film.surface && film.surface->c0(0) != 0)
    result.remarks.push_back("the damping by the surface's electrons is left out");
  if (film.surface &&
      (film.diffusion.edge_x == Edge::no_flux || film.diffusion.edge_y == Edge::no_flux))
    result.remarks.push_back("the charge that gathers at the film's edges is left out");
  if (film.diffusion.local)
    result.remarks.push_back(
        "the potential psi of the charge that gathers at the wall is left out");
  return result;
}

}  // namespace kubomag::cli
