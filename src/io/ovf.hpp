#pragma once
// OVF: the vector field files of OOMMF, mumax3 and Ubermag. OOMMF User's Guide 2.1a0, section
// "The OVF 2.0 format" (and 1.0, read only).
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kubomag/grid.hpp"

namespace kubomag::io {

/// A field on a rectangular mesh with what is known about it. Lengths in m.
struct OvfField {
  int nx = 0, ny = 0, nz = 1;
  double dx = 0, dy = 0, dz = 0;           // cell size
  double xbase = 0, ybase = 0, zbase = 0;  // centre of the first cell
  int components = 3;
  std::vector<std::string> labels, units;  // one per component; unit "" is dimensionless
  std::string title;                       // the quantity's name
  std::vector<std::string> desc;           // free lines such as "Total simulation time: 1e-09 s"
  std::vector<double> values;              // component after component: [c][iz][iy][ix]

  std::size_t cells() const {
    return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) *
           static_cast<std::size_t>(nz);
  }
  double value(int c, std::size_t cell) const {
    return values[static_cast<std::size_t>(c) * cells() + cell];
  }
};

enum class OvfFormat { text, binary4, binary8 };

/// "text", "binary4" or "binary8"; throws InputError for anything else.
OvfFormat ovf_format(const std::string& name);

/// The film's field `name` (1, 2 or 3 components) at `time` [s]. Coordinates are those of the
/// formulas: the origin is the film's centre, the film lies on 0 < z < dz.
OvfField make_ovf_field(const Grid& grid, const std::string& name, const std::string& unit,
                        int components, std::vector<double> values, double time);

/// The time [s] from the description lines of OOMMF, mumax3 or ourselves.
std::optional<double> ovf_time(const OvfField& field);

/// Writes OVF 2.0, atomically. Throws InputError where sizes do not fit together, RunError when
/// the file cannot be written.
void write_ovf(const std::filesystem::path& path, const OvfField& field, OvfFormat format);
std::string ovf_bytes(const OvfField& field, OvfFormat format);

/// Reads OVF 2.0 (1 to 3 components) and OVF 1.0, text and binary, one segment with a rectangular
/// mesh in metres. Throws InputError with file and line for everything that does not fit.
OvfField read_ovf(const std::filesystem::path& path);
/// The same from memory; `name` stands for the file in messages.
OvfField parse_ovf(std::string_view bytes, const std::string& name);

}  // namespace kubomag::io
