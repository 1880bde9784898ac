#include "setup/mirror_transform.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace kubomag {
namespace {

struct FreeFftw {
  void operator()(void* memory) const { fftw_free(memory); }
};
using PlanOwner = std::unique_ptr<std::remove_pointer_t<fftw_plan>,
                                  decltype([](fftw_plan p) { fftw_destroy_plan(p); })>;

}  // namespace

std::vector<double> mirror_transform(int px, int py, const std::vector<double>& quarter,
                                     Parity parity) {
  const int columns = px / 2 + 1, rows = py / 2 + 1;
  const auto at = [](int i, int j, int width) {
    return static_cast<std::size_t>(i) +
           static_cast<std::size_t>(j) * static_cast<std::size_t>(width);
  };
  const std::unique_ptr<double, FreeFftw> box(fftw_alloc_real(at(0, py, px)));
  const std::unique_ptr<fftw_complex, FreeFftw> modes(fftw_alloc_complex(at(0, py, columns)));
  const PlanOwner plan(fftw_plan_dft_r2c_2d(py, px, box.get(), modes.get(), FFTW_ESTIMATE));
  for (int j = 0; j < py; ++j)
    for (int i = 0; i < px; ++i) {
      const bool flipped = parity == Parity::odd && (i > px / 2) != (j > py / 2);
      const double value = quarter[at(std::min(i, px - i), std::min(j, py - j), columns)];
      box.get()[at(i, j, px)] = flipped ? -value : value;
    }
  fftw_execute(plan.get());
  std::vector<double> out;
  out.reserve(at(0, rows, columns));
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) out.push_back(modes.get()[at(i, j, columns)][0]);
  return out;
}

}  // namespace kubomag
