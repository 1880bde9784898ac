// The film turned, mirrored or shifted together with its state moves like the film itself; cells
// without material are as good as no cells.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

Problem uneven_film() {
  Problem p = plain_film(9, 6, 4e-9, 5e-9, 3e-9);
  const std::size_t cells = p.grid.cells();
  const auto varied = [cells](double value, double phase) {
    std::vector<double> map(cells);
    for (std::size_t i = 0; i < cells; ++i)
      map[i] = value * (1 + 0.3 * std::sin(1.7 * static_cast<double>(i) + phase));
    return ScalarMap(std::move(map));
  };
  p.material.set("Msat", varied(8e5, 0));
  p.material.set("Aex", varied(1.3e-11, 1));
  p.material.set("Ku1", varied(5e5, 2));
  p.material.set("alpha", varied(0.05, 3));
  p.material.set("Dind", varied(2e-3, 4)), p.material.set("Dbulk", varied(1e-3, 5));
  p.material.set("anisU_x", 0.48), p.material.set("anisU_y", 0.64), p.material.set("anisU_z", 0.6);
  p.demag.enabled = true;
  FieldSource source;
  source.value = {0.02, -0.015, 0.03};
  source.signal = Signal::constant();
  p.B_ext = {source};
  p.m = scrambled(p.grid);
  return p;
}

/// A motion of the film: where a cell goes on which grid, and what becomes of m and B there
/// (axial vectors: a mirror turns the components parallel to its plane).
struct Motion {
  Grid grid;
  std::function<std::size_t(int ix, int iy)> cell;
  std::function<Vec3<double>(Vec3<double>)> vector;
  double handedness = 1;  // -1 for a mirror, which turns a right-handed crystal into a left-handed
};

std::vector<double> moved_field(const Motion& motion, const Grid& from,
                                const std::vector<double>& field) {
  std::vector<double> out(field.size());
  for (int iy = 0; iy < from.ny; ++iy)
    for (int ix = 0; ix < from.nx; ++ix) {
      const Vec3<double> v = motion.vector(at(field, from, from.index(ix, iy)));
      const std::size_t i = motion.cell(ix, iy), n = from.cells();
      out[i] = v.x, out[n + i] = v.y, out[2 * n + i] = v.z;
    }
  return out;
}

ScalarMap moved_map(const Motion& motion, const Grid& from, const ScalarMap& map) {
  if (map.uniform()) return map;
  std::vector<double> out(from.cells());
  for (int iy = 0; iy < from.ny; ++iy)
    for (int ix = 0; ix < from.nx; ++ix) out[motion.cell(ix, iy)] = map(from.index(ix, iy));
  return ScalarMap(std::move(out));
}

Problem moved(const Motion& motion, const Problem& p) {
  Problem q = p;
  q.grid = motion.grid;
  for (const auto& [name, map] : p.material.all())
    q.material.set(name, moved_map(motion, p.grid, map));
  const auto handed = [&](double D) { return motion.handedness * D; };
  q.material.set("Dbulk", ScalarMap::combine(handed, q.material["Dbulk"]));
  const Vec3<double> u =
      motion.vector({p.material["anisU_x"](0), p.material["anisU_y"](0), p.material["anisU_z"](0)});
  q.material.set("anisU_x", u.x), q.material.set("anisU_y", u.y), q.material.set("anisU_z", u.z);
  for (FieldSource& source : q.B_ext) source.value = motion.vector(source.value);
  q.m = moved_field(motion, p.grid, p.m);
  return q;
}

class Symmetry : public OnEveryBackend {
 protected:
  void expect_same_torque(const std::string& name, const Motion& motion, const Problem& p) const {
    const auto expected = moved_field(motion, p.grid, engine(p)->quantity("torque"));
    const auto got = engine(moved(motion, p))->quantity("torque");
    record({name, "largest relative difference of the torque", 0, tolerance(1e-13, 1e-6),
            "the torque, moved likewise"},
           relative_difference(got, expected));
  }
};
KUBOMAG_ON_EVERY_BACKEND(Symmetry);

TEST_P(Symmetry, AQuarterTurn) {
  const Problem p = uneven_film();
  const Grid g = p.grid, turned{g.ny, g.nx, g.dy, g.dx, g.dz, false, false};
  expect_same_torque("film turned by 90 degrees",
                     {turned, [=](int ix, int iy) { return turned.index(g.ny - 1 - iy, ix); },
                      [](Vec3<double> v) {
                        return Vec3<double>{-v.y, v.x, v.z};
                      }},
                     p);
}

