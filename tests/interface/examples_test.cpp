// Every shipped example is valid; the quick ones are run as they are, and what they show is there.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/thiele.hpp"
#include "io/table.hpp"
#include "khat/electron_models.hpp"
#include "kubomag/constants.hpp"
#include "support/dirac_reference.hpp"
#include "support/subprocess.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag {
namespace {

namespace fs = std::filesystem;
using testing_support::Subprocess;

fs::path example(const std::string& name) {
  return fs::absolute(fs::path(KUBOMAG_SOURCE_DIR) / "examples" / name);
}

int run_kubomag(const fs::path& folder, std::vector<std::string> arguments) {
  Subprocess program(KUBOMAG_PROGRAM, std::move(arguments), folder, folder);
  const int status = program.wait();
  EXPECT_EQ(status, 0) << program.err();
  return status;
}

class Examples : public ::testing::Test {
 protected:
  io::Table run(const std::string& name) {
    run_kubomag(folder_.path(), {"run", example(name + ".toml"), "-o", name, "--quiet"});
    return io::read_table(folder_.path() / name / "table.txt");
  }
  test::TemporaryFolder folder_;
};

TEST_F(Examples, AllAreValid) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(example("")))
    if (entry.path().extension() == ".toml") {
      run_kubomag(folder_.path(), {"check", entry.path()});
      ++count;
    }
  EXPECT_GE(count, 7);
}

/// Cubic interpolation of a table column.
double at(const std::vector<double>& t, const std::vector<double>& y, double time) {
  const auto k = std::clamp<std::ptrdiff_t>(std::upper_bound(t.begin(), t.end(), time) - t.begin(),
                                            2, static_cast<std::ptrdiff_t>(t.size()) - 2);
  double sum = 0;
  for (auto a = k - 2; a < k + 2; ++a) {
    double weight = y[a];
    for (auto b = k - 2; b < k + 2; ++b)
      if (b != a) weight *= (time - t[b]) / (t[a] - t[b]);
    sum += weight;
  }
  return sum;
}

TEST_F(Examples, SpinTorqueResonanceIsFig3) {
  // Sokolewicz 2019, Fig. 3: cells 0-2 are the lower panel, 3-6 the upper one. 2e-3: what the cubic
  // interpolation of the table and the mz-dependence left in the damping (b^2 = 6e-6) amount to;
  // the undamped run passes near a saddle, where small differences grow.
  struct Run {
    double ratio, alpha_G, tolerance;
  };
  const Run runs[] = {{1, 0, 2e-2},        {1, 0.005, 2e-3},     {1, 0.01, 2e-3},
                      {0.95, 0.005, 2e-3}, {0.975, 0.005, 2e-3}, {1.01, 0.005, 2e-3},
                      {1.025, 0.005, 2e-3}};
  const io::Table table = run("spin_torque_resonance");
  const double omega = 2 * std::numbers::pi * 5.60066245e9;
  for (int n = 0; n < 7; ++n) {
    const Run& want = runs[n];
    const auto& mx = table.data[table.find("mx_" + std::to_string(n) + "_0")];
    const auto& mz = table.data[table.find("mz_" + std::to_string(n) + "_0")];
    std::vector<double> m_H, time;
    for (std::size_t i = 0; i < mx.size(); ++i) {
      m_H.push_back((mx[i] + mz[i]) / std::numbers::sqrt2);
      time.push_back(table.data[0][i] * omega / want.ratio);
    }
    int compared = 0;
    for (const auto& reference : reference::ti()["macrospin_fig3"]["runs"]) {
      if (std::abs(reference["w"].get<double>() - want.ratio) > 1e-9) continue;
      if (std::abs(reference["aG"].get<double>() - want.alpha_G) > 1e-9) continue;
      for (std::size_t i = 0; i < reference["t"].size(); ++i) {
        if (reference["t"][i].get<double>() > time.back()) break;
        EXPECT_NEAR(at(time, m_H, reference["t"][i]), reference["mH"][i].get<double>(),
                    want.tolerance)
            << "cell " << n << ", t w0 = " << reference["t"][i];
        ++compared;
      }
    }
    EXPECT_GT(compared, 10) << "cell " << n;
  }
}

