#pragma once
// A file descriptor with one owner. POSIX calls with their errors as RunError.
#include <filesystem>
#include <string_view>

namespace kubomag::io {

class FileHandle {
 public:
  FileHandle() = default;
  /// Opens `path` with the flags of open(2); new files get mode 0666 less the umask.
  /// Throws RunError with the path and the reason.
  FileHandle(const std::filesystem::path& path, int flags);
  ~FileHandle() { close_quietly(); }
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;

  /// Writes all bytes, in one write(2) call where the system takes them at once.
  void write(std::string_view bytes);
  void sync();
  void truncate(long long size);
  /// Locks the file against other processes that lock it, until it is closed or the process ends.
  /// False: another has it. A file system that knows no locks refuses nobody.
  bool lock();
  long long size() const;
  /// Closes and reports what the system held back until now (NFS, quotas).
  void close();

 private:
  void close_quietly() noexcept;
  [[noreturn]] void fail(const char* what) const;

  int descriptor_ = -1;
  std::filesystem::path path_;
};

}  // namespace kubomag::io
