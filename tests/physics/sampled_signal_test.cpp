// Sampled fields that are a field of x and y times a signal: the modes of the field are found once.
// They are to be what the product is, sampled as a field of x, y and t.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "solver/drive_evaluator.hpp"
#include "support/film_drive.hpp"

using namespace kubomag;
using namespace kubomag::testing;
using ::testing::HasSubstr;

namespace {

constexpr double interval = 1e-12;

Vec2<double> still(double x, double y) {
  const double s = 2e7 * (0.8 * x + 0.6 * y);
  return {1e5 * std::sin(s) + 1e4, 6e4 * std::cos(s) + 1e11 * y};
}

double smooth(double t) { return std::cos(4e10 * t) * std::exp(-t / 3e-11); }
double kinked(double t) { return std::abs(t - 21.3e-12) * 1e11; }

Vec2<double> changing(double x, double, double t) {
  return {0, 3e4 * std::sin(1e7 * x + 3e10 * t)};
}

SampledDrive with_signal(double (*signal)(double)) {
  return {"still", [](double x, double y, double) { return still(x, y); }, interval, signal};
}

SampledDrive as_product(double (*signal)(double)) {
  return {"product",
          [signal](double x, double y, double t) {
            const Vec2<double> E = still(x, y);
            return Vec2<double>{signal(t) * E.x, signal(t) * E.y};
          },
          interval};
}

Problem film(Edge edge, std::vector<SampledDrive> sampled) {
  Problem p;
  p.grid = {30, 21, 12e-9, 16e-9, 5e-9, edge == Edge::periodic, edge == Edge::periodic};
  p.diffusion.D = 0.008;
  p.diffusion.edge_x = p.diffusion.edge_y = edge;
  p.diffusion.padding = 2e-7;
  p.drive.sampled = std::move(sampled);
  return p;
}

DriveEvaluator evaluator(const Problem& p) {
  return {make_drive_plan(p.grid, p.diffusion, p.drive, 1), 1};
}

std::vector<double> at(DriveEvaluator& drive, std::size_t cells, double t) {
  std::vector<double> out(3 * cells);
  drive.evaluate(t, t, out.data(), out.data() + cells, out.data() + 2 * cells);
  return out;
}

void expect_the_same(const std::vector<double>& a, const std::vector<double>& b, std::size_t cells,
                     double t) {
  const double scale[] = {1e5 * 5e-8, 1e5, 1e5};  // of psi [V], E'_x and E'_y [V/m]
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i], b[i], 1e-12 * scale[i / cells]) << t << " s, number " << i;
    largest = std::max(largest, std::abs(a[i]) / scale[i / cells]);
  }
  EXPECT_GT(largest, t > 0 ? 0.05 : -1) << t;
}

}  // namespace

TEST(SampledSignal, IsTheProductAtAllEdges) {
  for (const Edge edge : {Edge::periodic, Edge::no_flux, Edge::infinite})
    for (const auto signal : {smooth, kinked})
      for (const bool beside_another : {false, true}) {
        const SampledDrive other{"changing", changing, interval};
        std::vector<SampledDrive> one{with_signal(signal)}, two{as_product(signal)};
        if (beside_another) one.insert(one.begin(), other), two.push_back(other);
        const Problem p = film(edge, one), q = film(edge, two);
        DriveEvaluator ours = evaluator(p), product = evaluator(q);
        for (const double t : {-1e-12, 0.0, 0.3e-12, 9.7e-12, 24.1e-12, 3.9e-12})
          expect_the_same(at(ours, p.grid.cells(), t), at(product, p.grid.cells(), t),
                          p.grid.cells(), t);
      }
}

TEST(SampledSignal, TheGivenFieldIsTheProduct) {
  const Problem p = film(Edge::no_flux, {with_signal(smooth)});
  DriveEvaluator drive = evaluator(p);
  std::vector<double> Ex(p.grid.cells()), Ey(p.grid.cells());
  const double t = 2.7e-12;
  drive.external_E(t, Ex.data(), Ey.data());
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix) {
      const Vec2<double> E = still(p.grid.x(ix), p.grid.y(iy));
      EXPECT_DOUBLE_EQ(Ex[p.grid.index(ix, iy)], smooth(t) * E.x);
      EXPECT_DOUBLE_EQ(Ey[p.grid.index(ix, iy)], smooth(t) * E.y);
    }
}

TEST(SampledSignal, ThatIsNotFiniteIsNamed) {
  const Problem p = film(Edge::no_flux, {with_signal([](double t) { return 1 / (t - 2e-12); })});
  DriveEvaluator drive = evaluator(p);
  try {
    at(drive, p.grid.cells(), 1e-12);
    FAIL() << "a signal that is infinite was taken";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("still: the signal is inf at t = 2e-12 s"));
  }
}
