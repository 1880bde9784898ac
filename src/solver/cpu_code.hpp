#pragma once
// Which of the compiled versions of the CPU's engines runs. The program contains one; a build may
// have more, each compiled for a level of the x86-64 instruction set (KUBOMAG_CPU_LEVELS in
// cmake/options.cmake) in a library of its own beside the program.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "solver/engine_cpu.hpp"
#include "solver/macrospin_block.hpp"

namespace kubomag {

struct CpuEngines {
  std::unique_ptr<Engine> (*film)(const Problem& problem, int threads, bool single_precision);
  std::shared_ptr<MacrospinBlock> (*cells)(const std::vector<const Problem*>& cells);
};

/// Those that are compiled with this header.
inline CpuEngines compiled_cpu_engines() {
  const auto film = [](const Problem& problem, int threads, bool single_precision) {
    return single_precision ? make_cpu_engine_float(problem, threads)
                            : make_cpu_engine_double(problem, threads);
  };
  return {film, make_macrospin_block};
}

inline constexpr int cpu_module_version = 1;
extern "C" {
/// What a library exports; null for another version.
using KubomagCpuEngines = const CpuEngines* (*)(int version);
}

struct CpuCode {
  CpuEngines engines;
  std::string level;   // "x86-64-v3"
  std::string reason;  // why this one
};

/// The version for this processor: the highest level that it has and that was built, or the level
/// that the environment variable KUBOMAG_CPU_LEVEL names. Throws InputError for a name that cannot
/// be had.
const CpuCode& cpu_code();

/// The levels, lowest first, and the one that this code is compiled for.
const std::vector<std::string>& cpu_levels();
std::string compiled_cpu_level();

/// What cpu_code does, for a program whose own code is of level `own`: `built` are the levels that
/// lie beside it, `supported` those of the processor, `wanted` is empty or a name.
struct LevelChoice {
  std::string level, reason;
};
LevelChoice choose_cpu_level(const std::string& own, const std::vector<std::string>& built,
                             const std::vector<std::string>& supported, const std::string& wanted);

}  // namespace kubomag
