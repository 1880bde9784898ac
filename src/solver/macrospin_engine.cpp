// One cell of a block as an engine; a film of one cell on the CPU stands in for what is asked
// rarely: relaxation and fields.
#include <cstring>
#include <utility>

#include "solver/engine_cpu.hpp"
#include "solver/macrospin_block.hpp"
#include "solver/macrospin_observables.hpp"

namespace kubomag {
namespace {

class MacrospinEngine final : public Engine {
 public:
  MacrospinEngine(const Problem& problem, std::shared_ptr<MacrospinBlock> block, std::size_t cell)
      : problem_(problem), block_(std::move(block)), cell_(cell) {
    set_m(problem.m);
  }

  std::string device() const override { return block_->device(); }
  Precision precision() const override { return block_->precision(); }
  std::size_t bytes() const override { return block_->bytes(); }

  double time() const override { return block_->time(cell_); }
  void set_time(double t) override { block_->set_time(cell_, t); }
  std::vector<double> m() const override {
    const Vec3<double> m = block_->m(cell_);
    return {m.x, m.y, m.z};
  }
  void set_m(const std::vector<double>& m) override { block_->set_m(cell_, normalised(m)); }

  StepInfo step(double t_end) override { return block_->step(cell_, t_end); }
  AdvanceInfo advance(double t_end, long max_steps) override {
    return block_->advance(cell_, t_end, max_steps);
  }

  RelaxInfo relax(const Relax& options,
                  const std::function<bool(const RelaxInfo&)>& go_on) override {
    const RelaxInfo info = film().relax(options, go_on);
    const std::vector<double> m = film_->m();
    block_->set_m(cell_, {m[0], m[1], m[2]});
    return info;
  }

  std::vector<Observable> observables() override {
    return observe_cell(problem_, block_->demag(), block_->m(cell_), time(),
                        block_->max_torque(cell_));
  }
  std::vector<Quantity> quantities() const override {
    if (!film_) film_ = make_cpu_engine_double(problem_, 1);
    return film_->quantities();
  }
  std::vector<double> quantity(const std::string& name) override {
    return name == "m" ? m() : film().quantity(name);
  }

  std::vector<std::byte> checkpoint() const override {
    const Saved saved{tag(), block_->time(cell_), block_->m(cell_), block_->pace(cell_)};
    std::vector<std::byte> bytes(sizeof(Saved));
    std::memcpy(bytes.data(), &saved, sizeof(Saved));
    return bytes;
  }
  void restore(const std::vector<std::byte>& state) override {
    Saved saved{};
    if (state.size() == sizeof(Saved)) std::memcpy(&saved, state.data(), sizeof(Saved));
    if (saved.tag != tag())
      throw InputError("the checkpoint is of another film or another precision");
    block_->set_time(cell_, saved.t);
    block_->set_m(cell_, saved.m);
    block_->set_pace(cell_, saved.pace);
  }

 private:
  /// "mcrospin", and the precision.
  std::uint64_t tag() const {
    return 0x6e6970736f72636d ^ (precision() == Precision::single_precision ? 1 : 0);
  }

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
  std::size_t cell_;
  mutable std::unique_ptr<Engine> film_;  // made when it is first asked for
};

}  // namespace

std::unique_ptr<Engine> make_macrospin_engine(const Problem& problem,
                                              std::shared_ptr<MacrospinBlock> block,
                                              std::size_t cell) {
  return std::make_unique<MacrospinEngine>(problem, std::move(block), cell);
}

}  // namespace kubomag
