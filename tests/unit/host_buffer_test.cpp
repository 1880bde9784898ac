// Memory of the CPU backend: aligned, staggered, large arrays in regions that are given back.
#include "backend/host_buffer.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cerrno>
#include <set>
#include <vector>

using namespace kubomag;

namespace {

constexpr std::size_t small = 1000, large = 65536;  // doubles: 8 and 512 KiB

std::uintptr_t address(const HostBuffer<double>& buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer.data());
}

/// Whether the page of an address belongs to this process.
bool mapped(std::uintptr_t address) {
  unsigned char resident = 0;
  return mincore(reinterpret_cast<void*>(address / 4096 * 4096), 1, &resident) == 0 ||
         errno != ENOMEM;
}

}  // namespace

TEST(HostBuffer, StartsAreAlignedAndStaggered) {
  for (const std::size_t count : {small, large}) {
    std::vector<HostBuffer<double>> buffers;
    std::set<std::uintptr_t> lines;  // of a page
    for (int i = 0; i < 12; ++i) {
      buffers.emplace_back(count);
      EXPECT_EQ(address(buffers.back()) % 64, 0u);
      lines.insert(address(buffers.back()) % 4096);
    }
    EXPECT_EQ(lines.size(), 12u) << count;
  }
}

TEST(HostBuffer, ArraysAreTheirOwnAndBeginAsZero) {
  std::vector<HostBuffer<double>> buffers;
  for (int i = 0; i < 40; ++i) {  // more than a region of huge pages holds
    buffers.emplace_back(large + 10000 * (i % 3), 2);
    for (std::size_t k = 0; k < buffers.back().size(); ++k) {
      ASSERT_EQ(buffers.back()[k], 0);
      buffers.back()[k] = i;
    }
    if (i % 4 == 3) buffers.erase(buffers.begin());  // moves the others
  }
  for (const HostBuffer<double>& buffer : buffers)
    for (std::size_t k = 0; k < buffer.size(); ++k) ASSERT_EQ(buffer[k], buffer[0]);
}

TEST(HostBuffer, RegionsAreGivenBackWithTheirLastArray) {
  constexpr std::size_t region = (std::size_t{1} << 25) / sizeof(double);
  auto first = std::make_unique<HostBuffer<double>>(region);  // a region for itself
  const std::uintptr_t begin = address(*first), end = begin + region * sizeof(double) - 1;
  EXPECT_TRUE(mapped(begin) && mapped(end));
  first.reset();
  EXPECT_FALSE(mapped(begin) || mapped(end));
}
