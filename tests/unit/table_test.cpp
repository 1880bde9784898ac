// The table of a run: its exact text, round trips, resuming, refusals.
#include "io/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <random>

#include "io/atomic_file.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;

const std::vector<Column> columns = {{"t", "s"}, {"mx", ""}, {"E_total", "J"}};

struct TableTest : ::testing::Test {
  std::string message_of(const std::string& bytes) {
    write_file(path, bytes);
    try {
      read_table(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  test::TemporaryFolder folder;
  std::filesystem::path path = folder / "table.txt";
};

TEST_F(TableTest, IsWrittenInTheFormOfMumax3) {
  TableWriter table(path, columns);
  table.append({0, 1, -1e-18});
  table.append({1e-11, 0.1, 0.1 + 0.2});
  EXPECT_EQ(read_file(path),
            "# t (s)\tmx ()\tE_total (J)\n0\t1\t-1e-18\n1e-11\t0.1\t0.30000000000000004\n");
  EXPECT_EQ(table.rows(), 2U);
}

TEST_F(TableTest, NumbersReadBackToTheSameDouble) {
  const double largest = std::numeric_limits<double>::max();
  const double smallest = std::numeric_limits<double>::denorm_min();
  const double infinity = std::numeric_limits<double>::infinity();
  TableWriter table(path, columns);
  table.append({1.0 / 3, largest, smallest});
  table.append({-0.0, -infinity, std::nan("")});
  const Table read = read_table(path);
  EXPECT_EQ(read.columns, columns);
  ASSERT_EQ(read.rows(), 2U);
  EXPECT_EQ(read.data[0][0], 1.0 / 3);
  EXPECT_EQ(read.data[read.find("mx")][0], largest);
  EXPECT_EQ(read.data[2][0], smallest);
  EXPECT_TRUE(std::signbit(read.data[0][1]));
  EXPECT_EQ(read.data[1][1], -infinity);
  EXPECT_TRUE(std::isnan(read.data[2][1]));
  EXPECT_THROW(read.find("my"), InputError);
}

TEST_F(TableTest, ResumeKeepsTheRowsOfTheCheckpointAndNoMore) {
  {
    TableWriter table(path, columns);
    for (int i = 0; i < 5; ++i) table.append({1.0 * i, 0, 0});
  }
  TableWriter table = TableWriter::resume(path, columns, 2);
  table.append({7, 0, 0});
  EXPECT_THAT(read_table(path).data[0], ::testing::ElementsAre(0, 1, 7));
  EXPECT_THROW(TableWriter::resume(path, columns, 4), InputError);
  EXPECT_THROW(TableWriter::resume(path, {{"t", "s"}}, 1), InputError);
  EXPECT_THROW(TableWriter::resume(folder / "none.txt", columns, 0), InputError);
}

TEST_F(TableTest, ARowBeingWrittenIsLeftOut) {
  write_file(path, "# t (s)\tmx ()\n0\t1\n1e-9\t0.");
  EXPECT_EQ(read_table(path).rows(), 1U);
}

TEST_F(TableTest, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(message_of(""), HasSubstr("no header line"));
  EXPECT_THAT(message_of("0\t1\n"), HasSubstr("table.txt:1: the first line is not a header"));
  EXPECT_THAT(message_of("# t (s)\tmx\n"), HasSubstr("column 2 of the header"));
  EXPECT_THAT(message_of("# t (s)\tmx ()\n0\n"), HasSubstr("table.txt:2: the row has 1 numbers"));
  EXPECT_THAT(message_of("# t (s)\tmx ()\n0\t1\n0\tx\n"),
              HasSubstr("table.txt:3: column mx is not a number"));
  EXPECT_THROW(TableWriter(path, {}), InputError);
  EXPECT_THROW(TableWriter(path, {{"a\tb", ""}}), InputError);
  EXPECT_THROW(TableWriter(path, columns).append({1}), InputError);
}

TEST_F(TableTest, DamagedBytesGiveATableOrAnInputErrorButNeverACrash) {
  const std::string good = "# t (s)\tmx ()\n0\t1\n1e-9\t-0.5\n2e-9\t0.25\n";
  std::mt19937 random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    if (!bytes.empty()) bytes[random() % bytes.size()] = static_cast<char>(random());
    std::ofstream(path, std::ios::binary) << bytes;
    try {
      const Table table = read_table(path);
      for (const auto& column : table.data) EXPECT_EQ(column.size(), table.rows());
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace kubomag::io