TEST_P(Symmetry, AMirror) {
  const Problem p = uneven_film();
  const Grid g = p.grid;
  expect_same_torque("film mirrored",
                     {g, [=](int ix, int iy) { return g.index(g.nx - 1 - ix, iy); },
                      [](Vec3<double> v) {
                        return Vec3<double>{v.x, -v.y, -v.z};
                      },
                      -1},
                     p);
  expect_same_torque("film mirrored",
                     {g, [=](int ix, int iy) { return g.index(ix, g.ny - 1 - iy); },
                      [](Vec3<double> v) {
                        return Vec3<double>{-v.x, v.y, -v.z};
                      },
                      -1},
                     p);
}

TEST_P(Symmetry, AShiftOfThePeriodicFilm) {
  Problem p = uneven_film();
  p.grid.periodic_x = p.grid.periodic_y = true;
  const Grid g = p.grid;
  expect_same_torque("film shifted through its periodic edges",
                     {g, [=](int ix, int iy) { return g.index((ix + 4) % g.nx, (iy + 5) % g.ny); },
                      [](Vec3<double> v) { return v; }},
                     p);
}

/// The film inside a frame of vacuum, two cells left and below, three right and above.
Problem framed(const Problem& p) {
  Problem q = p;
  q.grid.nx += 5, q.grid.ny += 5;
  const std::size_t n = q.grid.cells();
  q.m.assign(3 * n, 0);
  for (const auto& [name, map] : p.material.all()) {
    std::vector<double> cells(n, name == "Msat" ? 0 : map(0));
    for (int iy = 0; iy < p.grid.ny; ++iy)
      for (int ix = 0; ix < p.grid.nx; ++ix)
        cells[q.grid.index(ix + 2, iy + 2)] = map(p.grid.index(ix, iy));
    q.material.set(name, ScalarMap(std::move(cells)));
  }
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix)
      for (std::size_t c = 0; c < 3; ++c)
        q.m[c * n + q.grid.index(ix + 2, iy + 2)] = p.m[c * p.grid.cells() + p.grid.index(ix, iy)];
  return q;
}

/// The film's cells of a field on the framed grid.
std::vector<double> cut_out(const Grid& film, const Grid& frame, const std::vector<double>& field) {
  std::vector<double> out(3 * film.cells());
  for (int iy = 0; iy < film.ny; ++iy)
    for (int ix = 0; ix < film.nx; ++ix)
      for (std::size_t c = 0; c < 3; ++c)
        out[c * film.cells() + film.index(ix, iy)] =
            field[c * frame.cells() + frame.index(ix + 2, iy + 2)];
  return out;
}

TEST_P(Symmetry, AFrameOfVacuumChangesNothing) {
  const Problem p = uneven_film(), q = framed(p);
  const auto film = engine(p), in_frame = engine(q);
  const auto cut = [&](const char* name) {
    return cut_out(p.grid, q.grid, in_frame->quantity(name));
  };
  for (const char* name : {"B_exch", "B_anis", "B_dmi"})
    record({"film in a frame of vacuum", std::string("largest relative difference of ") + name, 0,
            0, "the film alone"},
           relative_difference(cut(name), film->quantity(name)));
  record({"film in a frame of vacuum", "largest relative difference of B_demag", 0,
          tolerance(1e-12, 1e-6), "the film alone"},
         relative_difference(cut("B_demag"), film->quantity("B_demag")));
  const auto ours = film->observables(), theirs = in_frame->observables();
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(theirs[i].value, ours[i].value, tolerance(1e-12, 1e-6) * std::abs(ours[i].value))
        << ours[i].name;
}

TEST_P(Symmetry, VacuumStaysEmptyWhileTheFilmMoves) {
  const Problem p = uneven_film(), q = framed(p);
  const auto film = engine(p), in_frame = engine(q);
  for (const double t : {0.5e-12, 1e-12})
    for (Engine* each : {film.get(), in_frame.get()}) run_to(*each, t);
  const auto m = in_frame->m();
  for (std::size_t i = 0; i < q.grid.cells(); ++i) {
    if (q.material["Msat"](i) == 0) {
      EXPECT_EQ(norm(at(m, q.grid, i)), 0);
    }
  }
  record({"film in a frame of vacuum", "largest relative difference of m after 1 ps", 0,
          tolerance(1e-11, 1e-5), "the film alone"},
         relative_difference(cut_out(p.grid, q.grid, m), film->m()));
}

}  // namespace
}  // namespace kubomag::test
