#include "io/read_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "kubomag/error.hpp"

namespace kubomag::io {

std::string read_file(const std::filesystem::path& path) {
  const auto refuse = [&](const std::string& reason) {
    throw InputError(fmt::format("cannot read {} ({})", path.string(), reason));
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) refuse(error.message());
  if (!std::filesystem::is_regular_file(status)) refuse("it is not a file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) refuse(error.message());

  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(std::strerror(errno));
  std::string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(file.gcount()) != size) refuse("it ended while being read");
  return bytes;
}

}  // namespace kubomag::io
