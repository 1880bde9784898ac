#pragma once
// Shared libraries that lie beside the program and are loaded at run time.
#include <filesystem>
#include <string>

namespace kubomag {

/// Where `file` lies beside the program that runs, or where an installation has it; empty if
/// nowhere.
std::filesystem::path plugin_path(const std::string& file);

/// A library that stays loaded, and why it could not be.
struct Plugin {
  void* library = nullptr;
  std::string problem;  // empty if it was loaded

  /// The address of a function that it exports; null if there is none.
  template <class Function>
  Function function(const char* name) const {
    return reinterpret_cast<Function>(address(name));
  }

 private:
  void* address(const char* name) const;
};

Plugin load_plugin(const std::filesystem::path& path);

}  // namespace kubomag
