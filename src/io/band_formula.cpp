#include "io/band_formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "io/dual.hpp"
#include "io/formula_graph.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

/// The operations in the order of the graph, and which of them are h0 and h.
struct BandFormula::Program {
  std::vector<FormulaNode> nodes;
  std::array<std::size_t, 4> outputs{};

  template <class Number>
  std::array<Number, 4> run(const Number& kx, const Number& ky) const {
    thread_local std::vector<Number> values;
    if (values.size() < nodes.size()) values.resize(nodes.size());
    const auto at = [&](int k) { return k < 0 ? Number(0) : values[std::size_t(k)]; };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const FormulaNode& node = nodes[i];
      Number& out = values[i];
      if (node.op == FormulaOp::number)
        out = node.number;
      else if (node.op == FormulaOp::x)
        out = kx;
      else if (node.op == FormulaOp::y)
        out = ky;
      else
        with_operation(node.op, [&](auto f) { out = f(at(node.a), at(node.b), at(node.c)); });
    }
    return {values[outputs[0]], values[outputs[1]], values[outputs[2]], values[outputs[3]]};
  }

  /// Each operation for `length` k; returns where the values of the outputs are.
  static constexpr std::size_t width = 64;
  std::array<const double*, 4> run(const double* kx, const double* ky, std::size_t length) const {
    using Row = std::array<double, width>;
    thread_local std::vector<Row> rows;
    if (rows.size() < nodes.size()) rows.resize(nodes.size());
    static constexpr Row none{};
    const auto at = [&](int k) { return k < 0 ? none.data() : rows[std::size_t(k)].data(); };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const FormulaNode& node = nodes[i];
      Row& out = rows[i];
      if (node.op == FormulaOp::number)
        out.fill(node.number);
      else if (node.op == FormulaOp::x || node.op == FormulaOp::y)
        std::copy_n(node.op == FormulaOp::x ? kx : ky, length, out.begin());
      else
        with_operation(node.op, [&, a = at(node.a), b = at(node.b), c = at(node.c)](auto f) {
          for (std::size_t j = 0; j < length; ++j) out[j] = f(a[j], b[j], c[j]);
        });
    }
    return {at(int(outputs[0])), at(int(outputs[1])), at(int(outputs[2])), at(int(outputs[3]))};
  }
};

BandFormula::BandFormula(const std::string& h0, const std::string (&h)[3],
                         const std::map<std::string, double>& parameters) {
  FormulaGraphBuilder builder(parameters, {{{"kx", FormulaOp::x}, {"ky", FormulaOp::y}},
                                           "kx, ky, the names of [surface.parameters]"});
  const std::string* texts[] = {&h0, &h[0], &h[1], &h[2]};
  auto program = std::make_shared<Program>();
  for (std::size_t i = 0; i < 4; ++i) program->outputs[i] = std::size_t(builder.add(*texts[i]));
  program->nodes = builder.graph().nodes;
  const std::array<double, 4> at_zero = program->run(0.0, 0.0);
  for (std::size_t i = 0; i < 4; ++i)
    if (!std::isfinite(at_zero[i]))
      throw InputError(
          fmt::format("formula \"{}\": is not finite at k = 0; a formula that is finite at every k "
                      "within the cutoff is expected",
                      *texts[i]));
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
  out.h0 << h[0].dx, h[0].dy;
  out.h << h[1].dx, h[1].dy, h[2].dx, h[2].dy, h[3].dx, h[3].dy;
  return out;
}

}  // namespace kubomag::io
