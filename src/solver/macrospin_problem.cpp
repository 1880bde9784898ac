#include "solver/macrospin_problem.hpp"

#include <algorithm>

#include "solver/macrospin_block.hpp"
#include "solver/signal_arrays.hpp"

namespace kubomag {
namespace {

using Cells = std::vector<const Problem*>;

/// value(cell) of every lane.
template <class Value>
ScalarMap map_of(const Cells& cells, const Value& value) {
  std::vector<double> lanes;
  for (const Problem* cell : cells) lanes.push_back(value(*cell));
  return ScalarMap(std::move(lanes));
}

DiracSurface surface_of(const Cells& cells) {
  DiracSurface row;
  using Member = ScalarMap DiracSurface::*;
  for (const Member member :
       {&DiracSurface::b, &DiracSurface::sigma_s, &DiracSurface::hall_1, &DiracSurface::hall_3,
        &DiracSurface::c0, &DiracSurface::B_FL_per_E, &DiracSurface::B_diff_per_psi,
        &DiracSurface::E_per_rate, &DiracSurface::inverse_ev})
    row.*member = map_of(cells, [&](const Problem& cell) { return ((*cell.surface).*member)(0); });
  return row;
}

bool same(const LocalTables& a, const LocalTables& b) {
  return a.spin == b.spin && a.charge == b.charge && a.axes == b.axes && a.breaks == b.breaks &&
         a.tables.size() == b.tables.size() &&
         a.tables.front().Delta_sd == b.tables.front().Delta_sd;
}

/// Cells with the same electrons share their table.
LocalTables tables_of(const Cells& cells) {
  LocalTables row = *cells.front()->local;
  row.table_of_cell.clear();
  std::vector<const LocalTables*> known;
  for (const Problem* cell : cells) {
    const LocalTables& own = *cell->local;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const LocalTables* other) { return same(*other, own); });
    row.table_of_cell.push_back(static_cast<int>(found - known.begin()));
    if (found != known.end()) continue;
    known.push_back(&own);
    if (known.size() == 1) continue;
    row.append(own);
  }
  return row;
}

/// Whether all signals of a cell are so.
template <class IsSo>
bool all_signals(const Problem& p, const IsSo& is_so) {
  const auto all = [&](const auto& sources) {
    return std::all_of(sources.begin(), sources.end(),
                       [&](const auto& source) { return is_so(source.signal); });
  };
  return all(p.B_ext) && all(p.current) && all(p.sheet_current) && all(p.drive.separable) &&
         all(p.drive.psi);
}

}  // namespace

bool drives_itself(const Problem& p) {
  const Diffusion& d = p.diffusion;
  const bool without_edges = d.D == 0 || (d.edge_x == Edge::periodic && d.edge_y == Edge::periodic);
  return all_signals(p, [](const Signal& signal) { return is_plain(signal); }) &&
         p.drive.sampled.empty() && (p.drive.empty() || without_edges);
}

bool has_formulas(const Problem& p) {
  return !all_signals(p, [](const Signal& signal) {
    return std::none_of(signal.terms.begin(), signal.terms.end(), [](const SignalTerm& term) {
      return term.kind == SignalTerm::Kind::formula;
    });
  });
}

Problem row_of_cells(const Cells& given, int lanes) {
  Cells cells = given;
  cells.resize(static_cast<std::size_t>(lanes), given.back());
  Problem row = *cells.front();
  row.grid.nx = lanes;
  for (const auto& [name, map] : cells.front()->material.all())
    row.material.set(name,
                     map_of(cells, [&](const Problem& cell) { return cell.material[name](0); }));
  if (row.surface) row.surface = surface_of(cells);
  if (row.local) row.local = tables_of(cells);
  row.m.clear();
  return row;
}

}  // namespace kubomag
