#pragma once
// The keys of [material]: the inputs that the terms declare, each once.
#include <algorithm>
#include <string_view>
#include <vector>

#include "kernels/torques.hpp"

namespace kubomag::io {

/// All inputs in the order of their first declaration; several terms may read the same one.
inline std::vector<Input> material_inputs() {
  std::vector<Input> inputs;
  std::vector<TermDeclaration> terms = term_declarations();
  for (TermDeclaration& torque : torque_declarations()) terms.push_back(std::move(torque));
  for (const TermDeclaration& term : terms)
    for (const Input& input : term.inputs)
      if (std::none_of(inputs.begin(), inputs.end(), [&](const Input& known) {
            return std::string_view(known.name) == input.name;
          }))
        inputs.push_back(input);
  return inputs;
}

}  // namespace kubomag::io
