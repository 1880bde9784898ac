#pragma once
// Films on a GPU that take their steps in the launches of one
// (docs/decisions/011-replicas-on-a-gpu.md).
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

/// Members are engines like any other. Their Engine::advance takes its steps in turns: a turn
/// begins when each member that has entered, launches the same and is not driven by its host at the
/// time waits in advance for one. Hence each needs a thread of its own, which between `enter` and
/// `leave` waits for nothing that another member's thread does. A member that launches what no
/// other does takes its steps alone.
class FilmGang {
 public:
  virtual ~FilmGang() = default;
  /// A member, if there is a place left, which it keeps as long as it lives; it computes the
  /// demagnetising field by the fused kernels (docs/decisions/009-convolution-on-the-gpu.md).
  /// Throws like make_engine.
  virtual std::unique_ptr<Engine> engine(const Problem& problem, bool single_precision) = 0;
  virtual void enter(const Engine& film) = 0;
  virtual void leave(const Engine& film) = 0;
  /// To be called by a thread before it drives a film that another thread has made.
  virtual void use_device() const = 0;
};

/// On the GPU that `choice` names. Throws DeviceError.
std::unique_ptr<FilmGang> make_film_gang(const DeviceChoice& choice, int places);
/// A member of it, as make_engine with `choice` would make it alone.
std::unique_ptr<Engine> make_member(FilmGang& gang, const Problem& problem,
                                    const DeviceChoice& choice);

/// A film is driven by this thread as long as one lives; null: there is no gang.
class DrivenInGang {
 public:
  DrivenInGang(FilmGang* gang, const Engine& film) : gang_(gang), film_(film) {
    if (gang_ != nullptr) gang_->enter(film_);
  }
  DrivenInGang(const DrivenInGang&) = delete;
  DrivenInGang& operator=(const DrivenInGang&) = delete;
  ~DrivenInGang() {
    if (gang_ != nullptr) gang_->leave(film_);
  }

 private:
  FilmGang* gang_;
  const Engine& film_;
};

/// Calls drive(i) for every film of the gang, each in a thread of its own, all entered. What one
/// throws is thrown, when all have ended.
void drive_together(FilmGang& gang, const std::vector<Engine*>& films,
                    const std::function<void(std::size_t)>& drive);

/// How many films like this one are a gang; 1: they are better alone, since each fills the device
/// or finds its demagnetising field by cuFFT, whose launches cannot be shared. Where the
/// environment has KUBOMAG_CUDA_GANGS=off it is 1 for all. Throws InputError where that is neither
/// on nor off.
int gang_places(const Problem& problem);

/// What films must have in common to launch the same kernels, as far as it is known before they are
/// made.
std::string gang_kind(const Problem& problem);

}  // namespace kubomag
