#pragma once
// A number that a pass needs, the same for every cell. The host gives it with the pass; on a device
// that steps by itself (src/solver/device_stepper.hpp) it is read where an earlier kernel left it.
#include "kubomag/host_device.hpp"

namespace kubomag {

template <class T>
struct Number {
  T value{};
  const T* at = nullptr;  // on a device, if set

  Number() = default;
  KUBOMAG_HD Number(T known) : value(known) {}
  static Number found_at(const T* place) {
    Number number;
    number.at = place;
    return number;
  }

  KUBOMAG_HD const T& operator()() const {
#ifdef __CUDA_ARCH__
    if (at) return *at;
#endif
    return value;
  }
};

}  // namespace kubomag
