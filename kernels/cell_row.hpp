#pragma once
// Fields that are made a row at a time, just before the fused pass goes through that row: on the
// CPU (src/solver/field_map_cpu.hpp).
#include "field.hpp"

namespace kubomag {

/// The same arrays such that the place i is found at the number i + by.
template <class T>
VectorView<T> shifted(VectorView<T> view, long by) {
  return {view.x + by, view.y + by, view.z + by};
}

/// The cells first ... last - 1 of the film, neighbours in a row, with m there and in the rows
/// below and above. The arrays may be the film's or hold a few rows only: all are read at the
/// film's numbers of the cells, and at `left` and `right` for the two neighbours at the ends.
template <class Real>
struct CellRow {
  VectorView<const Real> m, below, above;
  int first, last, left, right;

  CellRow(const VectorView<const Real>& row, const VectorView<const Real>& row_below,
          const VectorView<const Real>& row_above, int begin, int end)
      : m(row),
        below(row_below),
        above(row_above),
        first(begin),
        last(end),
        left(begin - 1),
        right(end) {}

  /// A row of the film, from its first and last cell.
  CellRow(const VectorView<const Real>& film, Stencil begin, Stencil end)
      : CellRow(film, shifted(film, begin.down - begin.i), shifted(film, begin.up - begin.i),
                begin.i, end.i + 1) {
    left = begin.left, right = end.right;
  }

  /// B += field(surroundings) at every cell. Of the film's arrays `field` may read its own cell.
  template <class Field>
  void add(const Field field, const VectorView<Real> B) const {
    const CellRow row = *this;  // which no store can be suspected of changing
    const auto cell = [=](int i, int to_left, int to_right) {
      const Neighbourhood<Real> c(row.m, row.below, row.above, i, to_left, to_right);
      B.store(i, B.template load<Real>(i) + field(c));
    };
    const int end = row.last - 1, length = end - row.first;
    // one call for both ends: each call is another copy of the field for the compiler
    for (int i = row.first; i <= end; i += length > 0 ? length : 1)
      cell(i, i == row.first ? row.left : i - 1, i == end ? row.right : i + 1);
#pragma GCC ivdep
    for (int i = row.first + 1; i < end; ++i) cell(i, i - 1, i + 1);
  }
};

/// What makes such fields.
template <class Real>
class RowFields {
 public:
  RowFields() = default;
  RowFields(const RowFields&) = delete;
  RowFields& operator=(const RowFields&) = delete;
  virtual ~RowFields() = default;

  /// Their sum [T], at the cells' numbers; it holds until this thread asks for another row.
  virtual VectorView<const Real> of_row(const CellRow<Real>& row) const = 0;
};

}  // namespace kubomag
