// How the program's threads wait (src/backend/omp_policy.cc).
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "support/program_test.hpp"

using kubomag::test::Result;

namespace {

/// A variable of the environment while this lives; null: not set.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Environment() { set(before_ ? before_->c_str() : nullptr); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const char* value) const { value ? setenv(name_, value, 1) : unsetenv(name_); }
  const char* name_;
  std::optional<std::string> before_;
};

class Waiting : public kubomag::test::ProgramTest {
 protected:
  Waiting() : ProgramTest(KUBOMAG_PROGRAM) {}
};

}  // namespace

TEST_F(Waiting, ThreadsSleepWhileTheyWaitUnlessToldOtherwise) {
  const Environment shown("OMP_DISPLAY_ENV", "verbose"), count("GOMP_SPINCOUNT", nullptr);
  const auto spins = [&](const char* policy) {
    const Environment wait("OMP_WAIT_POLICY", policy);
    const Result result = kubomag({"--version"});
    EXPECT_EQ(result.status, 0) << result.err;
    const std::string before = "GOMP_SPINCOUNT = '";
    const auto at = result.err.find(before);
    EXPECT_NE(at, std::string::npos) << result.err;
    return at == std::string::npos ? -1 : std::stoll(result.err.substr(at + before.size()));
  };
  EXPECT_EQ(spins(nullptr), 0);
  EXPECT_EQ(spins("passive"), 0);
  EXPECT_GT(spins("active"), 0);
}
