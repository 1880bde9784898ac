#pragma once
// What a drive holds in memory on the CPU, counted before it is there.
#include "setup/drive_plan.hpp"

namespace kubomag {

struct DriveParts {
  double separable = 0, sampled = 0;  // drives
  bool knots = false;                 // whether tables or sampled drives are among them
  double still = 0;                   // sampled drives that are a field times a signal
};

DriveParts drive_parts(const DrivePlan& plan);

/// How many of them are a field times a signal.
double still_fields(const std::vector<SampledDrive>& sampled);

/// Of the polynomial between two knots: E's coefficients in time and y.
double knot_spectra(const DriveParts& parts);

/// Bytes of the separable drives' spectra, which DrivePlan holds.
double plan_bytes(const FilmBox& box, const DriveParts& parts);

/// Bytes of what DriveEvaluator has beside the plan once it is asked; `single`: for fields in
/// single precision.
double evaluator_bytes(const FilmBox& box, const DriveParts& parts, bool single, int threads);

}  // namespace kubomag
