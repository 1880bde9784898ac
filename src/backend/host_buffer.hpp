#pragma once
// Memory of the CPU backend: aligned, first touched by the threads that will use it, and with
// staggered start addresses. Arrays that all start on a page boundary fall into the same sets of
// the L1 cache when the film's size is a power of two; the stagger makes the fused pass twice as
// fast there (docs/performance.md). Large arrays lie in huge pages.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include "backend/huge_pages.hpp"
#include "backend/team.hpp"

namespace kubomag {

template <class T>
class HostBuffer {
 public:
  HostBuffer() = default;
  explicit HostBuffer(std::size_t count, int threads = 1) : count_(count) {
    if (count == 0) return;
    const std::size_t bytes = count * sizeof(T);
    memory_ = bytes < large ? staggered(bytes) : in_huge_pages(bytes);
    data_ = reinterpret_cast<T*>(memory_.get());
    in_shares(threads, static_cast<std::ptrdiff_t>(count),
              [to = data_](std::ptrdiff_t i) { to[i] = T{}; });
  }

  HostBuffer(HostBuffer&&) noexcept = default;
  HostBuffer& operator=(HostBuffer&&) noexcept = default;

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return count_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  static constexpr std::size_t large = 128 * 1024;  // [bytes]

  static std::shared_ptr<std::byte> staggered(std::size_t bytes) {
    constexpr std::size_t page = 4096, line = 64, apart = 13 * line;  // 64 places, all different
    static std::atomic<std::size_t> serial = 0;  // replicas of a batch are made by many threads
    const std::size_t wanted = serial.fetch_add(1, std::memory_order_relaxed) * apart;
    const std::size_t size = (bytes + page + line - 1) / line * line;
    const std::shared_ptr<std::byte> whole(static_cast<std::byte*>(std::aligned_alloc(line, size)),
                                           std::free);
    if (!whole) throw std::bad_alloc();
    // from where the allocator happened to start to the wanted place of a page
    return {whole, whole.get() + (wanted - reinterpret_cast<std::uintptr_t>(whole.get())) % page};
  }

  std::shared_ptr<std::byte> memory_;
  T* data_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace kubomag
