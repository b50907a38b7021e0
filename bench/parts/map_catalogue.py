"""Map a whole catalogue to N-Quads, as a process of its own.

Run in bench/: python -m parts.map_catalogue CATALOGUE FILE
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from pathlib import Path

from .releases import mapped_lines

if __name__ == "__main__":
    catalogue, target = map(Path, sys.argv[1:])
    gc.disable()  # as a build does
    with target.open("wb") as file:
        file.writelines(mapped_lines(catalogue, Counter(), lambda text: None))
