"""What people come for, in Chromium: find, filter, cite, take along; by mouse, by keyboard alone,
with scripts and without."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote_plus
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support import expected_conditions

from oograph.cli import main
from oograph.graph.catalogue import Catalogue


@pytest.fixture(scope="module")
def server(start_server, small_release):
    with start_server(small_release.folder, contact="mailto:desk@example.org") as running:
        yield running


@pytest.fixture(autouse=True)
def desk(browser):
    """Each journey begins at a desk, whatever was looked at before."""
    browser.look(1200)


def shown(browser: WebDriver) -> list[str]:
    """The titles of the works on the page."""
    return [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".works .title")]


def test_a_researcher_finds_filters_and_takes_the_works_along(visitor, server, tmp_path) -> None:
    visitor.get(f"{server.url}/")
    box = visitor.find_element(By.ID, "q")
    box.send_keys("online")
    box.submit()
    visitor.wait_for(expected_conditions.staleness_of(box))
    everything = shown(visitor)
    visitor.follow('.value a[href*="country=asia"]')
    in_asia = shown(visitor)
    assert in_asia and set(in_asia) < set(everything)
    for form, ending in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"), ("CSV", "csv")):
        address = visitor.find_element(By.LINK_TEXT, form).get_attribute("href")
        file = tmp_path / f"works.{ending}"
        file.write_bytes(server(address.removeprefix(server.url)).body)
        # what was taken along is the same works in somebody else's catalogue
        catalogue = tmp_path / form
        done = CliRunner().invoke(main, ["import", str(file), "--catalogue", str(catalogue)])
        assert done.exit_code == 0, done.output
        titles = [record.title for record in Catalogue.read(catalogue).works]
        assert sorted(titles) == sorted(in_asia)
    # a filter is taken out as it was put in
    visitor.follow(".chips .chip")
    assert shown(visitor) == everything


@dataclass(frozen=True)
class Site:
    folder: Path
    url: str


@pytest.fixture
def another_site(tmp_path: Path) -> Iterator[Site]:
    """Somebody else's pages: what is in the folder, at an origin of its own."""
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        thread = Thread(target=site.serve_forever)
        thread.start()
        yield Site(tmp_path, f"http://127.0.0.1:{site.server_port}/")
        site.shutdown()
        thread.join()


def test_an_analyst_takes_a_figure(visitor, server, another_site) -> None:
    visitor.get(f"{server.url}/works?platform=upwork")
    number = int(visitor.find_element(By.ID, "hits").text.partition(" ")[0])
    visitor.find_element(By.LINK_TEXT, "See figures").click()
    visitor.arrived_at("Figures")
    visitor.follow("#works-per-year h2 a")
    visitor.arrived_at("Works per year")
    taken = {}
    for form in ("SVG", "PNG", "CSV"):
        link = visitor.find_element(By.PARTIAL_LINK_TEXT, form).get_attribute("href")
        assert "platform=upwork" in link
        taken[form] = server(link.removeprefix(server.url)).body
    assert ElementTree.fromstring(taken["SVG"]).tag == "{http://www.w3.org/2000/svg}svg"
    assert taken["PNG"].startswith(b"\x89PNG\r\n")
    rows = list(csv.DictReader(io.StringIO(taken["CSV"].decode())))
    assert sum(int(row["works"]) for row in rows) == number
    # and what the page says to write into another page is drawn there
    [written] = [
        each.text
        for each in visitor.find_elements(By.TAG_NAME, "code")
        if each.text.startswith("<img")
    ]
    (another_site.folder / "index.html").write_text(written)
    visitor.get(another_site.url)
    drawn = visitor.find_element(By.TAG_NAME, "img")
    visitor.wait_for(lambda _: int(drawn.get_property("naturalWidth")) > 100)
    assert drawn.get_attribute("alt").startswith("Works per year")


def test_a_beginner_completes_and_runs_a_query(visitor, server) -> None:
    visitor.get(f"{server.url}/sparql")
    example = visitor.find_element(By.CSS_SELECTOR, 'main a[href*="format=html"][href*="query="]')
    query = unquote_plus(example.get_attribute("href").partition("query=")[2].partition("&")[0])
    example.click()
    visitor.wait_for(expected_conditions.presence_of_element_located((By.ID, "result")))
    box = visitor.find_element(By.NAME, "query")
    assert box.get_property("value").strip() == query.strip()
    assert visitor.find_elements(By.CSS_SELECTOR, "section table tbody tr")


