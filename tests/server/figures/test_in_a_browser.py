"""Figures and the evidence map in a real browser: any width, both schemes, by keyboard."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
AXE = Path(sys.prefix) / "clients" / "node_modules" / "axe-core" / "axe.min.js"
PATHS = [
    "/figures",
    "/figures?platform=amazon-mechanical-turk",
    "/figure/works-per-year?platform=amazon-mechanical-turk",
    "/figure/world-map",
    "/figure/coverage",
    "/figure/works-by-venue",
    "/figure/evidence-map",
    "/map",
    "/map?x=method&y=topic",
    "/map?x=year&y=method&evidence=stated",
]
#: The contrast of each text of a figure with the ground it stands on.
CONTRAST = """
    const light = c => {
        const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    return [...document.querySelectorAll("svg.figure")].flatMap(figure => {
        const ground = light(getComputedStyle(figure.querySelector(".ground")).fill);
        return [...figure.querySelectorAll("text")].map(text => {
            const own = light(getComputedStyle(text).fill);
            return (Math.max(own, ground) + .05) / (Math.min(own, ground) + .05);
        });
    });
"""
#: The texts of figures that reach out of their drawing.
OUTSIDE = """
    return [...document.querySelectorAll("svg.figure")].flatMap(figure => {
        const frame = figure.getBoundingClientRect();
        return [...figure.querySelectorAll("text")].filter(text => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
        }).map(text => text.textContent);
    });
"""


@pytest.fixture(scope="module")
def server(start_server, shipped_release):
    running = start_server(shipped_release.folder, limits={"seconds": 30.0})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        if os.environ.get("CI"):
            pytest.fail("Chromium and its driver must be installed where CI is set")
        pytest.skip("Chromium or its driver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as chrome:
        yield chrome


def show(browser: WebDriver, url: str, width: int, scheme: str) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get(url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_each_page(browser, server, path, width, scheme) -> None:
    browser.get_log("browser")
    show(browser, f"{server.url}{path}", width, scheme)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    loaded = browser.execute_script(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert loaded and all(name.startswith(server.url) for name in loaded)
    assert browser.execute_script(OUTSIDE) == []
    contrast = browser.execute_script(CONTRAST)
    assert all(each >= 4.5 for each in contrast)
    assert contrast or path.startswith("/map")
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_has_nothing_to_say(browser, server, path, scheme) -> None:
    if not AXE.is_file():
        if os.environ.get("CI"):
            pytest.fail("axe-core must be installed where CI is set (make test does it)")
        pytest.skip("axe-core is not installed")
    show(browser, f"{server.url}{path}", 1280, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    violations = browser.execute_async_script("""
        const done = arguments[0];
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        axe.run(document, {runOnly: tags}).then(found => done(
            found.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`)));
    """)
    assert violations == []


@pytest.mark.parametrize("path", ["/figures", "/figure/world-map", "/map"])
def test_colours_follow_the_scheme_on_our_pages(browser, server, path) -> None:
    look = (
        "return getComputedStyle(document.querySelector('.figure .shade-0, .figure .stated, "
        ".dot .stated')).fill"
    )
    colours = set()
    for scheme in ("light", "dark"):
        show(browser, f"{server.url}{path}", 1280, scheme)
        colours.add(browser.execute_script(look))
    assert len(colours) == 2


def test_a_figure_by_itself_is_light_whatever_the_scheme(browser, server) -> None:
    for scheme in ("light", "dark"):
        show(browser, f"{server.url}/figure/works-by-platform.svg", 1280, scheme)
        ground = browser.find_element(By.CSS_SELECTOR, "rect.ground")
        assert ground.value_of_css_property("fill") == "rgb(255, 255, 255)"
    refused = [each["message"] for each in browser.get_log("browser")]
    assert [message for message in refused if "favicon.ico" not in message] == []


def test_a_cell_of_the_map_by_keyboard(browser, server) -> None:
    show(browser, f"{server.url}/map?x=platform&y=country", 320, "light")
    cell = browser.find_element(By.CSS_SELECTOR, ".gaps td a")
    number = cell.find_element(By.TAG_NAME, "span").text
    focused = browser.switch_to.active_element
    for _ in range(60):
        focused.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        if focused == cell:
            break
    assert focused == cell
    outline = browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", cell)
    assert outline == "solid"
    focused.send_keys(Keys.ENTER)
    assert WebDriverWait(browser, 30).until(
        expected_conditions.text_to_be_present_in_element((By.ID, "hits"), f"{number} of ")
    )


def test_a_country_of_the_map_leads_to_its_works(browser, server) -> None:
    show(browser, f"{server.url}/figure/world-map", 1280, "light")
    india = browser.find_element(By.CSS_SELECTOR, ".land a[href='/works?country=IN']")
    words = browser.execute_script("return arguments[0].querySelector('title').textContent", india)
    assert words.startswith("India: ")
    # the middle of India's box is in India
    india.find_element(By.TAG_NAME, "path").click()
    number = words.removeprefix("India: ").partition(" ")[0]
    assert WebDriverWait(browser, 30).until(
        expected_conditions.text_to_be_present_in_element((By.ID, "hits"), f"{number} of ")
    )


def test_the_choice_of_axes_is_a_plain_form(browser, server) -> None:
    show(browser, f"{server.url}/map?from=2015", 1280, "light")
    rows = browser.find_element(By.NAME, "y")
    rows.send_keys("Methods")
    browser.find_element(By.CSS_SELECTOR, "form.ask-works button").click()
    WebDriverWait(browser, 30).until(expected_conditions.url_contains("y=method"))
    assert "from=2015" in browser.current_url
    headings = browser.find_elements(By.CSS_SELECTOR, ".gaps tbody th")
    assert "Survey" in [heading.text for heading in headings]
