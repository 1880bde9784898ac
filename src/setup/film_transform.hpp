#pragma once
// Fourier transforms between the FFT box and its half spectrum, in double, with FFTW. Rows and
// blocks of columns are shared out to threads; each is one plan (FFTW_ESTIMATE) whatever the number
// of threads, so that results are bit-identical. Nothing is allocated after construction.
#include <fftw3.h>

#include <complex>
#include <memory>
#include <vector>

#include "setup/film_box.hpp"

namespace kubomag {

class FilmTransform {
 public:
  using Complex = std::complex<double>;

  /// threads: as many OpenMP threads as are used at most; 0: OpenMP's own choice.
  FilmTransform(const FilmBox& box, int threads);

  /// The half spectrum of box.points() real values (x fastest), divided by their number: the
  /// inverse needs no factor. real: overwritten; spectrum: box.modes() values.
  void forward(std::vector<double>& real, std::vector<Complex>& spectrum);

  /// The box's x.n x y.n values of a spectrum, which is overwritten.
  void inverse(std::vector<Complex>& spectrum, double* film);

 private:
  struct Destroy {
    void operator()(fftw_plan p) const { fftw_destroy_plan(p); }
  };
  using Plan = std::unique_ptr<std::remove_pointer_t<fftw_plan>, Destroy>;

  Plan column_plan(int width, int sign);
  void columns(std::vector<Complex>& spectrum, const Plan& block, const Plan& rest);

  static constexpr int width_ = 8;  // columns per block: one cache line or more of every row
  FilmBox box_;
  int threads_;
  std::vector<Complex> scratch_;  // spectrum that the plans are made with
  std::vector<double> rows_;      // one row of the box per thread
  Plan row_forward_, row_inverse_;
  Plan block_forward_, block_inverse_, rest_forward_, rest_inverse_;
};

}  // namespace kubomag
