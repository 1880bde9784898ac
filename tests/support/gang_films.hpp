#pragma once
// Films in a gang (src/solver/film_gang.hpp), on a GPU and on the emulation of CUDA, and the same
// films alone.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "support/backends.hpp"
#include "support/busy_film.hpp"

namespace kubomag::test {

using Films = std::vector<std::unique_ptr<Engine>>;

/// Steps until `t_end`, a few at a time.
inline void drive_to(Engine& film, double t_end) {
  while (film.time() < t_end) film.advance(t_end, 7);
}

class Gang : public OnEveryBackend {
 protected:
  void TearDown() override {
    unsetenv("KUBOMAG_CUDA_CONVOLUTION");
    unsetenv("KUBOMAG_CUDA_GRAPHS");
    if (GetParam().is("cuda")) return;
    control("cuda_emulation_old_driver", false);
    control("cuda_emulation_guard_memory", false);
    control("cuda_emulation_reverse_order", false);
  }
  static void control(const char* name, bool on) {
    EmulatedCuda::instance().find<void (*)(bool)>(name)(on);
  }
  static long kernels_run() {
    return EmulatedCuda::instance().find<long (*)()>("cuda_emulation_kernels_run")();
  }

  static std::unique_ptr<FilmGang> gang_of(std::size_t places) {
    const CudaPlugin plugin = GetParam().is("cuda") ? cuda_plugin() : emulated_plugin();
    return std::unique_ptr<FilmGang>(plugin.gang(0, static_cast<int>(places)));
  }
  static Films members(FilmGang& gang, const std::vector<Problem>& problems) {
    Films films;
    for (const Problem& p : problems) films.push_back(gang.engine(p, GetParam().single()));
    return films;
  }
  static void drive(FilmGang& gang, const Films& films,
                    const std::function<void(Engine&, std::size_t)>& how) {
    std::vector<Engine*> engines;
    for (const auto& film : films) engines.push_back(film.get());
    drive_together(gang, engines, [&](std::size_t i) { how(*engines[i], i); });
  }

  /// Each film alone and in a gang, through the same times, which differ from film to film.
  void expect_each_as_alone(const std::vector<Problem>& problems, double t_end) {
    expect_each_as_alone(problems, [&](Engine& film, std::size_t i) {
      drive_to(film, 0.3 * t_end);
      drive_to(film, t_end * (1 - 0.1 * static_cast<double>(i % 4)));
    });
  }
  void expect_each_as_alone(const std::vector<Problem>& problems,
                            const std::function<void(Engine&, std::size_t)>& how) {
    const auto gang = gang_of(problems.size());
    const Films films = members(*gang, problems);
    drive(*gang, films, how);
    for (std::size_t i = 0; i < films.size(); ++i) {
      const auto alone = engine(problems[i]);
      how(*alone, i);
      EXPECT_TRUE(films[i]->checkpoint() == alone->checkpoint()) << "film " << i;
    }
  }

  /// Kernels that `steps` fixed steps of each film take, once their sources have begun. If one
  /// comes `first`, it has taken steps before the others are there.
  static long kernels_of(const std::vector<Problem>& problems, long steps, int first = -1) {
    const auto gang = gang_of(problems.size());
    const Films films = members(*gang, problems);
    if (first >= 0)
      drive_together(*gang, {films[first].get()},
                     [&](std::size_t) { drive_to(*films[first], 0.2e-12); });
    drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 0.4e-12); });
    const long before = kernels_run();
    drive(*gang, films,
          [&](Engine& film, std::size_t) { EXPECT_EQ(film.advance(1, steps).steps, steps); });
    return kernels_run() - before;
  }
};

/// Films that differ in all that a number or a map of the same kind can hold.
inline std::vector<Problem> replicas(std::size_t count) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < count; ++i) {
    const double f = 1 + 0.3 * static_cast<double>(i);
    Problem p = plain_film(18, 11);
    p.demag.enabled = true;
    p.material.set("Aex", 1.3e-11 * f);
    p.material.set("alpha", 0.02 * f);
    p.m = wavy(p.grid);
    std::rotate(p.m.begin(), p.m.begin() + static_cast<std::ptrdiff_t>(3 * i),
                p.m.begin() + static_cast<std::ptrdiff_t>(p.grid.cells()));
    FieldSource source;
    source.value = {0.3 * f, -0.2, 0.1};
    source.signal = {{sine_term(60e9 * f)}};
    p.B_ext = {source};
    problems.push_back(p);
  }
  return problems;
}

}  // namespace kubomag::test
