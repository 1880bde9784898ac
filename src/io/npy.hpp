#pragma once
// Arrays of NumPy: the .npy files of numpy.save (NumPy Enhancement Proposal 1, "A Simple File
// Format for NumPy Arrays"; versions 1 to 3).
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kubomag::io {

struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;  // the last index runs fastest, whatever the file's order
};

/// Reads an array of up to four axes of float32, float64, bool or integers, little
/// endian. Throws InputError with the file and what does not fit.
NpyArray read_npy(const std::filesystem::path& path);
/// The same from memory; `name` stands for the file in messages.
NpyArray parse_npy(std::string_view bytes, const std::string& name);

}  // namespace kubomag::io
