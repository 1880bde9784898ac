// Linked into every program: OpenMP threads sleep while they wait instead of spinning, unless the
// user says otherwise. Spinning threads on a loaded machine make small films a thousand times
// slower (docs/performance.md). libgomp reads the variable when it is loaded, which is before any
// constructor of ours; only the program's .preinit_array comes earlier.
#include <cstdlib>

namespace {

void choose_wait_policy(int, char**, char**) { setenv("OMP_WAIT_POLICY", "passive", 0); }

}  // namespace

extern "C" __attribute__((section(".preinit_array"),
                          used)) void (*const kubomag_wait_policy)(int, char**,
                                                                   char**) = choose_wait_policy;
