#include "solver/memory_model.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "backend/convolution_method.hpp"
#include "backend/mode_number.hpp"
#include "backend/row_transform.hpp"
#include "kubomag/error.hpp"
#include "setup/film_box.hpp"
#include "setup/formula_plan.hpp"
#include "solver/demag_box.hpp"
#include "solver/drive_windows.hpp"
#include "solver/engine_threads.hpp"
#include "solver/make_film_engine.hpp"
#include "solver/noise_path.hpp"
#include "solver/signals.hpp"
#include "solver/step_ring.hpp"

namespace kubomag {
namespace {

/// Takes what the terms upload, as ParamUploader does, and counts it.
template <class Real, bool Mapped>
class CountingUpload {
 public:
  CountingUpload(std::size_t cells, bool arrays_for_all) : cells_(cells), arrays_(arrays_for_all) {}

  Param<Real, Mapped> operator()(const ScalarMap& map) {
    if (!map.uniform())
      ++maps_;
    else if (Mapped && arrays_)
      constants_.insert(static_cast<Real>(map(0)));
    return {static_cast<Real>(map(0)), nullptr};
  }
  template <class T>
  const T* array(const std::vector<T>& values) {
    const double bytes = static_cast<double>(values.size() * sizeof(T));
    if (values.size() == cells_)
      map_bytes_ += static_cast<double>(sizeof(T));
    else
      table_bytes_ += bytes;
    return nullptr;
  }
  const Real* reals(const std::vector<double>& values) {
    array(std::vector<Real>(values.begin(), values.end()));
    return nullptr;
  }

  double maps() const { return maps_ + static_cast<double>(constants_.size()); }
  double map_bytes() const { return map_bytes_; }
  double table_bytes() const { return table_bytes_; }

