#pragma once
// What tests ask of the emulation itself.
#include <cstddef>

extern "C" {

/// Blocks, and the threads of a block between two barriers, run from the last to the first. What
/// differs then depends on an order that a device does not promise.
void cuda_emulation_reverse_order(bool reversed);

/// How many kernels, transforms, copies and fills streams and graphs have been given so far.
std::size_t cuda_emulation_work_count();

/// The device's memory is out of the host's reach while nothing runs on the device: to touch it
/// ends the program. (AddressSanitizer's builds do without.)
void cuda_emulation_guard_memory(bool guard);

/// Fills leave the device's memory as it was handed out, NaN: what is read before anything has been
/// computed for it shows.
void cuda_emulation_ignore_fills(bool ignore);

/// The driver says that it is one without conditional nodes in graphs.
void cuda_emulation_old_driver(bool old);

/// Graphs cannot be made.
void cuda_emulation_no_graphs(bool none);

/// How many allocations the device's memory has given so far.
long cuda_emulation_allocations_made();

/// How often the host has waited for the device so far.
long cuda_emulation_waits();

/// Kernels that have run, and graphs that were made to be launched, so far.
long cuda_emulation_kernels_run();
long cuda_emulation_graphs_made();
}
