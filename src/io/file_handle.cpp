#include "io/file_handle.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "kubomag/error.hpp"

namespace kubomag::io {

FileHandle::FileHandle(const std::filesystem::path& path, int flags)
    : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)), path_(path) {
  if (descriptor_ < 0) fail("open");
}

FileHandle::FileHandle(FileHandle&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    close_quietly();
    descriptor_ = std::exchange(other.descriptor_, -1);
    path_ = std::move(other.path_);
  }
  return *this;
}

void FileHandle::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void FileHandle::sync() {
  // EINVAL: the file system (or a device) has nothing to synchronise.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("write");
}

void FileHandle::truncate(long long size) {
  if (::ftruncate(descriptor_, size) != 0) fail("shorten");
}

bool FileHandle::lock() {
  return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

long long FileHandle::size() const {
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0) fail("examine");
  return info.st_size;
}

void FileHandle::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor >= 0 && ::close(descriptor) != 0) fail("write");
}

void FileHandle::close_quietly() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void FileHandle::fail(const char* what) const {
  throw RunError(fmt::format("cannot {} {} ({})", what, path_.string(), std::strerror(errno)));
}

}  // namespace kubomag::io
