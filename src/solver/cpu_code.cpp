#include "solver/cpu_code.hpp"

#include <algorithm>
#include <cstdlib>

#include "kubomag/error.hpp"
#include "solver/plugin.hpp"

namespace kubomag {
namespace {

std::string module_file(const std::string& level) { return "libkubomag_cpu_" + level + ".so"; }

std::vector<std::string> supported_levels() {
  std::vector<std::string> all{"x86-64"};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v2")) all.push_back("x86-64-v2");
  if (__builtin_cpu_supports("x86-64-v3")) all.push_back("x86-64-v3");
  if (__builtin_cpu_supports("x86-64-v4")) all.push_back("x86-64-v4");
#endif
  return all;
}

bool contains(const std::vector<std::string>& all, const std::string& level) {
  return std::find(all.begin(), all.end(), level) != all.end();
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
  return text;
}

CpuCode load_cpu_code() {
  const std::string own = compiled_cpu_level();
  std::vector<std::string> built;
  for (const std::string& level : cpu_levels())
    if (level != own && !plugin_path(module_file(level)).empty()) built.push_back(level);
  const char* wanted = std::getenv("KUBOMAG_CPU_LEVEL");
  const LevelChoice choice =
      choose_cpu_level(own, built, supported_levels(), wanted != nullptr ? wanted : "");
  CpuCode code{compiled_cpu_engines(), choice.level, choice.reason};
  if (choice.level == own) return code;
  const Plugin module = load_plugin(plugin_path(module_file(choice.level)));
  const auto engines = module.function<KubomagCpuEngines>("kubomag_cpu_engines");
  const CpuEngines* loaded = engines != nullptr ? engines(cpu_module_version) : nullptr;
  if (loaded != nullptr) return {*loaded, choice.level, choice.reason};
  const std::string why = module.problem.empty() ? "it is of another version" : module.problem;
  if (wanted != nullptr) throw InputError(module_file(choice.level) + " cannot be used: " + why);
  return {compiled_cpu_engines(), own, module_file(choice.level) + " cannot be used: " + why};
}

}  // namespace

const std::vector<std::string>& cpu_levels() {
  static const std::vector<std::string> all{"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
  return all;
}

std::string compiled_cpu_level() {
#if defined(__AVX512F__) && defined(__AVX512VL__)
  return "x86-64-v4";
#elif defined(__AVX2__) && defined(__FMA__)
  return "x86-64-v3";
#elif defined(__SSE4_2__)
  return "x86-64-v2";
#else
  return "x86-64";
#endif
}

LevelChoice choose_cpu_level(const std::string& own, const std::vector<std::string>& built,
                             const std::vector<std::string>& supported, const std::string& wanted) {
  std::vector<std::string> possible;
  for (const std::string& level : cpu_levels())
    if (level == own || (contains(built, level) && contains(supported, level)))
      possible.push_back(level);
  if (!wanted.empty()) {
    if (!contains(possible, wanted))
      throw InputError(
          "KUBOMAG_CPU_LEVEL is '" + wanted +
          "', which this processor or this build does not have; allowed: " + joined(possible));
    return {wanted, "KUBOMAG_CPU_LEVEL asks for it"};
  }
  if (built.empty()) return {own, "the only one that was built"};
  return {possible.back(), "the highest that was built and this processor has"};
}

const CpuCode& cpu_code() {
  static const CpuCode code = load_cpu_code();
  return code;
}

}  // namespace kubomag
