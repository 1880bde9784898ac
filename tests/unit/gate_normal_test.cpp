// The field of a gate across the dielectric on a grounded film.
#include "setup/gate_normal.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;

const Grid grid{40, 1, 5e-9, 5e-9, 1e-9, true, true};  // 200 nm

GateSpec fingers(double dielectric) {
  GateSpec spec;
  spec.period = 100e-9, spec.duty = 0.3, spec.voltage = 2, spec.dielectric = dielectric;
  return spec;
}

TEST(GateNormal, FingersAreTheSumOfTheirHarmonics) {
  // V_n = 2 V sin(n pi duty)/(n pi), the mean V duty; the field of each is V_n k/sinh(k d)
  for (const double d : {3e-9, 20e-9, 80e-9}) {
    const auto E_z = gate_normal_field(fingers(d), grid);
    ASSERT_EQ(E_z.size(), 1u);
    for (int ix = 0; ix < grid.nx; ++ix) {
      double sum = 2 * 0.3 / d;
      for (int n = 1; n < 400; ++n) {
        const double k = 2 * pi * n / 100e-9;
        if (k * d > 600) break;
        sum += 2 * 2 * std::sin(n * pi * 0.3) / (n * pi) * k / std::sinh(k * d) *
               std::cos(k * grid.x(ix));
      }
      EXPECT_NEAR(E_z[0].map[static_cast<std::size_t>(ix)].z, -sum, 1e-10 * 2 / d)
          << d << ", " << ix;
    }
  }
}

TEST(GateNormal, AWideStripIsAPlateCapacitor) {
  GateSpec spec = fingers(2e-9);
  spec.kind = GateSpec::Kind::strip;
  spec.width = 100e-9, spec.offset = 10e-9;
  const auto E_z = gate_normal_field(spec, grid)[0].map;
  EXPECT_NEAR(E_z[22].z, -1e9, 1);  // x = 12.5 nm
  EXPECT_NEAR(E_z[0].z, 0, 1);
  spec.direction = pi / 2;  // across y: every cell of the row is 10 nm from the middle
  EXPECT_NEAR(gate_normal_field(spec, grid)[0].map[0].z, -1e9, 1);
}

TEST(GateNormal, AWaveIsOneHarmonicOfTheGatePlane) {
  // the plane at the height h has V cos(k s + ...): the in-plane field there is k V, so that at the
  // surface E0 = k V exp(-k h) = 1; phi_plane = V sin(w t - k s)
  GateSpec spec;
  spec.kind = GateSpec::Kind::travelling_wave;
  spec.period = 100e-9, spec.voltage = 0.5, spec.height = 30e-9, spec.dielectric = 10e-9;
  spec.frequency = 1e9;
  const auto E_z = gate_normal_field(spec, grid);
  ASSERT_EQ(E_z.size(), 2u);
  const double k = 2 * pi / 100e-9, strength = 0.5 * k / std::sinh(k * 10e-9), s = grid.x(3);
  const double wt = 0.7;
  const double got = E_z[0].map[3].z * std::cos(wt) + E_z[1].map[3].z * std::cos(wt - pi / 2);
  EXPECT_NEAR(got, -strength * std::sin(wt - k * s), 1e-9 * strength);
}

TEST(GateNormal, WhatIsNotKnownIsRefused) {
  GateSpec spec = fingers(2e-9);
  spec.profile = GateSpec::Profile::linear;
  EXPECT_THROW(gate_normal_field(spec, grid), InputError);
  EXPECT_THROW(gate_normal_field(fingers(0), grid), InputError);
  spec = fingers(2e-9);
  spec.kind = GateSpec::Kind::standing_wave, spec.amplitude = 1e5, spec.voltage = 0;
  EXPECT_THROW(gate_normal_field(spec, grid), InputError);
}

}  // namespace
}  // namespace kubomag