def test_somebody_cites_a_list_and_a_work(visitor, server, request) -> None:
    has_scripts = "no scripts" not in request.node.name
    visitor.get(f"{server.url}/works?country=southern-asia&from=2015")
    reference = visitor.find_element(By.ID, "reference").text
    assert "Southern Asia" in reference and "2015" in reference
    address = reference.rpartition(" ")[2]
    copy = visitor.find_element(By.CSS_SELECTOR, "button.copy")
    assert copy.is_displayed() is has_scripts
    titles = shown(visitor)
    visitor.get(address)
    assert shown(visitor) == titles
    visitor.follow(".works .title")
    for style in ("apa", "chicago", "harvard"):
        assert "Heeks" in visitor.find_element(By.ID, f"reference-{style}").text
    report = visitor.find_element(By.PARTIAL_LINK_TEXT, "Report a mistake").get_attribute("href")
    assert report.startswith("mailto:desk@example.org?subject=Mistake%20in%20heeks-")


def test_from_home_to_a_record_by_keyboard_alone(visitor, server) -> None:
    visitor.get(f"{server.url}/")
    visitor.tab_to(lambda element: element.get_attribute("id") == "q", most=12)
    visitor.press(*"pakistan", Keys.ENTER)
    visitor.wait_for(expected_conditions.url_contains("q=pakistan"))
    [title] = shown(visitor)
    # the filters are skipped in one step
    visitor.tab_to(lambda element: element.text == "Skip filters", most=30)
    visitor.press(Keys.ENTER)
    visitor.tab_to(lambda element: element.text == title, most=5)
    visitor.press(Keys.ENTER)
    visitor.wait_for(expected_conditions.url_contains("/publication/"))
    assert visitor.arrived_at(title)


@pytest.fixture
def box(browser, server):
    """The search box of the home page, where suggestions are shown under what is typed."""
    browser.get(f"{server.url}/")
    return browser.find_element(By.ID, "q")


def suggested(browser) -> list[str]:
    """The suggestions, once there are some, by their first line."""
    options = (By.CSS_SELECTOR, "#q-suggestions:not([hidden]) [role=option]")
    visible = browser.wait_for(expected_conditions.visibility_of_any_elements_located(options))
    return [each.find_element(By.TAG_NAME, "span").text for each in visible]


def chosen(browser, box) -> str:
    """The suggestion that the box says is active, as assistive technology hears it."""
    active = box.get_attribute("aria-activedescendant")
    return browser.find_element(By.ID, active).accessible_name if active else ""


def test_a_suggestion_is_chosen_by_keyboard(browser, server, box) -> None:
    assert (box.aria_role, box.get_attribute("aria-expanded")) == ("combobox", "false")
    box.send_keys("odesk")
    assert suggested(browser) == ["Upwork", "What workers earn on oDesk"]
    assert box.get_attribute("aria-expanded") == "true"
    assert chosen(browser, box) == ""
    box.send_keys(Keys.DOWN)
    assert chosen(browser, box).startswith("Upwork oDesk, ")
    box.send_keys(Keys.UP)
    assert chosen(browser, box) == ""
    box.send_keys(Keys.UP)
    assert chosen(browser, box).startswith("What workers earn on oDesk")
    box.send_keys(Keys.DOWN, Keys.DOWN, Keys.ENTER)
    assert browser.arrived_at("Upwork")


def test_a_suggestion_is_chosen_by_mouse(browser, box) -> None:
    box.send_keys("pakis")
    suggested(browser)
    browser.follow("#q-suggestions [role=option]")
    assert browser.arrived_at("Pakistan")


def test_enter_without_a_choice_searches(browser, box) -> None:
    box.send_keys("upw")
    suggested(browser)
    box.send_keys(Keys.ENTER)
    browser.wait_for(expected_conditions.url_contains("/works?q=upw"))


