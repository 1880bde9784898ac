#pragma once
// The film's parameters by name. Each physics term declares the inputs it reads (kernels/*.hpp);
// config keys, `kubomag terms` and the engine follow from that declaration.
#include <map>
#include <string>

#include "kubomag/error.hpp"
#include "kubomag/scalar_map.hpp"

namespace kubomag {

/// One input of a physics term: the config key, its SI unit, what it means. An input that is a
/// choice lists its words; its value, the same everywhere, is the index of the word.
struct Input {
  const char* name;
  const char* unit;
  double default_value;
  const char* help;
  const char* words = "";  // separated by blanks
};

class Parameters {
 public:
  void set(const std::string& name, ScalarMap map) { maps_.insert_or_assign(name, std::move(map)); }
  bool contains(const std::string& name) const { return maps_.contains(name); }
  const ScalarMap& operator[](const std::string& name) const {
    const auto found = maps_.find(name);
    if (found == maps_.end()) throw Error("parameter " + name + " was never set");
    return found->second;
  }
  bool uniform() const {
    for (const auto& [name, map] : maps_)
      if (!map.uniform()) return false;
    return true;
  }
  const std::map<std::string, ScalarMap>& all() const { return maps_; }

 private:
  std::map<std::string, ScalarMap> maps_;
};

}  // namespace kubomag
