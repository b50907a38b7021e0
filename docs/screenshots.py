"""The pictures that README shows, taken of the newest release in a real browser.

Run it as ``make screenshots``; it needs Chromium and its driver.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from subprocess import DEVNULL, PIPE, Popen

from PIL import Image
from selenium import webdriver

#: The name of a picture -> what it is of.
PICTURES = {
    "works": "/works?country=southern-asia&from=2015",
    "map": "/map?x=platform&y=method",
    "record": "/publication/malik-2017-understanding-development-implications.html",
}
FOLDER = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1280, 860
#: Flat colours and grey edges of letters: no more are needed.
COLOURS = 64
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking"
)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server of the newest release."""
    command = [str(Path(sys.executable).with_name("oograph")), "serve", "--port", "0"]
    with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as process:
        assert process.stdout
        greeting = process.stdout.readline()
        yield greeting.split(" is served at ")[1].split("/ ")[0]
        process.terminate()


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    binary, driver = which("chromium"), which("chromedriver")
    if not (binary and driver):
        sys.exit("Chromium and its driver must be installed (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in FLAGS.split():
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as browser:
        metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        yield browser


def compressed(png: bytes) -> Image.Image:
    """A picture with a palette of its own, at a fraction of the bytes."""
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with server() as address, chromium() as browser:
        for name, path in PICTURES.items():
            browser.get(address + path)
            file = FOLDER / f"{name}.png"
            compressed(browser.get_screenshot_as_png()).save(file, optimize=True)
            print(f"{file.relative_to(Path.cwd())}  {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
