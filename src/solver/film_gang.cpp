#include "solver/film_gang.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

#include "backend/convolution_method.hpp"
#include "kubomag/error.hpp"
#include "solver/cuda_plugin.hpp"
#include "solver/device_memory.hpp"

namespace kubomag {

std::unique_ptr<FilmGang> make_film_gang(const DeviceChoice& choice, int places) {
  return std::unique_ptr<FilmGang>(cuda_plugin().gang(cuda_device(choice.device), places));
}

std::unique_ptr<Engine> make_member(FilmGang& gang, const Problem& problem,
                                    const DeviceChoice& choice) {
  require_memory(problem, choice);
  return gang.engine(problem, single_on_gpu(choice));
}

void drive_together(FilmGang& gang, const std::vector<Engine*>& films,
                    const std::function<void(std::size_t)>& drive) {
  std::exception_ptr error;
  std::mutex mutex;
  const auto drive_one = [&](std::size_t i) {
    try {
      gang.use_device();
      drive(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = std::current_exception();
    }
    gang.leave(*films[i]);
  };
  for (const Engine* film : films) gang.enter(*film);
  std::vector<std::thread> drivers;
  for (std::size_t i = 0; i < films.size(); ++i) drivers.emplace_back(drive_one, i);
  for (std::thread& driver : drivers) driver.join();
  if (error) std::rethrow_exception(error);
}

int gang_places(const Problem& problem) {
  const char* set = std::getenv("KUBOMAG_CUDA_GANGS");
  const std::string name = set != nullptr ? set : "on";
  if (name != "on" && name != "off")
    throw InputError("the environment has KUBOMAG_CUDA_GANGS=" + name +
                     ": it must be on or off, or not be set");
  constexpr std::size_t cells_of_a_gpu = std::size_t{1} << 20, most = 256, few = 4;
  const std::size_t cells = std::max<std::size_t>(problem.grid.cells(), 1);
  const std::size_t films = cells_of_a_gpu / cells;
  if (name == "off" || films < few) return 1;
  if (problem.demag.enabled && convolution_method(cells) != ConvolutionMethod::fused) return 1;
  return static_cast<int>(std::min(films, most));
}

std::string gang_kind(const Problem& p) {
  return fmt::format("{} {} {} {} {} {} {}", p.grid.nx, p.grid.ny, p.grid.periodic_x,
                     p.grid.periodic_y, static_cast<int>(p.integrator.scheme), p.demag.enabled,
                     p.surface.has_value());
}

}  // namespace kubomag
