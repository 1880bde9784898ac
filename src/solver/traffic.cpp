#include "solver/traffic.hpp"

#include <algorithm>
#include <cmath>

#include "backend/convolution_method.hpp"
#include "solver/demag_box.hpp"
#include "solver/device_summands.hpp"

namespace kubomag {
namespace {

constexpr double vector = 3;  // numbers

double count_mapped(const std::vector<FieldSource>& sources) {
  return static_cast<double>(std::count_if(sources.begin(), sources.end(),
                                           [](const FieldSource& s) { return !s.map.empty(); }));
}

/// Whether cuFFT takes rows from m as they lie, and leaves them so in B.
bool rows_lie(const Grid& grid) { return grid.periodic_x && grid.nx % 2 == 0; }
bool reads_m_itself(const Problem& problem) {
  return convolution_method(problem.grid.cells()) != ConvolutionMethod::fused &&
         rows_lie(problem.grid) && problem.material["Msat"].uniform();
}

/// What one convolution reads and writes per cell. Only the film's rows are transformed along x.
/// On the CPU and in the fused kernels of a GPU the padded halves are never in memory, and on the
/// CPU B is not either; cuFFT's way is pad, rows, columns, then the product, columns, rows, crop,
/// where rows that nothing pads are read and written where they lie
/// (backend/cuda_fft_convolution.cuh).
double demag_numbers(const Problem& problem, DeviceKind kind) {
  const Grid& grid = problem.grid;
  const DemagBox box(grid);
  const double cells = static_cast<double>(grid.nx) * grid.ny;
  const double row = box.px / grid.nx, spectrum = 2 * box.modes / grid.nx;
  const double columns = spectrum * box.py / grid.ny, tensor = 4 * box.quarter / cells;
  if (kind == DeviceKind::cpu) return vector * (1 + 4 * spectrum) + tensor;
  if (convolution_method(grid.cells()) == ConvolutionMethod::fused)
    return vector * 2 * (1 + 2 * spectrum) + tensor;
  const double pad = reads_m_itself(problem) ? 1 : 1 + row + row;
  const double crop = rows_lie(grid) ? 1 : row + 1 + 1;
  return vector * (pad + spectrum + 6 * columns + spectrum + crop) + tensor;
}

/// What is added to the field besides parameters and sources: the noise. On a GPU those of which a
/// pass takes no more are passes that add to the map of the field, which goes in and out.
double added_numbers(const Problem& problem, DeviceKind kind) {
  const double noise = problem.material["Temp"].max() > 0 ? 1 : 0;
  if (kind == DeviceKind::cpu) return noise * vector;
  const auto beyond = [](double count, int most) { return std::max(0.0, count - most); };
  const double electrons = problem.surface && problem.local ? 1 : 0;
  const double maps = beyond(count_mapped(problem.B_ext) + noise, DeviceSummands<float>::most_maps);
  const double formulas =
      beyond(static_cast<double>(problem.custom.size()), DeviceSummands<float>::most_formulas);
  return vector * (noise + 2 * maps + 3 * (formulas + electrons));
}

double drive_numbers(const Problem& problem, double basis_fields, DeviceKind kind) {
  constexpr int most = DriveSample<double>::fields;  // that the fused pass reads
  if (!problem.surface) return 0;
  // a piece of a window, if it is not a sum of fixed fields
  if (kind == DeviceKind::cpu && basis_fields == 0 && !problem.drive.empty()) return vector * most;
  if (basis_fields <= most) return vector * basis_fields;
  // summed two by two into a buffer that the fused pass reads
  return std::ceil(basis_fields / 2) * 4 * vector + vector;
}

}  // namespace

double runge_kutta_numbers(const ButcherTableau& scheme, bool first_on_the_way) {
  const auto weights = [](const auto& row, int count) {
    return static_cast<double>(count - std::count(row.begin(), row.begin() + count, 0.0));
  };
  double numbers = 3 * vector;             // first stage: m, its slope -> the next m
  for (int j = 1; j < scheme.stages; ++j)  // stage: m, m_0, slopes -> slope, the next m
    numbers += 4 * vector + vector * weights(scheme.a[j], j);
  numbers += 2 * vector + vector * weights(scheme.e, scheme.stages);  // error: m, slopes -> slope
  if (first_on_the_way)  // no first pass; stage 2 reads m_0 and the slope that its state is made of
    numbers -= 3 * vector + (scheme.a[1][0] != 0 ? vector : 0);
  return numbers / scheme.stages;
}

double pipelined_numbers(const ButcherTableau& scheme) {
  // m and its slope in, the new m and its slope out; the rest stays in the cache (step_ring.hpp)
  return vector * 4 / scheme.stages;
}

Traffic evaluation_traffic(const Problem& problem, DeviceKind kind, Precision precision) {
  const double bytes = precision == Precision::single_precision ? 4 : 8;
  const ButcherTableau& scheme = tableau(problem.integrator.scheme);
  const MemoryModel model(problem, kind, precision);
  const double added = added_numbers(problem, kind);
  const bool map = model.has_field_map();
  Traffic traffic;
  const bool demag = problem.demag.enabled;
  const bool whole =
      (demag && reads_m_itself(problem)) || problem.diffusion.local || has_many_summands(problem);
  const bool on_the_way = kind == DeviceKind::cuda && !whole;
  const bool swept = kind == DeviceKind::cpu && model.mostly_pointwise();
  traffic.passes = swept ? pipelined_numbers(scheme) : runge_kutta_numbers(scheme, on_the_way);
  if (demag && on_the_way)
    traffic.passes += vector / scheme.stages;  // the slope, by the convolution
  traffic.passes += model.map_numbers() + (map ? vector : 0);
  traffic.added = added;
  if (map && !demag) traffic.added += vector;  // set to zero first
  if (demag) traffic.demag = demag_numbers(problem, kind);
  traffic.drive = drive_numbers(problem, model.basis_fields(), kind) * model.driven_share();
  if (swept) traffic.drive /= scheme.stages;  // its fields are in the cache for all stages of a row
  for (double* part : {&traffic.passes, &traffic.added, &traffic.demag, &traffic.drive})
    *part *= bytes;
  return traffic;
}

}  // namespace kubomag
