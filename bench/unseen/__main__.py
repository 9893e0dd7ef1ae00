"""Write the invented failures into a folder: `python -m bench.unseen FOLDER [--half shown|kept] [--volume 1|2|3|4|5|6]`."""

import argparse
import sys
from pathlib import Path

from bench.unseen.truths import KEPT, SHOWN
from bench.unseen.volumes import VOLUMES
from bench.unseen.writing import write_set


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.unseen", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the set is written")
    parser.add_argument("--half", choices=(SHOWN, KEPT), default="", help="only this half")
    parser.add_argument("--volume", type=int, choices=sorted(VOLUMES), default=1, help="by which author; the first unless said otherwise")
    options = parser.parse_args()
    written = write_set(options.folder, VOLUMES[options.volume], options.half)
    print(f"{written} cases written to {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
