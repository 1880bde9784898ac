#pragma once
// The keys of [material]: the inputs that the terms declare, each once.
#include <algorithm>
#include <string_view>
#include <vector>

#include "kernels/terms.hpp"

namespace kubomag::io {

/// All inputs in the order of their first declaration; several terms may read the same one.
inline std::vector<Input> material_inputs() {
  std::vector<Input> inputs;
  for (const TermDeclaration& term : term_declarations())
    for (const Input& input : term.inputs)
      if (std::none_of(inputs.begin(), inputs.end(), [&](const Input& known) {
            return std::string_view(known.name) == input.name;
          }))
        inputs.push_back(input);
  return inputs;
}

}  // namespace kubomag::io
