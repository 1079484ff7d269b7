"""`make bench`: the budgets of the design, each a ratio of two figures measured in one run.

Ratios carry over between machines, times do not. `--json FILE` writes them for machines.
"""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.bench import registering, serving, storing, uploading
from tests.bench.measure import Figure


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        figures = [
            *registering.figures(Path(folder) / "registering"),
            *storing.figures(Path(folder) / "storing"),
            *uploading.figures(Path(folder) / "uploading"),
            *serving.figures(Path(folder) / "serving"),
        ]
    Console(width=120).print(table(figures))
    if options.json:
        options.json.write_text(json.dumps([figure.row() for figure in figures], indent=2) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> Table:
    shown = Table("What", "Ours", "Against", "Theirs", "Ratio", "Budget", "")
    for f in figures:
        verdict = "[green]met[/]" if f.met else "[red]missed[/]"
        shown.add_row(
            f.what, f"{f.ours_ms:.2f} ms", f.against, f"{f.theirs_ms:.2f} ms", f"{f.ratio:.2f}", f.budget, verdict
        )
    return shown


main()
