#pragma once
// FFTW in both precisions behind one name. Plans are made with FFTW_ESTIMATE: the choice of
// algorithm, and with it every rounding error, is then the same in every run
// (docs/decisions/002-fftw-estimate.md).
#include <fftw3.h>

#include <memory>

namespace kubomag {

/// From now on plans may be made and destroyed by several threads at a time.
inline void share_fftw_planner() {
  fftw_make_planner_thread_safe();
  fftwf_make_planner_thread_safe();
}

template <class Real>
struct Fftw;

template <>
struct Fftw<double> {
  using Plan = fftw_plan;
  /// In-place transforms, exp(-i...), of `width` columns with rows of `row` numbers; made
  /// and executed with the parts exchanged they are exp(+i...).
  static Plan split_columns(int n, int width, int row, double* re, double* im) {
    const fftw_iodim along{n, row, row}, across{width, 1, 1};
    return fftw_plan_guru_split_dft(1, &along, 1, &across, re, im, re, im, FFTW_ESTIMATE);
  }
  static void split_columns(Plan p, double* re, double* im) {
    fftw_execute_split_dft(p, re, im, re, im);
  }
  static void destroy(Plan p) { fftw_destroy_plan(p); }
};

template <>
struct Fftw<float> {
  using Plan = fftwf_plan;
  /// In-place transforms, exp(-i...), of `width` columns with rows of `row` numbers; made
  /// and executed with the parts exchanged they are exp(+i...).
  static Plan split_columns(int n, int width, int row, float* re, float* im) {
    const fftwf_iodim along{n, row, row}, across{width, 1, 1};
    return fftwf_plan_guru_split_dft(1, &along, 1, &across, re, im, re, im, FFTW_ESTIMATE);
  }
  static void split_columns(Plan p, float* re, float* im) {
    fftwf_execute_split_dft(p, re, im, re, im);
  }
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
