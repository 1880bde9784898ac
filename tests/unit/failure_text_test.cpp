// What a run that cannot go on says: numbers of any size are told, not rounded to 0.
#include "solver/failure_text.hpp"

#include <gtest/gtest.h>

using namespace kubomag;

TEST(FailureText, NamesTheMomentAndTheError) {
  StepState state;
  state.t = 1.25e-17;
  state.error = 2.5e-7;
  EXPECT_EQ(failure_text(state),
            "the step size fell below MinDt at t = 1.25e-08 ns (error 2.5e-07 rad); raise MaxErr, "
            "or use double precision");
  state.t = 5e-12;
  state.error = 1e20;
  EXPECT_EQ(failure_text(state),
            "dm/dt is not a number at t = 0.005 ns (a parameter or a drive is out of range, or "
            "FixDt is unstable)");
}
