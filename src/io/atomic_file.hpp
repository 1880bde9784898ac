#pragma once
// A file that appears whole under its name or not at all.
#include <filesystem>
#include <string_view>

#include "io/file_handle.hpp"

namespace kubomag::io {

/// Bytes go to a temporary name in the same folder; commit() flushes them to the disk and renames.
/// Without commit() nothing is left behind and an earlier file of that name stays as it was.
/// A symbolic link of that name is replaced by the file. Errors (no such folder, disk full, the
/// name is a folder or a device) are RunError with path and reason.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes) { file_.write(bytes); }
  void commit();

 private:
  std::filesystem::path path_, temporary_;
  FileHandle file_;
};

/// The whole of `bytes` as the file `path`, atomically.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace kubomag::io
