#pragma once
#include "kubomag/host_device.hpp"

namespace kubomag {

/// The first of `count` ascending times that is later than t; `count` if there is none.
KUBOMAG_HD int first_later(const double* times, int count, double t) {
  int after = 0, end = count;
  while (after < end) {
    const int middle = (after + end) / 2;
    if (times[middle] > t)
      end = middle;
    else
      after = middle + 1;
  }
  return after;
}

}  // namespace kubomag
