// Damaged configurations: read or refused with an InputError, never anything else.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <regex>

#include "io/config.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;
using namespace kubomag::io;

namespace {

/// The example of the documentation on a small grid.
std::string example() {
  const std::string text = read_file(KUBOMAG_SOURCE_DIR "/docs/config.md");
  const std::size_t begin = text.find("```toml\n") + 8;
  return std::regex_replace(text.substr(begin, text.find("```", begin) - begin),
                            std::regex("cells = \\[128, 64\\]"), "cells = [8, 4]");
}

std::string damaged(std::string text, std::mt19937& random) {
  // behind the grid, so that no damage asks for a film of a billion cells
  const std::size_t first = text.find("[material]");
  for (int k = 0; k < 1 + static_cast<int>(random() % 3); ++k) {
    const std::size_t place = first + random() % (text.size() - first);
    static constexpr char letters[] = "[]{}\"=.,-*xytin \n";
    if (random() % 2 == 0) {
      text.erase(place, 1 + random() % 4);
    } else {
      text[place] = letters[random() % (sizeof letters - 1)];
    }
  }
  return text;
}

}  // namespace

TEST(ConfigFuzz, DamagedFilesAreReadOrRefused) {
  const auto path = std::filesystem::path(testing::TempDir()) / "kubomag_fuzz.toml";
  const std::string good = example();
  std::mt19937 random(20);
  int refused = 0;
  for (int k = 0; k < 400; ++k) {
    const std::string text = damaged(good, random);
    std::ofstream(path) << text;
    try {
      read_config(path);
    } catch (const InputError& error) {
      ++refused;
      EXPECT_EQ(std::string(error.what()).find(path.string()), 0u) << error.what() << "\n" << text;
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what() << "\n" << text;
    }
  }
  EXPECT_GT(refused, 120);
  EXPECT_LT(refused, 400);  // some damage falls into comments
  std::filesystem::remove(path);
}
