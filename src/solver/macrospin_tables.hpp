#pragma once
// What drives single cells as plain arrays, in which a GPU finds the part of each.
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "setup/drive_plan.hpp"
#include "solver/cell_sources.hpp"
#include "solver/macrospin_cells.hpp"

namespace kubomag {

class MacrospinTables {
 public:
  /// The cells must drive themselves (solver/macrospin_block.hpp). Throws as make_drive_plan does.
  explicit MacrospinTables(const std::vector<const Problem*>& cells) {
    for (const Problem* cell : cells) add(*cell);
    for (Group& group : groups_) group.first.push_back(static_cast<int>(group.moving.size()));
    first_event_.push_back(static_cast<int>(events_.size()));
  }

  /// The arrays on a device, kept by `upload`. `node_values`: room for nodes() numbers.
  template <class Upload>
  CellsDrives on_device(Upload& upload, double* node_values) const {
    CellsDrives out;
    CellsSources* sources[] = {&out.B_ext, &out.current, &out.sheet_current, &out.drive};
    for (std::size_t g = 0; g < groups_.size(); ++g) *sources[g] = groups_[g].on_device(upload);
    out.signals =
        signals_.on_device([&](const auto& values) { return upload.array(values); }, node_values);
    out.events = upload.array(events_);
    if (out.events) out.first_event = upload.array(first_event_);
    out.setup = upload.array(setup_);
    out.moves = moves_;
    return out;
  }
  std::size_t nodes() const { return nodes_; }  // of all formulas

 private:
  /// One kind of source of all cells.
  struct Group {
    std::vector<Vec3<double>> fixed;
    std::vector<int> first;
    std::vector<MovingSource> moving;
    bool any_fixed = false;

    template <class Upload>
    CellsSources on_device(Upload& upload) const {
      CellsSources out;
      if (any_fixed) out.fixed = upload.array(fixed);
      out.moving = upload.array(moving);
      if (out.moving) out.first = upload.array(first);
      return out;
    }
  };

  void add(const Problem& cell) {
    EventTimes switches;
    const std::vector<FieldSource> drive = drive_sources(cell);
    const std::vector<FieldSource>* sources[] = {&cell.B_ext, &cell.current, &cell.sheet_current,
                                                 &drive};
    for (std::size_t g = 0; g < groups_.size(); ++g)
      add_sources(groups_[g], CellSources(*sources[g], switches));
    first_event_.push_back(static_cast<int>(events_.size()));
    for (double t = switches.next(-HUGE_VAL); std::isfinite(t); t = switches.next(t))
      events_.push_back(t);
    setup_.push_back(macrospin_setup(cell));
    moves_ = moves_ || setup_.back().noise > 0;
  }

  void add_sources(Group& group, const CellSources& sources) {
    group.fixed.push_back(sources.fixed());
    group.any_fixed = group.any_fixed || norm(sources.fixed()) != 0;
    group.first.push_back(static_cast<int>(group.moving.size()));
    for (const CellSources::Moving& moving : sources.moving())
      group.moving.push_back({moving.value, signals_.add(moving.signal, [this](std::size_t count) {
                                return static_cast<std::ptrdiff_t>(
                                    std::exchange(nodes_, nodes_ + count));
                              })});
    moves_ = moves_ || sources.moves();
  }

  /// psi and E' as sources. On a film of one cell without edges E' is E, and psi what is given.
  static std::vector<FieldSource> drive_sources(const Problem& cell) {
    std::vector<FieldSource> out;
    if (cell.drive.empty()) return out;
    const DrivePlan plan = make_drive_plan(cell.grid, cell.diffusion, cell.drive, 1);
    for (const PlannedDrive& drive : plan.separable)
      out.push_back({drive.name, {0, drive.Ex[0], drive.Ey[0]}, {}, drive.signal});
    for (const PlannedPsi& given : plan.psi)
      out.push_back({"", {given.psi[0], given.Ex[0], given.Ey[0]}, {}, given.signal});
    return out;
  }

  std::array<Group, 4> groups_;  // in the order of CellsDrives
  SignalArrays signals_;
  std::size_t nodes_ = 0;
  std::vector<double> events_;
  std::vector<int> first_event_;
  std::vector<MacrospinSetup> setup_;
  bool moves_ = false;
};

}  // namespace kubomag
