#include "solver/sample_span.hpp"

#include <algorithm>
#include <array>
#include <complex>

#include "backend/team.hpp"
#include "kernels/diffusion_mode.hpp"
#include "kubomag/unroll.hpp"
#include "solver/time_polynomial.hpp"

namespace kubomag {
namespace {

template <int count, class Value>
void add(const SpanPolynomial& polynomial, const SampleArrays<Value>& samples, Value* E,
         int threads) {
  const auto coefficients = newton_coefficients<count>(polynomial.begin, polynomial.length);
  const Value* const from = samples.first;
  const std::size_t stride = samples.stride;
  constexpr std::size_t run = 4096;  // modes of a thread's loop
  in_shares(threads, static_cast<std::ptrdiff_t>((samples.modes + run - 1) / run), [&](auto part) {
    const std::size_t first = static_cast<std::size_t>(part) * run;
    const std::size_t last = std::min(first + run, samples.modes);
#pragma omp simd
    for (std::size_t i = first; i < last; ++i) {
      std::array<Value, count> d;
      KUBOMAG_UNROLL
      for (int j = 0; j < count; ++j) d[j] = from[j * stride + i];
      take_differences(d);
      KUBOMAG_UNROLL
      for (int k = 0; k < count; ++k) {
        Value sum = coefficients[k][k] * d[k];
        KUBOMAG_UNROLL
        for (int n = k + 1; n < count; ++n) sum += coefficients[k][n] * d[n];
        E[k * stride + i] += sum;
      }
    }
  });
}

}  // namespace

template <class Value>
void add_polynomial(const SpanPolynomial& polynomial, const SampleArrays<Value>& samples, Value* E,
                    int threads) {
  if (polynomial.count == KnottedSpectrum::line)
    add<KnottedSpectrum::line>(polynomial, samples, E, threads);
  else
    add<KnottedSpectrum::most>(polynomial, samples, E, threads);
}

template <class Value>
bool is_smooth(const SampleArrays<Value>& Ex, const SampleArrays<Value>& Ey) {
  constexpr int count = KnottedSpectrum::most;
  double field = 0, bend = 0, rest = 0;
  for (const SampleArrays<Value>& samples : {Ex, Ey}) {
    const Value* const from = samples.first;
    const std::size_t stride = samples.stride;
#pragma omp simd reduction(+ : field, bend, rest)
    for (std::size_t i = 0; i < samples.modes; ++i) {
      std::array<Value, count> d;
      KUBOMAG_UNROLL
      for (int j = 0; j < count; ++j) d[j] = from[j * stride + i];
      field += std::norm(d.front()) + std::norm(d.back());
      KUBOMAG_UNROLL
      for (int j = 1; j + 1 < count; ++j)
        bend += std::norm(d[j + 1] - 2.0 * d[j] + d[j - 1]) / (count - 2);
      take_differences(d);
      rest += std::norm(d.back());
    }
  }
  return rest <= 0.01 * bend + 1e-24 * field;
}

template void add_polynomial(const SpanPolynomial&, const SampleArrays<double>&, double*, int);
template void add_polynomial(const SpanPolynomial&, const SampleArrays<std::complex<double>>&,
                             std::complex<double>*, int);
template bool is_smooth(const SampleArrays<double>&, const SampleArrays<double>&);
template bool is_smooth(const SampleArrays<std::complex<double>>&,
                        const SampleArrays<std::complex<double>>&);

}  // namespace kubomag
