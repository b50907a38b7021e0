"""The pages in Chromium: what a person sees and can do."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions


def test_from_home_to_a_platform_to_a_publication_to_an_author(browser, server) -> None:
    browser.get(f"{server.url}/")
    browser.find_element(By.CSS_SELECTOR, "section[aria-labelledby=top-platform] li a").click()
    assert browser.arrived_at("Upwork")
    assert browser.current_url == f"{server.url}/platform/upwork.html"
    browser.find_element(By.PARTIAL_LINK_TEXT, "pennies").click()
    assert browser.arrived_at('Clicks for "pennies" </script><b>&')
    authors = browser.find_element(By.CLASS_NAME, "authors")
    assert authors.text == "Jane Doe, Ada Roe"
    authors.find_element(By.LINK_TEXT, "Ada Roe").click()
    assert browser.arrived_at("Ada Roe")


def test_search(browser, server) -> None:
    browser.get(f"{server.url}/")
    box = browser.find_element(By.ID, "q")
    box.send_keys("freelancers")
    box.submit()
    browser.wait_for(expected_conditions.staleness_of(box))
    browser.find_element(By.LINK_TEXT, "Freelancers of Upwork").click()
    assert browser.arrived_at("Freelancers of Upwork")


def ask(browser, server, query: str) -> None:
    browser.get(f"{server.url}/sparql")
    browser.find_element(By.CLASS_NAME, "cm-content").send_keys(Keys.CONTROL, "a")
    browser.execute_cdp_cmd("Input.insertText", {"text": query})
    browser.find_element(By.CSS_SELECTOR, ".ask button").click()


def test_a_query_gives_a_table(browser, server) -> None:
    ask(
        browser,
        server,
        "SELECT * { ?work <https://w3id.org/oograph/ontology#year> ?year } ORDER BY ?year",
    )
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
    assert [row.find_elements(By.TAG_NAME, "td")[1].text for row in rows] == ["2018", "2020"]
    # What was asked is still there, and our things are linked within the site.
    assert "ontology#year" in browser.find_element(By.ID, "query").get_attribute("value")
    rows[0].find_element(By.TAG_NAME, "a").click()
    assert browser.arrived_at("Freelancers of Upwork")


def test_a_wrong_query_is_shown_with_a_caret(browser, server) -> None:
    ask(browser, server, "SELECT * { ?s a oo:Person }")
    fault = browser.find_element(By.CLASS_NAME, "fault")
    assert "line 1, column" in fault.text
    assert "^" in fault.find_element(By.TAG_NAME, "pre").text
    assert "PREFIX oo: <https://w3id.org/oograph/ontology#>" in fault.text


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_the_other_forms_of_query(browser, server, query) -> None:
    ask(browser, server, query)
    answer = browser.find_element(By.CSS_SELECTOR, "section[aria-labelledby=result]").text
    assert ("Yes" if query.startswith("ASK") else "@prefix") in answer


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        "/publication/doe-2020-clicks.html",
        "/dumps/",
        "/ontology.html",
        "/shapes.html",
        "/report",
        "/fragments",
        "/map",
        "/lookup",
        "/status",
        "/about",
        "/catalog",
        "/works",
        "/nothing",
    ],
)
def test_no_page_is_wider_than_its_window(browser, server, path, width) -> None:
    browser.look(width)
    browser.get(f"{server.url}{path}")
    assert browser.page_width <= width
    beyond = browser.execute_script(
        """const [main] = document.getElementsByTagName("main");
        const edge = main.getBoundingClientRect().right
            - parseFloat(getComputedStyle(main).paddingRight);
        return [...main.querySelectorAll("select, input, textarea, button, dd")]
            .filter(each => !each.closest(".scroll"))
            .filter(each => each.getBoundingClientRect().right > edge + 1)
            .map(each => each.outerHTML);"""
    )
    assert beyond == []


@pytest.mark.parametrize(
    "path", ["/ontology.html", "/platform/upwork.html", "/person/ada-roe.html"]
)
def test_on_a_small_screen_a_description_has_the_whole_line(browser, server, path) -> None:
    browser.look(320)
    browser.get(f"{server.url}{path}")
    main, value = (
        browser.find_element(By.CSS_SELECTOR, selector).rect["width"]
        for selector in ("main", ".statements dd")
    )
    assert value > 0.8 * main


@pytest.mark.parametrize("path", ["/fragments", "/dumps/"])
def test_on_a_small_screen_no_cell_is_beyond_the_edge(browser, server, path) -> None:
    browser.look(320)
    browser.get(f"{server.url}{path}")
    wide = browser.execute_script(
        """for (const each of document.querySelectorAll("details")) each.open = true;
        return [...document.querySelectorAll(".scroll")]
            .filter(each => each.scrollWidth > each.clientWidth + 1)
            .map(each => each.getAttribute("aria-label"));"""
    )
    assert wide == []


@pytest.mark.parametrize("width", [320, 1200])
def test_a_triple_and_its_links_take_no_line_of_their_own(browser, server, width) -> None:
    browser.look(width)
    browser.get(f"{server.url}/fragments?predicate=http://purl.org/dc/terms/isPartOf")
    heights = browser.execute_script(
        """return [...document.querySelectorAll(".triples td a:first-child")].map(link => {
            const [line] = [...link.getClientRects()].slice(-1);
            const out = link.nextElementSibling.getBoundingClientRect();
            return Math.round(Math.abs(line.top + line.height / 2 - out.top - out.height / 2));
        });"""
    )
    assert heights
    assert max(heights) < 8


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/browse", "/platform/upwork.html"])
def test_numbers_of_a_large_release_have_room(browser, server, path, width) -> None:
    """Each on one line, and none beyond its box."""
    browser.look(width)
    browser.get(f"{server.url}{path}")
    cramped = browser.execute_script("""
        const numbers = [...document.querySelectorAll(".bars .number, .numbers b")];
        const count = each => each.lastChild.textContent = " 100,000";
        numbers.forEach(count);
        const lines = node => {
            const range = document.createRange();
            range.selectNodeContents(node);
            const all = [...range.getClientRects()];
            return new Set(all.map(each => Math.round(each.bottom))).size;
        };
        const cramped = numbers.filter(
            each => each.scrollWidth > each.clientWidth + 1 || lines(each.lastChild) > 1
        );
        return [numbers.length, cramped.map(each => each.outerHTML)];
    """)
    assert cramped[0] and cramped[1] == []


def test_the_style_is_applied_and_nothing_is_refused(browser, server) -> None:
    browser.messages()
    for path in ("/", "/browse", "/publication/doe-2020-clicks.html", "/sparql", "/ontology.html"):
        browser.get(f"{server.url}{path}")
        shown = browser.find_element(By.CLASS_NAME, "brand").value_of_css_property("font-weight")
        assert shown == "700"
    assert browser.messages() == []


def test_the_skip_link_is_the_first_thing_focused(browser, server) -> None:
    browser.get(f"{server.url}/")
    browser.find_element(By.TAG_NAME, "body").send_keys("\t")
    assert browser.switch_to.active_element.text == "Skip to content"


def test_words_in_the_table_of_a_shape_are_whole(browser, server) -> None:
    browser.get(f"{server.url}/shapes.html")
    lines = browser.execute_script("""
        const cells = document.querySelectorAll(".checks td:nth-child(4), .checks small");
        return [...cells].map(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return [cell.textContent, range.getClientRects().length];
        });
    """)
    assert lines
    assert [text for text, number in lines if number > 1] == []
