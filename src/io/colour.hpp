#pragma once
// Colours of fields.
#include <cstdint>

namespace kubomag::io {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(const Rgb&) const = default;
};

namespace colours {
inline constexpr Rgb white{255, 255, 255}, ink{34, 34, 40}, faint{222, 222, 226};
inline constexpr Rgb outline{150, 150, 156}, vacuum{224, 224, 224};
inline constexpr Rgb not_a_number{255, 0, 255};
}  // namespace colours

/// Vectors with |v| <= 1 as in mumax3 and OOMMF's habit: hue is the angle in the plane (red along
/// +x, green at 120 degrees), lightness is (z + 1)/2, saturation is |v|.
Rgb vector_colour(double x, double y, double z);

/// Signed data, s in [-1, 1]: blue, almost white at 0, red; lightness is linear in |s| (in OKLab,
/// B. Ottosson 2020), so that equal steps look equally large.
Rgb diverging_colour(double s);

/// Data of one sign, s in [0, 1]: dark violet to light yellow with lightness linear in s.
Rgb sequential_colour(double s);

}  // namespace kubomag::io
