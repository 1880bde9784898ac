#include "solver/plugin.hpp"

#include <dlfcn.h>

namespace kubomag {

std::filesystem::path plugin_path(const std::string& file) {
  Dl_info here{};
  if (dladdr(reinterpret_cast<void*>(&load_plugin), &here) == 0 || here.dli_fname == nullptr)
    return file;
  std::error_code ignored;
  auto program = std::filesystem::canonical("/proc/self/exe", ignored);
  if (ignored) program = here.dli_fname;
  for (const char* folder : {".", "../bin", "../lib/kubomag"}) {
    const auto candidate = program.parent_path() / folder / file;
    if (std::filesystem::exists(candidate)) return candidate;
  }
  return {};
}

Plugin load_plugin(const std::filesystem::path& path) {
  Plugin plugin;
  plugin.library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (plugin.library == nullptr) plugin.problem = dlerror();
  return plugin;
}

void* Plugin::address(const char* name) const {
  return library != nullptr ? dlsym(library, name) : nullptr;
}

}  // namespace kubomag
