// One lane of a block of single cells as an engine; a film of one cell stands in for what is asked
// rarely: relaxation, energies and fields.
#include <cstring>
#include <utility>

#include "solver/engine_cpu.hpp"
#include "solver/macrospin_block.hpp"

namespace kubomag {
namespace {

class MacrospinEngine final : public Engine {
 public:
  MacrospinEngine(const Problem& problem, std::shared_ptr<MacrospinBlock> block, int lane)
      : problem_(problem), block_(std::move(block)), lane_(lane) {
    set_m(problem.m);
  }

  std::string device() const override { return "CPU, 1 thread"; }
  Precision precision() const override { return Precision::double_precision; }
  std::size_t bytes() const override { return block_->bytes(); }

  double time() const override { return block_->time(lane_); }
  void set_time(double t) override { block_->set_time(lane_, t); }
  std::vector<double> m() const override {
    const Vec3<double> m = block_->m(lane_);
    return {m.x, m.y, m.z};
  }
  void set_m(const std::vector<double>& m) override { block_->set_m(lane_, normalised(m)); }

  StepInfo step(double t_end) override { return block_->step(lane_, t_end); }

  RelaxInfo relax(const Relax& options,
                  const std::function<bool(const RelaxInfo&)>& go_on) override {
    const RelaxInfo info = film().relax(options, go_on);
    const std::vector<double> m = film_->m();
    block_->set_m(lane_, {m[0], m[1], m[2]});
    return info;
  }

  std::vector<Observable> observables() override {
    std::vector<Observable> all = film().observables();
    const std::vector<double> own = m();
    for (std::size_t c = 0; c < 3; ++c) all[c].value = own[c];
    for (Observable& one : all)
      if (one.name == "max_torque") one.value = block_->max_torque(lane_);
    return all;
  }
  std::vector<Quantity> quantities() const override {
    if (!film_) film_ = make_cpu_engine_double(problem_, 1);
    return film_->quantities();
  }
  std::vector<double> quantity(const std::string& name) override {
    return name == "m" ? m() : film().quantity(name);
  }

  std::vector<std::byte> checkpoint() const override {
    const Saved saved{tag, block_->time(lane_), block_->m(lane_), block_->pace(lane_)};
    std::vector<std::byte> bytes(sizeof(Saved));
    std::memcpy(bytes.data(), &saved, sizeof(Saved));
    return bytes;
  }
  void restore(const std::vector<std::byte>& state) override {
    Saved saved{};
    if (state.size() == sizeof(Saved)) std::memcpy(&saved, state.data(), sizeof(Saved));
    if (saved.tag != tag)
      throw InputError("the checkpoint is of another film or another precision");
    block_->set_time(lane_, saved.t);
    block_->set_m(lane_, saved.m);
    block_->set_pace(lane_, saved.pace);
  }

 private:
  static constexpr std::uint64_t tag = 0x6e6970736f72636d;  // "mcrospin"

  struct Saved {
    std::uint64_t tag = 0;
    double t = 0;
    Vec3<double> m;
    MacrospinBlock::Pace pace;
  };

  Vec3<double> normalised(const std::vector<double>& m) const {
    if (m.size() != 3) throw InputError("m needs three components for each cell");
    const Vec3<double> v{m[0], m[1], m[2]};
    if (!(problem_.material["Msat"](0) > 0)) return {};
    if (!(norm(v) > 0)) throw InputError("m is zero or not a number in cell 0");
    return (1 / norm(v)) * v;
  }

  /// The film of one cell at the present state.
  Engine& film() {
    if (!film_) film_ = make_cpu_engine_double(problem_, 1);
    film_->set_m(m());
    film_->set_time(time());
    return *film_;
  }

  Problem problem_;
  std::shared_ptr<MacrospinBlock> block_;
  int lane_;
  mutable std::unique_ptr<Engine> film_;  // made when it is first asked for
};

}  // namespace

std::unique_ptr<Engine> make_macrospin_engine(const Problem& problem,
                                              std::shared_ptr<MacrospinBlock> block, int lane) {
  return std::make_unique<MacrospinEngine>(problem, std::move(block), lane);
}

}  // namespace kubomag
