#!/usr/bin/env python3
"""Checks that includes point one way between the layers (docs/architecture.md).

Usage: include_rules.py [ROOT]. Prints one line per wrong include; exits 1 if there is any.
"""
import re
import sys
from pathlib import Path

# The per-mode formulas of the diffusive field, which the host evaluates as well as the device.
MODE_FORMULAS = ["kernels/mode_response.hpp", "kernels/diffusion_mode.hpp"]

# What each layer may include besides itself. The first matching prefix decides a file's layer.
LAYERS = {
    "include/": [],
    "kernels/": ["include/"],
    "src/khat/": ["include/"],
    "src/setup/": ["include/", "src/backend/team.hpp", *MODE_FORMULAS],
    "src/analysis/": ["include/"],
    "src/backend/": ["include/"],
    "src/solver/": ["include/", "kernels/", "src/backend/", "src/setup/"],
    "src/io/": ["include/", "src/khat/", "src/setup/", "kernels/term", "kernels/torques.hpp"],
    "src/cli/": ["include/", "kernels/", "src/"],
    "benchmarks/": ["include/", "kernels/", "src/"],
    "examples/": ["include/"],
    "python/": ["include/"],
    "tests/": ["include/", "kernels/", "src/"],
}

# The files that instantiate the device code join the method with its per-cell functions.
CUDA_UNIT = ["include/", "kernels/", "src/backend/", "src/setup/", "src/solver/"]

# Third-party headers and the layers that may use them; a layer that is not named here may not.
# include/ and kernels/ are for the standard library alone, on host and device.
LIBRARIES = {
    r"(cuda|cufft|cub/|thrust/|cooperative_groups|nvrtc)": ["src/backend/", ".cu"],
    r"fftw3\.h": ["src/analysis/", "src/backend/", "src/setup/", "tests/"],
    r"(toml\+\+/|toml\.hpp|muParser|stb/|stb_)": ["src/io/", "tests/"],
    r"CLI/": ["src/cli/"],
    r"(gtest|gmock)/": ["tests/"],
    r"benchmark/": ["benchmarks/"],
}
STANDARD_ONLY = ("include/", "kernels/")

# Single exceptions, each with its reason.
EXCEPTIONS = {
    ("kernels/erfcx.hpp", "cerf.h"): "erfcx is a builtin on the device but not on the host",
    ("kernels/thermal.hpp", "Random123/philox.h"): "counted random numbers, the same on the device",
    ("src/cli/info.cpp", "fftw3.h"): "`kubomag info` names the library's version",
}

SOURCES = {".hpp", ".cpp", ".cc", ".cu", ".cuh", ".h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(path):
    return next((layer for layer in LAYERS if path.startswith(layer)), None)


def resolve(root, source, target):
    """The path from `root` of an included project file, None for a foreign one."""
    for folder in (source.parent, root / "include", root, root / "src", root / "tests"):
        if (folder / target).is_file():
            return (folder / target).resolve().relative_to(root).as_posix()
    return None


def project_problem(path, suffix, included):
    layer = layer_of(path)
    allowed = [layer, *LAYERS[layer]]
    if suffix in (".cu", ".cuh"):
        allowed = [layer, *CUDA_UNIT]
    if included.startswith("tests/") and layer != "tests/":
        return "nothing but tests/ includes tests/"
    if included.endswith(".cuh") and suffix not in (".cu", ".cuh"):
        return "a .cuh is included only from .cu and .cuh"
    if not any(included.startswith(prefix) for prefix in allowed):
        return f"{layer} may include only {', '.join(allowed)}"
    return None


def library_problem(path, suffix, header):
    layer = layer_of(path)
    for pattern, users in LIBRARIES.items():
        if re.match(pattern, header) and not any(
            path.startswith(user) or suffix.startswith(user) for user in users
        ):
            return f"this library belongs to {', '.join(users)}"
    # Headers of the C++ standard library are those without a suffix.
    if layer in STANDARD_ONLY and suffix == ".hpp" and re.search(r"[./]", header):
        return f"{layer} includes only the standard library and include/kubomag"
    return None


def own_header_problem(root, source):
    """A source's own header comes first, so that it is seen to compile alone."""
    own = source.with_suffix(".hpp")
    if source.suffix != ".cpp" or not own.is_file():
        return None
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            first = resolve(root, source, match[2])
            right = first == own.relative_to(root).as_posix()
            return None if right else f"{number}: includes {match[2]} before its own header"
    return f"1: does not include {own.name}"


def check_file(root, source):
    path = source.relative_to(root).as_posix()
    own = own_header_problem(root, source)
    if own:
        yield f"{path}:{own}"
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match or (path, match[2]) in EXCEPTIONS:
            continue
        included = resolve(root, source, match[2])
        if included is not None:
            problem = project_problem(path, source.suffix, included)
        elif match[1] == '"':
            problem = "no such file in the project (libraries go in <>)"
        else:
            problem = library_problem(path, source.suffix, match[2])
        if problem:
            yield f"{path}:{number}: includes {match[2]} ({problem})"


def check(root):
    """All wrong includes below `root`, and the number of files read."""
    problems, count = [], 0
    for layer in LAYERS:
        for source in sorted((root / layer).rglob("*")):
            if source.suffix in SOURCES:
                problems += check_file(root, source)
                count += 1
    return problems, count


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    problems, count = check(root)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"include rules: {count} files, {len(problems)} wrong includes")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
