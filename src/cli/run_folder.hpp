#pragma once
// The folder <name>.out/ of a run or a sweep.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/file_handle.hpp"

namespace kubomag::cli {

enum class FolderUse {
  fresh,      // must hold no results
  overwrite,  // results of an earlier run are removed
  resume      // must hold what a run continues from
};

/// What is written into the folder besides the files of every run.
struct FolderFiles {
  std::string state;                  // what --resume continues from, such as "checkpoint"
  std::vector<std::string> fields;    // names of <name>000012.ovf
  std::vector<std::string> pictures;  // names of <name>000012.png
};

/// `run.out` in the working directory for the configuration `folder/run.toml`.
std::filesystem::path default_folder(const std::filesystem::path& config_file);

/// A folder and, as long as this lives, a lock on its log.txt, so that no other run writes there.
class RunFolder {
 public:
  /// Throws InputError if the folder cannot take a run in this way, also while another run writes
  /// there. Changes nothing.
  RunFolder(std::filesystem::path path, FolderUse use, FolderFiles files);

  /// Makes the folder and an empty log.txt, and for `overwrite` removes what runs write (never
  /// other files). Throws InputError if it cannot be made or written to, or another run was faster.
  void make();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  void check();
  void lock(int flags);
  bool is_result(const std::filesystem::path& file) const;
  std::vector<std::filesystem::path> results() const;
  [[noreturn]] void refuse(const std::string& why) const;

  std::filesystem::path path_;
  FolderUse use_;
  FolderFiles files_;
  std::optional<io::FileHandle> lock_;
};

}  // namespace kubomag::cli