TEST_F(Examples, TravellingWaveTurnsWithThePhaseOfTheWave) {
  // A quarter period apart along the film the motion is a quarter period apart in time: my of the
  // cells at x = -250 nm, 0, 250 nm, compared over the last period at 5.6 GHz.
  const io::Table table = run("travelling_wave");
  const auto& t = table.data[0];
  std::vector<const std::vector<double>*> my;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (table.columns[c].name.rfind("my_", 0) == 0) my.push_back(&table.data[c]);
  ASSERT_EQ(my.size(), 3u);
  const double period = 1 / 5.6e9, end = t.back() - period / 2;
  double swing = 0, mismatch = 0;
  for (int i = 0; i < 40; ++i) {
    const double time = end - period * i / 40;
    for (int c = 0; c < 2; ++c) {
      swing = std::max(swing, std::abs(at(t, *my[c], time)));
      mismatch =
          std::max(mismatch, std::abs(at(t, *my[c], time) - at(t, *my[c + 1], time + period / 4)));
    }
  }
  EXPECT_GT(swing, 0.1);
  // the amplitude still grows: by f0/4 per unit of time, 2 % in a quarter period at t = 1 ns
  EXPECT_LT(mismatch, 0.1 * swing);
}

TEST_F(Examples, CurrentDrivenWallDriftsAtXiOverAlphaTimesU) {
  // u = Pol mu_B j/(|e| Msat (1 + xi^2)) = 47.98 m/s, v = xi u/alpha; <mz> moves by 2 v t over the
  // length of the film. Up is on the left and the electrons flow to the right.
  const io::Table table = run("current_driven_wall");
  const auto& t = table.data[0];
  const auto& mz = table.data[table.find("mz")];
  const std::size_t last = t.size() - 1, middle = last / 2;
  const double speed = (mz[last] - mz[middle]) / (t[last] - t[middle]) * 256e-9 / 2;
  EXPECT_NEAR(speed, 0.2 / 0.3 * 47.98, 1);
}

TEST_F(Examples, RashbaGasTurnsTheFilmBeyondTheJumpAndBack) {
  // The torque jumps where m is 42.790 deg from the normal (Veneri 2022, Fig. 4); the film starts
  // up, crosses that cone and comes back.
  const io::Table table = run("rashba_tmatrix");
  const auto& mz = table.data[table.find("mz")];
  EXPECT_LT(*std::min_element(mz.begin(), mz.end()), std::cos(42.790 * std::numbers::pi / 180));
  EXPECT_GT(mz.back(), 0.97);
}

TEST_F(Examples, HysteresisIsSymmetricAndBelowCoherentRotation) {
  // Stoner-Wohlfarth with the demagnetising factors of 200 x 50 x 5 nm (Aharoni, J. Appl. Phys. 83,
  // 3432 (1998): N_y - N_x = 0.1139 - 0.0271), 1.146 degrees off the axis:
  // 0.0868 B_s (cos^(2/3) + sin^(2/3))^(-3/2) = 78.4 mT. The ends turn first.
  const io::Table table = run("hysteresis");
  const auto& B = table.data[table.find("B")];
  const auto& m = table.data[table.find("m_B")];
  ASSERT_EQ(B.size(), 121u);
  std::vector<double> coercive;
  for (std::size_t i = 1; i < B.size(); ++i)
    if (m[i - 1] * m[i] < 0)
      coercive.push_back(B[i - 1] - m[i - 1] * (B[i] - B[i - 1]) / (m[i] - m[i - 1]));
  ASSERT_EQ(coercive.size(), 2u);
  EXPECT_NEAR(coercive[0], -coercive[1], 4e-3);  // a step of the field
  EXPECT_LT(-coercive[0], 78.4e-3);
  EXPECT_GT(-coercive[0], 30e-3);
  EXPECT_GT(m[30], 0.98);  // remanence
  for (const double converged : table.data[table.find("converged")]) EXPECT_EQ(converged, 1);
}

/// The first number behind `text` in what the program says.
double number_after(const std::string& said, const std::string& text) {
  const std::size_t at = said.find(text);
  return at == std::string::npos ? NAN : std::stod(said.substr(at + text.size()));
}

TEST_F(Examples, FerromagneticResonanceHasTheExactModes) {
  // tests/data/oommf/generated/fmr_eigenfrequencies.txt, 24x24x1 cells: 8.25392 GHz; 10 MHz are a
  // twentieth of 1/(5 ns).
  run("fmr");
  Subprocess program(KUBOMAG_PROGRAM, {"spectrum", "fmr/table.txt", "--columns", "my"},
                     folder_.path(), folder_.path());
  ASSERT_EQ(program.wait(), 0) << program.err();
  EXPECT_NEAR(number_after(program.out(), "my: peaks\n"), 8.25392, 0.01);
}

