#pragma once
// JSON read in one compiled place: each test that instantiates the parser takes seconds to compile.
#include <nlohmann/json.hpp>
#include <string>

namespace kubomag::test {

/// Throws nlohmann::json::parse_error where `text` is no JSON.
nlohmann::json json_of(const std::string& text);

/// tests/data/`name`. Throws std::runtime_error where it cannot be read.
nlohmann::json data_file(const std::string& name);

}  // namespace kubomag::test
