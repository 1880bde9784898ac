#include "io/checkpoint.hpp"

#include <boost/crc.hpp>
#include <cstring>
#include <string>

#include "io/atomic_file.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

// Layout, little endian as the machines we run on: magic, eight integers of eight bytes, the
// engine's bytes, and four bytes of checksum over all before.
constexpr std::string_view magic = "KUBOMAG2";
constexpr std::size_t integers = 8;
constexpr std::size_t header_bytes = magic.size() + integers * sizeof(std::int64_t);

void append(std::string& bytes, std::int64_t value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

std::int64_t integer_at(const std::string& bytes, std::size_t index) {
  std::int64_t value = 0;
  std::memcpy(&value, bytes.data() + magic.size() + index * sizeof value, sizeof value);
  return value;
}

}  // namespace

std::uint32_t checksum(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const SimulationState& state = checkpoint.state;
  std::string bytes(magic);
  append(bytes, state.relaxed ? 1 : 0);
  append(bytes, state.steps);
  append(bytes, state.table_rows);
  append(bytes, state.field_sets);
  append(bytes, state.picture_sets);
  append(bytes, state.window_x);
  append(bytes, state.window_y);
  append(bytes, checkpoint.config_checksum);
  bytes.append(reinterpret_cast<const char*>(checkpoint.engine.data()), checkpoint.engine.size());
  const std::uint32_t sum = checksum(bytes);
  char raw[sizeof sum];
  std::memcpy(raw, &sum, sizeof sum);
  bytes.append(raw, sizeof sum);
  write_file(path, bytes);
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw InputError(path.string() +
                     " is missing: there is nothing to resume; run without --resume");
  const std::string bytes = read_file(path);
  std::uint32_t stored = 0;
  if (bytes.size() < header_bytes + sizeof stored || !bytes.starts_with(magic))
    throw InputError(path.string() + " is not a checkpoint of this version of Kubomag");
  const std::size_t end = bytes.size() - sizeof stored;
  std::memcpy(&stored, bytes.data() + end, sizeof stored);
  if (stored != checksum(std::string_view(bytes).substr(0, end)))
    throw InputError(path.string() +
                     " is damaged (its checksum does not fit); start the run anew "
                     "with --force");
  Checkpoint checkpoint;
  checkpoint.state.relaxed = integer_at(bytes, 0) != 0;
  checkpoint.state.steps = integer_at(bytes, 1);
  checkpoint.state.table_rows = integer_at(bytes, 2);
  checkpoint.state.field_sets = integer_at(bytes, 3);
  checkpoint.state.picture_sets = integer_at(bytes, 4);
  checkpoint.state.window_x = integer_at(bytes, 5);
  checkpoint.state.window_y = integer_at(bytes, 6);
  checkpoint.config_checksum = static_cast<std::uint32_t>(integer_at(bytes, 7));
  checkpoint.engine.resize(end - header_bytes);
  std::memcpy(checkpoint.engine.data(), bytes.data() + header_bytes, checkpoint.engine.size());
  return checkpoint;
}

}  // namespace kubomag::io
