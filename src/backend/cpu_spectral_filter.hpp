#pragma once
// Multiplies a field on the film by a real, even function of the wave vector: real transforms along
// each axis by FFTW (halfcomplex where the film repeats, cosine where it is continued by its mirror
// image), one number per mode. Rows and blocks of columns are the unit of work, so that results do
// not depend on the number of threads.
#include <fftw3.h>

#include <algorithm>
#include <vector>

#include "backend/fftw.hpp"
#include "backend/host_buffer.hpp"
#include "backend/mode_number.hpp"
#include "backend/team.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/grid.hpp"

namespace kubomag {

class CpuSpectralFilter {
 public:
  using Field = HostBuffer<double>;

  CpuSpectralFilter(const Grid& grid, int threads)
      : grid_(grid),
        threads_(threads),
        modes_x_(modes(grid.nx, grid.dx, grid.periodic_x)),
        modes_y_(modes(grid.ny, grid.dy, grid.periodic_y)) {
    Field cells(grid.cells(), threads);
    x_ = plans(grid.nx, 1, 1, grid.periodic_x, cells.data());
    y_ = plans(grid.ny, grid.nx, std::min(width, grid.nx), grid.periodic_y, cells.data());
    if (grid.nx % width > 0)
      y_rest_ = plans(grid.ny, grid.nx, grid.nx % width, grid.periodic_y, cells.data());
  }

  /// The table of f(ModeNumber), f real and even in q, as apply() takes it.
  template <class F>
  Field tabulate(const F& f) const {
    Field factors(grid_.cells(), threads_);
    tabulate(f, factors);
    return factors;
  }
  template <class F>
  void tabulate(const F& f, Field& factors) const {
    const double scale =
        1 / (points(grid_.nx, grid_.periodic_x) * points(grid_.ny, grid_.periodic_y));
    in_shares(threads_, grid_.ny, [&](int iy) {
      for (int ix = 0; ix < grid_.nx; ++ix)
        factors[grid_.index(ix, iy)] = scale * f(combined(modes_x_[ix], modes_y_[iy]));
    });
  }

  /// out = the field `in`, every mode times its factor. nx x ny values; in == out is allowed.
  void apply(const Field& factors, const Field& in, Field& out) {
    const int nx = grid_.nx, ny = grid_.ny;
    in_team(threads_, [&](const Team& team) {
      team.share(ny, [&](int iy) {
        double* row = out.data() + grid_.index(0, iy);
        if (in.data() != out.data()) std::copy_n(in.data() + grid_.index(0, iy), nx, row);
        fftw_execute_r2r(x_.forward.get(), row, row);
      });
      team.share((nx + width - 1) / width,
                 [&](int b) { columns(factors, b * width, out.data() + b * width); });
      team.share(ny, [&](int iy) {
        double* row = out.data() + grid_.index(0, iy);
        fftw_execute_r2r(x_.inverse.get(), row, row);
      });
    });
  }

  std::size_t bytes() const { return (modes_x_.size() + modes_y_.size()) * sizeof(ModeNumber); }

 private:
  using Plan = FftwPlan<double>;
  struct Axis {
    Plan forward, inverse;
  };
  static constexpr int width = 8;  // columns taken together

  static double points(int n, bool periodic) { return periodic ? n : 2.0 * n; }
  /// In the order of the transforms: halfcomplex holds k and then -k backwards.
  static std::vector<ModeNumber> modes(int n, double d, bool periodic) {
    std::vector<ModeNumber> out;
    for (int k = 0; k < n; ++k)
      out.push_back(axis_mode(
          periodic ? 2 * constants::pi * std::min(k, n - k) / (n * d) : constants::pi * k / (n * d),
          d));
    return out;
  }

  static Axis plans(int n, int stride, int count, bool periodic, double* cells) {
    const auto plan = [&](fftw_r2r_kind kind) {
      return Plan(fftw_plan_many_r2r(1, &n, count, cells, nullptr, stride, 1, cells, nullptr,
                                     stride, 1, &kind, FFTW_ESTIMATE | FFTW_UNALIGNED));
    };
    return {plan(periodic ? FFTW_R2HC : FFTW_REDFT10), plan(periodic ? FFTW_HC2R : FFTW_REDFT01)};
  }

  void columns(const Field& factors, int first, double* data) {
    const int count = std::min(width, grid_.nx - first);
    const Axis& axis = count == std::min(width, grid_.nx) ? y_ : y_rest_;
    fftw_execute_r2r(axis.forward.get(), data, data);
    for (int iy = 0; iy < grid_.ny; ++iy) {
      const std::size_t row = grid_.index(0, iy);
      for (int c = 0; c < count; ++c) data[row + c] *= factors[row + first + c];
    }
    fftw_execute_r2r(axis.inverse.get(), data, data);
  }

  Grid grid_;
  int threads_;
  std::vector<ModeNumber> modes_x_, modes_y_;
  Axis x_, y_, y_rest_;
};

}  // namespace kubomag
