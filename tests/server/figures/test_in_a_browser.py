"""Figures and the evidence map in a real browser: any width, both schemes, by keyboard."""

import itertools
import re
from urllib.parse import quote

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions

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
def server(shipped_server):
    return shipped_server


def show(browser, url: str, width: int, scheme: str) -> None:
    browser.look(width, scheme)
    browser.get(url)


@pytest.mark.parametrize("width", [1024, 1280, 1600])
def test_the_table_beside_a_figure_is_not_cut_off(browser, server, width) -> None:
    for path in ("/figure/evidence-map?x=method&y=country", "/figure/works-per-year"):
        show(browser, f"{server.url}{path}", width, "light")
        table = "document.querySelector('.beside section .scroll')"
        assert browser.execute_script(f"return {table}.scrollWidth <= {table}.clientWidth"), path


def test_the_evidence_map_on_a_phone(browser, server) -> None:
    show(browser, f"{server.url}/figure/evidence-map", 390, "light")
    table = "document.querySelector('.beside section .scroll')"
    assert browser.execute_script(f"return {table}.scrollWidth <= {table}.clientWidth")
    for width in (390, 1280):
        show(browser, f"{server.url}/map", width, "light")
        hint = browser.find_element(By.CSS_SELECTOR, ".sideways")
        assert hint.is_displayed() == (width == 390)


#: The words, or parts of words with hyphens, that the labels of the map break in two.
BROKEN = """
    return [...document.querySelectorAll(".gaps tbody th")].flatMap(label => {
        const text = label.firstChild, part = document.createRange();
        return [...text.data.matchAll(/[^\\s-]+/g)].filter(word => {
            part.setStart(text, word.index);
            part.setEnd(text, word.index + word[0].length);
            return new Set([...part.getClientRects()].map(box => box.top)).size > 1;
        }).map(word => word[0]);
    });
"""


@pytest.mark.parametrize("rows", ["topic", "method", "scope", "venue"])
def test_the_evidence_map_breaks_no_word(browser, server, rows) -> None:
    for width in (320, 390, 768):
        show(browser, f"{server.url}/map?x=country&y={rows}", width, "light")
        assert browser.execute_script(BROKEN) == []


@pytest.mark.parametrize("path", PATHS)
def test_each_page(browser, server, path) -> None:
    browser.messages(), browser.transfers()
    browser.get(f"{server.url}{path}")
    for width, scheme in itertools.product((320, 390, 1280), ("light", "dark")):
        browser.look(width, scheme)
        assert browser.page_width <= width
        assert browser.execute_script(OUTSIDE) == []
        contrast = browser.execute_script(CONTRAST)
        assert all(each >= 4.5 for each in contrast)
        # the table of the one and the outlines of the other have no text in a drawing
        assert contrast or path.startswith(("/map", "/figure/world-map"))
    browser.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    for scheme in ("light", "dark"):
        browser.look(1280, scheme)
        assert browser.faults() == []
    loaded = browser.transfers()
    assert loaded and all(url.startswith(server.url) for url, _ in loaded)
    assert browser.messages() == []


#: What each figure does at the edge of its box: its width there, and its box's.
WIDTHS = """
    return [...document.querySelectorAll("figure.drawing")].map(figure => ({
        wordless: figure.classList.contains("wordless"),
        drawn: figure.querySelector("svg.figure").getBoundingClientRect().width,
        box: figure.querySelector(".drawn").clientWidth,
        says: !!figure.querySelector(".sideways")?.checkVisibility(),
        caption: figure.querySelector("figcaption").getBoundingClientRect().right,
        letters: Math.min(...[...figure.querySelectorAll("svg.figure text")]
            .map(text => text.getBoundingClientRect().height)),
    }));
"""


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("path", ["/figures", "/figure/world-map", "/sparql?query="])
def test_a_drawing_fits_or_says_that_it_is_wider(browser, server, path, width) -> None:
    if path.startswith("/sparql"):
        path += quote("SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type LIMIT 9")
    show(browser, f"{server.url}{path}", width, "light")
    browser.execute_script("document.querySelectorAll('.plate').forEach(each => each.open = true)")
    figures = browser.execute_script(WIDTHS)
    assert figures
    for each in figures:
        assert each["says"] == (each["drawn"] > each["box"] + 1), each
        assert each["caption"] <= width
        if each["wordless"]:
            assert each["drawn"] <= each["box"] + 1
        else:
            assert each["letters"] >= 9  # CSS pixels, with the room above and below


def test_the_gallery_is_short_and_its_contents_open_what_they_name(browser, server) -> None:
    show(browser, f"{server.url}/figures", 1280, "light")
    assert browser.execute_script("return document.documentElement.scrollHeight") < 5_000
    drawing = browser.find_element(By.CSS_SELECTOR, "#works-by-method .drawn")
    assert not drawing.is_displayed()
    summary = browser.find_element(By.CSS_SELECTOR, "#works-by-method > summary").text
    assert re.fullmatch(r"Works by method (.+ [\d,]+ · ){2}.+ [\d,]+ …", summary)
    browser.find_element(By.CSS_SELECTOR, "nav.index a[href='#works-by-method']").click()
    browser.wait_for(lambda _: drawing.is_displayed())


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
    assert [message for message in browser.messages() if "favicon.ico" not in message] == []


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
    assert browser.wait_for(
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
    assert browser.wait_for(
        expected_conditions.text_to_be_present_in_element((By.ID, "hits"), f"{number} of ")
    )


def test_the_choice_of_axes_is_a_plain_form(browser, server) -> None:
    show(browser, f"{server.url}/map?from=2015", 1280, "light")
    rows = browser.find_element(By.NAME, "y")
    rows.send_keys("Methods")
    browser.find_element(By.CSS_SELECTOR, "form.ask-works button").click()
    browser.wait_for(expected_conditions.url_contains("y=method"))
    assert "from=2015" in browser.current_url
    headings = browser.find_elements(By.CSS_SELECTOR, ".gaps tbody th")
    assert "Survey" in [heading.text for heading in headings]


def test_on_paper_nothing_is_cut_off_and_only_the_query_stands_in_a_form(browser, server) -> None:
    query = quote("SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type LIMIT 9")
    for path in ("/", "/works?q=upwork", "/map", f"/sparql?query={query}"):
        show(browser, f"{server.url}{path}", 720, "light")
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        forms = browser.find_elements(By.CSS_SELECTOR, "form, form button")
        shown = [form.get_attribute("class") for form in forms if form.is_displayed()]
        assert shown == (["ask"] if "sparql" in path else []), path
        if path == "/map":
            box = browser.find_element(By.CLASS_NAME, "gaps-scroll")
            assert box.get_property("scrollHeight") <= box.get_property("clientHeight") + 1
            assert box.get_property("scrollWidth") <= box.get_property("clientWidth") + 1
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
