#pragma once
// B = -N * (Ms m) by FFT on the CPU. Only the film's rows are transformed along x; columns are
// taken in blocks of 128 bytes a row, transformed along y, multiplied and transformed back while
// they are in the cache, so that the spectrum is read once and written once. Zero padding exists
// in the work space alone. Both transforms run one row or column per SIMD lane
// (backend/column_fft.hpp), and modes stay in the order in which the transform leaves them.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "backend/column_transform.hpp"
#include "backend/host_buffer.hpp"
#include "backend/row_transform.hpp"
#include "backend/team.hpp"

namespace kubomag {

/// The tensor's transform on the FFT box px x py: a real quarter (px/2+1) x (py/2+1), x fastest,
/// even in ky but for xy, which is odd; with mu_0 and 1/(px py) [T m/A].
struct ConvolutionKernel {
  int px = 1, py = 1;
  const double *xx = nullptr, *yy = nullptr, *zz = nullptr, *xy = nullptr;
};

template <class Real>
class CpuConvolution {
 public:
  CpuConvolution(int nx, int ny, const ConvolutionKernel& kernel, int threads)
      : nx_(nx),
        ny_(ny),
        py_(kernel.py),
        threads_(threads),
        rows_(nx, kernel.px),
        columns_(kernel.py),
        filled_(columns_.filled(kernel.py >= 2 * ny)) {
    const int grouped = groups() * Rows::group, needed = filled_ * (py_ / columns_.parts());
    block_stride_ = static_cast<std::size_t>(std::max(grouped, needed)) * row;
    extra_ = static_cast<std::size_t>(std::max(needed - grouped, 0)) * row;
    for (auto& component : spectrum_)
      component = HostBuffer<Real>(rows_.blocks() * block_stride_, threads);
    work_size_ = std::max(rows_.work_size(), 2 * static_cast<std::size_t>(py_) * row);
    work_ = HostBuffer<Real>(threads_ * work_size_, threads);
    store_kernel(kernel);
  }

  /// Takes the spectrum of B for m[c], nx x ny values each; Ms: per cell, or null and `Ms_uniform`
  /// [A/m].
  void transform(const Real* const m[3], const Real* Ms, Real Ms_uniform) {
    serial_ = next_serial();
    in_team(threads_, [&](const Team& team) {
      Real* const work = work_.data() + team.number() * work_size_;
      const int count = groups();
      team.share(3 * count, [&](int i) {
        forward_rows(m[i / count], Ms, Ms_uniform, i / count, i % count, work);
      });
      team.share(rows_.blocks(), [&](int b) { multiply_columns(b, work); });
    });
  }

  /// B of the last transform() on a row of the film [T], in rows of this thread that hold until it
  /// asks for a row elsewhere in the film or in another one. Whole groups of rows are transformed
  /// back, when their first one is asked for, so that B goes no further than the L2 cache.
  std::array<const Real*, 3> row_of_B(int iy) const {
    GroupRows& rows = group_rows();
    const int g = iy / Rows::group;
    if (rows.serial != serial_ || rows.group != g) fill(rows, g);
    const Real* const first = rows.numbers.data() + (iy - g * Rows::group) * stride();
    return {first, first + component(), first + 2 * component()};
  }

  /// B[c]: the same on the whole film, nx x ny values each.
  void inverse(Real* const B[3]) {
    in_team(threads_, [&](const Team& team) {
      Real* const work = work_.data() + team.number() * work_size_;
      team.share(groups(), [&](int g) {
        const std::size_t begin = static_cast<std::size_t>(g * Rows::group) * nx_;
        Real* const to[3] = {B[0] + begin, B[1] + begin, B[2] + begin};
        inverse_rows(g, to, nx_, work);
      });
    });
  }

  std::size_t bytes() const {
    return sizeof(Real) *
           (3 * spectrum_[0].size() + kernel_.size() + work_.size() + threads_ * group_size());
  }

 private:
  using Rows = RowTransform<Real>;
  static constexpr int width = ColumnTransform<Real>::width;
  static constexpr int row = ColumnTransform<Real>::row;
  static constexpr int lanes = simd_bytes / sizeof(Real);

  int groups() const { return (ny_ + Rows::group - 1) / Rows::group; }
  int rows_in(int g) const {
    return std::min(static_cast<int>(Rows::group), ny_ - g * Rows::group);
  }
  Real* spectrum_rows(int c, int g) {
    return spectrum_[c].data() + static_cast<std::size_t>(g * Rows::group) * row;
  }

  /// Block by block, for `width` modes each: rows of xx, yy and xy, then rows of zz, in the order
  /// in which multiply_columns first needs them. The sign of the demagnetising field and the factor
  /// 2 of the rows' spectra go into it.
  void store_kernel(const ConvolutionKernel& kernel) {
    const double* parts[4] = {kernel.xx, kernel.yy, kernel.xy, kernel.zz};
    const int modes = kernel.px / 2 + 1, ky_count = py_ / 2 + 1;
    place_kernel();
    kernel_ =
        HostBuffer<Real>(static_cast<std::size_t>(rows_.blocks()) * ky_count * 4 * width, threads_);
    for (int ky = 0; ky < ky_count; ++ky)
      for (int kx = 0; kx < modes; ++kx)
        for (int c = 0; c < 4; ++c) {
          const int place = kernel_place_[columns_.position(ky)];
          Real* const to = c < 3 ? in_plane_kernel(kx / width) + (3 * place + c) * width
                                 : normal_kernel(kx / width) + place * width;
          to[kx % width] =
              static_cast<Real>(-0.5 * parts[c][static_cast<std::size_t>(ky) * modes + kx]);
        }
  }
  /// The kernel is even in ky but for xy, which is odd: ky and -ky share a row.
  void place_kernel() {
    std::vector<int> ky_at(py_), place_of(py_, -1);
    for (int ky = 0; ky < py_; ++ky) ky_at[columns_.position(ky)] = ky;
    int next = 0;
    for (const int ky : ky_at) {
      int& place = place_of[std::min(ky, py_ - ky)];
      if (place < 0) place = next++;
      kernel_place_.push_back(place);
      kernel_sign_.push_back(static_cast<Real>(2 * ky > py_ ? -1 : 1));
    }
  }
  Real* in_plane_kernel(int b) {
    return kernel_.data() + static_cast<std::size_t>(b) * (py_ / 2 + 1) * 4 * width;
  }
  Real* normal_kernel(int b) { return in_plane_kernel(b) + (py_ / 2 + 1) * 3 * width; }

