#pragma once
// What an engine will hold on its device, before it is made: the buffers that the passes, the
// transforms and the Runge-Kutta scheme of a film need, counted for any grid of the same film.
#include <string>
#include <vector>

#include "kubomag/engine.hpp"
#include "setup/uniform_axes.hpp"
#include "solver/drive_memory.hpp"

namespace kubomag {

enum class DeviceKind { cpu, cuda };

struct MemoryPart {
  std::string name;
  double bytes = 0;
};

class MemoryModel {
 public:
  /// `threads`: of the CPU engine, 0: chosen by film size. Throws InputError for a film that no
  /// engine takes (make_film_box, plan_formula).
  MemoryModel(const Problem& problem, DeviceKind kind, Precision precision, int threads = 0);

  /// The film as it is, or one of the same material, drives and scheme with as many cells as
  /// `grid`. On the CPU in all what Engine::bytes() tells of a film whose fields have been asked
  /// for, exact but for a Wiener path that rejected steps divided into more pieces than usual and
  /// the rows of a sweep (counted, though they may be there only when the drive has become smooth).
  /// On a GPU what is taken at set-up: that, the work area of cuFFT, which is not known before
  /// (taken as one component's spectrum), and a reserve.
  std::vector<MemoryPart> parts() const { return parts(grid_); }
  std::vector<MemoryPart> parts(const Grid& grid) const;
  double bytes() const { return bytes(grid_); }
  double bytes(const Grid& grid) const;

  /// Numbers per cell that maps of parameters and sources hold.
  double map_numbers() const { return maps_; }
  /// Whether the fused pass reads a map of the field as large as the film.
  bool has_field_map() const { return field_map_; }
  /// Whether the right-hand side sees no more than a cell's neighbours (FilmFields::pointwise)
  /// where its drive is harmonic, without transients, or in pieces of windows.
  bool mostly_pointwise() const { return mostly_pointwise_; }
  /// Fixed fields of a drive that is harmonic (solver/harmonic_basis.hpp), 0 for any other.
  double basis_fields() const { return basis_; }
  /// Cells that have fields of a drive of their own, as a share of all: less than 1 where nothing
  /// varies along an axis.
  double driven_share() const;

  /// Cells along the edge of the largest square film of this kind that `available` bytes hold; 0 if
  /// there is none.
  int largest_square(double available) const;

 private:
  template <class Real>
  void count(const Problem& problem);
  template <class Upload>
  void add(const Upload& upload);
  template <class Real, bool Mapped>
  void count_terms(const Problem& problem, bool all_terms);
  template <class Real>
  void count_passes(const Problem& problem);
  void count_drive(const Problem& problem);
  void count_diffusion(const Problem& problem);
  void count_instants(const Problem& problem);
  void count_noise(const Problem& problem);

  double state_bytes(const Grid& grid) const;
  double demag_bytes(const Grid& grid) const;
  double drive_bytes(const Grid& grid) const;
  double diffusion_bytes(const Grid& grid) const;
  double reserve_bytes(const Grid& grid) const;

  Grid grid_;
  Diffusion diffusion_;
  DeviceKind kind_;
  int real_, threads_;  // bytes of a number; CPU threads, 0: chosen by film size
  Scheme scheme_;
  double maps_ = 0;         // numbers per cell: parameters and sources
  double map_bytes_ = 0;    // bytes per cell: tables by cell
  double table_bytes_ = 0;  // bytes, whatever the grid
  double noise_ = 0;        // numbers per cell
  double basis_ = 0;        // fixed fields of a harmonic drive
  double spectra_ = 0;      // drives and knots whose spectra are held
  DriveParts parts_;
  UniformAxes uniform_;                   // of the drive
  bool exact_ = false, windows_ = false;  // whether a drive is more than harmonic, in windows
  double local_ = 0;                      // bytes per cell of the coupled diffusion
  bool demag_, field_map_ = false, driven_ = false, coupled_ = false;
  bool pointwise_ = false, mostly_pointwise_ = false;
};

}  // namespace kubomag
