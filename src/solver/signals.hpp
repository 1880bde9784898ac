#pragma once
// From the signals of a Problem to the plain data of kernels/mode_response.hpp.
#include <vector>

#include "kernels/mode_response.hpp"
#include "kubomag/signal.hpp"

namespace kubomag {

/// The analytic pieces of a signal (constant, step, sine, pulse), each as plain data.
std::vector<SignalPiece> analytic_pieces(const Signal& signal);

/// The part of a signal that is given by tables, at time t.
double table_value(const Signal& signal, double t);

/// The whole signal at time t, the sum of tables, analytic pieces and formulas in this order; steps
/// are on or off by t_inside (kernels/mode_response.hpp). For a value outside a step pass t_inside
/// = t.
double signal_value(const Signal& signal, double t, double t_inside);

/// What a film comes to rest in before time t: the value just before t; a sine without a beginning
/// counts as its mean, zero.
double resting_value(const Signal& signal, double t);

}  // namespace kubomag
