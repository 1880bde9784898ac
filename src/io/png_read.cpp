#include "io/png_read.hpp"

#include <fmt/format.h>

#include <memory>

#include "io/read_file.hpp"
#include "kubomag/error.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS (1 << 15)
#include <stb/stb_image.h>

namespace kubomag::io {

GreyImage parse_grey_png(std::string_view bytes, const std::string& name) {
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_us, decltype(&stbi_image_free)> pixels(
      stbi_load_16_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                               static_cast<int>(bytes.size()), &width, &height, &channels, 1),
      &stbi_image_free);
  if (!pixels)
    throw InputError(fmt::format("{}: it cannot be read as a picture ({}); a PNG file is expected",
                                 name, stbi_failure_reason()));
  GreyImage image{width, height, {}};
  image.values.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int row = height - 1; row >= 0; --row)
    for (int column = 0; column < width; ++column)
      image.values.push_back(
          pixels.get()[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                       static_cast<std::size_t>(column)] /
          65535.0);
  return image;
}

GreyImage read_grey_png(const std::filesystem::path& path) {
  return parse_grey_png(read_file(path), path.string());
}

}  // namespace kubomag::io
