// Trajectories of one moment against the closed solution; orders of the schemes and of their error
// estimates, also for a field that varies in time.
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

struct SchemeOrder {
  Scheme scheme;
  const char* name;
  double order, error_order;
};

// Order 5, 3, 4, 2 of the results; the estimates are differences to results of order 4, 2, 3 and,
// for Heun's scheme, to another one of order 2.
constexpr SchemeOrder schemes[] = {{Scheme::dormand_prince, "dormand_prince", 5, 5},
                                   {Scheme::bogacki_shampine, "bogacki_shampine", 3, 3},
                                   {Scheme::rk4, "rk4", 4, 4},
                                   {Scheme::heun, "heun", 2, 3}};

class TimeIntegration : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(TimeIntegration);

TEST_P(TimeIntegration, AFreeMomentPrecessesAtTheLarmorFrequency) {
  // CODATA gamma of the electron: 28.024951 GHz per tesla, counter-clockwise about B.
  constexpr double frequency = 28.024951e9;
  Problem p = plain_film(1, 1);
  p.GammaLL = 2 * constants::pi * frequency;
  FieldSource source;
  source.value = {0, 0, 1};
  source.signal = Signal::constant();
  p.B_ext = {source};
  p.m = {1, 0, 0};
  p.integrator.MaxErr = tolerance(1e-10, 1e-6);
  const auto film = engine(p);
  run_to(*film, 10.25 / frequency);  // ten turns and a quarter: along +y
  record({"moment without damping in 1 T", "error of m after 10 1/4 turns", 0,
          tolerance(1e-9, 1e-4), "28.024951 GHz, CODATA gamma"},
         distance(film->m(), {0, 1, 0}));
}

TEST_P(TimeIntegration, ADampedMomentFollowsTheClosedSolution) {
  for (const double alternating : {0.0, 0.2}) {
    Worst worst;
    Macrospin spin;
    spin.B_alternating = alternating;
    Problem p = spin.problem();
    p.integrator.MaxErr = tolerance(1e-12, 1e-6);
    const auto film = engine(p);
    for (const double t : {10e-12, 60e-12, 150e-12}) {
      run_to(*film, t);
      worst(distance(film->m(), spin.exact(t)));
    }
    record({std::string("damped moment in ") + (alternating > 0 ? "an alternating" : "a constant") +
                " field",
            "largest error of m in 150 ps", 0, tolerance(1e-9, 1e-4),
            "tan(theta/2) = tan(theta_0/2) exp(-alpha G/(1 + alpha^2)), phi = phi_0 + "
            "G/(1 + alpha^2), G = gamma int B dt"},
           worst);
  }
}

TEST_P(TimeIntegration, SchemesHaveTheirOrders) {
  if (single()) GTEST_SKIP() << "the rounding of float hides the orders";
  constexpr double T = 64e-12;
  for (const SchemeOrder& scheme : schemes) {
    std::vector<double> errors;
    for (const int steps : {32, 64, 128}) {
      const Macrospin spin;
      Problem p = spin.problem();
      p.integrator.scheme = scheme.scheme;
      p.integrator.FixDt = T / steps;
      const auto film = engine(p);
      run_to(*film, T);
      errors.push_back(distance(film->m(), spin.exact(T)));
    }
    for (const int k : {0, 1})
      record({scheme.name, "order", scheme.order, 0.2, "of the scheme"},
             std::log2(errors[k] / errors[k + 1]));
  }
}

TEST_P(TimeIntegration, ErrorEstimatesHaveTheirOrders) {
  if (single()) GTEST_SKIP() << "the rounding of float hides the orders";
  for (const SchemeOrder& scheme : schemes) {
    std::vector<double> estimates;
    for (const double dt : {1e-12, 0.5e-12, 0.25e-12}) {
      Problem p = Macrospin{}.problem();
      p.integrator.scheme = scheme.scheme;
      p.integrator.FixDt = dt;
      estimates.push_back(engine(p)->step(1e-9).error);
    }
    for (const int k : {0, 1})
      record({scheme.name, "order of the error estimate", scheme.error_order, 0.2,
              "of the embedded scheme"},
             std::log2(estimates[k] / estimates[k + 1]));
  }
}

TEST_P(TimeIntegration, TheGlobalErrorFollowsMaxErr) {
  constexpr double T = 100e-12;
  const double smallest = tolerance(1e-9, 1e-6);
  for (const SchemeOrder& scheme : schemes) {
    if (scheme.scheme == Scheme::heun) continue;  // its estimate is its own error, which adds up
    double previous = HUGE_VAL;
    Worst worst;
    for (double MaxErr = 1e-4; MaxErr > 0.9 * smallest; MaxErr /= 10) {
      const Macrospin spin;
      Problem p = spin.problem();
      p.integrator.scheme = scheme.scheme;
      p.integrator.MaxErr = MaxErr;
      const auto film = engine(p);
      run_to(*film, T);
      const double error = distance(film->m(), spin.exact(T));
      worst(error / MaxErr);
      EXPECT_LT(error, previous) << scheme.name << ", MaxErr = " << MaxErr;
      previous = error;
    }
    record({scheme.name, "largest error after 100 ps over MaxErr, which it falls with", 0, 100,
            "closed solution of a damped moment"},
           worst);
  }
}

}  // namespace
}  // namespace kubomag::test
