#pragma once
// The field that varies over the film on the CPU: the summands of an instant are kept, and
// evaluated for a row of cells when a pass comes there, into a row that stays in the cache. So is
// what is computed for the whole film, of which a spectrum is held: there is no map of the field.
#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "backend/cpu_backend.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/convolution_cpu.hpp"
#include "solver/field_map.hpp"

namespace kubomag {

/// A summand, of whatever type.
template <class Real>
class RowSummand {
 public:
  RowSummand() = default;
  RowSummand(const RowSummand&) = delete;
  RowSummand& operator=(const RowSummand&) = delete;
  virtual ~RowSummand() = default;
  /// B += the field on the cells of a row.
  virtual void add_to(VectorView<Real> B, const CellRow<Real>& row) const = 0;
};

template <class Real, class Summand>
class CellSummand final : public RowSummand<Real> {
 public:
  explicit CellSummand(const Summand& summand) : summand_(summand) {}
  void add_to(VectorView<Real> B, const CellRow<Real>& row) const override {
    if constexpr (requires { summand_.in_row(row.first); })
      row.add(summand_.in_row(row.first), B);
    else
      row.add(summand_, B);
  }

 private:
  Summand summand_;
};

template <class Real, class Pass>
class RunSummand final : public RowSummand<Real> {
 public:
  explicit RunSummand(const Pass& pass) : pass_(pass) {}
  void add_to(VectorView<Real> B, const CellRow<Real>& row) const override {
    Pass here = pass_;
    here.m = row.m, here.B = B;
    here(row.first, row.last - row.first);
  }

 private:
  Pass pass_;
};

template <class Real>
class FilmAdder<CpuBackend, Real> {
 public:
  FilmAdder(const CpuBackend& backend, const Grid& grid, VectorView<const Real> m,
            VectorView<Real> B)
      : backend_(backend), grid_(grid), m_(m), B_(B) {}

  template <class Summand>
  void cells(const Summand& summand) {
    add(CellSummand<Real, Summand>(summand));
  }
  template <class Pass>
  void runs(const Pass& pass) {
    add(RunSummand<Real, Pass>(pass));
  }

 private:
  void add(const RowSummand<Real>& summand) {
    backend_.for_each_run(grid_, [&](int first, int length) {
      const int iy = first / grid_.nx;
      const auto at = [&](int ix) { return CpuBackend::stencil<Stencil>(grid_, ix, iy); };
      summand.add_to(B_, {m_, at(0), at(length - 1)});
    });
  }

  const CpuBackend& backend_;
  const Grid& grid_;
  VectorView<const Real> m_;
  VectorView<Real> B_;
};

/// The field at one instant.
template <class Real>
class InstantField final : public RowFields<Real> {
 public:
  explicit InstantField(const Grid& grid) : nx_(grid.nx) {}

  /// Forgets the summands.
  void begin() {
    computed_ = nullptr;
    summands_.clear();
  }
  void compute(const Convolution<CpuBackend, Real>& field) { computed_ = &field; }
  void add(std::unique_ptr<RowSummand<Real>> summand) { summands_.push_back(std::move(summand)); }

  VectorView<const Real> of_row(const CellRow<Real>& row) const override {
    VectorView<const Real> computed;
    if (computed_) computed = computed_->of_row(row.first);
    if (computed_ && summands_.empty()) return computed;
    const VectorView<Real> B = room(row.first - row.first % nx_);
    std::array<const Real*, 3> from{computed.x, computed.y, computed.z};
    int c = 0;
    for (Real* to : {B.x, B.y, B.z}) {
      if (computed_)
        std::copy(from[c] + row.first, from[c] + row.last, to + row.first);
      else
        std::fill(to + row.first, to + row.last, Real(0));
      ++c;
    }
    for (const auto& summand : summands_) summand->add_to(B, row);
    return {B.x, B.y, B.z};
  }

 private:
  /// This thread's, for the row of the film that begins with the cell `first`.
  VectorView<Real> room(int first) const {
    constexpr std::size_t line = 64 / sizeof(Real);
    // odd in cache lines: rows a power of two apart would meet in the same sets of the L1 cache
    const std::size_t length = (nx_ / line / 2 * 2 + 3) * line;
    thread_local HostBuffer<Real> numbers;
    if (numbers.size() < 3 * length) numbers = HostBuffer<Real>(3 * length);
    Real* const x = numbers.data();
    return shifted(VectorView<Real>{x, x + length, x + 2 * length}, -first);
  }

  int nx_;
  const Convolution<CpuBackend, Real>* computed_ = nullptr;
  std::vector<std::unique_ptr<RowSummand<Real>>> summands_;
};

template <class Real>
class FieldMap<CpuBackend, Real> {
 public:
  FieldMap(const CpuBackend&, const Grid& grid, bool /*computed*/, bool /*many*/) {
    for (auto& instant : instants_) instant = std::make_unique<InstantField<Real>>(grid);
  }

  void begin(VectorView<const Real>) {
    now_ = (now_ + 1) % instants_.size();
    instants_[now_]->begin();
  }
  template <class Ms>
  void compute(Convolution<CpuBackend, Real>& field, const StageState<Real>& state, Ms Msat) {
    field.begin(state, Msat);
    instants_[now_]->compute(field);
  }
  template <class Summand>
  void cells(const Summand& summand) {
    instants_[now_]->add(std::make_unique<CellSummand<Real, Summand>>(summand));
  }
  template <class Pass>
  void runs(const Pass& pass) {
    instants_[now_]->add(std::make_unique<RunSummand<Real, Pass>>(pass));
  }

  /// Holds for as many instants as a step has, if nothing is computed for the whole film.
  template <class F>
  void show(Scene<Real, F>& scene) const {
    scene.rows = instants_[now_].get();
  }

  std::size_t bytes() const { return 0; }

 private:
  std::array<std::unique_ptr<InstantField<Real>>, ButcherTableau::most_stages + 1> instants_;
  std::size_t now_ = 0;
};

}  // namespace kubomag
