#pragma once
// [[E]], [[psi]], [[B_ext]] and [[current]] of docs/config.md.
#include <functional>
#include <vector>

#include "io/config_maps.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

/// The electric fields of [[E]] and the potentials of [[psi]]. Throws InputError.
Drive read_drive(const ConfigTable& root, const Grid& grid);

/// One vector source(x, y) s(t) with its `components` (2 or 3; z = 0) at `key`, or in an OVF file.
/// Throws InputError.
FieldSource read_source(const ConfigTable& table, const std::string& fallback_name,
                        const std::string& key, const char* unit, int components, const Grid& grid);

/// The sources of [[B_ext]] [T]. Throws InputError.
std::vector<FieldSource> read_field_sources(const ConfigTable& root, const Grid& grid);

/// The current densities of [[current]] [A/m2]. Throws InputError.
std::vector<FieldSource> read_currents(const ConfigTable& root, const Grid& grid);

/// [[E_z]], the field across the dielectric on the film: `E_z` [V/m], or `voltage` of an electrode
/// above a `dielectric`; both may be maps.
std::vector<FieldSource> read_normal_fields(const ConfigTable& root, const Grid& grid);

/// E = -grad phi of a potential given as a formula, by central differences of sixth order with
/// steps of a sixteenth of a cell: relative error below 1e-8 for wavelengths of four cells or more.
Vec2<double> minus_gradient(const std::function<double(double x, double y)>& phi, double x,
                            double y, const Grid& grid);

/// E = -grad phi on the grid, `phi` per cell: central differences of second order, one-sided of
/// second order at open edges. Component after component, Ex of all cells, then Ey.
std::vector<double> minus_gradient(const std::vector<double>& phi, const Grid& grid);

}  // namespace kubomag::io
