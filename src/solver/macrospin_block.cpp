#include "solver/macrospin_block.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <type_traits>
#include <utility>

#include "solver/added_terms.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/macrospin_lane.hpp"
#include "solver/macrospin_observables.hpp"
#include "solver/macrospin_problem.hpp"
#include "solver/macrospin_row.hpp"
#include "solver/torque_field.hpp"

namespace kubomag {
namespace {

constexpr int lanes = MacrospinBlock::lanes;

using Numbers = std::array<double, static_cast<std::size_t>(lanes)>;

/// A vector for each lane.
struct alignas(64) LaneVectors {
  Numbers x{}, y{}, z{};
  VectorView<double> view() { return {x.data(), y.data(), z.data()}; }
  VectorView<const double> view() const { return {x.data(), y.data(), z.data()}; }
  Vec3<double> at(std::size_t lane) const { return {x[lane], y[lane], z[lane]}; }
  void set(std::size_t lane, Vec3<double> v) { x[lane] = v.x, y[lane] = v.y, z[lane] = v.z; }
};

/// pass(stencil) for every lane, a cell without neighbours; by value, as in the CPU backend. The
/// number of lanes is fixed, so the compiler makes whole SIMD registers of them and no remainder,
/// and all lanes round alike.
template <class Pass>
void for_each_lane(const Pass pass) {
#pragma GCC ivdep
  for (int i = 0; i < lanes; ++i) pass(Stencil{i, i, i, i, i});
}

/// out = m_0 + h sum_j a_j k_j, normalised at the end of the step.
template <int Count, bool Normalise>
struct CombinePass {
  VectorView<const double> m_0, k[Count];
  double a[Count];
  const double *h, *moment;
  VectorView<double> out;

  KUBOMAG_HD void operator()(Stencil s) const {
    Vec3<double> m = m_0.load(s.i);
    for (int j = 0; j < Count; ++j) m += (h[s.i] * a[j]) * k[j].load(s.i);
    if constexpr (Normalise) m = (moment[s.i] > 0 ? 1 / norm(m) : 0.0) * m;
    out.store(s.i, m);
  }
};

/// Sources and the cell's own demagnetising field.
struct FieldPass {
  CellDemag<double> demag;
  VectorView<const double> m, B_source;
  VectorView<double> B;

  KUBOMAG_HD void operator()(Stencil s) const {
    B.store(s.i, B_source.load(s.i) + demag.field(s.i, m.load(s.i)));
  }
};

template <class F>
struct SlopePass {
  Scene<double, F> f;
  VectorView<const double> m;
  VectorView<double> k;
  KUBOMAG_HD void operator()(Stencil s) const { k.store(s.i, f(Neighbourhood<double>(m, s))); }
};

template <class F>
class Block final : public MacrospinBlock {
 public:
  explicit Block(const std::vector<const Problem*>& cells)
      : demag_(demag_of_cell(*cells.front())),
        row_(row_of_cells(cells, lanes), demag_, backend_),
        tableau_(tableau(cells.front()->integrator.scheme)),
        scene_(row_.scene) {
    for (const Problem* cell : cells) {
      lane_.push_back(std::make_unique<MacrospinLane>(*cell, backend_));
      m_.set(size() - 1, {cell->m[0], cell->m[1], cell->m[2]});
    }
    for (std::size_t i = size(); i < lanes; ++i) m_.set(i, m_.at(size() - 1));
    still_ = std::all_of(lane_.begin(), lane_.end(), [](const auto& one) { return one->still(); });
    drives_.current.map = std::as_const(current_).view();
    drives_.sheet_current.map = std::as_const(sheet_current_).view();
    drives_.E = {std::as_const(drive_).view(), std::as_const(drive_).view(), 1, 0};
    scene_.drive = drives_.E;
    scene_.B_map = std::as_const(B_).view();
  }

  std::string device() const override { return "CPU, 1 thread"; }
  Precision precision() const override { return Precision::double_precision; }
  std::size_t size() const override { return lane_.size(); }
  std::size_t bytes() const override { return sizeof(*this) + row_.upload.bytes(); }
  Vec3<double> demag() const override { return demag_; }
  double time(std::size_t lane) const override { return lane_[lane]->state.t; }
  void set_time(std::size_t lane, double t) override {
    lane_[lane]->state.t = t;
    lane_[lane]->slope_known = false;
  }
  Vec3<double> m(std::size_t lane) const override { return m_.at(lane); }
  void set_m(std::size_t lane, Vec3<double> m) override {
    m_.set(lane, m);
    lane_[lane]->slope_known = false;
  }
  double max_torque(std::size_t lane) override {
    lane_[lane]->B_noise = {};
    if (!lane_[lane]->slope_known) {
      active_.fill(false);
      active_[lane] = true;
      find_slopes();
    }
    return lane_[lane]->state.max_torque;
  }
  const std::string& failure(std::size_t lane) const override { return lane_[lane]->failure; }
  Pace pace(std::size_t lane) const override {
    const StepState& own = lane_[lane]->state;
    return {own.control.dt, own.control.previous_ratio, own.steps};
  }
  void set_pace(std::size_t lane, const Pace& pace) override {
    lane_[lane]->state.control = {pace.dt, pace.previous_ratio};
    lane_[lane]->state.steps = pace.steps;
    lane_[lane]->slope_known = false;
  }

