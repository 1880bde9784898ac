#include "solver/macrospin_block.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <type_traits>
#include <utility>

#include "kernels/rhs.hpp"
#include "kernels/torques.hpp"
#include "setup/demag_tensor.hpp"
#include "solver/added_terms.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/device_film.hpp"
#include "solver/macrospin_lane.hpp"
#include "solver/macrospin_problem.hpp"
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
  Vec3<double> at(int lane) const { return {x[lane], y[lane], z[lane]}; }
  void set(int lane, Vec3<double> v) { x[lane] = v.x, y[lane] = v.y, z[lane] = v.z; }
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
  VectorView<const double> m, B_source, B_per_m;
  VectorView<double> B;

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<double> v = m.load(s.i), N = B_per_m.load(s.i);
    B.store(s.i, B_source.load(s.i) - Vec3<double>{N.x * v.x, N.y * v.y, N.z * v.z});
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
      : row_(row_of_cells(cells, MacrospinBlock::lanes)),
        tableau_(tableau(row_.integrator.scheme)),
        upload_(backend_, MacrospinBlock::lanes),
        scene_(make_scene()),
        torques_(row_, upload_),
        acting_(acting_torques(row_)) {
    for (const Problem* cell : cells) {
      lane_.push_back(std::make_unique<MacrospinLane>(*cell, backend_));
      m_.set(size() - 1, {cell->m[0], cell->m[1], cell->m[2]});
    }
    for (int i = size(); i < MacrospinBlock::lanes; ++i) m_.set(i, m_.at(size() - 1));
    still_ = std::all_of(lane_.begin(), lane_.end(), [](const auto& one) { return one->still(); });
    if (row_.demag.enabled) set_demag(cells.front()->grid);
    drives_.current.map = std::as_const(current_).view();
    drives_.sheet_current.map = std::as_const(sheet_current_).view();
    drives_.E = {std::as_const(drive_).view(), std::as_const(drive_).view(), 1, 0};
    scene_.drive = drives_.E;
    scene_.B_map = std::as_const(B_).view();
  }

  int size() const override { return static_cast<int>(lane_.size()); }
  std::size_t bytes() const override { return sizeof(*this) + upload_.bytes(); }
  double time(int lane) const override { return lane_[lane]->t; }
  void set_time(int lane, double t) override {
    lane_[lane]->t = t;
    lane_[lane]->slope_known = false;
  }
  Vec3<double> m(int lane) const override { return m_.at(lane); }
  void set_m(int lane, Vec3<double> m) override {
    m_.set(lane, m);
    lane_[lane]->slope_known = false;
  }
  double max_torque(int lane) override {
    lane_[lane]->B_noise = {};
    if (!lane_[lane]->slope_known) {
      active_.fill(false);
      active_[lane] = true;
      find_slopes();
    }
    return lane_[lane]->max_torque;
  }
  const std::string& failure(int lane) const override { return lane_[lane]->failure; }
  Pace pace(int lane) const override {
    const MacrospinLane& own = *lane_[lane];
    return {own.control.dt, own.control.previous_ratio, own.steps};
  }
  void set_pace(int lane, const Pace& pace) override {
    lane_[lane]->control = {pace.dt, pace.previous_ratio};
    lane_[lane]->steps = pace.steps;
    lane_[lane]->slope_known = false;
  }

  StepInfo step(int lane, double t_end) override {
    MacrospinLane& own = *lane_[lane];
    if (!(t_end >= own.t)) throw InputError("a step must end after the present time");
    own.info = {};
    own.failure.clear();
    const std::uint64_t before = own.steps;
    for (int i = 0; i < size(); ++i) active_[i] = i == lane;
    while (own.steps == before && own.failure.empty()) attempt(t_end);
    if (!own.failure.empty()) throw RunError(own.failure);
    return own.info;
  }

  bool run(double t_end, const std::function<bool()>& go_on) override {
    for (;;) {
      bool any = false;
      for (int i = 0; i < size(); ++i) {
        active_[i] = lane_[i]->t < t_end && lane_[i]->failure.empty();
        any = any || active_[i];
      }
      if (!any) return true;
      attempt(t_end);
      if (go_on && !go_on()) return false;
    }
  }

 private:
  Scene<double, F> make_scene() {
    const auto one_if = [](bool wanted) { return wanted ? 1.0 : 0.0; };
    const Parameters& film = row_.material;
    Scene<double, F> scene{FieldTerms<double, true, F::all_terms>(film, row_.grid, upload_)};
    scene.alpha = upload_(film["alpha"]);
    scene.moment =
        upload_(ScalarMap::combine([&](double Ms) { return one_if(Ms > 0); }, film["Msat"]));
    scene.mobile = upload_(
        ScalarMap::combine([&](double frozen) { return one_if(!(frozen > 0)); }, film["frozen"]));
    if (row_.surface) scene.surface = SurfaceDirac<double, true>(*row_.surface, upload_);
    scene.gamma = row_.GammaLL;
    return scene;
  }

  /// Of one cell the kernel has one number per component: mu_0 N, split over the box.
  void set_demag(const Grid& grid) {
    const DemagKernel kernel = make_demag_kernel(grid);
    const double box = static_cast<double>(kernel.px) * kernel.py;
    for (int i = 0; i < MacrospinBlock::lanes; ++i) {
      const double Ms = row_.material["Msat"](static_cast<std::size_t>(i));
      B_per_m_.set(i, (box * Ms) * Vec3<double>{kernel.xx[0], kernel.yy[0], kernel.zz[0]});
    }
  }

  /// Sources and drives of the lanes at the fraction c of their steps; at c = 0 `inside` is a hair
  /// after the present time, else within the step.
  void set_drives(double c, bool first) {
    if (still_ && set_) return;
    set_ = true;
    for (int i = 0; i < size(); ++i) {
      MacrospinLane& lane = *lane_[i];
      const double t = c == 1 ? lane.end : lane.t + c * lane.h;
      const double inside = first ? std::nextafter(lane.t, HUGE_VAL) : lane.t + 0.5 * lane.h;
      B_source_.set(i,
                    lane.noise > 0 ? lane.B_ext(t, inside) + lane.B_noise : lane.B_ext(t, inside));
      current_.set(i, lane.current(t, inside));
      sheet_current_.set(i, lane.sheet_current(t, inside));
      if (!lane.drive) continue;
      const DriveValue<double> value = lane.drive->sample(t, inside)(0);
      drive_.set(i, {value.psi, value.Ex, value.Ey});
    }
  }

  /// k = dm/dt of the lanes at m and the drives as they are set.
  void find_rates(const LaneVectors& m, LaneVectors& k) {
    for_each_lane(FieldPass{m.view(), std::as_const(B_source_).view(),
                            std::as_const(B_per_m_).view(), B_.view()});
    torques_.for_each([&](int index, const auto& torque) {
      using Torque = std::remove_cvref_t<decltype(torque)>;
      if (acting_[index])
        for_each_lane(TorquePass<double, Torque>{torque, drives_, m.view(), B_.view()});
    });
    for_each_lane(SlopePass<F>{scene_, m.view(), k.view()});
  }

  /// The slopes of active lanes that have none.
  void find_slopes() {
    set_drives(0, true);
    LaneVectors& k = stage_[0];
    find_rates(m_, k);
    for (int i = 0; i < size(); ++i) {
      if (lane_[i]->slope_known || !active_[i]) continue;
      k_[0].set(i, k.at(i));
      lane_[i]->max_torque = std::sqrt(rate2(k, i));
      lane_[i]->slope_known = true;
    }
  }

  double rate2(const LaneVectors& k, int lane) const {
    const Vec3<double> rate = (1 / row_.GammaLL) * k.at(lane);
    return not_nan(dot(rate, rate));
  }

  /// One attempt of the active lanes; the others stand still.
  void attempt(double t_end) {
    bool slopes = true;
    for (int i = 0; i < size(); ++i) {
      MacrospinLane& lane = *lane_[i];
      if (active_[i])
        lane.aim(t_end);
      else
        lane.h = 0, lane.end = lane.t;
      slopes = slopes && (lane.slope_known || !active_[i]);
      h_[i] = lane.h;
    }
    if (!slopes) find_slopes();
    for (int i = 0; i < size(); ++i) lane_[i]->info.max_torque = lane_[i]->max_torque;
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
    for (int i = 0; i < size(); ++i) {
      if (!active_[i]) continue;
      MacrospinLane& lane = *lane_[i];
      const double length = std::sqrt(not_nan(dot(error.at(i), error.at(i))));
      if (!lane.accepts(length)) {
        lane.refuse(length);
        continue;
      }
      m_.set(i, result.at(i));
      k_[0].set(i, k_[tableau_.stages].at(i));
      lane.max_torque = std::sqrt(rate2(k_[0], i));
      lane.accept(length);
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
  Problem row_;
  const ButcherTableau& tableau_;
  ParamUploader<CpuBackend, double, true> upload_;
  Scene<double, F> scene_;
  TorqueTerms<double> torques_;
  std::vector<bool> acting_;
  TorqueDrives<double> drives_;
  std::vector<std::unique_ptr<MacrospinLane>> lane_;
  std::array<bool, MacrospinBlock::lanes> active_{};
  bool still_ = false;  // nothing that drives the lanes changes in time
  bool set_ = false;    // the drives have been set once
  alignas(64) Numbers h_{};
  LaneVectors m_, zero_, B_, B_source_, B_per_m_, current_, sheet_current_, drive_;
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
       << static_cast<int>(p.integrator.scheme) << needs_all_terms(p.material)
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
