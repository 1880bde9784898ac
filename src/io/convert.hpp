#pragma once
// The cores of `kubomag convert` and `kubomag render`.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/ovf.hpp"

namespace kubomag::io {

/// Reads an OVF file and writes it as what the ending of `to` says: .ovf (in `format`), .vti, .txt
/// (one line per cell: x, y and the values) or .png. Throws InputError for other endings and bad
/// input, RunError when writing fails.
void convert(const std::filesystem::path& from, const std::filesystem::path& to,
             OvfFormat format = OvfFormat::binary4);

/// The text of a .txt file: "# x (m)<tab>y (m)<tab>mx ()...", then one line per cell.
std::string field_text(const OvfField& field);

struct RenderOptions {
  bool common_range = true;         // the same colours for the same values in all pictures
  std::optional<double> animation;  // also animation.png (APNG), this many seconds per picture
};

/// Draws each OVF file as folder/<its name>.png; the folder is made where it is missing. All input
/// is read before anything is written. Returns the files written, in order. Throws InputError for
/// bad input and for two files of the same name, RunError when writing fails.
std::vector<std::filesystem::path> render(const std::vector<std::filesystem::path>& files,
                                          const std::filesystem::path& folder,
                                          const RenderOptions& options = {});

}  // namespace kubomag::io
