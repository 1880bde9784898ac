#pragma once
// The fields of a drive in a window of time (drive_windows.hpp) on the device: the values at the
// window's nodes, and those at the nodes of the two pieces that were asked for last, so that steps
// across the border of two pieces, refused and tried again, find both.
#include <algorithm>
#include <array>
#include <utility>

#include "solver/drive_windows.hpp"
#include "solver/field_sum.hpp"

namespace kubomag {

template <class Backend, class Real>
class WindowedField {
  using Buffer = VectorBuffer<Backend, Real>;

 public:
  WindowedField(const Backend& backend, const Grid& grid) : backend_(backend), grid_(grid) {
    for (Buffer& node : nodes_) node = Buffer(backend, grid.cells());
    for (Piece& piece : pieces_)
      for (Buffer& node : piece.nodes) node = Buffer(backend, grid.cells());
  }

  /// psi and E' at time t in a window without pieces, into `out`; `evaluate(time, buffer)` finds
  /// them at a node.
  template <class Evaluate>
  void sum(const TimeWindow& window, double t, const Evaluate& evaluate, Buffer& out) {
    fill(window, evaluate);
    combine<1>(window, {window.position(t)}, {out.view()});
  }

  /// The same in a window with pieces.
  template <class Evaluate>
  DriveSample<Real> in_piece(const TimeWindow& window, double t, const Evaluate& evaluate) {
    const int number = window.piece(t);
    if (!has(pieces_[0], window, number)) {
      std::swap(pieces_[0], pieces_[1]);
      if (!has(pieces_[0], window, number)) {
        fill(window, evaluate);
        cut(window, number, pieces_[0]);
      }
    }
    const double u = window.position_in_piece(t);
    std::array<Number<Real>, TimeWindow::piece_nodes> weights;
    const auto rule = ChebyshevRule<TimeWindow::piece_nodes>::weights(u);
    std::transform(rule.begin(), rule.end(), weights.begin(),
                   [](double w) { return static_cast<Real>(w); });
    return weighted<Real>(pieces_[0].nodes, weights);
  }

  std::size_t bytes() const { return TimeWindow::fields_held * nodes_[0].bytes(); }

 private:
  struct Piece {
    TimeWindow window;  // of length 0: none yet
    int number = 0;
    std::array<Buffer, TimeWindow::piece_nodes> nodes;
  };

  static bool has(const Piece& piece, const TimeWindow& window, int number) {
    return piece.window == window && piece.number == number;
  }

  template <class Evaluate>
  void fill(const TimeWindow& window, const Evaluate& evaluate) {
    if (window_ == window) return;
    for (int k = 0; k < window.count; ++k) evaluate(window.node(k), nodes_[k]);
    window_ = window;
  }

  void cut(const TimeWindow& window, int number, Piece& piece) {
    std::array<double, TimeWindow::piece_nodes> positions;
    std::array<VectorView<Real>, TimeWindow::piece_nodes> views;
    for (int k = 0; k < TimeWindow::piece_nodes; ++k) {
      positions[k] = window.piece_node(number, k);
      views[k] = piece.nodes[k].view();
    }
    combine<TimeWindow::piece_nodes>(window, positions, views);
    piece.window = window, piece.number = number;
  }

  /// The fields at some positions in the window, all in one sweep.
  template <std::size_t Out>
  void combine(const TimeWindow& window, const std::array<double, Out>& positions,
               const std::array<VectorView<Real>, Out>& to) const {
    window.with_rule([&](auto rule) {
      std::array<std::array<double, rule.count>, Out> weights;
      for (std::size_t o = 0; o < Out; ++o) weights[o] = rule.weights(positions[o]);
      std::array<VectorView<const Real>, rule.count> nodes;
      for (int k = 0; k < rule.count; ++k) nodes[k] = nodes_[k].view();
      combine_fields(backend_, grid_, nodes, weights, to);
    });
  }

  const Backend& backend_;
  Grid grid_;
  TimeWindow window_;  // whose nodes are held; of length 0: none yet
  std::array<Buffer, TimeWindow::nodes> nodes_;
  std::array<Piece, 2> pieces_;
};

}  // namespace kubomag
