#pragma once
// Configurations of a small film, read from a folder of their own.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "kubomag/error.hpp"

namespace kubomag::test {

class Config : public testing::Test {
 protected:
  Config() {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = std::filesystem::path(testing::TempDir()) / ("kubomag_config_" + name);
    std::filesystem::create_directories(folder_);
  }
  ~Config() override { std::filesystem::remove_all(folder_); }

  io::RunConfig read(const std::string& text) {
    io::write_file(folder_ / "run.toml", text);
    return io::read_config(folder_ / "run.toml");
  }

  /// The error without the folder's name.
  std::string message(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      std::string what = error.what();
      const std::string prefix = folder_.string() + "/";
      for (auto at = what.find(prefix); at != what.npos; at = what.find(prefix))
        what.erase(at, prefix.size());
      return what;
    }
    return "no error";
  }

  void write_map(const std::string& name, const Grid& grid, int components,
                 std::vector<double> values) {
    const auto field = io::make_ovf_field(grid, "map", "", components, std::move(values), 0);
    io::write_ovf(folder_ / name, field, io::OvfFormat::binary8);
  }

  std::filesystem::path folder_;
};

inline const std::string film = R"([grid]
cells = [4, 2]
cell = ["5 nm", "4 nm"]
thickness = "3 nm"
[material]
Msat = "140 kA/m"
Aex = "4 pJ/m"
)";

inline const std::string run = "[run]\ntime = \"1 ns\"\n";

inline const std::string surface = R"([surface]
velocity = "5e5 m/s"
fermi_energy = "0.2 eV"
Delta_sd = "50 meV"
sigma_0 = 10
)";

}  // namespace kubomag::test
