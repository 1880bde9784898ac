#pragma once
// The samples of a field over a span of time, mode by mode: whether they are smooth, and the
// polynomial through them. Values are real or complex.
#include <cstddef>

namespace kubomag {

/// Arrays of `modes` values each, one per sample, `stride` values apart.
template <class Value>
struct SampleArrays {
  const Value* first;
  std::size_t modes, stride;
};

/// The polynomial through `count` samples (two or nine), as one in u = (position - begin)/length
/// with positions 0, 1, 2 ... of the samples.
struct SpanPolynomial {
  int count;
  double begin, length;
};

/// E[k * stride + mode] += the coefficient of u^k, k < count; bits do not depend on `threads`.
template <class Value>
void add_polynomial(const SpanPolynomial& polynomial, const SampleArrays<Value>& samples, Value* E,
                    int threads);

/// Whether the eighth difference of nine samples is below a tenth of the second ones (root mean
/// squares over both components): true for waves with nine samples or more per period, false for
/// kinks and jumps. Below a 1e-12 of the field it is rounding.
template <class Value>
bool is_smooth(const SampleArrays<Value>& Ex, const SampleArrays<Value>& Ey);

}  // namespace kubomag
