#pragma once
// Runs the instructions of a formula (src/setup/formula_plan.hpp) for a row of cells: on the CPU
// each instruction for a block of cells, so that finding it costs little and its loop is
// vectorised; on a GPU each thread for its own cell.
#include "field.hpp"
#include "kubomag/formula_graph.hpp"

namespace kubomag {

template <class Real>
struct FormulaCode {
  static constexpr int max_registers = 64, max_outputs = 3;
#ifdef __CUDA_ARCH__
  static constexpr int width = 1;
#else
  static constexpr int width = 64;  // cells of a block
#endif

  const FormulaInstruction* steps = nullptr;
  const Real* maps = nullptr;  // one after the other, each of `cells` values
  int count = 0;               // steps
  int cells = 0;               // of the film
  int scalar_count = 0;
  Real scalars[max_registers] = {};
  const Real* late_scalars = nullptr;  // on a device, if set: where an earlier kernel left them
  unsigned char outputs[max_outputs] = {};

  /// use(i, values) for the cells first ... first + length - 1; values: those of the outputs.
  template <int Outputs, class Use>
  KUBOMAG_HD void run(const VectorView<const Real>& m, int first, int length, Use use) const {
    Real registers[max_registers][width];
    for (int k = 0; k < scalar_count; ++k)
      for (int j = 0; j < width; ++j) registers[k][j] = scalar(k);
    for (int begin = 0; begin < length; begin += width) {
      const int size = length - begin < width ? length - begin : width;
      load(registers[scalar_count], m.x + first + begin, size);
      load(registers[scalar_count + 1], m.y + first + begin, size);
      load(registers[scalar_count + 2], m.z + first + begin, size);
      for (int k = 0; k < count; ++k) perform(steps[k], registers, first + begin, size);
#ifndef __CUDA_ARCH__
#pragma GCC ivdep
#endif
      for (int j = 0; j < size; ++j) {
        Real values[Outputs];
        for (int o = 0; o < Outputs; ++o) values[o] = registers[outputs[o]][j];
        use(first + begin + j, values);
      }
    }
  }

  /// The values of the outputs for one cell whose m is known, on a device.
  template <int Outputs>
  KUBOMAG_HD void run(int i, Vec3<Real> m, Real (&values)[Outputs]) const {
    Real registers[max_registers][width];
    for (int k = 0; k < scalar_count; ++k) registers[k][0] = scalar(k);
    registers[scalar_count][0] = m.x;
    registers[scalar_count + 1][0] = m.y;
    registers[scalar_count + 2][0] = m.z;
    for (int k = 0; k < count; ++k) perform(steps[k], registers, i, 1);
    for (int o = 0; o < Outputs; ++o) values[o] = registers[outputs[o]][0];
  }

 private:
  KUBOMAG_HD Real scalar(int k) const {
#ifdef __CUDA_ARCH__
    if (late_scalars) return late_scalars[k];
#endif
    return scalars[k];
  }

  KUBOMAG_HD static void load(Real* to, const Real* from, int size) {
    for (int j = 0; j < size; ++j) to[j] = from[j];
  }

  KUBOMAG_HD void perform(FormulaInstruction step, Real (*registers)[width], int first,
                          int size) const {
    Real* out = registers[step.out];
    if (step.op == FormulaOp::map) {
      load(out, maps + static_cast<long>(step.a) * cells + first, size);
      return;
    }
    const Real *a = registers[step.a], *b = registers[step.b], *c = registers[step.c];
    with_operation(step.op, [&](auto f) {
#pragma GCC ivdep
      for (int j = 0; j < size; ++j) out[j] = f(a[j], b[j], c[j]);
    });
  }
};

/// B += the field of a custom field; of a custom torque T/gamma the field m x T.
template <class Real>
struct CustomFieldPass {
  FormulaCode<Real> code;
  Param<Real, true> moment;  // > 0 where there is material
  VectorView<const Real> m;
  VectorView<Real> B;
  bool torque;

  KUBOMAG_HD void operator()(int first, int length) const {
    const CustomFieldPass here = *this;  // which no store can be suspected of changing
    code.template run<3>(m, first, length, [&](int i, const Real* v) {
      const Vec3<Real> given{v[0], v[1], v[2]}, turned = cross(m.load(i), given);
      B.x[i] += here.chosen(i, given.x, turned.x);
      B.y[i] += here.chosen(i, given.y, turned.y);
      B.z[i] += here.chosen(i, given.z, turned.z);
    });
  }

  /// The field on one cell whose m is known, on a device.
  KUBOMAG_HD Vec3<Real> field(int i, Vec3<Real> m_here) const {
    if (!(moment(i) > 0)) return {};
    Real v[3];
    code.template run<3>(i, m_here, v);
    const Vec3<Real> given{v[0], v[1], v[2]};
    return torque ? cross(m_here, given) : given;
  }

  /// Number by number, so that the loop over cells is vectorised.
  KUBOMAG_HD Real chosen(int i, Real given, Real turned) const {
    const Real field = torque ? turned : given;
    return moment(i) > 0 ? field : Real(0);  // formulas need not be finite in vacuum
  }
};

/// The energy density of a custom field [J/m3] into B.x.
template <class Real>
struct CustomEnergyPass {
  FormulaCode<Real> code;
  VectorView<const Real> m;
  VectorView<Real> density;

  KUBOMAG_HD void operator()(int first, int length) const {
    code.template run<1>(m, first, length, [&](int i, const Real* v) { density.x[i] = v[0]; });
  }
};

}  // namespace kubomag
