#pragma once
// Fields over the film from files of NumPy and from pictures.
#include <vector>

#include "io/config_reader.hpp"
#include "io/png_read.hpp"
#include "kubomag/grid.hpp"

namespace kubomag::io {

/// One value per cell from an .npy file of shape [ny, nx] or [1, ny, nx]. Throws InputError for
/// another shape and for values that are not finite.
std::vector<double> read_film_npy(const ConfigValue& file, const Grid& grid);

/// Three components per cell, component after component, from an .npy file of shape [3, ny, nx],
/// [ny, nx, 3], or the four axes of mumax3's converter, [3, 1, ny, nx]. Throws InputError likewise.
std::vector<double> read_film_npy_vectors(const ConfigValue& file, const Grid& grid);

/// The grey value (0 to 1) of every cell from a PNG that is stretched over the film: that of the
/// pixel at the cell's centre.
std::vector<double> read_film_png(const ConfigValue& file, const Grid& grid);

}  // namespace kubomag::io
