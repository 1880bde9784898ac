#include "io/font.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace kubomag::io {
namespace {

using Stroke = std::vector<std::pair<double, double>>;

struct Drawing {
  char32_t character;
  const char* text;
};

/// A drawing is the letter's width and its strokes: points of one digit each for x and y (y = a, b
/// lie 1, 2 below the baseline), straight from point to point or, behind a ~, rounded.
constexpr Drawing drawings[] = {
    {U' ', "2"},
    {U'!', "0 0803 0000"},
    {U'"', "2 0806 2826"},
    {U'#', "4 1018 3038 0343 0545"},
    {U'$', "5 ~574818070514445351401001 292a"},
    {U'%', "6 0068 ~0718271607 ~4152615041"},
    {U'&', "6 ~6240100103372817160660"},
    {U'\'', "0 0806"},
    {U'(', "2 ~2906022a"},
    {U')', "2 ~0926220a"},
    {U'*', "4 2428 0547 0745"},
    {U'+', "4 0343 2125"},
    {U',', "1 110a"},
    {U'-', "3 0333"},
    {U'.', "0 0000"},
    {U'/', "4 0a49"},
    {U'0', "5 ~104052564818060210"},
    {U'1', "5 163830"},
    {U'2', "5 ~06071848575500 0050"},
    {U'3', "5 ~07184857554424 ~24445351401001"},
    {U'4', "5 40480252"},
    {U'5', "5 480804 ~0415455352401001"},
    {U'6', "5 ~473828060210405253451503"},
    {U'7', "5 085820"},
    {U'8', "5 ~144455574818070514 ~144453514010010314"},
    {U'9', "5 ~112030525648180605134355"},
    {U':', "0 0000 0505"},
    {U';', "1 1515 110a"},
    {U'<', "4 460340"},
    {U'=', "4 0242 0444"},
    {U'>', "4 064300"},
    {U'?', "4 ~060848452322 2020"},
    {U'@', "8 ~32525456363432 5652 ~52718386682806022060"},
    {U'A', "6 003860 1353"},
    {U'B', "5 0008 ~083848575544 4404 ~445351403000"},
    {U'C', "5 ~5748180602104051"},
    {U'D', "5 0008 ~083856523000"},
    {U'E', "5 50000858 0444"},
    {U'F', "5 000858 0444"},
    {U'G', "5 ~5748180602104052 525434"},
    {U'H', "5 0008 5058 0454"},
    {U'I', "0 0008"},
    {U'J', "4 ~4842301002"},
    {U'K', "5 0008 5803 2550"},
    {U'L', "5 080050"},
    {U'M', "6 0008326860"},
    {U'N', "5 00085058"},
    {U'O', "6 ~204062664828060220"},
    {U'P', "5 0008 ~0838485755443404"},
    {U'Q', "6 ~204062664828060220 4260"},
    {U'R', "5 0008 ~0838485755443404 2450"},
    {U'S', "5 ~574818070514445351401001"},
    {U'T', "6 0868 3038"},
    {U'U', "5 ~080210405258"},
    {U'V', "6 083068"},
    {U'W', "8 0820466088"},
    {U'X', "5 0058 0850"},
    {U'Y', "6 083468 3430"},
    {U'Z', "5 08580050"},
    {U'[', "2 29090a2a"},
    {U'\\', "4 094a"},
    {U']', "2 09292a0a"},
    {U'^', "4 052845"},
    {U'_', "4 0a4a"},
    {U'`', "1 0816"},
    {U'a', "4 ~103042443616040210 4640"},
    {U'b', "4 0800 ~103042443616040210"},
    {U'c', "4 ~4536160402103041"},
    {U'd', "4 4840 ~103042443616040210"},
    {U'e', "4 0343 ~434436160402103041"},
    {U'f', "3 ~38281716 1610 0636"},
    {U'g', "4 ~103042443616040210 ~46404a3b1b0a"},
    {U'h', "4 0800 ~0416364440"},
    {U'i', "0 0600 0808"},
    {U'j', "2 ~26202a1b0b 2828"},
    {U'k', "4 0800 4602 2440"},
    {U'l', "1 ~08020110"},
    {U'm', "6 0006 ~0416263430 ~3446566460"},
    {U'n', "4 0006 ~0416364440"},
    {U'o', "4 ~103042443616040210"},
    {U'p', "4 060b ~103042443616040210"},
    {U'q', "4 464b ~103042443616040210"},
    {U'r', "3 0006 ~041636"},
    {U's', "4 ~453616050413334241301001"},
    {U't', "3 ~18112030 0636"},
    {U'u', "4 ~0602103042 4640"},
    {U'v', "4 062046"},
    {U'w', "6 0610365066"},
    {U'x', "4 0046 0640"},
    {U'y', "4 0620 461b"},
    {U'z', "4 06460040"},
    {U'{', "2 ~29191504131a2a"},
    {U'|', "0 090b"},
    {U'}', "2 ~09191524131a0a"},
    {U'~', "4 ~03153244"},
    {U'\u00b0', "2 ~0828260608"},
    {U'\u00b5', "4 060b ~02103042 4640"},
    {U'\u00b7', "0 0303"},
    {U'\u2026', "4 0000 2020 4040"},
};
constexpr const char* box = "5 0008585000";

/// Cuts the corners three times (Chaikin): the limit is a quadratic B-spline. Open curves keep
/// their ends.
Stroke rounded(Stroke points) {
  const bool closed = points.front() == points.back();
  for (int pass = 0; pass < 3; ++pass) {
    Stroke cut;
    if (!closed) cut.push_back(points.front());
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      const auto [x0, y0] = points[i];
      const auto [x1, y1] = points[i + 1];
      cut.emplace_back(0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1);
      cut.emplace_back(0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1);
    }
    cut.push_back(closed ? cut.front() : points.back());
    points = std::move(cut);
  }
  return points;
}

Glyph parse(std::string_view text) {
  Glyph result;
  result.width = text.front() - '0' + letter_gap;
  text.remove_prefix(1);
  while (!text.empty()) {
    text.remove_prefix(1);  // the space
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    const bool round = word.front() == '~';
    if (round) word.remove_prefix(1);
    Stroke stroke;
    for (std::size_t i = 0; i + 1 < word.size(); i += 2)
      stroke.emplace_back(word[i] - '0',
                          word[i + 1] >= 'a' ? 'a' - 1 - word[i + 1] : word[i + 1] - '0');
    result.strokes.push_back(round ? rounded(stroke) : stroke);
  }
  return result;
}

}  // namespace

const Glyph& glyph(char32_t character) {
  static const std::map<char32_t, Glyph> glyphs = [] {
    std::map<char32_t, Glyph> all;
    for (const Drawing& drawing : drawings) all[drawing.character] = parse(drawing.text);
    all[U'\u03bc'] = all[U'\u00b5'];  // the Greek letter and the prefix look the same
    return all;
  }();
  static const Glyph missing = parse(box);
  const auto found = glyphs.find(character);
  return found == glyphs.end() ? missing : found->second;
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int more = lead < 0x80 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : -1;
    char32_t character = more <= 0 ? lead : lead & (0x3F >> more);
    bool good = more >= 0;
    for (int k = 0; good && k < more; ++k) {
      good = i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
      if (good) character = character << 6 | (static_cast<unsigned char>(text[i++]) & 0x3F);
    }
    out += good ? character : U'\uFFFD';
  }
  return out;
}

}  // namespace kubomag::io
