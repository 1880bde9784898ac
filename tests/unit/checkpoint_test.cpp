#include "io/checkpoint.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "io/atomic_file.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;
using namespace kubomag::io;

namespace {

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / ("kubomag_checkpoint_" + name);
}

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.state = {true, 123456789012, 21, 3, 4, -17, 250};
  checkpoint.config_checksum = 0xdeadbeef;
  for (int i = 0; i < 1000; ++i) checkpoint.engine.push_back(static_cast<std::byte>(i % 251));
  return checkpoint;
}

}  // namespace

TEST(Checkpoint, ComesBackBitForBit) {
  const auto path = scratch("round");
  write_checkpoint(path, example());
  const Checkpoint back = read_checkpoint(path);
  EXPECT_TRUE(back.state.relaxed);
  EXPECT_EQ(back.state.steps, 123456789012);
  EXPECT_EQ(back.state.table_rows, 21);
  EXPECT_EQ(back.state.field_sets, 3);
  EXPECT_EQ(back.state.picture_sets, 4);
  EXPECT_EQ(back.state.window_x, -17);
  EXPECT_EQ(back.state.window_y, 250);
  EXPECT_EQ(back.config_checksum, 0xdeadbeefu);
  EXPECT_EQ(back.engine, example().engine);
  std::filesystem::remove(path);
}

TEST(Checkpoint, EveryDamageIsSeen) {
  const auto path = scratch("damage");
  write_checkpoint(path, example());
  const std::string good = read_file(path);
  for (std::size_t place = 0; place < good.size(); place += 37) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ 0x10);
    write_file(path, bad);
    EXPECT_THROW(read_checkpoint(path), InputError) << place;
    write_file(path, good.substr(0, place));
    EXPECT_THROW(read_checkpoint(path), InputError) << place;
  }
  std::filesystem::remove(path);
  EXPECT_THROW(read_checkpoint(path), InputError);
}

// The check value of CRC-32, ISO 3309: the digits 1 to 9.
TEST(Checkpoint, ChecksumIsCrc32) { EXPECT_EQ(checksum("123456789"), 0xcbf43926u); }
