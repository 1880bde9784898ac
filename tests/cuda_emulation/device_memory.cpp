#include "device_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>

#include "control.hpp"
#include "cuda_runtime.h"

namespace cuda_emulation {
namespace {

std::map<std::uintptr_t, std::size_t> allocations;
int open_accesses = 0;
long allocations_made = 0;
bool guarded = false, fills_ignored = false;

#if defined(__SANITIZE_ADDRESS__)

// AddressSanitizer watches the ends of every allocation.
void* take(std::size_t bytes) { return std::aligned_alloc(256, (bytes + 255) / 256 * 256); }
void give_back(void* memory, std::size_t) { std::free(memory); }
void protect(int) {}

#else

constexpr std::size_t arena_bytes = device_bytes, page = 4096;
std::byte* arena = nullptr;
std::size_t used = 0;
std::multimap<std::size_t, std::byte*> spare;  // by size

std::size_t pages(std::size_t bytes) { return (bytes + page - 1) / page * page; }

void* take(std::size_t bytes) {
  if (arena == nullptr) {
    void* memory = mmap(nullptr, arena_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    require(memory != MAP_FAILED, "there is no room for the device's memory");
    arena = static_cast<std::byte*>(memory);
  }
  const std::size_t size = pages(bytes);
  if (const auto found = spare.find(size); found != spare.end()) {
    std::byte* memory = found->second;
    spare.erase(found);
    return memory;
  }
  if (size > arena_bytes - used) return nullptr;
  used += size;
  return arena + used - size;
}

void give_back(void* memory, std::size_t bytes) {
  spare.emplace(pages(bytes), static_cast<std::byte*>(memory));
}

void protect(int protection) {
  if (arena != nullptr)
    require(mprotect(arena, used, protection) == 0, "the device's memory cannot be protected");
}

#endif

}  // namespace

DeviceAccess::DeviceAccess() {
  if (open_accesses++ == 0 && guarded) protect(PROT_READ | PROT_WRITE);
}
DeviceAccess::~DeviceAccess() {
  if (--open_accesses == 0 && guarded) protect(PROT_NONE);
}

void* allocate(std::size_t bytes) {
  void* memory = take(bytes);
  if (memory == nullptr) return nullptr;
  ++allocations_made;
  const DeviceAccess access;
  std::memset(memory, 0xff, bytes);  // NaN in both precisions
  allocations[reinterpret_cast<std::uintptr_t>(memory)] = bytes;
  return memory;
}

std::size_t allocated() {
  std::size_t sum = 0;
  for (const auto& [address, bytes] : allocations) sum += bytes;
  return sum;
}

bool release(void* memory) {
  const auto found = allocations.find(reinterpret_cast<std::uintptr_t>(memory));
  if (found == allocations.end()) return false;
  give_back(memory, found->second);
  allocations.erase(found);
  return true;
}

bool on_device(const void* memory, std::size_t bytes) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  auto after = allocations.upper_bound(address);
  if (after == allocations.begin()) return false;
  --after;
  return address + bytes <= after->first + after->second;
}

void set_bytes(void* memory, int value, std::size_t bytes) {
  if (!fills_ignored) std::memset(memory, value, bytes);
}

}  // namespace cuda_emulation

void cuda_emulation_ignore_fills(bool ignore) { cuda_emulation::fills_ignored = ignore; }

long cuda_emulation_allocations_made() { return cuda_emulation::allocations_made; }

void cuda_emulation_guard_memory(bool guard) {
  cuda_emulation::guarded = guard;
  cuda_emulation::protect(guard ? PROT_NONE : PROT_READ | PROT_WRITE);
}
