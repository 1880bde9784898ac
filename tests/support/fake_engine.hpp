#pragma once
// An Engine without physics: one number that follows m' = -m with an adaptive step of its own, so
// that what the loop does with times, interrupts and checkpoints can be tested alone.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "kubomag/engine.hpp"
#include "kubomag/error.hpp"

namespace kubomag::testing_support {

class FakeEngine : public Engine {
 public:
  explicit FakeEngine(double first_step) : dt_(first_step) {}

  std::function<void(double t)> on_step;  // called with the time after each step
  double fail_at = INFINITY;

  std::string device() const override { return "none"; }
  Precision precision() const override { return Precision::double_precision; }
  std::size_t bytes() const override { return sizeof *this; }
  double time() const override { return t_; }
  void set_time(double t) override { t_ = t; }
  std::vector<double> m() const override { return {m_, 0, 0}; }
  void set_m(const std::vector<double>& m) override { m_ = m.at(0); }

  StepInfo step(double t_end) override {
    if (t_ >= fail_at) throw RunError("the step size collapsed");
    const double dt = std::min(dt_, t_end - t_);
    t_ = dt_ >= t_end - t_ ? t_end : t_ + dt;
    m_ *= std::exp(-dt / 1e-9);
    dt_ *= 1.01;  // state that a continuation must know
    if (on_step) on_step(t_);
    return {dt, 0, m_, 0};
  }
  RelaxInfo relax(const Relax& options,
                  const std::function<bool(const RelaxInfo&)>& go_on) override {
    RelaxInfo info;
    while (info.steps < options.max_steps && go_on(info)) ++info.steps;
    info.converged = info.steps == options.max_steps;
    return info;
  }
  std::vector<Observable> observables() override { return {{"mx", "", m_}}; }
  std::vector<Quantity> quantities() const override { return {{"m", "", 3, "magnetisation"}}; }
  std::vector<double> quantity(const std::string& name) override {
    if (name != "m") throw InputError("no quantity " + name);
    return m();
  }
  std::vector<std::byte> checkpoint() const override {
    const double numbers[] = {t_, dt_, m_};
    std::vector<std::byte> bytes(sizeof numbers);
    std::memcpy(bytes.data(), numbers, sizeof numbers);
    return bytes;
  }
  void restore(const std::vector<std::byte>& state) override {
    double numbers[3];
    if (state.size() != sizeof numbers) throw InputError("a checkpoint of another run");
    std::memcpy(numbers, state.data(), sizeof numbers);
    t_ = numbers[0], dt_ = numbers[1], m_ = numbers[2];
  }

 private:
  double t_ = 0, dt_ = 0, m_ = 1;
};

}  // namespace kubomag::testing_support
