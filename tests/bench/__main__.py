"""`make bench`: the budgets of the design, each a ratio of two figures measured in one run.

Ratios carry over between machines, times do not. `--json FILE` writes them for machines.
"""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.bench import (
    answering,
    browsing,
    capturing,
    comparing,
    growing,
    loading,
    peers,
    registering,
    searching,
    serving,
    storing,
    tracking,
    uploading,
    weights,
)
from tests.bench.measure import Figure

PARTS = {
    part.__name__.rpartition(".")[2]: part
    for part in (
        registering,
        capturing,
        weights,
        loading,
        storing,
        growing,
        searching,
        tracking,
        uploading,
        serving,
        peers,
        answering,
        browsing,
        comparing,
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure these parts alone")
    options = parser.parse_args()
    figures = []
    with TemporaryDirectory() as folder:
        for name in options.only:
            found = list(PARTS[name].figures(Path(folder) / name))
            Console(width=130).print(table(name, found))
            figures += found
    if options.json:
        options.json.write_text(json.dumps([figure.row() for figure in figures], indent=2) + "\n", encoding="utf-8")


def table(name: str, figures: list[Figure]) -> Table:
    shown = Table(name.capitalize(), "Ours", "Against", "Theirs", "Ratio", "Budget", "")
    for f in figures:
        verdict = "[green]met[/]" if f.met else "[red]missed[/]"
        shown.add_row(
            f.what, f"{f.ours:.2f} {f.unit}", f.against, f"{f.theirs:.2f} {f.unit}", f"{f.ratio:.2f}", f.budget, verdict
        )
    return shown


main()