 private:
  std::size_t cells_;
  bool arrays_;
  std::set<Real> constants_;
  double maps_ = 0, map_bytes_ = 0, table_bytes_ = 0;
};

double mapped_sources(const std::vector<FieldSource>& sources) {
  return static_cast<double>(std::count_if(sources.begin(), sources.end(),
                                           [](const FieldSource& s) { return !s.map.empty(); }));
}

/// Maps of sources that a pass reads at once: several are summed into one more.
double summed_sources(const std::vector<FieldSource>& sources) {
  const double mapped = mapped_sources(sources);
  return mapped > 1 ? mapped + 1 : mapped;
}

/// As TorqueField::held and AddedTerms::held.
bool held(const Problem& problem) {
  const bool torques =
      mapped_sources(problem.current) > 1 || mapped_sources(problem.sheet_current) > 1;
  return !(torques && TorqueTerms<double>::acts(problem)) &&
         !(has_vcma(problem) && mapped_sources(problem.E_z) > 1);
}

/// Numbers that CpuConvolution holds.
template <class Real>
double cpu_convolution(const Grid& grid, int threads) {
  const DemagBox box(grid);
  constexpr double width = ColumnTransform<Real>::width, row = ColumnTransform<Real>::row;
  const double blocks = std::ceil(box.modes / width), groups = std::ceil(grid.ny / (2 * width));
  const bool half = box.py >= 2 * grid.ny && std::fmod(box.py, 2) == 0;
  const double rows = std::max(groups * 2 * width, half ? box.py / 2 : box.py);
  const double row_work = std::ceil(std::max<double>(box.px, grid.nx) / width) * width * row;
  const double work = std::max(row_work, 2 * box.py * row);
  const double group = 2 * width * 3 * (2 * std::floor(grid.nx / width / 2) + 3) * width;
  return 3 * blocks * rows * row + blocks * (std::floor(box.py / 2) + 1) * 4 * width +
         threads * (work + group + row_work);
}

/// Numbers that CudaConvolution holds (of `real` bytes), with a work area of cuFFT as large as the
/// array that it transforms. Fused: as if a block of the device could hold both axes.
double cuda_convolution(const Grid& grid, double real) {
  const DemagBox box(grid);
  const ConvolutionMethod method = convolution_method(grid.cells());
  const double row = 3 * 2 * 4 * std::ceil(box.modes / 4), spectrum = row * box.py;
  const double tensor = 4 * box.quarter;
  const bool own =
      FftOrder::possible(static_cast<int>(box.px)) && FftOrder::possible(static_cast<int>(box.py));
  if (method == ConvolutionMethod::fused && own)
    return row * grid.ny + tensor + (box.px + box.py) * (2 + 4 / real);
  const double work = method == ConvolutionMethod::by_component ? 2 * box.modes * box.py : spectrum;
  return spectrum * (box.py > grid.ny ? 2 : 1) + tensor + work;
}

bool harmonic(const Signal& signal) {
  return std::all_of(signal.terms.begin(), signal.terms.end(), [](const SignalTerm& term) {
    return term.kind == SignalTerm::Kind::constant || term.kind == SignalTerm::Kind::step ||
           term.kind == SignalTerm::Kind::sine;
  });
}

bool has_table(const Signal& signal) {
  return std::any_of(signal.terms.begin(), signal.terms.end(),
                     [](const SignalTerm& term) { return term.kind == SignalTerm::Kind::table; });
}

/// Fields of the harmonic basis (solver/harmonic_basis.hpp), 0 where there is none.
double count_basis(const Drive& drive) {
  std::set<double> frequencies;
  bool all = drive.sampled.empty();
  const auto collect = [&](const auto& parts) {
    for (const auto& part : parts) {
      all = all && harmonic(part.signal);
      for (const SignalPiece& piece : analytic_pieces(part.signal)) frequencies.insert(piece.omega);
    }
  };
  collect(drive.separable);
  collect(drive.psi);
  if (!all) return 0;
  double fields = 0;
  for (const double omega : frequencies) fields += omega > 0 ? 2 : 1;
  return fields;
}

/// Whether all parts of a drive have been on for ever.
bool starts_never(const Drive& drive) {
  const auto for_ever = [](const auto& part) {
    const std::vector<SignalPiece> pieces = analytic_pieces(part.signal);
    return std::all_of(pieces.begin(), pieces.end(),
                       [](const SignalPiece& piece) { return piece.start == -HUGE_VAL; });
  };
  return std::all_of(drive.separable.begin(), drive.separable.end(), for_ever) &&
         std::all_of(drive.psi.begin(), drive.psi.end(), for_ever);
}

double cells_of(const Grid& grid) { return static_cast<double>(grid.nx) * grid.ny; }

}  // namespace

MemoryModel::MemoryModel(const Problem& problem, DeviceKind kind, Precision precision, int threads)
    : grid_(problem.grid),
      diffusion_(problem.diffusion),
      kind_(kind),
      real_(precision == Precision::single_precision ? 4 : 8),
      threads_(threads),
      scheme_(problem.integrator.scheme),
      demag_(problem.demag.enabled) {
  real_ == 4 ? count<float>(problem) : count<double>(problem);
}

template <class Real>
void MemoryModel::count(const Problem& problem) {
  const bool on_gpu = kind_ == DeviceKind::cuda;
  const EngineContents what = contents_of(problem, on_gpu);
  field_map_ = on_gpu && (demag_ || has_many_summands(problem));
  what.mapped ? count_terms<Real, true>(problem, what.all_terms)
              : count_terms<Real, false>(problem, what.all_terms);
  count_passes<Real>(problem);
  count_noise(problem);
  count_drive(problem);
  count_diffusion(problem);
  count_instants(problem);
}

/// FilmFields::pointwise.
void MemoryModel::count_instants(const Problem& problem) {
  const bool sees_drive =
      problem.surface || (problem.local && problem.local->drive == LocalTables::Drive::E);
  const bool fixed = !driven_ || (basis_ > 0 && basis_ <= DriveSample<double>::fields);
  const bool in_windows = windows_ && cells_of(grid_) >= DriveWindows::fewest_cells;
  mostly_pointwise_ =
      !demag_ && !problem.diffusion.local && held(problem) && (fixed || in_windows || !sees_drive);
  pointwise_ = mostly_pointwise_ && ((fixed && starts_never(problem.drive)) || !sees_drive);
}

template <class Upload>
void MemoryModel::add(const Upload& upload) {
  maps_ += upload.maps();
  map_bytes_ += upload.map_bytes();
  table_bytes_ += upload.table_bytes();
}

/// What FilmFields brings to the device.
template <class Real, bool Mapped>
void MemoryModel::count_terms(const Problem& problem, bool all_terms) {
  const Parameters& film = problem.material;
  CountingUpload<Real, Mapped> upload(problem.grid.cells(), kind_ == DeviceKind::cpu);
  if (all_terms)
    FieldTerms<Real, Mapped, true>(film, problem.grid, upload);
  else
    FieldTerms<Real, Mapped, false>(film, problem.grid, upload);
  const auto magnetic = [](double Ms) { return Ms > 0 ? 1.0 : 0.0; };
  const auto movable = [](double frozen) { return frozen > 0 ? 0.0 : 1.0; };
  const auto strength = [](double T, double alpha, double Ms) {
    return Ms > 0 ? std::sqrt(T * alpha / Ms) : 0.0;
  };
  for (const ScalarMap& map :
       {film["alpha"], film["Msat"], ScalarMap(1.0), ScalarMap::combine(magnetic, film["Msat"]),
        ScalarMap::combine(movable, film["frozen"])})
    upload(map);
  if (problem.surface) SurfaceDirac<Real, Mapped>(*problem.surface, upload);
  SurfaceDirac<Real, Mapped>(DiracSurface{}, upload);
  if (film["Temp"].max() > 0)
    upload(ScalarMap::combine(strength, film["Temp"], film["alpha"], film["Msat"]));
  add(upload);
  maps_ += 3 * mapped_sources(problem.B_ext);
}

/// What TorqueField and AddedTerms bring to the device.
template <class Real>
void MemoryModel::count_passes(const Problem& problem) {
  const Parameters& film = problem.material;
  const std::size_t cells = problem.grid.cells();
  const bool arrays = kind_ == DeviceKind::cpu, voltage = has_vcma(problem);
  CountingUpload<Real, true> torques(cells, arrays), terms(cells, arrays);
  if (TorqueTerms<double>::acts(problem)) TorqueTerms<Real>(problem, torques);
  if (has_added_terms(problem)) terms(film["Msat"]);
  if (voltage) Vcma<Real>(film, problem.grid, terms);
  for (const CustomTerm& term : problem.custom) {
    std::vector<std::vector<int>> outputs{{term.vector.begin(), term.vector.end()}};
    if (term.energy >= 0) outputs.push_back({term.energy});
    for (const std::vector<int>& nodes : outputs) {
      const FormulaPlan plan = plan_formula(term.graph, nodes);
      terms.array(plan.code);
      maps_ += static_cast<double>(plan.maps.size());
    }
  }
  add(torques);
  add(terms);
  maps_ += 3 * (summed_sources(problem.current) + summed_sources(problem.sheet_current));
  maps_ += 3 * (voltage ? summed_sources(problem.E_z) : mapped_sources(problem.E_z));
}

void MemoryModel::count_noise(const Problem& problem) {
  if (problem.material["Temp"].max() <= 0) return;
  noise_ = 3 * (problem.integrator.FixDt > 0 ? 1 : 1 + NoisePath::usual);
}

void MemoryModel::count_drive(const Problem& problem) {
  uniform_ = {true, true};
  if (problem.diffusion.local) return;
  const Drive& drive = problem.drive;
  driven_ = !drive.empty();
  uniform_ = uniform_axes(problem.grid, problem.diffusion, drive);
  basis_ = count_basis(drive);
  spectra_ = 2 * static_cast<double>(drive.separable.size());
  const bool knots = !drive.sampled.empty() ||
                     std::any_of(drive.separable.begin(), drive.separable.end(),
                                 [](const SeparableDrive& d) { return has_table(d.signal); });
  parts_ = {static_cast<double>(drive.separable.size()), static_cast<double>(drive.sampled.size()),
            knots, still_fields(drive.sampled)};
  spectra_ += knot_spectra(parts_);
  exact_ = driven_ && !(basis_ > 0 && starts_never(drive));
  windows_ = exact_ && windows_worth(drive, typical_step(problem));
  if (kind_ == DeviceKind::cuda) maps_ += 3 * static_cast<double>(drive.psi.size());
}

/// LocalDiffusion: fields in double, three in the run's precision, maps in double.
void MemoryModel::count_diffusion(const Problem& problem) {
  coupled_ = problem.surface && problem.diffusion.local;
  if (!coupled_) return;
  const LocalCharge& charge = *problem.diffusion.local;
  CountingUpload<double, true> upload(problem.grid.cells(), kind_ == DeviceKind::cpu);
  SurfaceDirac<double, true>(*problem.surface, upload);
  upload(charge.e2_nu);
  upload(ScalarMap::combine([](double c) { return 1 / c; }, charge.e2_nu));
  upload(charge.pumped);
  upload(charge.emf);
  const double given = static_cast<double>(problem.drive.separable.size()) +
                       2 * static_cast<double>(problem.drive.sampled.size());
  constexpr double scalars = 16, vectors = 3, drives = 3, krylov = 7;
  local_ = 8 * (scalars + 3 * vectors + krylov + 3 * given + upload.maps()) + 3 * drives * real_;
}

/// m, the new m, their slopes and the map of the field; between them further slopes and two states,
/// or what a sweep needs of them.
double MemoryModel::state_bytes(const Grid& grid) const {
  const ButcherTableau& scheme = tableau(scheme_);
  const double ends = cells_of(grid) * real_ * 3 * (4 + (field_map_ ? 1 : 0));
  const double inner = cells_of(grid) * real_ * 3 * (scheme.stages + 1);
  if (kind_ != DeviceKind::cpu || !mostly_pointwise_) return ends + inner;
  const int threads = engine_threads(grid, threads_);
  const SweepPlan<double> in_double(grid, scheme, threads);
  const SweepPlan<float> in_single(grid, scheme, threads);
  if (!in_double.suits()) return ends + inner;
  const auto rows = static_cast<double>(real_ == 4 ? in_single.bytes() : in_double.bytes());
  return ends + rows + (pointwise_ ? 0 : inner);
}

double MemoryModel::demag_bytes(const Grid& grid) const {
  if (!demag_) return 0;
  if (kind_ == DeviceKind::cpu) {
    const int threads = engine_threads(grid, threads_);
    return real_ == 4 ? 4 * cpu_convolution<float>(grid, threads)
                      : 8 * cpu_convolution<double>(grid, threads);
  }
  return real_ * cuda_convolution(grid, real_);
}

double MemoryModel::drive_bytes(const Grid& grid) const {
  const double cells = cells_of(uniform_.fields(grid)), fields = cells * 3 * real_ * (basis_ + 1);
  if (!driven_) return fields;
  const FilmBox box = uniform_.box(make_film_box(grid, diffusion_));
  if (kind_ == DeviceKind::cpu) {
    const int threads = engine_threads(grid, threads_);
    const bool windows = windows_ && cells_of(grid) >= DriveWindows::fewest_cells;
    return fields + plan_bytes(box, parts_) +
           (exact_ ? evaluator_bytes(box, parts_, real_ == 4, threads) : 0) +
           (windows ? 3 * real_ * cells * TimeWindow::fields_held : 0);
  }
  // three spectra side by side, rows of four numbers and more, and as much for cuFFT to work in
  const double spectrum = 3 * 4 * std::ceil(box.modes_x() / 4.0) * box.y.p;
  return fields + 2 * 2 * real_ * spectrum + 16 * spectra_ * static_cast<double>(box.modes());
}

double MemoryModel::driven_share() const {
  if (coupled_) return 1;  // psi of the local conductivities
  return cells_of(uniform_.fields(grid_)) / cells_of(grid_);
}

double MemoryModel::diffusion_bytes(const Grid& grid) const {
  if (!coupled_) return 0;
  const double fields = cells_of(grid) * local_;
  if (kind_ == DeviceKind::cpu)
    return fields + static_cast<double>(sizeof(ModeNumber)) * (grid.nx + grid.ny);
  const double px = grid.periodic_x ? grid.nx : 2.0 * grid.nx;
  const double py = grid.periodic_y ? grid.ny : 2.0 * grid.ny;
  return fields + 8 * px * py + 2 * 16 * (std::floor(px / 2) + 1) * py;
}

/// A GPU's memory is taken in one piece (backend/cuda_arena.cuh): room for the vectors of a
/// relaxation, the sums of blocks of 256 cells, the gaps between buffers, and the numbers of steps
/// that the device takes by itself.
double MemoryModel::reserve_bytes(const Grid& grid) const {
  constexpr double relaxation = 9, sums = 1, fixed = 512 * 1024;
  return kind_ == DeviceKind::cuda ? cells_of(grid) * (real_ * relaxation + sums) + fixed : 0;
}

std::vector<MemoryPart> MemoryModel::parts(const Grid& grid) const {
  const double cells = cells_of(grid);
  return {{"m, its slopes and the field", state_bytes(grid)},
          {"parameters and sources", cells * (real_ * maps_ + map_bytes_) + table_bytes_},
          {"demagnetising field", demag_bytes(grid)},
          {"diffusive field", drive_bytes(grid) + diffusion_bytes(grid)},
          {"noise", cells * real_ * noise_},
          {"outputs", cells * real_ * 6},
          {"reserve", reserve_bytes(grid)}};
}

double MemoryModel::bytes(const Grid& grid) const {
  double sum = 0;
  for (const MemoryPart& part : parts(grid)) sum += part.bytes;
  return sum;
}

int MemoryModel::largest_square(double available) const {
  const auto fits = [&](int n) {
    Grid grid = grid_;
    grid.nx = grid.ny = n;
    try {
      return bytes(grid) <= available;
    } catch (const InputError&) {
      return false;  // the transforms of its drive would be too long
    }
  };
  constexpr int most = 46341;  // along an edge: cell numbers of this many overflow
  int low = 0, high = most;
  while (high - low > 1) {
    const int middle = low + (high - low) / 2;
    (fits(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace kubomag
