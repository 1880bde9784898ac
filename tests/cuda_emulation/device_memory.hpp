#pragma once
// The emulated device's memory: filled with NaN when it is handed out and, where control.hpp is
// asked for it, out of the host's reach while nothing runs on the device.
#include <cstddef>

namespace cuda_emulation {

/// Null where there is no more.
void* allocate(std::size_t bytes);
/// False: `memory` is not what `allocate` gave.
bool release(void* memory);
/// Bytes that are handed out, and how many there are.
std::size_t allocated();
inline constexpr std::size_t device_bytes = std::size_t{8} << 30;
/// Whether these bytes lie in one allocation.
bool on_device(const void* memory, std::size_t bytes);
/// Unless control.hpp is asked to ignore fills.
void set_bytes(void* memory, int value, std::size_t bytes);

/// While one lives the device's memory can be read and written.
class DeviceAccess {
 public:
  DeviceAccess();
  ~DeviceAccess();
  DeviceAccess(const DeviceAccess&) = delete;
  DeviceAccess& operator=(const DeviceAccess&) = delete;
};

}  // namespace cuda_emulation
