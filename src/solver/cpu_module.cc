// The CPU's engines as a library of their own, compiled for another level of the instruction set
// than the program (solver/cpu_code.hpp).
#include "solver/cpu_code.hpp"

extern "C" __attribute__((visibility("default"))) const kubomag::CpuEngines* kubomag_cpu_engines(
    int version) {
  static const kubomag::CpuEngines engines = kubomag::compiled_cpu_engines();
  return version == kubomag::cpu_module_version ? &engines : nullptr;
}
