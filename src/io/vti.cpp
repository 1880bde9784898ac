#include "io/vti.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

#include "io/atomic_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

template <class Number>
void append(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

/// The values with their size in bytes in front, as VTK's appended data has them.
std::string data_block(const OvfField& field, int components) {
  std::string out;
  const std::size_t bytes = field.cells() * static_cast<std::size_t>(components) * sizeof(double);
  out.reserve(bytes + sizeof(std::uint64_t));
  append<std::uint64_t>(out, bytes);
  for (std::size_t cell = 0; cell < field.cells(); ++cell)
    for (int c = 0; c < components; ++c)
      append(out, c < field.components ? field.value(c, cell) : 0.0);
  return out;
}

std::string time_data(const OvfField& field) {
  const auto time = ovf_time(field);
  if (!time) return "";
  return fmt::format(
      "    <FieldData>\n      <DataArray type=\"Float64\" Name=\"TimeValue\" NumberOfTuples=\"1\" "
      "format=\"ascii\">{}</DataArray>\n    </FieldData>\n",
      *time);
}

}  // namespace

std::string vti_bytes(const OvfField& field) {
  if (field.values.size() != field.cells() * static_cast<std::size_t>(field.components))
    throw InputError(fmt::format("field {} has {} values for {} cells and {} components",
                                 field.title, field.values.size(), field.cells(),
                                 field.components));
  const int components = field.components == 2 ? 3 : field.components;
  const std::string name = escaped(field.title.empty() ? "field" : field.title);
  const std::string extent = fmt::format("0 {} 0 {} 0 {}", field.nx, field.ny, field.nz);
  return fmt::format(
             "<?xml version=\"1.0\"?>\n<VTKFile type=\"ImageData\" version=\"1.0\" "
             "byte_order=\"LittleEndian\" header_type=\"UInt64\">\n"
             "  <ImageData WholeExtent=\"{0}\" Origin=\"{1} {2} {3}\" Spacing=\"{4} {5} {6}\">\n"
             "{7}    <Piece Extent=\"{0}\">\n      <CellData {8}=\"{9}\">\n"
             "        <DataArray type=\"Float64\" Name=\"{9}\" NumberOfComponents=\"{10}\" "
             "format=\"appended\" offset=\"0\"/>\n"
             "      </CellData>\n    </Piece>\n  </ImageData>\n  <AppendedData "
             "encoding=\"raw\">\n_",
             extent, field.xbase - 0.5 * field.dx, field.ybase - 0.5 * field.dy,
             field.zbase - 0.5 * field.dz, field.dx, field.dy, field.dz, time_data(field),
             components == 1 ? "Scalars" : "Vectors", name, components) +
         data_block(field, components) + "\n  </AppendedData>\n</VTKFile>\n";
}

void write_vti(const std::filesystem::path& path, const OvfField& field) {
  write_file(path, vti_bytes(field));
}

}  // namespace kubomag::io
