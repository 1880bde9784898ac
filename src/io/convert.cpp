#include "io/convert.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <set>
#include <system_error>

#include "io/atomic_file.hpp"
#include "io/picture.hpp"
#include "io/png.hpp"
#include "io/vti.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

namespace fs = std::filesystem;

/// The colour ranges of a series, one per quantity. Series may be larger than the memory, so the
/// files are read once for the ranges and once more for the drawing.
class Ranges {
 public:
  void add(const OvfField& field) {
    const ColourRange range = colour_range(field);
    const auto [entry, is_new] = ranges_.try_emplace(key(field), range);
    if (!is_new) entry->second = joined(entry->second, range);
  }
  const ColourRange& of(const OvfField& field) const { return ranges_.at(key(field)); }

 private:
  static std::string key(const OvfField& field) {
    return fmt::format("{}\n{}\n{}", field.title, field.units.front(), field.components);
  }

  std::map<std::string, ColourRange> ranges_;
};

fs::path picture_path(const fs::path& file, const fs::path& folder) {
  return folder / file.filename().replace_extension(".png");
}

void check_names(const std::vector<fs::path>& files, const fs::path& folder, bool animation) {
  if (files.empty()) throw InputError("no files to render (at least one is needed)");
  std::set<fs::path> names;
  if (animation) names.insert(folder / "animation.png");
  for (const fs::path& file : files)
    if (!names.insert(picture_path(file, folder)).second)
      throw InputError(fmt::format("{} would be written twice (the files must differ in name)",
                                   picture_path(file, folder).string()));
}

/// Frames of an animation have one size.
void check_same_film(const OvfField& first, const OvfField& field, const fs::path& file) {
  if (field.nx != first.nx || field.ny != first.ny || field.dx != first.dx || field.dy != first.dy)
    throw InputError(
        fmt::format("{} has {} x {} cells, the first file {} x {} (the films of an "
                    "animation must have the same cells)",
                    file.string(), field.nx, field.ny, first.nx, first.ny));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw RunError(fmt::format("cannot make folder {} ({})", folder.string(), error.message()));
}

Ranges survey(const std::vector<fs::path>& files, bool animation) {
  Ranges ranges;
  std::optional<OvfField> first;
  for (const fs::path& file : files) {
    OvfField field = read_ovf(file);
    ranges.add(field);
    if (!first)
      first = std::move(field);
    else if (animation)
      check_same_film(*first, field, file);
  }
  return ranges;
}

}  // namespace

std::string field_text(const OvfField& field) {
  std::string out = "# x (m)\ty (m)";
  for (std::size_t c = 0; c < field.labels.size(); ++c)
    fmt::format_to(std::back_inserter(out), "\t{} ({})", field.labels[c], field.units[c]);
  out += '\n';
  for (std::size_t cell = 0; cell < field.cells(); ++cell) {
    const auto ix = cell % static_cast<std::size_t>(field.nx);
    const auto iy = cell / static_cast<std::size_t>(field.nx) % static_cast<std::size_t>(field.ny);
    fmt::format_to(std::back_inserter(out), "{}\t{}",
                   field.xbase + static_cast<double>(ix) * field.dx,
                   field.ybase + static_cast<double>(iy) * field.dy);
    for (int c = 0; c < field.components; ++c)
      fmt::format_to(std::back_inserter(out), "\t{}", field.value(c, cell));
    out += '\n';
  }
  return out;
}

void convert(const fs::path& from, const fs::path& to, OvfFormat format) {
  const std::string ending = to.extension().string();
  if (ending != ".ovf" && ending != ".vti" && ending != ".txt" && ending != ".png")
    throw InputError(
        fmt::format("cannot convert to {} (.ovf, .vti, .txt and .png are allowed)", to.string()));
  const OvfField field = read_ovf(from);
  if (ending == ".ovf") write_ovf(to, field, format);
  if (ending == ".vti") write_vti(to, field);
  if (ending == ".txt") write_file(to, field_text(field));
  if (ending == ".png") write_picture(to, field);
}

std::vector<fs::path> render(const std::vector<fs::path>& files, const fs::path& folder,
                             const RenderOptions& options) {
  check_names(files, folder, options.animation.has_value());
  if (options.animation) check_frame_time(*options.animation);
  const Ranges ranges = survey(files, options.animation.has_value());
  make_folder(folder);
  std::vector<fs::path> written;
  std::vector<std::string> frames;
  for (const fs::path& file : files) {
    const OvfField field = read_ovf(file);
    const ColourRange range = options.common_range ? ranges.of(field) : colour_range(field);
    std::string picture = png_bytes(draw_field(field, range));
    written.push_back(picture_path(file, folder));
    write_file(written.back(), picture);
    if (options.animation) frames.push_back(std::move(picture));
  }
  if (options.animation) {
    written.push_back(folder / "animation.png");
    write_file(written.back(), apng_bytes(frames, *options.animation));
  }
  return written;
}

}  // namespace kubomag::io