  StepInfo step(std::size_t lane, double t_end) override {
    MacrospinLane& own = *lane_[lane];
    if (!(t_end >= own.state.t)) throw InputError("a step must end after the present time");
    own.failure.clear();
    own.state.failed = false;
    const std::uint64_t before = own.state.steps;
    const long rejected = own.state.rejected;
    for (std::size_t i = 0; i < size(); ++i) active_[i] = i == lane;
    while (own.state.steps == before && !own.state.failed) attempt(t_end);
    if (own.state.failed) throw RunError(own.failure);
    return {own.state.taken, own.state.error, own.state.torque_before,
            static_cast<int>(own.state.rejected - rejected)};
  }

  bool run(double t_end, const std::function<bool()>& go_on) override {
    for (;;) {
      bool any = false;
      for (std::size_t i = 0; i < size(); ++i) {
        active_[i] = lane_[i]->state.t < t_end && lane_[i]->failure.empty();
        any = any || active_[i];
      }
      if (!any) return true;
      attempt(t_end);
      if (go_on && !go_on()) return false;
    }
  }

 private:
  /// Sources and drives of the lanes at the fraction c of their steps; at c = 0 `inside` is a hair
  /// after the present time, else within the step.
  void set_drives(double c, bool first) {
    if (still_ && set_) return;
    set_ = true;
    for (std::size_t i = 0; i < size(); ++i) {
      MacrospinLane& lane = *lane_[i];
      const double t = stage_time(lane.state, c);
      const double inside = first ? just_after(lane.state) : inside_attempt(lane.state);
      B_source_.set(
          i, lane.setup.noise > 0 ? lane.B_ext(t, inside) + lane.B_noise : lane.B_ext(t, inside));
      current_.set(i, lane.current(t, inside));
      sheet_current_.set(i, lane.sheet_current(t, inside));
      if (!lane.drive) continue;
      const DriveValue<double> value = lane.drive->sample(t, inside)(0);
      drive_.set(i, {value.psi, value.Ex, value.Ey});
    }
  }

  /// k = dm/dt of the lanes at m and the drives as they are set.
  void find_rates(const LaneVectors& m, LaneVectors& k) {
    for_each_lane(FieldPass{row_.demag, m.view(), std::as_const(B_source_).view(), B_.view()});
    row_.torques.for_each([&](int index, const auto& torque) {
      using Torque = std::remove_cvref_t<decltype(torque)>;
      if (row_.acting[index])
        for_each_lane(AddPass<double, TorqueSummand<Torque, TorqueDrives<double>>>{
            {torque, drives_}, m.view(), B_.view()});
    });
    for_each_lane(SlopePass<F>{scene_, m.view(), k.view()});
  }

  /// The slopes of active lanes that have none.
  void find_slopes() {
    set_drives(0, true);
    LaneVectors& k = stage_[0];
    find_rates(m_, k);
    for (std::size_t i = 0; i < size(); ++i) {
      if (lane_[i]->slope_known || !active_[i]) continue;
      k_[0].set(i, k.at(i));
      lane_[i]->state.max_torque = std::sqrt(rate2(k, i));
      lane_[i]->slope_known = true;
    }
  }

  double rate2(const LaneVectors& k, std::size_t lane) const {
    const Vec3<double> rate = (1 / scene_.gamma) * k.at(lane);
    return not_nan(dot(rate, rate));
  }

  /// One attempt of the active lanes; the others stand still.
  void attempt(double t_end) {
    bool slopes = true;
    for (std::size_t i = 0; i < size(); ++i) {
      MacrospinLane& lane = *lane_[i];
      active_[i] ? lane.aim(t_end) : lane.stand();
      slopes = slopes && (lane.slope_known || !active_[i]);
      h_[i] = lane.state.h;
    }
    if (!slopes) find_slopes();
    const int stages = tableau_.stages;
    combine(1, m_, stage_[0], false);
    for (int s = 2; s <= stages; ++s) {
      set_drives(tableau_.c[s - 1], false);
      find_rates(stage_[s % 2], k_[s - 1]);
      combine(s, m_, stage_[(s + 1) % 2], s == stages);
    }
    set_drives(1, false);
    const LaneVectors& result = stage_[(stages + 1) % 2];
    find_rates(result, k_[stages]);
    LaneVectors& error = stage_[stages % 2];
    weigh<false>(tableau_.e, stages + 1, zero_, error);
    decide(result, error);
  }

