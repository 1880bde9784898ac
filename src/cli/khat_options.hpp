#pragma once
// The options of `kubomag khat` and how texts of the command line become numbers.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/config.hpp"

namespace kubomag::cli {

struct KhatOptions {
  std::set<std::string> given;  // names of those that are on the command line
  std::string file, model, format = "text", hall;
  std::string scheme = "T_matrix";
  std::map<std::string, std::string> numbers;  // inputs of the models, by name
  std::string sigma_0, tau_tr;                 // other measures of a Dirac surface's disorder
  std::string Msat, thickness;
  std::string mz = "0", q, frequency;  // Dirac surface
  int angles = 9;
  std::string theta = "45 deg", phi = "0 deg", E, J;
  std::string scan, from, to, png;
  std::vector<std::string> columns = {"B_SOT_x", "B_SOT_y", "B_SOT_z"};  // of the picture
  bool logarithmic = false;
  int points = 65;
  std::size_t set = 0;  // of the electrons of a configuration, from 1; 0: all
};

/// The quantity `text` given to --option, in the SI unit (or "SI": any). Throws InputError that
/// names the option.
double read_option(const std::string& option, const std::string& text, std::string_view unit);

/// The disorder of a Dirac surface from the one of its three measures that is given.
double read_disorder(const KhatOptions& options, double fermi_energy);

/// Prints a microscopic model at one direction of m, or a scan. Returns the exit status.
int print_model(const KhatOptions& options);

/// The mean moment of the cells with material.
Film mean_film(const Problem& problem);

/// The same as print_model for the electrons of a configuration: every set of them, one, or a scan
/// of one.
int print_config_model(const KhatOptions& options, const io::RunConfig& config);

}  // namespace kubomag::cli
