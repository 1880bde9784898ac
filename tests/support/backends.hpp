#pragma once
// Every test that can run on both backends is written once: derive the fixture from OnEveryBackend
// and instantiate it with KUBOMAG_ON_EVERY_BACKEND, or with some targets alone. CUDA cases skip
// loudly without a device; the same sources run everywhere on the emulation of CUDA
// (tests/cuda_emulation/cuda_runtime.h).
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "kubomag/engine.hpp"
#include "support/emulated_cuda.hpp"

namespace kubomag::test {

struct Target {
  const char* device;
  Precision precision;
  bool single() const { return precision == Precision::single_precision; }
  bool is(const char* name) const { return std::string(device) == name; }
};

inline std::unique_ptr<Engine> make_engine_on(const Target& target, const Problem& problem,
                                              int threads = 0) {
  if (target.is("emulated")) return make_emulated_engine(problem, target.single());
  return make_engine(problem, {target.device, target.precision, threads});
}

/// Why nothing runs on a GPU here; empty where there is one.
inline std::string why_no_gpu() {
  const DeviceReport report = find_devices();
  return report.cuda_available ? "" : "NOT RUN ON A GPU: " + report.cuda_reason;
}

class OnEveryBackend : public ::testing::TestWithParam<Target> {
 protected:
  void SetUp() override {
    if (!GetParam().is("cuda")) return;
    const std::string reason = why_no_gpu();
    if (!reason.empty()) GTEST_SKIP() << reason;
  }

  std::unique_ptr<Engine> engine(const Problem& problem, int threads = 0) const {
    return make_engine_on(GetParam(), problem, threads);
  }
  /// A tolerance for double and one for float.
  double tolerance(double in_double, double in_single) const {
    return GetParam().single() ? in_single : in_double;
  }
  bool single() const { return GetParam().single(); }
};

inline void PrintTo(const Target& target, std::ostream* out) {
  *out << target.device << (target.single() ? " single" : " double");
}

inline std::string target_name(const ::testing::TestParamInfo<Target>& info) {
  return std::string(info.param.device) + (info.param.single() ? "_single" : "_double");
}

}  // namespace kubomag::test

#define KUBOMAG_ON_EVERY_BACKEND(fixture)                                                         \
  INSTANTIATE_TEST_SUITE_P(                                                                       \
      Backends, fixture,                                                                          \
      ::testing::Values(kubomag::test::Target{"cpu", kubomag::Precision::double_precision},       \
                        kubomag::test::Target{"cpu", kubomag::Precision::single_precision},       \
                        kubomag::test::Target{"cuda", kubomag::Precision::double_precision},      \
                        kubomag::test::Target{"cuda", kubomag::Precision::single_precision},      \
                        kubomag::test::Target{"emulated", kubomag::Precision::double_precision},  \
                        kubomag::test::Target{"emulated", kubomag::Precision::single_precision}), \
      kubomag::test::target_name)