  void decide(const LaneVectors& result, const LaneVectors& error) {
    const LaneVectors& slope = k_[tableau_.stages];
    for (std::size_t i = 0; i < size(); ++i) {
      if (!active_[i]) continue;
      const TwoMaxima<double> squares{not_nan(dot(error.at(i), error.at(i))), rate2(slope, i)};
      if (!lane_[i]->settle(attempt_result(squares))) continue;
      m_.set(i, result.at(i));
      k_[0].set(i, slope.at(i));
    }
  }

  void combine(int s, const LaneVectors& from, LaneVectors& out, bool normalise) {
    normalise ? weigh<true>(tableau_.a[s - 1], s, from, out)
              : weigh<false>(tableau_.a[s - 1], s, from, out);
  }

  template <bool Normalise, class Weights>
  void weigh(const Weights& weights, int count, const LaneVectors& from, LaneVectors& out) {
    std::array<int, 7> used{};
    int n = 0;
    for (int j = 0; j < count; ++j)
      if (weights[j] != 0) used[n++] = j;
    const auto launch = [&]<int Count>(std::integral_constant<int, Count>) {
      CombinePass<Count, Normalise> pass{from.view(), {}, {}, h_.data(), scene_.moment.map, {}};
      for (int j = 0; j < Count; ++j) {
        pass.k[j] = std::as_const(k_[used[j]]).view();
        pass.a[j] = weights[used[j]];
      }
      pass.out = out.view();
      for_each_lane(pass);
    };
    switch (n) {
      case 1:
        return launch(std::integral_constant<int, 1>{});
      case 2:
        return launch(std::integral_constant<int, 2>{});
      case 3:
        return launch(std::integral_constant<int, 3>{});
      case 4:
        return launch(std::integral_constant<int, 4>{});
      case 5:
        return launch(std::integral_constant<int, 5>{});
      default:
        return launch(std::integral_constant<int, 6>{});
    }
  }

  CpuBackend backend_{1};
  Vec3<double> demag_;
  MacrospinRow<CpuBackend, double, F> row_;
  const ButcherTableau& tableau_;
  Scene<double, F> scene_;
  TorqueDrives<double> drives_;
  std::vector<std::unique_ptr<MacrospinLane>> lane_;
  std::array<bool, MacrospinBlock::lanes> active_{};
  bool still_ = false;  // nothing that drives the lanes changes in time
  bool set_ = false;    // the drives have been set once
  alignas(64) Numbers h_{};
  LaneVectors m_, zero_, B_, B_source_, current_, sheet_current_, drive_;
  std::array<LaneVectors, 2> stage_;
  std::array<LaneVectors, 7> k_;
};

}  // namespace

bool is_macrospin(const Problem& problem) {
  return problem.grid.nx == 1 && problem.grid.ny == 1 && !problem.diffusion.local &&
         problem.m.size() == 3 && !has_added_terms(problem) &&
         (problem.integrator.FixDt > 0 || problem.material["Temp"].max() == 0);
}

std::string macrospin_kind(const Problem& p) {
  std::ostringstream kind;
  kind << std::hexfloat << p.grid.dx << ' ' << p.grid.dy << ' ' << p.grid.dz << ' ' << p.GammaLL
       << ' ' << p.grid.periodic_x << p.grid.periodic_y << p.demag.enabled << p.surface.has_value()
       << static_cast<int>(p.integrator.scheme) << needs_all_terms(p.material) << has_formulas(p)
       << (!p.local                                  ? '-'
           : p.local->drive == LocalTables::Drive::E ? 'E'
                                                     : 'J');
  for (const bool acts : acting_torques(p)) kind << acts;
  return kind.str();
}

std::shared_ptr<MacrospinBlock> make_macrospin_block(const std::vector<const Problem*>& cells) {
  const Problem& first = *cells.front();
  if (needs_all_terms(first.material)) {
    if (first.surface) return std::make_shared<Block<Features<true, true, true, true>>>(cells);
    return std::make_shared<Block<Features<true, true, false, true>>>(cells);
  }
  if (first.surface) return std::make_shared<Block<Features<true, true, true>>>(cells);
  return std::make_shared<Block<Features<true, true, false>>>(cells);
}

}  // namespace kubomag
