#include "solver/drive_memory.hpp"

#include <algorithm>
#include <complex>

#include "solver/mirror_modes.hpp"

namespace kubomag {
namespace {

constexpr double complex_size = sizeof(std::complex<double>);

}  // namespace

double knot_spectra(const DriveParts& parts) {
  if (!parts.knots) return 0;
  return 1 + 2.0 * (parts.sampled > 0 ? KnottedSpectrum::most : KnottedSpectrum::line);
}

DriveParts drive_parts(const DrivePlan& plan) {
  const auto has_table = [](const PlannedDrive& drive) {
    return std::any_of(drive.signal.terms.begin(), drive.signal.terms.end(),
                       [](const SignalTerm& term) { return term.kind == SignalTerm::Kind::table; });
  };
  return {
      static_cast<double>(plan.separable.size()), static_cast<double>(plan.sampled.size()),
      !plan.sampled.empty() || std::any_of(plan.separable.begin(), plan.separable.end(), has_table),
      still_fields(plan.sampled)};
}

double still_fields(const std::vector<SampledDrive>& sampled) {
  return static_cast<double>(
      std::count_if(sampled.begin(), sampled.end(),
                    [](const SampledDrive& drive) { return static_cast<bool>(drive.signal); }));
}

double plan_bytes(const FilmBox& box, const DriveParts& parts) {
  return 2 * parts.separable * static_cast<double>(box.modes()) * complex_size;
}

double evaluator_bytes(const FilmBox& box, const DriveParts& parts, bool single, int threads) {
  const double knots =
      knot_spectra(parts) + (parts.sampled > 0 ? 2.0 * Knots::samples : 0) + 2 * parts.still;
  if (!MirrorModes::possible(box)) {
    const double values = single ? 3.0 * sizeof(double) * box.x.n * box.y.n : 0;
    const double work = 3, modes = static_cast<double>(box.modes());
    return values + modes * complex_size * (work + knots);
  }
  constexpr int group = mirror_group;
  const double blocks = (box.x.n + group - 1) / group;
  const double coefficients = sizeof(double) * blocks * group * box.y.n;
  double sum = CosineFilm<double>::bytes(box.x.n, box.y.n, threads);
  if (single) sum += CosineFilm<float>::bytes(box.x.n, box.y.n, threads);
  return sum + coefficients * (2 * parts.separable + knots);
}

}  // namespace kubomag
