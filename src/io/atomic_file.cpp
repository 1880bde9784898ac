#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <system_error>
#include <utility>

#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Unique among the threads of this process and among the processes of this machine; O_EXCL
/// catches the rest.
fs::path temporary_name(const fs::path& path) {
  static std::atomic<unsigned> count{0};
  return folder_of(path) /
         fmt::format(".{}.{}-{}.part", path.filename().string(), ::getpid(), count++);
}

void refuse_non_files(const fs::path& path) {
  if (path.filename().empty())
    throw RunError(fmt::format("cannot write {} (this names a folder)", path.string()));
  std::error_code none;
  const fs::file_status status = fs::status(path, none);
  // Renaming onto /dev/null as root would replace the device.
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw RunError(fmt::format("cannot write {} (it exists and is not a file)", path.string()));
}

/// Makes the new name itself survive a power cut; file systems that cannot do it are left alone.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  refuse_non_files(path_);
  const fs::path temporary = temporary_name(path_);
  try {
    file_ = FileHandle(temporary, O_WRONLY | O_CREAT | O_EXCL);
  } catch (const RunError& error) {
    throw RunError(fmt::format("cannot write {}: {}", path_.string(), error.what()));
  }
  temporary_ = temporary;
}

AtomicFile::~AtomicFile() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

void AtomicFile::commit() {
  file_.sync();
  file_.close();
  std::error_code error;
  fs::rename(temporary_, path_, error);
  if (error) throw RunError(fmt::format("cannot write {} ({})", path_.string(), error.message()));
  temporary_.clear();
  sync_folder(folder_of(path_));
}

void write_file(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace kubomag::io
