// Torque tables kept on disk: whole and to the last bit, or not at all.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <bit>
#include <fstream>
#include <iterator>
#include <optional>
#include <tuple>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "io/table_cache.hpp"
#include "support/temporary_folder.hpp"

using namespace kubomag;
using namespace kubomag::io;
namespace fs = std::filesystem;

namespace {

BuiltTables some_tables() {
  BuiltTables out;
  LocalTables& t = out.tables;
  t.drive = LocalTables::Drive::J;
  t.tables.resize(2);
  t.tables[1] = {
      LocalTables::Frame::sphere, true, 3, 1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 11, -1, -1, 0.1, 1e-300};
  t.breaks = {0, 0.1, -1.0 / 3};
  t.buckets = {0, -7};
  t.jump_angles = {0.5};
  t.axes = {0.6, -0.8};
  t.cells = {3};
  t.nodes = {{1, 0}, {2, -1}};
  t.charts = {{5, 1, 2, 3}};
  t.curves = {-0.125};
  t.splits = {0.25};
  t.boxes = {7, 1e9};
  t.spin = {5e-324, -0.0, 1e308};
  t.charge = {2.0 / 3};
  t.error = 1e-7;
  out.warnings = {"near m = (0, 0, 1)", ""};
  return out;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

bool same(const LocalTables& a, const LocalTables& b) {
  const auto head = [](const LocalTables::Table& t) {
    return std::tuple(t.frame, t.even, t.jumps, t.intervals, t.buckets, t.cells, t.first_break,
                      t.first_bucket, t.first_jump, t.first_cell, t.first_node, t.first_box,
                      t.first_chart, t.first_cubic, t.first_axis, t.begin, t.end, t.Delta_sd);
  };
  return a.drive == b.drive &&
         std::equal(a.tables.begin(), a.tables.end(), b.tables.begin(), b.tables.end(),
                    [&](const auto& x, const auto& y) { return head(x) == head(y); }) &&
         same(a.breaks, b.breaks) && a.buckets == b.buckets && same(a.jump_angles, b.jump_angles) &&
         same(a.axes, b.axes) && a.cells == b.cells &&
         std::equal(
             a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
             [](const auto& x, const auto& y) { return x.next == y.next && x.along == y.along; }) &&
         std::equal(a.charts.begin(), a.charts.end(), b.charts.begin(), b.charts.end(),
                    [](const auto& x, const auto& y) {
                      return x.root == y.root && x.across == y.across && x.jumps == y.jumps &&
                             x.first_curve == y.first_curve;
                    }) &&
         same(a.curves, b.curves) && same(a.splits, b.splits) && same(a.boxes, b.boxes) &&
         same(a.spin, b.spin) && same(a.charge, b.charge) && a.error == b.error;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Not atomic, as damage is.
void overwrite(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A variable of the environment, as it was before at the end.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* before = getenv(name)) before_ = before;
    set(value);
  }
  ~Environment() { set(before_.value_or("")); }
  void set(const std::string& value) {
    if (value.empty())
      unsetenv(name_);
    else
      setenv(name_, value.c_str(), 1);
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST(TableCache, KeepsEveryBit) {
  const test::TemporaryFolder folder;
  const TableCache cache(folder / "made/on/demand");
  EXPECT_FALSE(cache.find("film"));
  cache.keep("film", some_tables());
  const auto found = cache.find("film");
  ASSERT_TRUE(found);
  EXPECT_TRUE(same(found->tables, some_tables().tables));
  EXPECT_EQ(found->warnings, some_tables().warnings);
  EXPECT_FALSE(cache.find("another film"));
}

TEST(TableCache, IgnoresAndReplacesWhatIsDamaged) {
  const test::TemporaryFolder folder;
  const TableCache cache(folder.path());
  cache.keep("film", some_tables());
  const fs::path file = cache.file_of("film");
  const std::string whole = read(file);
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const char bit : {1, 16, -128}) {
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ bit);
      overwrite(file, flipped);
      ASSERT_FALSE(cache.find("film")) << i;
    }
  for (std::size_t length = 0; length < whole.size(); ++length) {
    overwrite(file, whole.substr(0, length));
    ASSERT_FALSE(cache.find("film")) << length;
  }
  overwrite(file, whole + "x");
  EXPECT_FALSE(cache.find("film"));
  overwrite(file, "something else");
  EXPECT_FALSE(cache.find("film"));
  cache.keep("film", some_tables());
  EXPECT_TRUE(cache.find("film"));
}

TEST(TableCache, IgnoresOtherBuildsAndOtherFilmsOfTheSameName) {
  const test::TemporaryFolder folder;
  const TableCache cache(folder.path(), "this build"), other(folder.path(), "another build");
  other.keep("film", some_tables());
  EXPECT_FALSE(cache.find("film"));
  fs::copy_file(other.file_of("film"), cache.file_of("film"));
  EXPECT_FALSE(cache.find("film"));
  fs::remove(cache.file_of("film"));
  cache.keep("another film", some_tables());
  fs::copy_file(cache.file_of("another film"), cache.file_of("film"));
  EXPECT_FALSE(cache.find("film"));
}

TEST(TableCache, DoesWithoutAFolderThatCannotBeWritten) {
  const test::TemporaryFolder folder;
  write_file(folder / "file", "");
  const TableCache cache(folder / "file" / "below");  // fails for root, too
  EXPECT_NO_THROW(cache.keep("film", some_tables()));
  EXPECT_FALSE(cache.find("film"));
}

TEST(TableCache, FolderIsThatOfTheEnvironment) {
  Environment own("KUBOMAG_CACHE", "/a/b"), xdg("XDG_CACHE_HOME", "/c"), home("HOME", "/d");
  EXPECT_EQ(table_cache_folder(), fs::path("/a/b"));
  own.set("off");
  EXPECT_FALSE(table_cache_folder());
  own.set("");
  EXPECT_EQ(table_cache_folder(), fs::path("/c/kubomag"));
  xdg.set("relative");
  EXPECT_EQ(table_cache_folder(), fs::path("/d/.cache/kubomag"));
  xdg.set(""), home.set("");
  EXPECT_FALSE(table_cache_folder());
}

// Through the configuration: computed, kept, found, and found again by other electrons not at all.
TEST(TableCache, FilmsStartFromTheSameTables) {
  const test::TemporaryFolder folder;
  Environment cache("KUBOMAG_CACHE", "off");
  const std::string film = R"toml([grid]
cells = [2, 2]
cell = [2e-9, 2e-9]
thickness = 1e-9
[material]
Msat = 580e3
[initial]
kind = "uniform"
m = [0, 0, 1]
[run]
time = 0
[[E]]
E = [1, 0]
[surface]
model = "custom"
drive = "E"
h0 = "C*(kx^2+ky^2)"
h = ["-a*ky", "a*kx", "0"]
Delta_sd = "5 meV"
scheme = "first_born"
impurity_strength = "1 eV nm2"
impurity_density = "5e14 1/m2"
cutoff = "3e9 1/m"
parameters = {C = "47.6 meV nm2", a = "17 meV nm"}
fermi_energy = )toml";
  const auto config = [&](const std::string& energy) {
    write_file(folder / "run.toml", film + '"' + energy + '"');
    return read_config(folder / "run.toml");
  };
  // Tables that this process has seen are not looked for on the disk: three energies.
  config("5.9 meV");
  EXPECT_FALSE(fs::exists(folder / "kept"));
  cache.set((folder / "kept").string());
  const auto files = [&] {
    return std::distance(fs::directory_iterator(folder / "kept"), fs::directory_iterator());
  };
  const RunConfig first = config("6 meV");
  EXPECT_EQ(files(), 1);
  const auto kept = TableCache(folder / "kept").find(first.local->description);
  ASSERT_TRUE(kept);
  EXPECT_TRUE(same(kept->tables, *first.problem.local));
  EXPECT_FALSE(same(*config("6.000001 meV").problem.local, *first.problem.local));
  EXPECT_EQ(files(), 2);
}