TEST_F(Examples, SpinWavesHaveTheDispersionOfTheGrid) {
  run("spin_waves");
  std::vector<std::string> arguments{"spectrum", "--components", "x", "--dispersion", "x"};
  for (const auto& entry : fs::directory_iterator(folder_ / "spin_waves"))
    if (entry.path().extension() == ".ovf") arguments.push_back(entry.path());
  run_kubomag(folder_.path(), arguments);
  const io::Table modes = io::read_table(folder_ / "dispersion_modes.txt");
  for (const int j : {-24, -10, -3, 0, 5, 12, 24}) {
    const double k = 2 * std::numbers::pi * j / (256 * 4e-9);
    const double k_eff = 2 / 4e-9 * std::sin(0.5 * k * 4e-9);
    const double f = 1.7595e11 / (2 * std::numbers::pi) * (0.2 + 2 * 13e-12 / 8e5 * k_eff * k_eff);
    EXPECT_NEAR(modes.data[0][static_cast<std::size_t>(128 + j)], k, 1);
    // 0.05 of a bin of 0.5 GHz: the wave is only there after the pulse
    EXPECT_NEAR(modes.data[1][static_cast<std::size_t>(128 + j)], f, 25e6) << "mode " << j;
  }
}

/// The skyrmion's velocity in the last row [m/s].
Vec2<double> velocity(const io::Table& table) {
  return {table.data[table.find("skyrmion_vx")].back(),
          table.data[table.find("skyrmion_vy")].back()};
}

void expect_velocity(Vec2<double> v, Vec2<double> expected, double tolerance) {
  EXPECT_LT(std::hypot(v.x - expected.x, v.y - expected.y),
            tolerance * std::hypot(expected.x, expected.y))
      << "(" << v.x << ", " << v.y << "), not (" << expected.x << ", " << expected.y << ") m/s";
}

/// The profile of all skyrmion examples.
SkyrmionProfile profile() { return skyrmion_profile({15e-12, 3.5e-3, 8e5}); }

TEST_F(Examples, SkyrmionOfASpinOrbitTorqueMovesAsThieleSays) {
  // b/gamma = hbar j theta_SH/(2 |e| Ms t) = 11.3485 mT, times the velocity per mT of
  // tests/data/reference-local.json (C_skyrmion_profiles, noDemag_D3.5, alpha = 0.3).
  const io::Table table = run("skyrmion_sot");
  expect_velocity(velocity(table), {11.3485 * 0.2928830203, 11.3485 * 0.7743683948}, 0.02);
  for (const double Q : table.data[table.find("Q")]) EXPECT_NEAR(Q, -1, 1e-6);
  Subprocess program(KUBOMAG_PROGRAM, {"thiele", example("skyrmion_sot.toml")}, folder_.path(),
                     folder_.path());
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.out(), ::testing::HasSubstr("velocity                           (3.32"));
}

/// The velocity that `kubomag thiele` predicts for an example [m/s].
Vec2<double> predicted(const fs::path& folder, const std::string& name) {
  Subprocess program(KUBOMAG_PROGRAM, {"thiele", example(name + ".toml")}, folder, folder);
  EXPECT_EQ(program.wait(), 0) << program.err();
  const std::string said = program.out();
  const std::size_t open = said.find('(', said.find("velocity"));
  return {std::stod(said.substr(open + 1)), std::stod(said.substr(said.find(',', open) + 1))};
}

TEST_F(Examples, SkyrmionOnARashbaGasMovesAsThieleSays) {
  expect_velocity(velocity(run("skyrmion_rashba")), predicted(folder_.path(), "skyrmion_rashba"),
                  0.02);
}

