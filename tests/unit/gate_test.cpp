// Gate fields against independent solutions of Laplace's equation.
#include "setup/gate.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <complex>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;
using constants::pi;

namespace {

GateSpec grating(GateSpec::Profile profile) {
  GateSpec g;
  g.profile = profile;
  g.period = 0.5e-6, g.duty = 0.4, g.height = 50e-9, g.voltage = 0.05;
  return g;
}

double plane_rectangular(const GateSpec& g, double s) {
  return std::abs(std::remainder(s, g.period)) < g.duty * g.period / 2 ? g.voltage : 0;
}

double plane_linear(const GateSpec& g, double s) {
  const double edge = g.duty * g.period / 2, middle = g.period / 2;
  const double a = std::abs(std::remainder(s, g.period));
  return a < edge ? g.voltage : g.voltage * (middle - a) / (middle - edge);
}

/// Potential a distance d below a plane at given potential: Poisson's integral over one period
/// with the periodic kernel (1/L) sinh(kd)/(cosh(kd) - cos(ku)).
template <class Plane>
double poisson(const GateSpec& g, const Plane& plane, double s) {
  const double k = 2 * pi / g.period, kd = k * g.height, edge = g.duty * g.period / 2;
  const double corners[] = {-g.period / 2, -edge, edge, g.period / 2};
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    sum += boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
        [&](double u) {
          return plane(g, u) / g.period * std::sinh(kd) / (std::cosh(kd) - std::cos(k * (s - u)));
        },
        corners[i], corners[i + 1], 12, 1e-13);
  return sum;
}

void expect_gradient(const GateField& gate, double scale) {
  const double h = 1e-11;
  for (double x : {-2.1e-7, -3e-8, 0.7e-8, 1.1e-7})
    for (double y : {-0.9e-7, 0.4e-7}) {
      const Vec2<double> E = gate.drive.E(x, y);
      const auto& phi = gate.potential;
      EXPECT_NEAR(E.x, -(phi(x + h, y) - phi(x - h, y)) / (2 * h), 2e-5 * scale);
      EXPECT_NEAR(E.y, -(phi(x, y + h) - phi(x, y - h)) / (2 * h), 2e-5 * scale);
    }
}

double largest_field(const GateSpec& g) { return 2 * pi / g.period * g.voltage; }

}  // namespace

TEST(Grating, RectangularPotentialIsPoissonsIntegral) {
  const GateSpec g = grating(GateSpec::Profile::rectangular);
  const GateField gate = make_gate(g)[0];
  for (double s : {-2.3e-7, -1e-7, 0.0, 0.3e-7, 1.7e-7, 6e-7})
    EXPECT_NEAR(gate.potential(s, 0), poisson(g, plane_rectangular, s), 1e-11 * g.voltage) << s;
}

TEST(Grating, LinearPotentialIsPoissonsIntegral) {
  const GateSpec g = grating(GateSpec::Profile::linear);
  const GateField gate = make_gate(g)[0];
  for (double s : {-2.3e-7, -1e-7, 0.0, 0.3e-7, 1.7e-7, 6e-7})
    EXPECT_NEAR(gate.potential(s, 0), poisson(g, plane_linear, s), 1e-11 * g.voltage) << s;
}

TEST(Grating, RectangularFieldIsItsFourierSeries) {
  const GateSpec g = grating(GateSpec::Profile::rectangular);
  const GateField gate = make_gate(g)[0];
  const double k = 2 * pi / g.period;
  for (double s : {-2.3e-7, 0.1e-7, 0.9e-7}) {
    double sum = 0;
    for (int n = 1; n < 200; ++n) {
      const double V_n = 2 * g.voltage * std::sin(n * pi * g.duty) / (n * pi);
      sum += n * k * V_n * std::sin(n * k * s) * std::exp(-n * k * g.height);
    }
    EXPECT_NEAR(gate.drive.E(s, 0).x, sum, 1e-13 * largest_field(g));
  }
}

// The fingers one by one, each on a grounded plane, summed over +-2000 periods; the tail of the
// sum falls as 1/distance^3 in the field.
TEST(Grating, IsASumOfStrips) {
  const GateSpec g = grating(GateSpec::Profile::rectangular);
  GateSpec finger = g;
  finger.kind = GateSpec::Kind::strip;
  finger.width = g.duty * g.period;
  const GateField whole = make_gate(g)[0], one = make_gate(finger)[0];
  for (double s : {-1.9e-7, 0.6e-7, 1.0e-7}) {
    double sum = 0;
    for (int i = -2000; i <= 2000; ++i) sum += one.drive.E(s - i * g.period, 0).x;
    EXPECT_NEAR(whole.drive.E(s, 0).x, sum, 1e-6 * largest_field(g));
  }
}

