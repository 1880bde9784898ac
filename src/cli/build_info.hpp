#pragma once
// What this program was built from.

namespace kubomag::cli {

struct BuildInfo {
  const char* version;
  const char* commit;  // of git, "-dirty" with changes on top; "unknown" outside a repository
  const char* compiler;
  const char* build_type;
};

const BuildInfo& build_info();

}  // namespace kubomag::cli
