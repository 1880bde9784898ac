#include "io/band_formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <vector>

#include "io/dual.hpp"
#include "io/excerpt.hpp"
#include "io/formula_graph.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

/// The operations in the order of the graph, on one register for each of its nodes and one for
/// operands that are none.
struct BandFormula::Program {
  struct Step {
    FormulaOp op;
    std::size_t out, a, b, c;
  };
  static constexpr std::size_t width = 64;  // of a block
  using Row = std::array<double, width>;

  std::vector<double> numbers;  // in the registers of numbers, which no step changes
  std::size_t kx = 0, ky = 0;   // their registers
  std::vector<Step> steps;
  std::array<std::size_t, 4> outputs{};  // h0 and h
  long id = 0;

  explicit Program(const std::vector<FormulaNode>& nodes) {
    static std::atomic<long> made = 0;
    id = ++made;
    const std::size_t none = nodes.size();
    numbers.resize(none + 3, 0.0);
    kx = none + 1, ky = none + 2;  // unless the formulas have them
    const auto operand = [&](int k) { return k < 0 ? none : std::size_t(k); };
    for (std::size_t i = 0; i < none; ++i) {
      const FormulaNode& node = nodes[i];
      if (node.op == FormulaOp::number)
        numbers[i] = node.number;
      else if (node.op == FormulaOp::x)
        kx = i;
      else if (node.op == FormulaOp::y)
        ky = i;
      else
        steps.push_back({node.op, i, operand(node.a), operand(node.b), operand(node.c)});
    }
  }

  /// Registers of this thread, with the numbers in place.
  template <class Register, class Fill>
  Register* registers(const Fill& fill) const {
    thread_local long of = 0;
    thread_local std::vector<Register> own;
    if (of != id) {
      own.clear();
      for (const double number : numbers) own.push_back(fill(number));
      of = id;
    }
    return own.data();
  }

  template <class Number>
  std::array<Number, 4> run(const Number& x, const Number& y) const {
    Number* const r = registers<Number>([](double number) { return Number(number); });
    r[kx] = x, r[ky] = y;
    for (const Step& s : steps)
      with_operation(s.op, [&](auto f) { r[s.out] = f(r[s.a], r[s.b], r[s.c]); });
    return {r[outputs[0]], r[outputs[1]], r[outputs[2]], r[outputs[3]]};
  }

  /// Each step for `length` k; returns where the values of the outputs are.
  std::array<const double*, 4> run(const double* x, const double* y, std::size_t length) const {
    Row* const r = registers<Row>([](double number) {
      Row row;
      row.fill(number);
      return row;
    });
    std::copy_n(x, length, r[kx].begin());
    std::copy_n(y, length, r[ky].begin());
    for (const Step& s : steps)
      with_operation(s.op, [&](auto f) {
        for (std::size_t j = 0; j < width; ++j) r[s.out][j] = f(r[s.a][j], r[s.b][j], r[s.c][j]);
      });
    return {r[outputs[0]].data(), r[outputs[1]].data(), r[outputs[2]].data(), r[outputs[3]].data()};
  }
};

BandFormula::BandFormula(const std::string& h0, const std::string (&h)[3],
                         const std::map<std::string, double>& parameters) {
  FormulaGraphBuilder builder(parameters, {{{"kx", FormulaOp::x}, {"ky", FormulaOp::y}},
                                           "kx, ky, the names of [surface.parameters]"});
  const std::string* texts[] = {&h0, &h[0], &h[1], &h[2]};
  std::array<std::size_t, 4> outputs;
  for (std::size_t i = 0; i < 4; ++i) outputs[i] = std::size_t(builder.add(*texts[i]));
  auto program = std::make_shared<Program>(builder.graph().nodes);
  program->outputs = outputs;
  const std::array<double, 4> at_zero = program->run(0.0, 0.0);
  for (std::size_t i = 0; i < 4; ++i)
    if (!std::isfinite(at_zero[i]))
      throw InputError(
          fmt::format("formula \"{}\": is not finite at k = 0; a formula that is finite at every k "
                      "within the cutoff is expected",
                      excerpt(*texts[i])));
  program_ = std::move(program);
}

BandPoint BandFormula::operator()(double kx, double ky) const {
  const std::array<double, 4> h = program_->run(kx, ky);
  return {h[0], {h[1], h[2], h[3]}};
}

BandColumns BandFormula::at(std::span<const double> kx, std::span<const double> ky) const {
  BandColumns out;
  std::vector<double>* const columns[] = {&out.h0, &out.hx, &out.hy, &out.hz};
  for (std::vector<double>* column : columns) column->reserve(kx.size());
  for (std::size_t i = 0; i < kx.size(); i += Program::width) {
    const std::size_t length = std::min(Program::width, kx.size() - i);
    const auto rows = program_->run(&kx[i], &ky[i], length);
    for (std::size_t c = 0; c < 4; ++c)
      columns[c]->insert(columns[c]->end(), rows[c], rows[c] + length);
  }
  return out;
}

BandGradient BandFormula::gradient(double kx, double ky) const {
  const std::array<Dual, 4> h = program_->run(Dual(kx, 1, 0), Dual(ky, 0, 1));
  BandGradient out;
  out.value = {h[0].value, {h[1].value, h[2].value, h[3].value}};
  out.h0 << h[0].dx, h[0].dy;
  out.h << h[1].dx, h[1].dy, h[2].dx, h[2].dy, h[3].dx, h[3].dy;
  return out;
}

}  // namespace kubomag::io
