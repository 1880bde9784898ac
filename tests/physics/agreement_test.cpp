// Trajectories of every kind of film: a hundred fixed steps on a device are those of the CPU in
// double precision. (`kubomag bench` compares its workloads in the same way before it times them.)
#include "support/backends.hpp"
#include "support/films_of_every_kind.hpp"

namespace kubomag::test {
namespace {

class Agreement : public OnEveryBackend {};
INSTANTIATE_TEST_SUITE_P(Devices, Agreement,
                         ::testing::Values(Target{"cpu", Precision::single_precision},
                                           Target{"cuda", Precision::double_precision},
                                           Target{"cuda", Precision::single_precision},
                                           Target{"emulated", Precision::double_precision},
                                           Target{"emulated", Precision::single_precision}),
                         target_name);

std::vector<double> after_steps(Engine& film, long count) {
  for (long taken = 0; taken < count;) taken += film.advance(1, count - taken).steps;
  return film.m();
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// Rounding adds up to some 1e-13 in double and 1e-6 in single precision; what a wrong sign, factor
// or axis does is a good part of the motion, of which there is a million times as much as is
// allowed.
TEST_P(Agreement, AHundredStepsAreThoseOfTheCpu) {
  for (const films::Case& one : films::cases) {
    Problem p = one.problem();
    p.integrator.FixDt = 0.1e-12;
    const auto device = engine(p);
    const auto reference = make_engine(p, {"cpu", Precision::double_precision, 1});
    const std::vector<double> begin = reference->m();
    const std::vector<double> expected = after_steps(*reference, 100);
    const double bound = tolerance(1e-9, 2e-5);
    EXPECT_LT(largest_difference(after_steps(*device, 100), expected), bound) << one.name;
    EXPECT_GT(largest_difference(begin, expected), std::max(1e-3, 50 * bound)) << one.name;
    EXPECT_EQ(device->time(), reference->time()) << one.name;
  }
}

}  // namespace
}  // namespace kubomag::test