TEST_F(Examples, DresselhausSkyrmionMovesAtRightAnglesToTheRashbaSkyrmion) {
  // By (sigma_x, sigma_y, sigma_z) -> (sigma_y, sigma_x, -sigma_z) the Dresselhaus coupling
  // kx sigma_x - ky sigma_y is the Rashba one, kx sigma_y - ky sigma_x. <sigma> along z x E = y
  // in Ex therefore becomes <sigma> along x, which is the Rashba gas in -Ey; the film is the same
  // along x and y, and v_D = -z x v_R, to what the time steps differ. A turn of E by phi turns v_R
  // by phi and v_D by -phi.
  const std::string name = "skyrmion_rashba_vs_dresselhaus";
  run_kubomag(folder_.path(), {"sweep", example(name + ".toml"), "-o", name, "--quiet"});
  const io::Table table = io::read_table(folder_ / name / "table.txt");
  ASSERT_EQ(table.rows(), 6u);
  const auto v = [&](std::size_t row) {
    return Vec2<double>{table.data[table.find("skyrmion_vx")][row],
                        table.data[table.find("skyrmion_vy")][row]};
  };
  const Vec2<double> rashba = v(0), dresselhaus{rashba.y, -rashba.x};
  EXPECT_GT(std::hypot(rashba.x, rashba.y), 0.3);
  const auto turned = [](Vec2<double> a, double by) {
    const double c = std::cos(by), s = std::sin(by);
    return Vec2<double>{c * a.x - s * a.y, s * a.x + c * a.y};
  };
  for (std::size_t k = 0; k < 3; ++k) {
    const double phi = static_cast<double>(k) * std::numbers::pi / 4;
    expect_velocity(v(k), turned(rashba, phi), k == 1 ? 0.01 : 2e-3);  // 45 degrees: the cells
    expect_velocity(v(3 + k), turned(dresselhaus, -phi), k == 1 ? 0.01 : 2e-3);
  }
}

TEST_F(Examples, SkyrmionOnATopologicalInsulatorMovesAsThieleSays) {
  // B = -(1/gamma)(a z x E + tau_par mz E) of the Dirac electrons at m = (mx, 0, mz) gives a and
  // tau_par = d = -b (Ndiaye 2017). The surface's damping is 2 % of alpha.
  const double energy = 0.2 * constants::e_abs, Delta = 0.1 * constants::e_abs;
  const auto electrons = std::shared_ptr<const ElectronModel>(
      make_dirac({{energy, 5e5, Delta, 1 / (10 * std::numbers::pi)}, HallParts::full}));
  const auto torque = [=](double mz, int component) {
    const Eigen::Vector3d m(std::sqrt(1 - mz * mz), 0, mz);
    return -constants::GammaLL * Delta / (580e3 * 1e-9) *
           electrons->response(m.normalized()).K_E(component, 0);
  };
  const auto tau = [=](double mz) {
    const double away = std::abs(mz) < 1e-3 ? 1e-3 : mz;  // 0/0 at mz = 0
    return torque(away, 0) / away;
  };
  const ThieleTorque all{
      [=](double mz) { return torque(mz, 1); }, [=](double mz) { return -tau(mz); }, {}, tau};
  const Vec2<double> expected = thiele_motion({profile(), -1, 0}, all, {1e5, 0}, 0.3).velocity;
  EXPECT_GT(std::hypot(expected.x, expected.y), 0.3);
  expect_velocity(predicted(folder_.path(), "skyrmion_on_ti"), expected, 1e-4);
  expect_velocity(velocity(run("skyrmion_on_ti")), expected, 0.03);
}

TEST_F(Examples, SkyrmionBesideAFingerMovesAlongIt) {
  // A force along x turns the velocity of a core along -z to the left by atan(1/D), D = 0.37822 at
  // alpha = 0.3 (tests/data/reference-local.json, D_thiele_al0.3). 1.5 degrees: cells of 2 nm, and
  // the surface's damping.
  const Vec2<double> v = velocity(run("skyrmion_grating"));
  EXPECT_GT(v.x, 0.2);
  EXPECT_NEAR(std::atan2(v.y, v.x) * 180 / std::numbers::pi,
              std::atan(1 / 0.37822) * 180 / std::numbers::pi, 1.5);
}

TEST_F(Examples, WarpedSurfaceHasAThreefoldAxis) {
  // The fields of the three cells are at 0, 60, 120 degrees.
  const io::Table table = run("warped_surface");
  double same = 0, different = 0, swing = 0;
  const auto turned = [&](int cell, std::size_t row) {  // m of a cell, in the frame of its field
    const auto m = [&](const char* axis) {
      return table.data[table.find(fmt::format("{}_{}_0", axis, cell))][row];
    };
    const double angle = -cell * std::numbers::pi / 3, c = std::cos(angle), s = std::sin(angle);
    return Vec3<double>{c * m("mx") - s * m("my"), s * m("mx") + c * m("my"), m("mz")};
  };
  for (std::size_t row = 0; row < table.data[0].size(); ++row) {
    const Vec3<double> first = turned(0, row);
    same = std::max(same, norm(turned(2, row) - first));
    different = std::max(different, norm(turned(1, row) - first));
    swing = std::max(swing, std::hypot(first.x, first.y));
  }
  EXPECT_GT(swing, 0.3);
  EXPECT_LT(same, 1e-3);
  EXPECT_GT(different, 0.02);
}

}  // namespace
}  // namespace kubomag
