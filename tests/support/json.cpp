#include "support/json.hpp"

#include <fstream>
#include <stdexcept>

namespace kubomag::test {

nlohmann::json json_of(const std::string& text) { return nlohmann::json::parse(text); }

nlohmann::json data_file(const std::string& name) {
  std::ifstream file(KUBOMAG_TEST_DATA "/" + name);
  if (!file) throw std::runtime_error("tests/data/" + name + " cannot be read");
  return nlohmann::json::parse(file);
}

}  // namespace kubomag::test
