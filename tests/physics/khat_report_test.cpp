// `kubomag khat` prints the same numbers in all three formats.
#include "khat/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "kubomag/error.hpp"
#include "support/json.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using ::testing::HasSubstr;

namespace {

const DiracElectrons electrons{0.2 * e_abs, 5e5, 0.05 * e_abs, 0.03};
const Film film{1.4e5, 5e-9};
const Wave wave{2e6 * pi, 1e6, 2 * pi * 7e9};

KhatReport report(int angles = 5) {
  return khat_report(electrons, film, 0.6, HallParts::full, wave, angles);
}

}  // namespace

TEST(KhatReport, HoldsTheScalesAndTheResponse) {
  const KhatReport r = report();
  const DiracScales scales = dirac_scales(electrons, film, 0.6, HallParts::full);
  const auto value = [&](const std::vector<Coefficient>& rows, const std::string& symbol) {
    for (const Coefficient& c : rows)
      if (c.symbol == symbol) return c.value;
    throw Error("no row " + symbol);
  };
  EXPECT_EQ(value(r.coefficients, "sigma_0"), scales.sigma_0);
  EXPECT_EQ(value(r.coefficients, "alpha_G"), scales.alpha_G);
  EXPECT_EQ(value(r.coefficients, "B_diff_per_psi"), scales.B_diff_per_psi);
  const auto K = K_hat(electrons, 0.6, wave, HallParts::full);
  EXPECT_EQ(r.K.size(), 18u);
  EXPECT_EQ(value(r.K, "Re K_xy"), K(0, 1).real());
  EXPECT_EQ(value(r.K, "Im K_zx"), K(2, 0).imag());
  for (const Coefficient& c : r.coefficients) EXPECT_FALSE(c.unit.empty() || c.source.empty());
}

TEST(KhatReport, RowsRunOverAllAngles) {
  const KhatReport r = report(5);
  ASSERT_EQ(r.angles.size(), 5u);
  EXPECT_EQ(r.angles[0].mz, -1);
  EXPECT_EQ(r.angles[2].mz, 0);
  EXPECT_EQ(r.angles[4].mz, 1);
  const DiracScales s = dirac_scales(electrons, film, 0.5, HallParts::full);
  EXPECT_DOUBLE_EQ(r.angles[3].B_FL, s.B_FL_per_J * e2_over_h * s.sigma_0 * 1e5);
  EXPECT_DOUBLE_EQ(r.angles[3].B_diff, s.B_diff_per_psi * 0.5 * 1e-3);
  EXPECT_DOUBLE_EQ(r.angles[1].B_diff, -r.angles[3].B_diff);
  EXPECT_DOUBLE_EQ(r.angles[3].D, s.D);
  EXPECT_TRUE(report(0).angles.empty());
  EXPECT_THROW(report(1), InputError);
}

TEST(KhatReport, JsonReadsBack) {
  const KhatReport r = report();
  const auto json = test::json_of(report_json(r));
  EXPECT_EQ(json["electrons"]["fermi_energy"], electrons.fermi_energy);
  EXPECT_EQ(json["film"]["thickness"], film.thickness);
  EXPECT_EQ(json["hall"], "full");
  ASSERT_EQ(json["coefficients"].size(), r.coefficients.size());
  for (std::size_t i = 0; i < r.coefficients.size(); ++i)
    EXPECT_EQ(json["coefficients"][i]["value"], r.coefficients[i].value);
  EXPECT_EQ(json["K"][0]["symbol"], "Re K_xx");
  EXPECT_EQ(json["angles"][3]["D (m^2/s)"], r.angles[3].D);
}

TEST(KhatReport, CsvReadsBack) {
  const KhatReport r = report();
  std::istringstream lines(report_csv(r));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "symbol,value,unit,name,source");
  for (const Coefficient& c : r.coefficients) {
    std::getline(lines, line);
    EXPECT_EQ(line.substr(0, c.symbol.size() + 1), c.symbol + ",");
    EXPECT_EQ(std::stod(line.substr(c.symbol.size() + 1)), c.value);
  }
  while (std::getline(lines, line) && !line.empty()) continue;
  std::getline(lines, line);
  EXPECT_THAT(line, HasSubstr("mz (1),sigma_0 (e^2/h)"));
  int rows = 0;
  while (std::getline(lines, line)) ++rows;
  EXPECT_EQ(rows, 5);
}

TEST(KhatReport, TextShowsUnitsAndSources) {
  const std::string text = report_text(report());
  EXPECT_THAT(text, HasSubstr("eps = 200 meV"));
  EXPECT_THAT(text, HasSubstr("Sokolewicz 2019 (9)"));
  EXPECT_THAT(text, HasSubstr("K_hat at q = "));
  EXPECT_THAT(text, HasSubstr("B_FL at 1e5 V/m (T)"));
  const auto plain = khat_report(electrons, film, 0.6, HallParts::none, std::nullopt, 0);
  EXPECT_EQ(report_text(plain).find("K_hat"), std::string::npos);
  EXPECT_EQ(report_text(plain).find("mz (1)"), std::string::npos);
}

TEST(KhatReport, RefusesWhatTheTheoryRefuses) {
  DiracElectrons in_gap = electrons;
  in_gap.Delta_sd = 0.3 * e_abs;
  EXPECT_THROW(khat_report(in_gap, film, 0.6, HallParts::full, wave, 3), InputError);
  EXPECT_THROW(khat_report(electrons, film, 0.6, HallParts::full, Wave{}, 3), InputError);
}
