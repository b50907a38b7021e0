"""Lists, filters and profiles in Chromium."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


@pytest.mark.parametrize("width", [390, 1280])
def test_the_filters_that_people_use_come_first_and_open(browser, server, width) -> None:
    browser.look(width)
    browser.get(f"{server.url}/works")
    if width == 390:
        browser.find_element(By.CSS_SELECTOR, ".filters > summary").click()
    groups = browser.find_elements(By.CSS_SELECTOR, ".filters > details")
    names = [
        group.find_element(By.TAG_NAME, "summary").get_property("textContent") for group in groups
    ]
    assert names[:5] == ["Years", "Platforms", "Countries and regions", "Topics", "Methods"]
    assert [bool(group.get_attribute("open")) for group in groups] == [
        place < 5 for place in range(len(groups))
    ]
    years = browser.find_element(By.CSS_SELECTOR, "aside .years")
    assert 0 < years.rect["y"] < groups[1].rect["y"]


def test_a_letter_leads_to_its_heading(browser, server) -> None:
    browser.look(1280)
    browser.get(f"{server.url}/browse?class=person")
    letter = browser.find_element(By.CSS_SELECTOR, ".letters a:last-child")
    text = letter.text
    letter.click()
    target = browser.execute_script("return document.querySelector(':target')")
    assert (target.tag_name, target.text) == ("h2", text)


def test_a_page_of_triples_is_short_until_more_is_asked_for(browser, server) -> None:
    browser.look(390)
    browser.get(f"{server.url}/fragments")
    assert browser.execute_script("return document.documentElement.scrollHeight") < 6_000
    more = browser.find_element(By.CSS_SELECTOR, "main details > summary")
    assert more.text == "75 more on this page"
    more.click()
    rows = browser.find_elements(By.CSS_SELECTOR, ".triples tbody tr")
    assert len(rows) == 100
    assert all(row.is_displayed() for row in rows)


@pytest.mark.parametrize("path", ["/dumps/", "/status", "/figures"])
def test_a_wide_screen_is_used(browser, server, path) -> None:
    browser.look(1280)
    browser.get(f"{server.url}{path}")
    share = browser.execute_script("""
        const [main] = document.getElementsByTagName("main");
        const frame = main.getBoundingClientRect();
        const tables = [...main.querySelectorAll("table, .beside, .sheet > section")];
        const right = Math.max(...tables.map(each => each.getBoundingClientRect().right));
        return (right - frame.left) / frame.width;
    """)
    assert share > 0.95


def test_a_page_amid_others_fits_a_phone_with_large_text(browser, shipped_server) -> None:
    browser.look(390)
    browser.get(f"{shipped_server.url}/works?page=3")
    assert browser.find_elements(By.CSS_SELECTOR, ".pages [rel=next], .pages [rel=prev]")
    browser.execute_script("document.documentElement.style.fontSize = '200%'")
    assert browser.page_width <= 390


def test_a_search_shows_the_best_matches_first_wherever_it_begins(browser, server) -> None:
    browser.look(1280)
    for path, field in (("/works", "q"), ("/about", "find")):
        browser.get(f"{server.url}{path}")
        browser.find_element(By.ID, field).send_keys("online", Keys.ENTER)
        browser.wait_for(lambda driver: "q=online" in driver.current_url)
        chosen = browser.find_element(By.CSS_SELECTOR, "[name=sort] option:checked")
        assert chosen.text == "Best match", path
    # an order that is chosen stays
    browser.get(f"{server.url}/works?sort=title")
    browser.find_element(By.ID, "q").send_keys("online", Keys.ENTER)
    browser.wait_for(lambda driver: "q=online" in driver.current_url)
    assert browser.find_element(By.CSS_SELECTOR, "[name=sort] option:checked").text == "Title"
