#include <fmt/compile.h>
#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <iterator>
#include <utility>

#include "io/atomic_file.hpp"
#include "io/ovf.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

static_assert(std::endian::native == std::endian::little, "OVF 2.0 binary data is little endian");

const char* data_name(OvfFormat format) {
  switch (format) {
    case OvfFormat::text:
      return "Text";
    case OvfFormat::binary4:
      return "Binary 4";
    case OvfFormat::binary8:
      return "Binary 8";
  }
  throw Error("unknown OVF format");
}

void check(const OvfField& field) {
  const auto components = static_cast<std::size_t>(field.components);
  if (field.nx < 1 || field.ny < 1 || field.nz < 1 || field.components < 1 || field.components > 3)
    throw InputError(
        fmt::format("field {} has {} x {} x {} cells and {} components (at least one "
                    "cell along each axis and 1 to 3 components are allowed)",
                    field.title, field.nx, field.ny, field.nz, field.components));
  if (field.values.size() != components * field.cells())
    throw InputError(
        fmt::format("field {} has {} values ({} x {} x {} cells with {} components "
                    "need {})",
                    field.title, field.values.size(), field.nx, field.ny, field.nz,
                    field.components, components * field.cells()));
  if (field.labels.size() != components || field.units.size() != components)
    throw InputError(fmt::format("field {} has {} labels and {} units ({} of each are needed)",
                                 field.title, field.labels.size(), field.units.size(),
                                 field.components));
}

/// Header values end with the line, and "##" starts a comment in OVF.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  for (std::size_t at; (at = text.find("##")) != std::string::npos;) text.erase(at, 1);
  return text;
}

/// A list as OVF 2.0 has it: words, with {} around those of several words.
std::string word_list(const std::vector<std::string>& words, const std::string& empty) {
  std::string list;
  for (const std::string& word : words) {
    const std::string text = one_line(word);
    const bool several = text.find(' ') != std::string::npos;
    list += several ? " {" + text + "}" : " " + (text.empty() ? empty : text);
  }
  return list;
}

/// Only keys that the readers of OOMMF and mumax3 know (mumax3 refuses a file with any other).
std::string header(const OvfField& f) {
  std::string out = "# OOMMF OVF 2.0\n# Segment count: 1\n# Begin: Segment\n# Begin: Header\n";
  const auto line = [&out](const std::string& key, const auto& value) {
    fmt::format_to(std::back_inserter(out), "# {}: {}\n", key, value);
  };
  line("Title", one_line(f.title));
  for (const std::string& text : f.desc) line("Desc", one_line(text));
  line("meshtype", "rectangular");
  line("meshunit", "m");
  const auto axis = [&line](char x, int nodes, double step, double base) {
    line(fmt::format("{}nodes", x), nodes);
    line(fmt::format("{}base", x), base);
    line(fmt::format("{}stepsize", x), step);
    line(fmt::format("{}min", x), base - 0.5 * step);
    line(fmt::format("{}max", x), base + (nodes - 0.5) * step);
  };
  axis('x', f.nx, f.dx, f.xbase);
  axis('y', f.ny, f.dy, f.ybase);
  axis('z', f.nz, f.dz, f.zbase);
  line("valuedim", f.components);
  fmt::format_to(std::back_inserter(out), "# valuelabels:{}\n# valueunits:{}\n# End: Header\n",
                 word_list(f.labels, "value"), word_list(f.units, "1"));
  return out;
}

template <class Real>
void append_bytes(std::string& out, Real value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <class Real>
void append_binary(std::string& out, const OvfField& field, Real check_value) {
  out.reserve(out.size() + field.values.size() * sizeof(Real) + 100);
  append_bytes(out, check_value);
  for (std::size_t cell = 0; cell < field.cells(); ++cell)
    for (int c = 0; c < field.components; ++c)
      append_bytes(out, static_cast<Real>(field.value(c, cell)));
  out += '\n';
}

void append_text(std::string& out, const OvfField& field) {
  for (std::size_t cell = 0; cell < field.cells(); ++cell)
    for (int c = 0; c < field.components; ++c)
      fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}{}"), field.value(c, cell),
                     c + 1 < field.components ? ' ' : '\n');
}

}  // namespace

OvfFormat ovf_format(const std::string& name) {
  if (name == "text") return OvfFormat::text;
  if (name == "binary4") return OvfFormat::binary4;
  if (name == "binary8") return OvfFormat::binary8;
  throw InputError(fmt::format("unknown OVF format {} (text, binary4, binary8 are allowed)", name));
}

OvfField make_ovf_field(const Grid& grid, const std::string& name, const std::string& unit,
                        int components, std::vector<double> values, double time) {
  OvfField field;
  field.nx = grid.nx, field.ny = grid.ny;
  field.dx = grid.dx, field.dy = grid.dy, field.dz = grid.dz;
  field.xbase = grid.x(0), field.ybase = grid.y(0), field.zbase = 0.5 * grid.dz;
  field.components = components;
  for (int c = 0; c < components; ++c) {
    field.labels.push_back(components == 1 ? name : fmt::format("{}_{}", name, "xyz"[c % 3]));
    field.units.push_back(unit);
  }
  field.title = name;
  field.desc = {fmt::format("Total simulation time: {} s", time)};
  field.values = std::move(values);
  return field;
}

std::string ovf_bytes(const OvfField& field, OvfFormat format) {
  check(field);
  std::string out = header(field);
  out += fmt::format("# Begin: Data {}\n", data_name(format));
  // The check values are the standard's.
  if (format == OvfFormat::text) append_text(out, field);
  if (format == OvfFormat::binary4) append_binary(out, field, 1234567.0F);
  if (format == OvfFormat::binary8) append_binary(out, field, 123456789012345.0);
  out += fmt::format("# End: Data {}\n# End: Segment\n", data_name(format));
  return out;
}

void write_ovf(const std::filesystem::path& path, const OvfField& field, OvfFormat format) {
  write_file(path, ovf_bytes(field, format));
}

}  // namespace kubomag::io
