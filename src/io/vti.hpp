#pragma once
// VTK ImageData (.vti) for ParaView. VTK File Formats, "XML File Formats", ImageData.
#include <filesystem>
#include <string>

#include "io/ovf.hpp"

namespace kubomag::io {

/// One cell array named after the field, 64-bit, with the time where it is known. Fields of two
/// components get a third of 0, as ParaView's vector filters want three.
/// Throws InputError where sizes do not fit together.
std::string vti_bytes(const OvfField& field);

/// The same as a file, written atomically (RunError when that fails).
void write_vti(const std::filesystem::path& path, const OvfField& field);

}  // namespace kubomag::io
