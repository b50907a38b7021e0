"""Convert SVG on standard input to PNG on standard output, in a bundled font.

It runs as a separate process, because the library blocks the Python interpreter while it draws
(some 100 to 300 ms), and the server could not answer anyone else.
"""

import sys
from pathlib import Path

import resvg_py

#: Pixels per unit of the figure, which makes a PNG 1,920 pixels wide.
_ZOOM = 2
_FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")


def rasterized(drawn: str) -> bytes:
    """A figure as PNG; it looks the same on every machine, whatever fonts it has."""
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