def test_escape_closes_the_suggestions_and_leaves_the_words(browser, box) -> None:
    box.send_keys("upw")
    suggested(browser)
    box.send_keys(Keys.DOWN, Keys.ESCAPE)
    assert not browser.find_element(By.ID, "q-suggestions").is_displayed()
    assert (box.get_attribute("value"), chosen(browser, box)) == ("upw", "")
    # the arrow opens them again, at the first
    box.send_keys(Keys.DOWN)
    browser.wait_for(lambda _: chosen(browser, box).startswith("Upwork"))
    box.send_keys(Keys.TAB)
    assert not browser.find_element(By.ID, "q-suggestions").is_displayed()


def test_words_that_name_nothing_close_the_suggestions(browser, box) -> None:
    box.send_keys("upw")
    suggested(browser)
    box.send_keys("xyzq")
    browser.wait_for(expected_conditions.invisibility_of_element_located((By.ID, "q-suggestions")))
    assert box.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
@pytest.mark.parametrize("place", ["/#q", "/works#q", "/about#find"])
def test_suggestions_move_nothing_and_fit(browser, server, place, width, scheme) -> None:
    path, _, id = place.partition("#")
    browser.messages(), browser.transfers()
    browser.look(width, scheme)
    browser.get(f"{server.url}{path}")
    height = browser.execute_script("return document.querySelector('main').offsetHeight")
    box = browser.find_element(By.ID, id)
    box.send_keys("on", Keys.DOWN)
    browser.wait_for(lambda _: chosen(browser, box))
    assert browser.page_width <= width
    assert browser.execute_script("return document.querySelector('main').offsetHeight") == height
    assert browser.faults() == []
    assert browser.messages() == []
    transfers = browser.transfers()
    assert all(url.startswith(f"{server.url}/") for url, _ in transfers)
    [suggestions] = [size for url, size in transfers if "/suggest?" in url]
    assert suggestions < 2_500


def test_each_work_says_why_it_was_found(browser, server) -> None:
    browser.get(f"{server.url}/works?q=heeks+asia")
    why = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".why")]
    assert "Author: Heeks, Richard" in why[0]
    assert any("Country or region: Southern Asia (Pakistan) stated" in each for each in why)
    marked = {each.text for each in browser.find_elements(By.TAG_NAME, "mark")}
    assert {"Heeks", "Asia"} <= marked


def test_a_reference_is_copied_as_it_stands(browser, server) -> None:
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": server.url},
    )
    browser.get(f"{server.url}/publication/heeks-2018-home-based-work.html")
    browser.find_element(By.CSS_SELECTOR, "[data-copy=reference-apa]").click()
    browser.wait_for(
        expected_conditions.text_to_be_present_in_element(
            (By.CSS_SELECTOR, "[data-copy=reference-apa]"), "Copied"
        )
    )
    copied = browser.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.readText().then(done)"
    )
    assert copied == browser.find_element(By.ID, "reference-apa").text


def test_on_a_phone_the_filters_are_folded_above_the_works(browser, server) -> None:
    browser.look(390)
    browser.get(f"{server.url}/works")
    link = browser.find_element(By.CSS_SELECTOR, '.value a[href*="country=asia"]')
    assert not link.is_displayed()
    summary = browser.find_element(By.CSS_SELECTOR, ".filters > summary")
    assert summary.location["y"] < browser.find_element(By.ID, "hits").location["y"]
    summary.click()
    assert link.is_displayed()


def test_a_broader_concept_counts_the_works_of_its_narrower_ones(browser, server) -> None:
    browser.get(f"{server.url}/country/southern-asia.html")
    assert browser.find_element(By.ID, "years").text.startswith("3 works")
    text = browser.find_element(By.TAG_NAME, "main").text
    assert "India" in text and "Pakistan" in text
    for jargon in ("Linked from", "top concept of", "in scheme"):
        assert jargon not in text


def test_foreign_names_say_their_language(browser, server) -> None:
    browser.get(f"{server.url}/method/qualitative-research.html")
    languages = {
        each.get_attribute("lang") for each in browser.find_elements(By.CSS_SELECTOR, "main [lang]")
    }
    assert {"de", "es", "fr"} <= languages
