#pragma once
// Kernels of several films in one launch. A body is what a block of a kernel does, an object that
// knows its arguments. A film alone launches its body as a kernel; of the members of a gang, which
// launch the same kernels in the same order with bodies of their own, block (x, y, r) runs member
// r's body as block (x, y) of the film alone would, so that the bits are the same.
#include <cstring>
#include <vector>

#include "backend/cuda_launch.cuh"

namespace kubomag {

/// The place of a film in a gang (solver/step_gang_cuda.cuh).
class GangSeat {
 public:
  virtual ~GangSeat() = default;
  /// The film is driven by the host for now: the others need not wait for it.
  virtual void stay_out() = 0;
};

namespace cuda {

/// Whether a member runs in a launch, and which of the two forms of its bodies.
struct Turn {
  int side = 0;
  bool go = false;
};

/// What a gang's kernel knows of `members` members: where their bodies and turns lie, and how many
/// bytes apart.
struct GangView {
  const unsigned char *bodies, *turns;
  std::size_t between_members, between_sides, between_turns;
  int members;
};

template <class Body>
__global__ void __launch_bounds__(Body::most_threads, Body::least_blocks)
    body_kernel(const __grid_constant__ Body body) {
  body();
}

template <class Body>
__global__ void __launch_bounds__(Body::most_threads, Body::least_blocks)
    gang_kernel(GangView gang) {
  const unsigned member = blockIdx.z;
  const Turn turn = *reinterpret_cast<const Turn*>(gang.turns + gang.between_turns * member);
  if (!turn.go) return;
  const auto* body = gang.bodies + gang.between_members * member + gang.between_sides * turn.side;
  (*reinterpret_cast<const Body*>(body))();
}

template <class Body>
void launch_gang(const Shape& shape, cudaStream_t stream, const GangView& gang) {
  Shape all = shape;
  all.grid.z = static_cast<unsigned>(gang.members);
  launch(gang_kernel<Body>, all, stream, gang);
}

/// What one member launches, in order: the kernels, and its bodies one after the other.
class GangLaunches {
 public:
  struct Launch {
    void (*make)(const Shape&, cudaStream_t, const GangView&);
    Shape shape;
    std::size_t body;  // bytes before it

    bool operator==(const Launch& other) const {
      return make == other.make && body == other.body && same(shape.grid, other.shape.grid) &&
             same(shape.block, other.shape.block) && shape.shared == other.shape.shared;
    }

   private:
    static bool same(dim3 a, dim3 b) { return a.x == b.x && a.y == b.y && a.z == b.z; }
  };

  template <class Body>
  void add(const Body& body, const Shape& shape) {
    static_assert(std::is_trivially_copyable_v<Body> && alignof(Body) <= alignment);
    if (shape.grid.z != 1) throw DeviceError("CUDA: a gang's kernel has a grid of two dimensions");
    const std::size_t place = (bodies_.size() + alignment - 1) / alignment * alignment;
    bodies_.resize(place + sizeof(Body));
    std::memcpy(bodies_.data() + place, &body, sizeof(Body));
    launches_.push_back({launch_gang<Body>, shape, place});
  }

  const std::vector<Launch>& launches() const { return launches_; }
  const std::vector<unsigned char>& bodies() const { return bodies_; }

 private:
  static constexpr std::size_t alignment = 16;
  std::vector<Launch> launches_;
  std::vector<unsigned char> bodies_;
};

/// While one lives, what this thread would launch goes into `to`; work that cannot throws
/// DeviceError.
class GangRecording {
 public:
  explicit GangRecording(GangLaunches& to) { recorded_launches = &to; }
  GangRecording(const GangRecording&) = delete;
  GangRecording& operator=(const GangRecording&) = delete;
  ~GangRecording() { recorded_launches = nullptr; }
};

/// True: the body's launch was recorded, and must not be made.
template <class Body>
bool recorded(const Body& body, const Shape& shape) {
  if (recorded_launches == nullptr) return false;
  recorded_launches->add(body, shape);
  return true;
}

/// The body as a kernel of its own, or recorded.
template <class Body>
void launch_body(const Body& body, const Shape& shape, cudaStream_t stream) {
  if (!recorded(body, shape)) launch(body_kernel<Body>, shape, stream, body);
}

/// allow_shared for a body alone and in a gang.
template <class Body>
void allow_shared_of(std::size_t bytes) {
  allow_shared(body_kernel<Body>, bytes);
  allow_shared(gang_kernel<Body>, bytes);
}

}  // namespace cuda
}  // namespace kubomag
