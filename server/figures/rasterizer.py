"""The SVG of standard input as PNG on standard output, in a font of our own: as a process.

The library holds Python's interpreter while it draws, some 100 to 300 ms: in the server nobody
else would be answered.
"""

import sys
from pathlib import Path

import resvg_py

#: Pixels of a PNG for each unit of the figure: 1,920 across.
_ZOOM = 2
_FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")


def rasterized(drawn: str) -> bytes:
    """A figure as PNG; it looks the same whatever fonts the machine has."""
    folder = Path(__file__).with_name("fonts")
    return resvg_py.svg_to_bytes(
        svg_string=drawn,
        zoom=_ZOOM,
        skip_system_fonts=True,
        font_files=[str(folder / font) for font in _FONTS],
        font_family="Source Sans Pro",
        sans_serif_family="Source Sans Pro",
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(rasterized(sys.stdin.buffer.read().decode()))
