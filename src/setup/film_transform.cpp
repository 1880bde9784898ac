#include "setup/film_transform.hpp"

#include <omp.h>

#include <algorithm>

#include "backend/team.hpp"

namespace kubomag {
namespace {

// The blocks start at any multiple of one complex number: plans must not assume more.
constexpr unsigned flags = FFTW_ESTIMATE | FFTW_UNALIGNED;

fftw_complex* raw(std::complex<double>* p) { return reinterpret_cast<fftw_complex*>(p); }

}  // namespace

FilmTransform::FilmTransform(const FilmBox& box, int threads)
    : box_(box),
      threads_(threads > 0 ? threads : omp_get_max_threads()),
      scratch_(box.modes()),
      rows_(static_cast<std::size_t>(threads_) * box.x.p) {
  row_forward_.reset(fftw_plan_dft_r2c_1d(box_.x.p, rows_.data(), raw(scratch_.data()), flags));
  row_inverse_.reset(fftw_plan_dft_c2r_1d(box_.x.p, raw(scratch_.data()), rows_.data(), flags));
  const int rest = box_.modes_x() % width_;
  if (box_.modes_x() >= width_) {
    block_forward_ = column_plan(width_, FFTW_FORWARD);
    block_inverse_ = column_plan(width_, FFTW_BACKWARD);
  }
  if (rest > 0) {
    rest_forward_ = column_plan(rest, FFTW_FORWARD);
    rest_inverse_ = column_plan(rest, FFTW_BACKWARD);
  }
  scratch_ = {};
}

FilmTransform::Plan FilmTransform::column_plan(int width, int sign) {
  fftw_complex* data = raw(scratch_.data());
  const int stride = box_.modes_x();
  return Plan(fftw_plan_many_dft(1, &box_.y.p, width, data, nullptr, stride, 1, data, nullptr,
                                 stride, 1, sign, flags));
}

void FilmTransform::columns(std::vector<Complex>& spectrum, const Plan& block, const Plan& rest) {
  const int modes = box_.modes_x();
  in_shares(threads_, (modes + width_ - 1) / width_, [&](std::ptrdiff_t i) {
    const auto kx = static_cast<int>(i) * width_;
    fftw_complex* data = raw(spectrum.data() + kx);
    fftw_execute_dft(modes - kx >= width_ ? block.get() : rest.get(), data, data);
  });
}

void FilmTransform::forward(std::vector<double>& real, std::vector<Complex>& spectrum) {
  const int modes = box_.modes_x();
  const double scale = 1 / static_cast<double>(box_.points());
  in_shares(threads_, box_.y.p, [&](std::ptrdiff_t iy) {
    double* row = real.data() + iy * box_.x.p;
    std::transform(row, row + box_.x.p, row, [scale](double v) { return scale * v; });
    fftw_execute_dft_r2c(row_forward_.get(), row, raw(spectrum.data() + iy * modes));
  });
  columns(spectrum, block_forward_, rest_forward_);
}

void FilmTransform::inverse(std::vector<Complex>& spectrum, double* film) {
  const int modes = box_.modes_x(), nx = box_.x.n;
  columns(spectrum, block_inverse_, rest_inverse_);
  in_team(threads_, [&](const Team& team) {
    double* row = rows_.data() + static_cast<std::size_t>(team.number()) * box_.x.p;
    team.share(box_.y.n, [&](std::ptrdiff_t iy) {
      fftw_execute_dft_c2r(row_inverse_.get(), raw(spectrum.data() + iy * modes), row);
      std::copy_n(row, nx, film + iy * nx);
    });
  });
}

}  // namespace kubomag
