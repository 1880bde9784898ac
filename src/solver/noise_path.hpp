#pragma once
// What is known of the Wiener path behind the noise of steps of any length: pieces in order of
// time, whose increments lie in an array of the film, and what an attempted step asks of them. The
// same functions where the host drives the steps and where a device does (thermal_field.hpp has
// the increments).
#include <cmath>
#include <cstdint>

#include "kernels/thermal.hpp"

namespace kubomag {

struct NoisePath {
  static constexpr int most = PathStep::most_pieces;
  /// Few steps see more at once: one for each attempt at a step that was refused, and a rest.
  static constexpr int usual = 4;

  int room = 0;  // pieces that the array holds; 0: the film has no such noise
  int count = 0;
  bool full = false;               // the last attempt would need more room
  double length[most] = {};        // [s], from the present time on
  unsigned char place[most] = {};  // in the array
  std::uint64_t draws = 0;         // counts the numbers of the path
  PathStep step;                   // of the attempt under way

  /// Has pieces end where a step of dt does: divides the one that crosses its end, or draws what is
  /// missing; an attempt of another length asks for the same path. False: the array is full.
  KUBOMAG_HD bool cover(double dt) {
    step = {};
    PathStep wanted;
    wanted.per_dt = 1 / dt;
    double left = dt;
    for (int k = 0;; ++k) {
      const bool known = k < count;
      const double beyond = known ? length[k] - left : 0;
      if (!known || beyond > 1e-9 * dt) {
        full = count == room;
        if (full) return false;
        known ? divide(wanted, k, left) : draw(wanted, left);
      }
      wanted.add(place[k]);
      if (beyond >= -1e-9 * dt) break;
      left -= length[k];
    }
    step = wanted;
    return true;
  }

  /// The step was taken: what it covered is past.
  KUBOMAG_HD void pass() {
    count -= step.count;
    for (int k = 0; k < count; ++k) move(k + step.count, k);
    step = {};
  }
  /// The path begins anew.
  void forget() {
    count = 0;
    step = {};
  }

 private:
  KUBOMAG_HD void move(int from, int to) {
    length[to] = length[from];
    place[to] = place[from];
  }

  KUBOMAG_HD unsigned char free_place() const {
    unsigned taken = 0;
    for (int k = 0; k < count; ++k) taken |= 1u << place[k];
    unsigned char free = 0;
    while ((taken >> free & 1u) != 0) ++free;
    return free;
  }

  KUBOMAG_HD void draw(PathStep& wanted, double duration) {
    place[count] = free_place();
    length[count++] = duration;
    wanted.draws = true;
    wanted.draw = draws++;
    wanted.deviation = std::sqrt(duration);
  }

  /// Piece k after `duration`.
  KUBOMAG_HD void divide(PathStep& wanted, int k, double duration) {
    const unsigned char free = free_place();
    for (int j = count++; j > k; --j) move(j - 1, j);
    const double whole = length[k], part = duration / whole;
    length[k] = duration, length[k + 1] = whole - duration;
    place[k] = free;
    wanted.draws = true;
    wanted.draw = draws++;
    wanted.rest = place[k + 1];
    wanted.part = part;
    wanted.deviation = std::sqrt(part * (1 - part) * whole);
  }
};

}  // namespace kubomag
