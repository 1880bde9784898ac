#pragma once
// Which passes, beside those that evaluate the right-hand side, a GPU makes in the steps that it
// takes by itself: gangs have kernels of them (backend/cuda_passes.cuh). A step with another one
// cannot be shared; what only outputs, relaxation and steps of the host launch is compiled once.
#include "backend/cuda_passes.cuh"
#include "solver/device_summands.hpp"
#include "solver/field_sum.hpp"
#include "solver/thermal_field.hpp"

namespace kubomag::cuda {

template <class Real>
inline constexpr bool is_of_steps<FirstStagePass<Real>> = true;
template <class Real, bool Mapped>
inline constexpr bool is_of_steps<ThermalPass<Real, Mapped>> = true;
template <class Real, bool Mapped>
inline constexpr bool is_of_steps<PathFieldPass<Real, Mapped>> = true;
/// Drives of more frequencies than a pass takes.
template <class Real>
inline constexpr bool is_of_steps<WeightedSumPass<Real>> = true;
/// Summands that are added beforehand: of currents with several maps, and where there are too many
/// (has_many_summands).
template <class Real>
inline constexpr bool is_of_steps<ZeroPass<Real>> = true;
template <class Real>
inline constexpr bool is_of_steps<AddPass<Real, MapSummand<Real>>> = true;
template <class Real, class Torque, class Drives>
inline constexpr bool is_of_steps<AddPass<Real, TorqueSummand<Torque, Drives>>> =
    is_of_electrons<TorqueSummand<Torque, Drives>>;
template <class Real>
inline constexpr bool is_of_steps<CustomFieldPass<Real>> = true;

}  // namespace kubomag::cuda
