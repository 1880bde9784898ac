#include "io/ovf_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

double time_of(const OvfField& field, const std::filesystem::path& file) {
  const auto time = ovf_time(field);
  if (!time)
    throw InputError(
        fmt::format("{}: does not state its time (a line \"Desc: Total simulation time: ... s\" is "
                    "expected, as runs write it)",
                    file.string()));
  return *time;
}

void check_mesh(const OvfField& mesh, const OvfField& field, const std::filesystem::path& file) {
  if (field.nx != mesh.nx || field.ny != mesh.ny || field.nz != mesh.nz ||
      field.components != mesh.components)
    throw InputError(
        fmt::format("{}: {} x {} x {} cells with {} components (the first file has {} "
                    "x {} x {} with {}; a series of one film is expected)",
                    file.string(), field.nx, field.ny, field.nz, field.components, mesh.nx, mesh.ny,
                    mesh.nz, mesh.components));
}

/// The components of the first layer.
std::vector<std::vector<float>> layer(const OvfField& field) {
  const auto cells = static_cast<std::ptrdiff_t>(field.nx) * field.ny;
  std::vector<std::vector<float>> parts;
  for (int c = 0; c < field.components; ++c) {
    const auto begin = field.values.begin() + static_cast<std::ptrdiff_t>(field.cells()) * c;
    parts.emplace_back(begin, begin + cells);
  }
  return parts;
}

template <class T>
std::vector<T> ordered(std::vector<T> list, const std::vector<std::size_t>& order) {
  std::vector<T> out;
  out.reserve(list.size());
  for (const std::size_t i : order) out.push_back(std::move(list[i]));
  return out;
}

void sort_by_time(OvfSeries& series) {
  std::vector<std::size_t> order(series.times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return series.times[a] < series.times[b]; });
  series.files = ordered(series.files, order);
  series.times = ordered(series.times, order);
  for (auto& frames : series.values) frames = ordered(std::move(frames), order);
}

bool same_frame(const OvfSeries& series, std::size_t a, std::size_t b) {
  return std::all_of(series.values.begin(), series.values.end(),
                     [&](const auto& frames) { return frames[a] == frames[b]; });
}

/// The end of a run is there twice, as m.ovf and under its number: once is enough.
void drop_copies(OvfSeries& series) {
  for (std::size_t i = 1; i < series.times.size();) {
    if (series.times[i] != series.times[i - 1]) {
      ++i;
      continue;
    }
    if (!same_frame(series, i - 1, i))
      throw InputError(
          fmt::format("{} and {} have the same time, {} s, but differ; leave one of them out",
                      series.files[i - 1].string(), series.files[i].string(), series.times[i]));
    const auto at = static_cast<std::ptrdiff_t>(i);
    series.files.erase(series.files.begin() + at);
    series.times.erase(series.times.begin() + at);
    for (auto& frames : series.values) frames.erase(frames.begin() + at);
  }
}

}  // namespace

OvfSeries read_ovf_series(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) throw InputError("a series of no files (field files are expected)");
  OvfSeries series;
  for (const auto& file : files) {
    OvfField field = read_ovf(file);
    if (series.times.empty()) {
      series.mesh = field;
      series.mesh.values.clear();
      series.values.resize(static_cast<std::size_t>(field.components));
    }
    check_mesh(series.mesh, field, file);
    series.files.push_back(file);
    series.times.push_back(time_of(field, file));
    auto parts = layer(field);
    for (std::size_t c = 0; c < parts.size(); ++c) series.values[c].push_back(std::move(parts[c]));
  }
  sort_by_time(series);
  drop_copies(series);
  series.inside.assign(series.values[0][0].size(), 0);
  for (const auto& frames : series.values)
    for (std::size_t i = 0; i < series.inside.size(); ++i)
      if (frames[0][i] != 0) series.inside[i] = 1;
  return series;
}

}  // namespace kubomag::io
