// Cubic anisotropy by hand.
#include "support/backends.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

class AnisotropyCubicCell : public OnEveryBackend {
 protected:
  static Problem cell(double Kc1, double Kc2, double Kc3, Vec3<double> m) {
    Problem p = plain_film(1, 1);
    p.material.set("Msat", 1e6);
    p.material.set("Kc1", Kc1), p.material.set("Kc2", Kc2), p.material.set("Kc3", Kc3);
    p.m = {m.x, m.y, m.z};
    return p;
  }
  void expect(const Problem& p, Vec3<double> B, double energy_density) const {
    const auto film = engine(p);
    const double close = tolerance(1e-14, 1e-6), volume = p.grid.cell_volume();
    EXPECT_LT(relative_difference(film->quantity("B_cubic"), {B.x, B.y, B.z}), close);
    EXPECT_NEAR(observable(film->observables(), "E_cubic") / volume, energy_density,
                close * energy_density);
  }
};
KUBOMAG_ON_EVERY_BACKEND(AnisotropyCubicCell);

TEST_P(AnisotropyCubicCell, FirstOrder) {
  expect(cell(1e4, 0, 0, {0.6, 0.8, 0}), {-7.68e-3, -5.76e-3, 0}, 2304);
}

// With m = (1, 2, 2)/3: a^2 = 1/9, b^2 = c^2 = 4/9.
constexpr Vec3<double> slanted{1. / 3, 2. / 3, 2. / 3};

TEST_P(AnisotropyCubicCell, SecondOrder) {
  // B_a = -2 Kc2/Ms a b^2 c^2
  expect(cell(0, 9e5, 0, slanted), {-1.8 * 16 / 243, -1.8 * 8 / 243, -1.8 * 8 / 243},
         9e5 * 16 / 729);
}

TEST_P(AnisotropyCubicCell, ThirdOrder) {
  // B_a = -4 Kc3/Ms a^3 (b^4 + c^4), energy Kc3 (16 + 256 + 16)/6561
  expect(cell(0, 0, 9e5, slanted), {-3.6 * 32 / 2187, -3.6 * 8 * 17 / 2187, -3.6 * 8 * 17 / 2187},
         9e5 * 288 / 6561);
}

TEST_P(AnisotropyCubicCell, TheThirdAxisCompletesTheOthers) {
  const Vec3<double> c1{0, 0.6, 0.8}, c2{1, 0, 0}, c3{0, 0.8, -0.6};
  const auto on_axes = [&](Vec3<double> v) { return v.x * c1 + v.y * c2 + v.z * c3; };
  Problem p = cell(0, 9e5, 0, on_axes(slanted));
  p.material.set("anisC1_x", c1.x), p.material.set("anisC1_y", c1.y);
  p.material.set("anisC1_z", c1.z), p.material.set("anisC2_x", c2.x);
  p.material.set("anisC2_y", c2.y), p.material.set("anisC2_z", c2.z);
  expect(p, on_axes({-1.8 * 16 / 243, -1.8 * 8 / 243, -1.8 * 8 / 243}), 9e5 * 16 / 729);
}

}  // namespace
}  // namespace kubomag::test
