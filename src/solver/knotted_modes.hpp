#pragma once
// The knots of a drive (knots.hpp) with its modes: complex numbers, or real ones
// where the film has mirror images.
#include <omp.h>

#include <algorithm>
#include <array>
#include <complex>
#include <utility>
#include <vector>

#include "setup/field_transformer.hpp"
#include "solver/drive_memory.hpp"
#include "solver/knots.hpp"
#include "solver/sample_span.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// How far apart arrays of `modes` values lie that are read side by side: not at the same place of
/// as many pages, which would be the same place in a cache.
inline std::size_t knot_stride(std::size_t modes, std::size_t size) {
  const std::size_t page = 4096 / size, lines = 9 * 64 / size;
  return (modes + page - 1) / page * page + lines;
}

template <class Value>
class KnottedModes : public Knots {
 protected:
  using Values = std::vector<Value>;
  struct Field {
    Values Ex, Ey;
  };

  /// `plan` must outlive this object.
  KnottedModes(const DrivePlan& plan, std::size_t modes, int threads)
      : Knots(plan),
        plan_(plan),
        modes_(modes),
        stride_(knot_stride(modes, sizeof(Value))),
        threads_(threads) {
    if (!any()) return;
    const bool sampled = !plan.sampled.empty();
    const int most = sampled ? KnottedSpectrum::most : KnottedSpectrum::line;
    y_.resize(modes);
    for (Values* values : {&Ex_, &Ey_}) values->resize(most * stride_);
    still_.resize(static_cast<std::size_t>(still_fields(plan.sampled)));
    if (sampled)
      for (Values* values : {&samples_.Ex, &samples_.Ey}) values->resize(samples * stride_);
  }

  /// The modes of a field at one instant.
  virtual void transform(const FieldFunction& E, Field& out) = 0;
  /// Adds factor times the modes of the separable drive d.
  virtual void add_separable(std::size_t d, double factor, Value* Ex, Value* Ey) = 0;

  /// E of the interval: sum_k E_k (tau/length)^k; E_k begins at k times stride().
  int terms() const { return terms_; }
  std::size_t modes() const { return modes_; }
  std::size_t stride() const { return stride_; }

  /// The mode at `at`, of the size `share` of the coefficient there.
  KnotMode<Value> knot_mode(const DiffusionMode& mode, std::size_t at, double share) const {
    KnotMode<Value> knot;
    std::array<Value, KnottedSpectrum::most> across_x{}, across_y{};
    Value end_x(0), end_y(0);
    for (int k = 0; k < terms_; ++k) {
      const Value Ex = share * Ex_[k * stride_ + at], Ey = share * Ey_[k * stride_ + at];
      const Value L = mode.ux * Ex + mode.uy * Ey;
      knot.L[k] = L;
      across_x[k] = mode.keep_x * (Ex - mode.ux * L),
      across_y[k] = mode.keep_y * (Ey - mode.uy * L);
      end_x += across_x[k], end_y += across_y[k];
    }
    const auto x = chebyshev_sizes<KnottedSpectrum::most>(across_x);
    const auto y = chebyshev_sizes<KnottedSpectrum::most>(across_y);
    for (int k = 0; k < terms_; ++k) knot.across[k] = std::sqrt(x[k] * x[k] + y[k] * y[k]);
    knot.across_end = std::sqrt(std::norm(end_x) + std::norm(end_y));
    knot.y = share * y_[at];
    return knot;
  }

  const DrivePlan& plan_;
  Values Ex_, Ey_;
  Values y_;

 private:
  void start(double t) final {
    terms_ = KnottedSpectrum::line;
    clear();
    add_tables(t, 0);
    settle();
  }
  void compose() final {
    terms_ = std::max(nodes().count, KnottedSpectrum::line);
    clear();
    if (nodes().count > 0) add_samples();
    add_tables(begin(), 0);
    if (!std::isfinite(length())) return;
    add_tables(end(), 1);
    add_tables(begin(), 1, -1);
  }

  void clear() {
    for (Values* E : {&Ex_, &Ey_})
      std::fill(E->begin(), E->begin() + static_cast<std::ptrdiff_t>(terms_ * stride_), Value(0));
  }

  /// E_k += sign times the tables' field at t.
  void add_tables(double t, int k, double sign = 1) {
    for (std::size_t d = 0; d < plan_.separable.size(); ++d) {
      const double value = sign * table_value(plan_.separable[d].signal, t);
      if (value != 0) add_separable(d, value, Ex_.data() + k * stride_, Ey_.data() + k * stride_);
    }
  }

  bool load(double span, bool next) final {
    if (next)
      for (Values* values : {&samples_.Ex, &samples_.Ey})
        std::copy_n(values->end() - static_cast<std::ptrdiff_t>(stride_), modes_, values->begin());
    for (int j = next ? 1 : 0; j < samples; ++j) {
      transform_at(span * intervals + j, sample_);
      std::copy_n(sample_.Ex.begin(), modes_, samples_.Ex.data() + j * stride_);
      std::copy_n(sample_.Ey.begin(), modes_, samples_.Ey.data() + j * stride_);
    }
    return is_smooth<Value>({samples_.Ex.data(), modes_, stride_},
                            {samples_.Ey.data(), modes_, stride_});
  }

  /// The modes of all sampled fields at one of their samples.
  void transform_at(double index, Field& out) {
    const double t = index * interval();
    const auto changing = [this, t](double x, double y) {
      Vec2<double> sum{0, 0};
      for (const SampledDrive& drive : plan_.sampled) {
        if (drive.signal) continue;
        const Vec2<double> E = drive.E(x, y, t);
        check_field(drive.name, E, x, y);
        sum.x += E.x, sum.y += E.y;
      }
      return sum;
    };
    if (still_.size() < plan_.sampled.size()) {
      transform(changing, out);
    } else {
      for (Values* E : {&out.Ex, &out.Ey}) E->assign(modes_, Value(0));
    }
    add_still(t, out);
  }

  /// Adds the fields that are the same at all times but for their signals.
  void add_still(double t, Field& out) {
    auto field = still_.begin();
    for (const SampledDrive& drive : plan_.sampled) {
      if (!drive.signal) continue;
      if (field->Ex.empty())
        transform(
            [&](double x, double y) {
              const Vec2<double> E = drive.E(x, y, 0);
              check_field(drive.name, E, x, y);
              return E;
            },
            *field);
      const double factor = drive.signal(t);
      check_factor(drive.name, factor, t);
      for (std::size_t i = 0; i < modes_; ++i) {
        out.Ex[i] += factor * field->Ex[i];
        out.Ey[i] += factor * field->Ey[i];
      }
      ++field;
    }
  }

  /// E_k += the samples' polynomial of the interval.
  void add_samples() {
    const SpanPolynomial polynomial{nodes().count, in_samples(begin()) - nodes().first,
                                    length() / interval()};
    const std::size_t from = nodes().first * stride_;
    add_polynomial<Value>(polynomial, {samples_.Ex.data() + from, modes_, stride_}, Ex_.data(),
                          threads_);
    add_polynomial<Value>(polynomial, {samples_.Ey.data() + from, modes_, stride_}, Ey_.data(),
                          threads_);
  }

  virtual void settle() = 0;

  std::size_t modes_, stride_;
  int threads_, terms_ = KnottedSpectrum::line;
  Field samples_, sample_;
  std::vector<Field> still_;  // of the sampled drives with signals, made when first needed
};

}  // namespace kubomag
