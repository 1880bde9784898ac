#pragma once
// What tests ask of the emulation itself.

namespace cuda_emulation {

/// Blocks, and the threads of a block between two barriers, run from the last to the first. What
/// differs then depends on an order that a device does not promise.
void set_reversed_order(bool reversed);

/// The device's memory is out of the host's reach while nothing runs on the device: to touch it
/// ends the program. (AddressSanitizer's builds do without.)
void guard_memory(bool guard);

}  // namespace cuda_emulation
