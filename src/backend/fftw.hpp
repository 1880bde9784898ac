#pragma once
// FFTW in both precisions behind one name. Plans are made with FFTW_ESTIMATE: the choice of
// algorithm, and with it every rounding error, is then the same in every run
// (docs/decisions/002-fftw-estimate.md).
#include <fftw3.h>

#include <complex>
#include <memory>

namespace kubomag {

template <class Real>
struct Fftw;

template <>
struct Fftw<double> {
  using Complex = fftw_complex;
  using Plan = fftw_plan;
  static Plan rows_forward(int n, double* in, Complex* out) {
    return fftw_plan_dft_r2c_1d(n, in, out, FFTW_ESTIMATE);
  }
  static Plan rows_inverse(int n, Complex* in, double* out) {
    return fftw_plan_dft_c2r_1d(n, in, out, FFTW_ESTIMATE);
  }
  static Plan columns(int n, int width, Complex* data, int sign) {
    return fftw_plan_many_dft(1, &n, width, data, nullptr, width, 1, data, nullptr, width, 1, sign,
                              FFTW_ESTIMATE);
  }
  static void forward(Plan p, double* in, Complex* out) { fftw_execute_dft_r2c(p, in, out); }
  static void inverse(Plan p, Complex* in, double* out) { fftw_execute_dft_c2r(p, in, out); }
  static void columns(Plan p, Complex* data) { fftw_execute_dft(p, data, data); }
  static void destroy(Plan p) { fftw_destroy_plan(p); }
};

template <>
struct Fftw<float> {
  using Complex = fftwf_complex;
  using Plan = fftwf_plan;
  static Plan rows_forward(int n, float* in, Complex* out) {
    return fftwf_plan_dft_r2c_1d(n, in, out, FFTW_ESTIMATE);
  }
  static Plan rows_inverse(int n, Complex* in, float* out) {
    return fftwf_plan_dft_c2r_1d(n, in, out, FFTW_ESTIMATE);
  }
  static Plan columns(int n, int width, Complex* data, int sign) {
    return fftwf_plan_many_dft(1, &n, width, data, nullptr, width, 1, data, nullptr, width, 1, sign,
                               FFTW_ESTIMATE);
  }
  static void forward(Plan p, float* in, Complex* out) { fftwf_execute_dft_r2c(p, in, out); }
  static void inverse(Plan p, Complex* in, float* out) { fftwf_execute_dft_c2r(p, in, out); }
  static void columns(Plan p, Complex* data) { fftwf_execute_dft(p, data, data); }
  static void destroy(Plan p) { fftwf_destroy_plan(p); }
};

/// Owner of a plan.
template <class Real>
class FftwPlan {
 public:
  FftwPlan() = default;
  explicit FftwPlan(typename Fftw<Real>::Plan plan) : plan_(plan) {}
  typename Fftw<Real>::Plan get() const { return plan_.get(); }

 private:
  struct Destroy {
    void operator()(typename Fftw<Real>::Plan p) const { Fftw<Real>::destroy(p); }
  };
  std::unique_ptr<std::remove_pointer_t<typename Fftw<Real>::Plan>, Destroy> plan_;
};

}  // namespace kubomag
