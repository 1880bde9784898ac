#include "io/png.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "io/atomic_file.hpp"
#include "kubomag/error.hpp"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

namespace kubomag::io {
namespace {

constexpr std::size_t signature_size = 8;

std::string big_endian(std::uint32_t value, int bytes = 4) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
  return out;
}

std::uint32_t from_big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// CRC-32 of ISO 3309, as every PNG chunk carries it.
std::uint32_t checksum(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      std::uint32_t c = n;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1) ? 0xEDB88320U ^ (c >> 1) : c >> 1;
      t[n] = c;
    }
    return t;
  }();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes)
    crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

std::string chunk(const std::string& type, std::string_view payload) {
  const std::string checked = type + std::string(payload);
  return big_endian(static_cast<std::uint32_t>(payload.size())) + checked +
         big_endian(checksum(checked));
}

/// The payloads of all chunks of one type, joined.
std::string payload_of(std::string_view png, std::string_view type) {
  std::string out;
  for (std::size_t at = signature_size; at + 12 <= png.size();) {
    const std::size_t size = from_big_endian(png.substr(at));
    if (png.substr(at + 4, 4) == type) out += png.substr(at + 8, size);
    at += size + 12;
  }
  return out;
}

std::string frame_control(std::uint32_t sequence, std::string_view header, double seconds) {
  // Width and height as in the header, no offset, delay in ms, keep the frame, replace all of it.
  return chunk("fcTL", big_endian(sequence) + std::string(header.substr(0, 8)) + big_endian(0) +
                           big_endian(0) +
                           big_endian(static_cast<std::uint32_t>(std::lround(1000 * seconds)), 2) +
                           big_endian(1000, 2) + std::string(2, '\0'));
}

}  // namespace

std::string png_bytes(const Canvas& canvas) {
  static_assert(sizeof(Rgb) == 3);
  if (canvas.width() < 1 || canvas.height() < 1) throw RunError("a picture without pixels");
  int size = 0;
  const std::unique_ptr<unsigned char, decltype(&std::free)> bytes(
      stbi_write_png_to_mem(reinterpret_cast<const unsigned char*>(canvas.pixels().data()),
                            3 * canvas.width(), canvas.width(), canvas.height(), 3, &size),
      &std::free);
  if (!bytes) throw RunError("cannot encode a picture (not enough memory)");
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

void write_png(const std::filesystem::path& path, const Canvas& canvas) {
  write_file(path, png_bytes(canvas));
}

void check_frame_time(double seconds) {
  if (!(seconds > 0 && seconds <= 60))
    throw InputError(
        fmt::format("{} s per picture (more than 0 and at most 60 s are allowed)", seconds));
}

std::string apng_bytes(const std::vector<std::string>& frames, double seconds) {
  if (frames.empty()) throw InputError("an animation without pictures (at least one is needed)");
  check_frame_time(seconds);
  const std::string header = payload_of(frames.front(), "IHDR");
  std::string out =
      frames.front().substr(0, signature_size) + chunk("IHDR", header) +
      chunk("acTL", big_endian(static_cast<std::uint32_t>(frames.size())) + big_endian(0));
  std::uint32_t sequence = 0;
  for (const std::string& frame : frames) {
    if (payload_of(frame, "IHDR") != header)
      throw InputError(
          "the pictures of an animation differ in size (the films must have the same "
          "cells)");
    const bool first = sequence == 0;
    out += frame_control(sequence++, header, seconds);
    const std::string pixels = payload_of(frame, "IDAT");
    // Viewers that know no APNG show the first picture, a plain IDAT.
    out += first ? chunk("IDAT", pixels) : chunk("fdAT", big_endian(sequence++) + pixels);
  }
  return out + chunk("IEND", "");
}

}  // namespace kubomag::io
