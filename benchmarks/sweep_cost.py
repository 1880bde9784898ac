#!/usr/bin/env python3
"""What replicas save: a sweep against separate runs of the same program, start-up included.

Usage: sweep_cost.py PROGRAM [--replicas 64] [--time "20 ps"]. Prints two lines of JSON:
  films:   64 points of 64 x 64 cells with demag, one sweep and 64 runs one after the other
  cells:   a 100 x 100 diagram of a macrospin, 300 units of time 1/(gamma 1 T) by steps of 0.05
           (rk4, four evaluations each), its rate, and the machine's peak of fused multiply-adds
"""
import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

FILM = """[grid]
cells = [64, 64]
cell = ["4 nm", "4 nm"]
thickness = "4 nm"
[material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
alpha = 0.02
[[B_ext]]
B = ["-24.6 mT", "4.3 mT", 0]
[initial]
kind = "vortex"
[run]
time = "{time}"
"""

CELL = """[grid]
cells = [1, 1]
cell = ["2 nm", "2 nm"]
thickness = "1 nm"
[material]
Msat = "1 MA/m"
Ku1 = "500 kJ/m3"
alpha = 0.1
theta_SH = 0.1
[demag]
enabled = false
[[B_ext]]
B = ["0 T", "0 T", 0]
[[current]]
j = ["1e12 A/m2", 0, 0]
[initial]
m = [0, 1e-3, 1]
[run]
time = "1.705 ns"
scheme = "rk4"
FixDt = "0.284167 ps"
[sweep]
observe = ["mz"]
[[axis]]
key = "B_ext[0].B[0]"
from = "-0.9 T"
to = "0.9 T"
count = 100
[[axis]]
key = "current[0].j[0]"
from = "-0.5e12 A/m2"
to = "-36e12 A/m2"
count = 100
"""


def seconds(command, folder):
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def films(program, folder, replicas, duration):
    text = FILM.format(time=duration)
    axis = ('[sweep]\nobserve = ["mx"]\n[[axis]]\nkey = "B_ext[0].B[0]"\n'
            f'from = "-30 mT"\nto = "-20 mT"\ncount = {replicas}\n')
    (folder / "sweep.toml").write_text(text + axis)
    separate = 0.0
    for i in range(replicas):
        field = -30 + 10 * i / max(replicas - 1, 1)
        (folder / "run.toml").write_text(text.replace("-24.6 mT", f"{field} mT"))
        separate += seconds([program, "run", "run.toml", "--force", "--quiet"], folder)
    sweep = seconds([program, "sweep", "sweep.toml", "--force", "--quiet"], folder)
    return {"films": replicas, "time": duration, "processors": os.cpu_count(),
            "separate_s": round(separate, 3), "sweep_s": round(sweep, 3),
            "ratio": round(separate / sweep, 2)}


def cells(program, folder):
    (folder / "cells.toml").write_text(CELL)
    sweep = seconds([program, "sweep", "cells.toml", "--force", "--quiet"], folder)
    evaluations = 1e4 * 6000 * 4
    return {"cells": 10000, "processors": os.cpu_count(), "sweep_s": round(sweep, 2),
            "evaluations_per_s": f"{evaluations / sweep:.3g}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--replicas", type=int, default=64)
    parser.add_argument("--time", default="20 ps")
    options = parser.parse_args()
    program = str(Path(options.program).resolve())
    with tempfile.TemporaryDirectory(prefix="kubomag-bench-") as name:
        print(json.dumps(films(program, Path(name), options.replicas, options.time)), flush=True)
        print(json.dumps(cells(program, Path(name))))


if __name__ == "__main__":
    main()
