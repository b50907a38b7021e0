"""The query page in Chromium: complete, run, correct, sort; by keyboard, without scripts."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

OO = "PREFIX oo: <https://w3id.org/oograph/ontology#>\n"
PLATFORMS = (
    f"{OO}SELECT ?platform (COUNT(*) AS ?works) {{ ?w oo:platform ?platform }} GROUP BY ?platform"
)


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


def address(server, query: str = "") -> str:
    asked = f"?{urlencode({'query': query, 'format': 'html'})}" if query else ""
    return f"{server.url}/sparql{asked}"


def content(browser):
    return browser.find_element(By.CLASS_NAME, "cm-content")


def query(browser) -> str:
    return str(browser.execute_script("return document.getElementById('query').value"))


def put(browser, text: str) -> None:
    """Write over all of the query at once."""
    content(browser).send_keys(Keys.CONTROL, "a")
    browser.execute_cdp_cmd("Input.insertText", {"text": text})


def texts(browser, selector: str) -> list[str]:
    """What elements say, read at once: the editor may draw them anew at any time."""
    script = "return [...document.querySelectorAll(arguments[0])].map(each => each.textContent)"
    return list(browser.execute_script(script, selector))


def options(browser) -> list[str]:
    return texts(browser, ".cm-tooltip-autocomplete .cm-completionLabel")


def complete(browser, typed: str, option: str) -> None:
    """Type, wait until an option is offered first, and take it."""
    content(browser).send_keys(typed)
    browser.wait_for(lambda _: options(browser)[:1] == [option])
    # a key that comes within 75 ms is not taken for the list: it may have been meant for the text
    time.sleep(0.2)
    content(browser).send_keys(Keys.ENTER)
    browser.wait_for(lambda _: not options(browser))


def test_a_beginner_completes_and_runs_a_query(browser, server) -> None:
    browser.messages(), browser.transfers()
    browser.get(address(server))
    put(browser, "SELECT * WHERE {\n  ?work a ")
    complete(browser, "Pub", "oo:Publication")
    complete(browser, " ; plat", "oo:platform")
    complete(browser, " upw", "Upwork")
    content(browser).send_keys(" }")
    assert query(browser) == (
        f"{OO}SELECT * WHERE {{\n  ?work a oo:Publication ; "
        "oo:platform <https://w3id.org/oograph/platform/upwork> }"
    )
    before = browser.find_element(By.TAG_NAME, "h1")
    content(browser).send_keys(Keys.CONTROL, Keys.ENTER)
    browser.wait_for(expected_conditions.staleness_of(before))
    assert len(browser.find_elements(By.CSS_SELECTOR, ".answer tbody tr")) == 3
    assert browser.messages() == []
    transfers = browser.transfers()
    assert transfers and all(url.startswith(f"{server.url}/") for url, _ in transfers)


@pytest.mark.parametrize("asked", ["SELECT * {", PLATFORMS])
def test_the_keyboard_reaches_an_answer_before_the_questions(browser, server, asked) -> None:
    browser.get(address(server, asked))
    for _ in range(2):
        browser.press(Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the answer"
    browser.press(Keys.ENTER)
    browser.press(Keys.TAB)
    focused = "return Boolean(document.activeElement.closest('.answer'))"
    assert browser.execute_script(focused)
    # they stand beside the editor where there is room, and last where there is not
    for width in (390, 1280):
        browser.look(width)
        top = "return document.querySelector(arguments[0]).getBoundingClientRect().top"
        answer, questions = (
            browser.execute_script(top, name) for name in (".answer", ".questions")
        )
        assert (answer < questions) == (width == 390)


def test_the_main_classes_are_offered_first(browser, server) -> None:
    browser.get(address(server))
    put(browser, "SELECT * WHERE {\n  ?thing a ")
    content(browser).send_keys(Keys.CONTROL, " ")
    browser.wait_for(lambda _: options(browser))
    assert options(browser)[:3] == ["oo:Publication", "oo:Platform", "oo:Country"]
    assert "oo:StatedField" not in options(browser)[:20]


def test_a_term_that_no_statement_has_is_corrected_by_a_click(browser, server) -> None:
    browser.get(address(server, f"{OO}SELECT * {{ ?work oo:platfrom ?platform }}"))
    note = browser.find_element(By.CSS_SELECTOR, ".answer .note")
    assert note.text == "oo:platfrom is not in this release; did you mean oo:platform?"
    browser.follow(".answer .note a")
    assert "oo:platform ?platform" in query(browser)
    assert texts(browser, ".answer .note") == []
    assert browser.find_elements(By.CSS_SELECTOR, ".answer tbody tr")


def test_what_is_offered_depends_on_the_place(browser, server) -> None:
    browser.get(address(server))
    # the properties that things of this class have come first, with how many have them
    put(browser, f"{OO}SELECT * {{ ?w oo:platform ?p . ?p ")
    content(browser).send_keys(Keys.CONTROL, " ")
    browser.wait_for(lambda _: len(options(browser)) > 3)
    assert texts(browser, "completion-section")[0] == "of oo:Platform"
    assert "skos:prefLabel" in options(browser)[:4]
    # after "<" everything is part of a name, and only what the property leads to is offered
    put(browser, f"{OO}SELECT * {{ ?w oo:platform ")
    complete(browser, "<amazon mech", "Amazon Mechanical Turk")
    assert query(browser).endswith("<https://w3id.org/oograph/platform/amazon-mechanical-turk>")
    put(browser, "PREFIX ")
    complete(browser, "sko", "skos:")
    assert query(browser) == "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    put(browser, "SELECT ?publication { ")
    complete(browser, "?pub", "?publication")
    # nothing in a comment or a string
    put(browser, "# ")
    content(browser).send_keys("platform", Keys.CONTROL, " ")
    put(browser, 'SELECT * { ?x ?y "')
    content(browser).send_keys("upw", Keys.CONTROL, " ")
    assert options(browser) == []


def test_a_prefix_goes_below_the_comments_and_the_other_prefixes(browser, server) -> None:
    browser.get(address(server))
    put(browser, "# Titles\nSELECT * { ?w ")
    complete(browser, "dcterms:tit", "dcterms:title")
    assert query(browser).startswith(
        "# Titles\nPREFIX dcterms: <http://purl.org/dc/terms/>\nSELECT"
    )
    put(browser, f"# Titles\n{OO}\nSELECT * {{ ?w oo:year ?y ; ")
    complete(browser, "dcterms:tit", "dcterms:title")
    assert query(browser).splitlines()[1:4] == [
        OO.strip(),
        "PREFIX dcterms: <http://purl.org/dc/terms/>",
        "",
    ]


def underlined(browser) -> list[str]:
    return texts(browser, ".cm-lintRange-error")


def test_an_error_is_underlined_where_it_is(browser, server) -> None:
    browser.get(address(server, 'SELECT * {\n  ?wörk a "😀" , nothing .\n}'))
    browser.wait_for(lambda _: underlined(browser) == ["nothing"])
    assert "line 2, column 24" in browser.find_element(By.CLASS_NAME, "fault").text
    # it is gone when the query is another
    put(browser, "ASK {}")
    browser.wait_for(lambda _: underlined(browser) == [])


def test_a_missing_prefix_is_added_by_a_click(browser, server) -> None:
    browser.get(address(server))
    put(browser, "SELECT * { ?w oo:year ?year ; nobody:knows ?x } # foaf:name\n")
    browser.wait_for(lambda _: underlined(browser) == ["oo:year", "nobody:knows"])
    mark, button = (By.CLASS_NAME, "cm-lintRange-error"), (By.CLASS_NAME, "cm-diagnosticAction")
    steadily = WebDriverWait(browser, 60, ignored_exceptions=[StaleElementReferenceException])

    def point(_: object) -> bool:
        ActionChains(browser).move_to_element(browser.find_element(*mark)).perform()
        return True

    steadily.until(point)
    steadily.until(lambda _: browser.find_element(*button).click() or True)
    assert query(browser).startswith(OO)
    browser.wait_for(lambda _: underlined(browser) == ["nobody:knows"])


def test_the_editor_is_left_by_keyboard(browser, server) -> None:
    browser.get(address(server))
    content(browser).send_keys(Keys.END, Keys.TAB)
    assert browser.switch_to.active_element == content(browser)
    content(browser).send_keys(Keys.ESCAPE)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("id") == "format"
    assert "Escape, then Tab leaves" in browser.find_element(By.ID, "keys").text
    assert content(browser).get_attribute("aria-label") == "Query"
    browser.find_element(By.CSS_SELECTOR, "label[for=query]").click()
    assert browser.switch_to.active_element == content(browser)


def test_questions_are_filtered(browser, server) -> None:
    browser.get(address(server))
    links = ".groups li:not([hidden]) a"
    every = len(browser.find_elements(By.CSS_SELECTOR, links))
    box = browser.find_element(By.ID, "filter")
    box.send_keys("platform stud")
    shown = [each.text for each in browser.find_elements(By.CSS_SELECTOR, links)]
    assert "How many publications study each platform in each country?" in shown
    assert 0 < len(shown) < every
    status = browser.find_element(By.CSS_SELECTOR, ".questions [role=status]")
    assert status.text == f"{len(shown)} questions"
    box.send_keys(" nothing")
    assert status.text == "No question contains these words."
    box.send_keys(Keys.CONTROL, "a", Keys.DELETE)
    assert len(browser.find_elements(By.CSS_SELECTOR, links)) == every
    before = browser.find_element(By.TAG_NAME, "h1")
    browser.find_element(By.LINK_TEXT, "Which platforms are studied most?").click()
    browser.wait_for(expected_conditions.staleness_of(before))
    assert browser.find_elements(By.CSS_SELECTOR, ".answer tbody tr")


def column(browser, number: int) -> list[str]:
    cells = browser.find_elements(By.CSS_SELECTOR, f".answer tbody td:nth-child({number})")
    return [each.text for each in cells]


def test_rows_are_sorted_by_a_column(browser, server) -> None:
    values = "('b' 9) ('ä' 10) ('c' UNDEF) ('A10' 1) ('A9' -5)"
    browser.get(address(server, f"SELECT ?x ?n {{ VALUES (?x ?n) {{ {values} }} }}"))
    name, number = browser.find_elements(By.CSS_SELECTOR, "th button")
    number.click()
    assert column(browser, 2) == ["-5", "1", "9", "10", ""]
    number.click()
    assert column(browser, 2) == ["10", "9", "1", "-5", ""]
    name.click()
    assert column(browser, 1) == ["ä", "A9", "A10", "b", "c"]
    headings = browser.find_elements(By.CSS_SELECTOR, "th")
    assert [each.get_attribute("aria-sort") for each in headings] == ["ascending", None]


@pytest.mark.parametrize("form", ["csv", "json", "tsv", "xml"])
def test_an_answer_is_saved_under_a_name(
    browser, server, small_release, eventually, tmp_path, form
) -> None:
    behaviour = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", behaviour)
    browser.get(address(server, f"# Works by platform\n{PLATFORMS}"))
    browser.find_element(By.LINK_TEXT, form.upper()).click()
    file = tmp_path / f"oograph-works-by-platform-{small_release.version}.{form}"
    eventually(file.is_file, f"{file.name} was not saved")


def test_without_scripts_the_text_box_and_everything_drawn_is_there(browser, server) -> None:
    browser.use_scripts(False)
    try:
        browser.get(address(server))
        box = browser.find_element(By.ID, "query")
        box.clear()
        box.send_keys(PLATFORMS)
        browser.find_element(By.CSS_SELECTOR, ".ask button").click()
        browser.wait_for(expected_conditions.staleness_of(box))
        assert browser.find_element(By.LINK_TEXT, "Upwork").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, "svg.figure").is_displayed()
        assert len(browser.find_elements(By.CSS_SELECTOR, ".groups li a")) == 32
        assert not browser.find_element(By.ID, "keys").is_displayed()
        assert not browser.find_element(By.ID, "filter").is_displayed()
        assert texts(browser, "th button") == []
    finally:
        browser.use_scripts(True)


PAGES = {
    "start": "",
    "bars": PLATFORMS,
    "map": "PREFIX dcterms: <http://purl.org/dc/terms/>\n"
    "SELECT ?c (COUNT(*) AS ?works) { ?w dcterms:spatial ?c } GROUP BY ?c",
    "verdict": "ASK {}",
    "graph": "DESCRIBE <https://w3id.org/oograph/platform/upwork>",
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_has_nothing_to_say_at_any_width(browser, server, name) -> None:
    browser.messages()
    for width, scheme in ((320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
        browser.look(width, scheme)
        browser.get(address(server, PAGES[name]))
        assert content(browser).is_displayed()
        if name == "start":  # with what is offered, and what is wrong
            put(browser, "SELECT * { ?w oo:year ?y . ?w pla")
            content(browser).send_keys("t")
            browser.wait_for(lambda _: options(browser) and underlined(browser))
        assert browser.page_width <= width
        assert browser.faults() == [], f"{width} {scheme}"
    assert browser.messages() == []
    browser.look(1280)


def test_only_styles_with_the_nonce_of_the_page_are_applied(browser, server) -> None:
    browser.get(address(server))
    policies = {server("/sparql", "text/html").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2  # another nonce each time
    assert all("unsafe" not in policy and "'nonce-" in policy for policy in policies)
    assert "nonce" not in server("/", "text/html").headers["Content-Security-Policy"]
    color = browser.execute_script("""
        const style = document.createElement("style");
        style.textContent = "h1 { color: rgb(1, 2, 3) }";
        document.head.append(style);
        return getComputedStyle(document.querySelector("h1")).color;
    """)
    assert color != "rgb(1, 2, 3)"
    assert "violates the following Content Security Policy" in str(browser.messages())
