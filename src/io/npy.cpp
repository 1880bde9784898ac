#include "io/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <cstring>
#include <regex>

#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t most_axes = 4;
constexpr std::size_t most_elements = std::size_t{1} << 32;

struct Header {
  std::string type;
  bool fortran = false;
  std::vector<std::size_t> shape;
  std::size_t data = 0;  // where the elements begin
};

[[noreturn]] void refuse(const std::string& name, const std::string& reason) {
  throw InputError(fmt::format("{}: {}; an array written by numpy.save is expected", name, reason));
}

/// The Python dictionary between magic and data, and the place of the data.
std::string header_text(std::string_view bytes, const std::string& name, std::size_t& data) {
  if (!bytes.starts_with(magic) || bytes.size() < 12) refuse(name, "it is no .npy file");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const int version = byte(6);
  if (version < 1 || version > 3) refuse(name, fmt::format("it has version {}", version));
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1)
    length |= static_cast<std::size_t>(byte(10)) << 16 | static_cast<std::size_t>(byte(11)) << 24;
  if (bytes.size() - start < length) refuse(name, "its header is cut off");
  data = start + length;
  return std::string(bytes.substr(start, length));
}

Header parse_header(std::string_view bytes, const std::string& name) {
  Header header;
  const std::string text = header_text(bytes, name, header.data);
  static const std::regex type("'descr': *'([^']*)'"), order("'fortran_order': *(True|False)"),
      shape("'shape': *\\(([0-9, ]*)\\)"), number("[0-9]+");
  std::smatch match;
  if (!std::regex_search(text, match, type)) refuse(name, "its header names no element type");
  header.type = match[1];
  if (!std::regex_search(text, match, order)) refuse(name, "its header names no order");
  header.fortran = match[1] == "True";
  if (!std::regex_search(text, match, shape)) refuse(name, "its header names no shape");
  const std::string axes = match[1];
  std::size_t elements = 1;
  for (std::sregex_iterator axis(axes.begin(), axes.end(), number), end; axis != end; ++axis) {
    const std::string digits = axis->str();
    const std::size_t length = digits.size() < 11 ? std::stoull(digits) : most_elements + 1;
    if (length > 0 && elements > most_elements / length) refuse(name, "it is too large");
    elements *= length;
    header.shape.push_back(length);
  }
  if (header.shape.size() > most_axes)
    refuse(name, fmt::format("it has {} axes, more than {}", header.shape.size(), most_axes));
  return header;
}

template <class T>
std::vector<double> elements_of(std::string_view bytes, const std::string& name,
                                std::size_t count) {
  if (bytes.size() != count * sizeof(T))
    refuse(name,
           fmt::format("it holds {} bytes of data instead of {}", bytes.size(), count * sizeof(T)));
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

std::vector<double> read_elements(std::string_view data, const std::string& name,
                                  const std::string& type, std::size_t count) {
  if (type == "<f4") return elements_of<float>(data, name, count);
  if (type == "<f8") return elements_of<double>(data, name, count);
  if (type == "|b1" || type == "|u1") return elements_of<std::uint8_t>(data, name, count);
  if (type == "|i1") return elements_of<std::int8_t>(data, name, count);
  if (type == "<i2") return elements_of<std::int16_t>(data, name, count);
  if (type == "<u2") return elements_of<std::uint16_t>(data, name, count);
  if (type == "<i4") return elements_of<std::int32_t>(data, name, count);
  if (type == "<u4") return elements_of<std::uint32_t>(data, name, count);
  if (type == "<i8") return elements_of<std::int64_t>(data, name, count);
  refuse(name,
         fmt::format("its elements are of type '{}', not float32, float64, bool or integer", type));
}

/// From first index fastest to last index fastest.
std::vector<double> reordered(const std::vector<double>& values,
                              const std::vector<std::size_t>& shape) {
  std::vector<double> out(values.size());
  std::vector<std::size_t> index(shape.size(), 0);
  for (double& value : out) {
    std::size_t place = 0;
    for (std::size_t axis = shape.size(); axis-- > 0;) place = place * shape[axis] + index[axis];
    value = values[place];
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return out;
}

}  // namespace

NpyArray parse_npy(std::string_view bytes, const std::string& name) {
  const Header header = parse_header(bytes, name);
  std::size_t count = 1;
  for (const std::size_t length : header.shape) count *= length;
  std::vector<double> values = read_elements(bytes.substr(header.data), name, header.type, count);
  if (header.fortran) values = reordered(values, header.shape);
  return {header.shape, std::move(values)};
}

NpyArray read_npy(const std::filesystem::path& path) {
  return parse_npy(read_file(path), path.string());
}

}  // namespace kubomag::io
