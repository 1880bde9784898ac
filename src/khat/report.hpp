#pragma once
// What `kubomag khat` prints: every number that follows from the electrons, with its source.
#include <optional>
#include <string>
#include <vector>

#include "khat/coefficient.hpp"
#include "khat/dirac_response.hpp"

namespace kubomag {

/// The coefficients of one mz in the units of their column titles.
struct AngleRow {
  double mz = 0;
  double sigma_0 = 0, sigma_H = 0;  // [e^2/h]
  double D = 0;                     // [m^2/s]
  double alpha_G = 0, alpha_H = 0;  // [1]
  double B_FL = 0;                  // B_FL_per_E sigma_0, at E = 1e5 V/m [T]
  double B_diff = 0;                // B_diff_per_psi mz, at psi = 1 mV [T]
};

struct KhatReport {
  DiracElectrons electrons;
  Film film;
  double mz = 0;
  HallParts parts = HallParts::full;
  std::vector<Coefficient> coefficients;  // at mz
  std::optional<Wave> wave;               // asked for
  std::vector<Coefficient> K;             // real and imaginary parts, empty without a wave
  std::vector<AngleRow> angles;           // mz from -1 to 1 in equal steps
};

/// Computes the report; `angle_count` rows against mz (0: none, else at least 2).
/// Throws InputError where the theory does not hold, and where K_hat does.
KhatReport khat_report(const DiracElectrons& electrons, const Film& film, double mz,
                       HallParts parts, const std::optional<Wave>& wave, int angle_count);

/// The report for a terminal: aligned columns.
std::string report_text(const KhatReport& report);
/// Two comma-separated tables, parted by an empty line: the coefficients (with K), then the rows
/// against mz. Full precision; texts are quoted.
std::string report_csv(const KhatReport& report);
/// One JSON object with the keys electrons, film, mz, hall, coefficients, angles and, where a wave
/// was asked for, wave and K.
std::string report_json(const KhatReport& report);

}  // namespace kubomag
