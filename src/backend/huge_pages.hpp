#pragma once
// Memory of large arrays, packed into regions that ask the kernel for huge pages. What a step of a
// film reads lies in more small pages than the processor's table of translations holds, and each
// look-up it lacks costs a cell's pass a few nanoseconds, most in a virtual machine
// (docs/performance.md).
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace kubomag {

/// Memory that all its owners share; given back when the last of them is gone.
class HugePageRegion {
 public:
  static constexpr std::size_t page = std::size_t{1} << 21;

  /// At least `bytes` of it; throws std::bad_alloc.
  explicit HugePageRegion(std::size_t bytes) : mapped_(rounded_up(bytes, page) + page) {
    void* const start =
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    start_ = static_cast<std::byte*>(start);
    const std::size_t behind = reinterpret_cast<std::uintptr_t>(start_) % page;
    begin_ = start_ + (page - behind) % page;
    end_ = begin_ + mapped_ - page;
    // a wish: where the kernel cannot grant it, pages are small
    madvise(begin_, static_cast<std::size_t>(end_ - begin_), MADV_HUGEPAGE);
  }
  ~HugePageRegion() { munmap(start_, mapped_); }
  HugePageRegion(const HugePageRegion&) = delete;
  HugePageRegion& operator=(const HugePageRegion&) = delete;

  /// The next `bytes` of it, or null where it has fewer left.
  std::byte* take(std::size_t bytes) {
    if (bytes > static_cast<std::size_t>(end_ - begin_)) return nullptr;
    return std::exchange(begin_, begin_ + bytes);
  }

  static std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
    return (bytes + unit - 1) / unit * unit;
  }

 private:
  std::size_t mapped_;
  std::byte *start_, *begin_, *end_;
};

/// Memory in huge pages, aligned to the cache's lines. Arrays taken one after the other start at
/// staggered places of the pages: see host_buffer.hpp.
inline std::shared_ptr<std::byte> in_huge_pages(std::size_t bytes) {
  constexpr std::size_t line = 64, stagger = 13 * line, usual = 16 * HugePageRegion::page;
  static std::mutex one_at_a_time;
  static std::weak_ptr<HugePageRegion> latest;
  const std::size_t size = HugePageRegion::rounded_up(bytes, line) + stagger;
  const std::lock_guard lock(one_at_a_time);
  std::shared_ptr<HugePageRegion> region = latest.lock();
  std::byte* start = region ? region->take(size) : nullptr;
  if (!start) {
    region = std::make_shared<HugePageRegion>(std::max(size, usual));
    start = region->take(size);
    latest = region;
  }
  return {region, start};
}

}  // namespace kubomag
