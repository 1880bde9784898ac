#pragma once
// Fixtures of tests that write files: a folder of their own, and the program run in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "support/subprocess.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::test {

class FolderTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  bool there(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  TemporaryFolder folder_;
};

struct Result {
  int status;
  std::string out, err;
};

class ProgramTest : public FolderTest {
 protected:
  explicit ProgramTest(std::string program) : program_(std::move(program)) {}

  Result kubomag(std::vector<std::string> arguments) const {
    testing_support::Subprocess run(program_, std::move(arguments), folder_.path(),
                                    scratch_.path());
    const int status = run.wait();
    return {status, run.out(), run.err()};
  }

  /// Everything in a folder, by its path in it.
  std::set<std::string> files(const std::string& folder = ".") const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / folder))
      names.insert(std::filesystem::relative(entry.path(), folder_ / folder).string());
    return names;
  }

  /// Bad input: status 2, one line on stderr that contains `why`, nothing on stdout, nothing
  /// written.
  void expect_one_line(const std::vector<std::string>& arguments, const std::string& why) const {
    const auto before = files();
    const Result result = kubomag(arguments);
    EXPECT_EQ(result.status, 2) << why;
    EXPECT_THAT(result.err, ::testing::StartsWith("kubomag: "));
    EXPECT_THAT(result.err, ::testing::HasSubstr(why));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(files(), before);
  }

  TemporaryFolder scratch_;  // of what the program prints
  std::string program_;
};

}  // namespace kubomag::test
