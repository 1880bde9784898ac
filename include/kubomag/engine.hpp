#pragma once
// Engine: a Problem on one device in one precision. Fields go in and out in double, component
// after component (x of all cells, then y, then z), whatever the device computes in.
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kubomag/problem.hpp"

namespace kubomag {

enum class Precision { single_precision, double_precision };

struct StepInfo {
  double dt = 0;          // the step taken [s]
  double error = 0;       // its error estimate, the norm that MaxErr bounds [rad]
  double max_torque = 0;  // largest |dm/dt| / gamma over the cells at its start [T]
  int rejected = 0;       // attempts thrown away before it
};

struct AdvanceInfo {
  long steps = 0, rejected = 0;  // taken, and attempts thrown away
  double dt = 0;                 // the last step taken [s]
  double max_torque = 0;         // largest |dm/dt| / gamma over the cells where it began [T]
};

struct RelaxInfo {
  bool converged = false;
  long steps = 0;
  long evaluations = 0;    // of B_eff on the whole film
  double max_torque = 0;   // largest |m x B_eff| reached [T]
  bool fell_back = false;  // minimisation made no progress; the rest was relaxed in time
};

/// One number with its name and unit, for the table.
struct Observable {
  std::string name, unit;
  double value = 0;
};

/// A field that can be asked for by name.
struct Quantity {
  std::string name, unit;
  int components = 1;
  std::string help;
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::string device() const = 0;  // "CPU, 2 threads, AVX2" or the GPU's name
  virtual Precision precision() const = 0;
  virtual std::size_t bytes() const = 0;  // memory held on the device

  virtual double time() const = 0;
  virtual void set_time(double t) = 0;
  virtual std::vector<double> m() const = 0;
  virtual void set_m(const std::vector<double>& m) = 0;  // normalised on the way in

  /// One accepted step that ends at `t_end` at the latest. Throws RunError on NaN or when dt
  /// falls below MinDt, InputError for a `t_end` in the past.
  virtual StepInfo step(double t_end) = 0;
  /// At least one step, at most `max_steps`, none beyond `t_end`: as many as the device takes by
  /// itself without being asked. The same steps, bit by bit, that `step` takes, and the same
  /// errors.
  virtual AdvanceInfo advance(double t_end, long /*max_steps*/) {
    const StepInfo last = step(t_end);
    return {1, last.rejected, last.dt, last.max_torque};
  }
  /// To an energy minimum, by the way that `options` names. `go_on`, asked after every step, ends
  /// it early. Throws RunError for a field that is not a number.
  virtual RelaxInfo relax(const Relax& options,
                          const std::function<bool(const RelaxInfo&)>& go_on) = 0;

  /// mx, my, mz, energies per term and in total, max_torque: in table order.
  virtual std::vector<Observable> observables() = 0;
  virtual std::vector<Quantity> quantities() const = 0;
  /// B_eff, B_exch, B_demag, psi, E, torque, ...: throws InputError for an unknown name.
  virtual std::vector<double> quantity(const std::string& name) = 0;

  /// Everything a bit-exact continuation needs (m in the device's precision, t, dt).
  virtual std::vector<std::byte> checkpoint() const = 0;
  virtual void restore(const std::vector<std::byte>& state) = 0;
};

/// device: "auto", "cpu", "cuda" or "cuda:N". Throws InputError when a named device is not there.
struct DeviceChoice {
  std::string device = "auto";
  std::optional<Precision> precision;  // default: double on the CPU, single on the GPU
  int threads = 0;                     // CPU threads, 0: chosen by film size
};

struct DeviceReport {
  bool cuda_available = false;
  std::string cuda_reason;  // why CUDA is not used, empty if it is
  std::vector<std::string> cuda_devices;
  std::string cpu;
};

DeviceReport find_devices();
std::unique_ptr<Engine> make_engine(const Problem& problem, const DeviceChoice& choice);

}  // namespace kubomag
