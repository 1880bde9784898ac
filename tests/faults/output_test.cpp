// Outputs when the disk is full, the folder is not writable or the writer is stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "io/atomic_file.hpp"
#include "io/read_file.hpp"
#include "io/table.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// Files of this process cannot grow beyond `bytes` while it lives: writes fail as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_action_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit{bytes, old_limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    signal(SIGXFSZ, old_action_);
  }

 private:
  void (*old_action_)(int);
  rlimit old_limit_{};
};

template <class F>
std::string run_error_of(F f) {
  try {
    f();
  } catch (const RunError& error) {
    return error.what();
  }
  return "no error";
}

std::size_t files_in(const test::TemporaryFolder& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

TEST(AtomicFile, AppearsWholeAndReplacesTheEarlierFile) {
  test::TemporaryFolder folder;
  write_file(folder / "a", "old");
  AtomicFile file(folder / "a");
  file.write("ne");
  EXPECT_EQ(read_file(folder / "a"), "old");
  file.write("w");
  file.commit();
  EXPECT_EQ(read_file(folder / "a"), "new");
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(AtomicFile, LeavesNothingWhenItIsGivenUp) {
  test::TemporaryFolder folder;
  { AtomicFile(folder / "a").write("half"); }
  EXPECT_EQ(files_in(folder), 0U);
}

TEST(AtomicFile, KeepsTheEarlierFileWhenTheDiskIsFull) {
  test::TemporaryFolder folder;
  write_file(folder / "a", "old");
  std::string message;
  {
    FileSizeLimit limit(1000);
    message = run_error_of([&] { write_file(folder / "a", std::string(5000, 'x')); });
  }
  EXPECT_THAT(message, HasSubstr("cannot write"));
  EXPECT_THAT(message, HasSubstr("File too large"));
  EXPECT_EQ(read_file(folder / "a"), "old");
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(AtomicFile, NamesThePathAndTheReasonWhereItCannotWrite) {
  test::TemporaryFolder folder;
  write_file(folder / "file", "x");
  fs::create_directory(folder / "folder");
  const auto message = [&](const fs::path& path) {
    return run_error_of([&] { write_file(path, "y"); });
  };
  EXPECT_THAT(message(folder / "file" / "a"), HasSubstr("/file/a"));
  EXPECT_THAT(message(folder / "file" / "a"), HasSubstr("Not a directory"));
  EXPECT_THAT(message(folder / "none" / "a"), HasSubstr("No such file or directory"));
  EXPECT_THAT(message(folder / "folder"), HasSubstr("it exists and is not a file"));
  EXPECT_THAT(message("/dev/full"), HasSubstr("it exists and is not a file"));
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(AtomicFile, AKilledWriterLeavesTheEarlierFileWhole) {
  test::TemporaryFolder folder;
  write_file(folder / "a", "old");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    AtomicFile file(folder / "a");
    file.write("half");
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(read_file(folder / "a"), "old");
}

TEST(TableFaults, AFullDiskIsARunErrorWithTheReason) {
  EXPECT_THAT(run_error_of([] {
                TableWriter("/dev/full", {{"t", "s"}});
              }),
              HasSubstr("No space left on device"));
}

TEST(TableFaults, AFullDiskLeavesWholeRows) {
  test::TemporaryFolder folder;
  const fs::path path = folder / "table.txt";
  TableWriter table(path, {{"t", "s"}, {"mx", ""}});
  std::size_t rows = 0;
  {
    FileSizeLimit limit(1003);  // not at the end of a row
    EXPECT_THROW(for (;; ++rows) table.append({0.125, 0.5}), RunError);
  }
  EXPECT_GT(rows, 50U);
  EXPECT_EQ(read_file(path).back(), '\n');
  EXPECT_EQ(read_table(path).rows(), rows);
  table.append({1, 1});
  EXPECT_EQ(read_table(path).rows(), rows + 1);
}

TEST(TableFaults, AFolderThatIsAFileIsNamed) {
  test::TemporaryFolder folder;
  write_file(folder / "file", "x");
  EXPECT_THAT(run_error_of([&] {
                TableWriter(folder / "file" / "table.txt", {{"t", "s"}});
              }),
              HasSubstr("/file/table.txt (Not a directory)"));
}

}  // namespace
}  // namespace kubomag::io
