#!/usr/bin/env python3
"""What it takes to start a film whose local torques come from many tables, with nothing on disk.

Usage: table_startup.py PROGRAM [--repeat 3]. Prints lines of JSON, processor seconds of all threads
(user + system) and wall seconds of whole programs, medians:
  scan:    `khat` of Veneri's gas with strong impurities at 64 angles, on one processor
  table:   `check` of a film with one table of that gas that has a jump
  regions: one step of a film with a Fermi-energy map of 256 levels and 10 regions of another impurity
           density, 306 tables: without jumps (5.1 to 6.5 meV), and with one in each (4.3 to 4.9 meV)
  kept:    the same film again, with its tables on disk
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

HEAD = """[grid]
cells = [512, 32]
cell = ["4 nm", "4 nm"]
thickness = "1 nm"
[material]
Msat = "580 kA/m"
Aex = "15 pJ/m"
alpha = 0.1
[demag]
enabled = false
[surface]
model = "rashba_tmatrix"
drive = "E"
effective_mass = 0.8
alpha_R = "17 meV nm"
Delta_sd = "5 meV"
impurity_strength = "1 eV nm2"
impurity_density = "5e14 1/m2"
cutoff = "3.04e11 1/m"
"""
TAIL = """[[E]]
E = ["1e4 V/m", 0]
[initial]
m = [0.6, 0, 0.8]
[run]
time = "10 fs"
scheme = "rk4"
FixDt = "10 fs"
"""


def film(low, high, regions=10):
    """A map of 256 levels along x from low to high [meV], two cells each; every region takes 5."""
    text = HEAD + f"""fermi_energy = "({(low + high) / 2} + {high - low}*x/(511*4*nm))*meV"
levels = 256
"""
    for k in range(regions):
        first = (25 * k + 2) * 2 - 256  # cells from the centre
        text += f"""[[region]]
where = "x > {4 * first}*nm && x < {4 * (first + 10)}*nm && y > 0"
surface = {{impurity_density = "6e14 1/m2"}}
"""
    return text + TAIL


def measured(command, cache, repeat):
    """Medians of processor and wall seconds; without `cache` every run has an empty folder."""
    cpu, wall = [], []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as empty:
            environment = dict(os.environ, KUBOMAG_CACHE=str(cache or empty))
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.monotonic() - start)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"cpu_s": round(statistics.median(cpu), 3), "wall_s": round(statistics.median(wall), 3)}


def tables_of(program, config):
    """The line of `check` about the tables."""
    with tempfile.TemporaryDirectory() as cache:
        text = subprocess.run([program, "check", config], check=True, text=True,
                              env=dict(os.environ, KUBOMAG_CACHE=cache),
                              stdout=subprocess.PIPE).stdout
    return next((line.strip() for line in text.splitlines() if "table" in line), "")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    program, repeat = options.program.resolve(), options.repeat
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        one = work / "one.toml"
        one.write_text(HEAD + 'fermi_energy = "4.5 meV"\n' + TAIL)
        scan = [program, "khat", one, "--scan", "theta", "--from", "0 deg", "--to", "90 deg",
                "--points", "64", "--E", "1 kV/m"]
        print(json.dumps({"scan": measured(["taskset", "-c", "0", *scan], None, repeat)}))
        print(json.dumps({"table": measured([program, "check", one], None, repeat)}))
        for name, low, high in (("regions", 5.1, 6.5), ("regions, jumps", 4.3, 4.9)):
            config = work / f"{low}.toml"
            config.write_text(film(low, high))
            run = [program, "run", config, "--force"]
            result = measured(run, None, repeat)
            kept = work / f"cache{low}"
            measured(run, kept, 1)
            print(json.dumps({name: result, "kept": measured(run, kept, repeat),
                              "tables": tables_of(program, config)}))


if __name__ == "__main__":
    main()