TEST(Grating, FieldIsMinusTheGradientInEveryDirection) {
  for (auto profile :
       {GateSpec::Profile::rectangular, GateSpec::Profile::linear, GateSpec::Profile::sine}) {
    GateSpec g = grating(profile);
    g.direction = 0.6, g.offset = 3e-8;
    expect_gradient(make_gate(g)[0], largest_field(g));
  }
}

TEST(Grating, IsSymmetricAboutAFinger) {
  GateSpec g = grating(GateSpec::Profile::rectangular);
  g.offset = 4e-8;
  const GateField gate = make_gate(g)[0];
  for (double s : {1e-8, 1.3e-7}) {
    EXPECT_NEAR(gate.potential(g.offset + s, 0), gate.potential(g.offset - s, 0), 1e-16);
    EXPECT_NEAR(gate.drive.E(g.offset + s, 0).x, -gate.drive.E(g.offset - s, 0).x,
                1e-12 * largest_field(g));
    EXPECT_GT(gate.drive.E(g.offset + s, 0).x, 0) << "a positive finger repels positive charge";
  }
}

TEST(Grating, LinearFieldInTheGatePlaneIsPiecewiseConstant) {
  GateSpec g = grating(GateSpec::Profile::linear);
  g.height = 0;
  const GateField gate = make_gate(g)[0];
  const double slope = g.voltage / ((1 - g.duty) * g.period / 2);
  EXPECT_NEAR(gate.drive.E(0.5e-7, 0).x, 0, 1e-12 * slope);
  EXPECT_NEAR(gate.drive.E(1.5e-7, 0).x, slope, 1e-12 * slope);
  EXPECT_NEAR(gate.drive.E(-2e-7, 0).x, -slope, 1e-12 * slope);
  EXPECT_NEAR(gate.potential(1.75e-7, 0), plane_linear(g, 1.75e-7), 1e-6 * g.voltage);
}

TEST(Wave, TravelsAlongItsDirection) {
  GateSpec g;
  g.kind = GateSpec::Kind::travelling_wave;
  g.amplitude = 1e5, g.frequency = 7e9, g.direction = 0.3, g.phase = 0.2, g.offset = 2e-8;
  for (double period : {0.4e-6, -0.4e-6}) {
    g.period = period;
    const auto gate = make_gate(g);
    ASSERT_EQ(gate.size(), 2u);
    const double x = 1.1e-7, y = -0.3e-7, t = 3.3e-11, w = 2 * pi * g.frequency;
    double Ex = 0;
    for (const GateField& part : gate) {
      const SignalTerm& s = part.drive.signal.terms[0];
      Ex += part.drive.E(x, y).x * std::cos(2 * pi * s.frequency * t + s.phase);
    }
    const double along = x * std::cos(0.3) + y * std::sin(0.3) - g.offset;
    const double expected = 1e5 * std::cos(w * t + 0.2 - 2 * pi / period * along) * std::cos(0.3);
    EXPECT_NEAR(Ex, expected, 1e-7);
    for (const GateField& part : gate) expect_gradient(part, 1e5);
  }
}

TEST(Wave, OfAVoltageFadesWithTheHeight) {
  GateSpec g;
  g.kind = GateSpec::Kind::standing_wave;
  g.period = 1e-6, g.voltage = 0.1, g.height = 1e-7, g.frequency = 1e9;
  const GateField gate = make_gate(g)[0];
  const double q = 2 * pi / g.period;
  EXPECT_NEAR(gate.drive.E(0.25e-6, 0).x, q * 0.1 * std::exp(-q * 1e-7), 1e-7);
  EXPECT_NEAR(gate.drive.E(0, 0.25e-6).x, 0, 1e-7);
}

TEST(Gate, RefusesWhatHasNoMeaning) {
  GateSpec g = grating(GateSpec::Profile::rectangular);
  g.height = 0;
  EXPECT_THROW(make_gate(g), InputError);
  g.height = -1e-9;
  EXPECT_THROW(make_gate(g), InputError);
  g = grating(GateSpec::Profile::linear);
  g.duty = 1;
  EXPECT_THROW(make_gate(g), InputError);
  g = grating(GateSpec::Profile::sine);
  g.period = 0;
  EXPECT_THROW(make_gate(g), InputError);
  g = grating(GateSpec::Profile::sine);
  g.voltage = NAN;
  EXPECT_THROW(make_gate(g), InputError);
  g.voltage = 1, g.kind = GateSpec::Kind::strip;
  EXPECT_THROW(make_gate(g), InputError) << "no width";
  g.kind = GateSpec::Kind::travelling_wave, g.amplitude = 1;
  EXPECT_THROW(make_gate(g), InputError) << "amplitude and voltage";
}