  [[gnu::noinline]] void forward_rows(const Real* m, const Real* Ms, Real Ms_uniform, int c, int g,
                                      Real* work) {
    const std::size_t begin = static_cast<std::size_t>(g * Rows::group) * nx_;
    rows_.forward(m + begin, Ms ? Ms + begin : nullptr, Ms_uniform, rows_in(g), work,
                  spectrum_rows(c, g), block_stride_);
  }

  /// A thread's rows of B of the group `group` after the transform() of this number, and behind
  /// them the work space of a transform.
  struct GroupRows {
    std::uint64_t serial = 0;
    int group = 0;
    HostBuffer<Real> numbers;
  };
  static GroupRows& group_rows() {
    thread_local GroupRows rows;
    return rows;
  }
  /// Of all films; none is 0.
  static std::uint64_t next_serial() {
    static std::atomic<std::uint64_t> last = 0;  // replicas of a batch step in many threads
    return ++last;
  }
  /// Of rows in a GroupRows: odd in cache lines, so that they do not meet in the same sets of the
  /// L1 cache.
  std::size_t stride() const {
    constexpr std::size_t line = 64 / sizeof(Real);
    return (nx_ / line / 2 * 2 + 3) * line;
  }
  std::size_t component() const { return Rows::group * stride(); }
  std::size_t group_size() const { return 3 * component() + rows_.work_size(); }

  void fill(GroupRows& rows, int g) const {
    if (rows.numbers.size() < group_size()) rows.numbers = HostBuffer<Real>(group_size());
    Real* const B = rows.numbers.data();
    Real* const to[3] = {B, B + component(), B + 2 * component()};
    inverse_rows(g, to, stride(), B + 3 * component());
    rows.serial = serial_, rows.group = g;
  }

  [[gnu::noinline]] void inverse_rows(int g, Real* const B[3], std::size_t apart,
                                      Real* work) const {
    for (int c = 0; c < 3; ++c) {
      const Real* const in = spectrum_[c].data() + static_cast<std::size_t>(g * Rows::group) * row;
      rows_.inverse(in, block_stride_, rows_in(g), work, B[c], apart);
    }
  }

  using V = Simd<Real>;

  /// B_q = -N_q M_q for the columns of a block; the kernel is real, so real and imaginary parts go
  /// alike.
  [[gnu::noinline]] void multiply_columns(int b, Real* work) {
    const auto in_plane = [this, kernel = in_plane_kernel(b)](int position, int lane, V& x_re,
                                                              V& x_im, V& y_re, V& y_im) {
      const Real* const at = kernel + 3 * width * kernel_place_[position] + lane;
      const V xx = simd(at), yy = simd(at + width);
      const V xy = kernel_sign_[position] * simd(at + 2 * width);
      const V re = x_re, im = x_im;
      x_re = xx * re + xy * y_re, x_im = xx * im + xy * y_im;
      y_re = xy * re + yy * y_re, y_im = xy * im + yy * y_im;
    };
    const auto normal = [this, kernel = normal_kernel(b)](int position, int lane, V& re, V& im) {
      const V zz = simd(kernel + width * kernel_place_[position] + lane);
      re *= zz, im *= zz;
    };
    const std::size_t begin = b * block_stride_;
    filter<2>({spectrum_[0].data() + begin, spectrum_[1].data() + begin}, in_plane, work);
    filter<1>({spectrum_[2].data() + begin}, normal, work);
  }

  template <int Count, class Product>
  void filter(Real* const (&data)[Count], const Product& product, Real* work) {
    const std::size_t size = static_cast<std::size_t>(py_) * row;
    for (int c = 0; c < Count; ++c) columns_.begin(data[c], filled_, work + c * size);
    columns_.template filter<Count>(work, product);
    for (int c = 0; c < Count; ++c) {
      columns_.finish(work + c * size, filled_, data[c]);
      std::fill_n(data[c] + block_stride_ - extra_, extra_, Real(0));
    }
  }

  int nx_, ny_, py_;
  int threads_;
  Rows rows_;
  ColumnTransform<Real> columns_;
  int filled_;  // parts of a column that are not zero
  std::size_t block_stride_ = 0, work_size_ = 0;
  std::size_t extra_ = 0;  // numbers at the end of a block that belong to no row of the film
  std::vector<int> kernel_place_;  // of each position of a frequency
  std::vector<Real> kernel_sign_;  // of ky there
  HostBuffer<Real> kernel_, work_, spectrum_[3];
  std::uint64_t serial_ = 0;  // of the last transform()
};

}  // namespace kubomag
