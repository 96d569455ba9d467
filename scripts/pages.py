"""Checks a report page in a browser. Called by scripts/pages: BROWSER PAGE."""

import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

faults = []


def check(holds, what):
    print(("ok    " if holds else "FAULT ") + what)
    if not holds:
        faults.append(what)


def axe(page, what):
    found = Axe().run(page).response["violations"]
    for violation in found:
        for node in violation["nodes"][:3]:
            print("      ", violation["id"], violation["impact"], node["html"][:160])
    check(not found, f"no accessibility violation: {what}")


def first_key(page):
    return page.locator("#list tbody tr").first.locator("th").inner_text()


def tab_to(page, selector):
    """Presses Tab until the element has the focus; whether it got it."""
    for _ in range(60):
        if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
            return True
        page.keyboard.press("Tab")
    return False


def looks(browser, url):
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            requests, said = [], []
            page.on("request", lambda request: requests.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(url)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            name = f"{scheme}, {width} px"
            axe(page, name)
            wide = page.evaluate("document.documentElement.scrollWidth")
            check(wide <= width, f"no sideways scroll: {name}")
            check(requests == [url], f"no request but the page: {name}")
            check(not said, f"nothing on the console: {name} {said[:2]}")
            context.close()


def works(browser, url):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(url)
    if not page.locator("#list").count():
        print("ok    the page lists nobody")
        return
    rows = page.locator("#list tbody tr").count()
    check(0 < rows <= 50, f"{rows} customers on the first page")
    top = first_key(page)

    page.locator("#list th[data-sort=key] button").focus()
    page.keyboard.press("Enter")
    heads = page.locator("#list th[aria-sort]")
    check(heads.count() == 1 and heads.get_attribute("data-sort") == "key", "one header says how it is sorted")
    keys = page.locator("#list tbody tr th").all_inner_texts()
    # Keys that are numbers stand in the order of numbers.
    in_order = page.evaluate(
        "keys => keys.slice().sort(new Intl.Collator('en', { numeric: true }).compare)", keys
    )
    check(keys == in_order, "sorted by customer")
    page.locator("#list th[data-sort=rank] button").focus()
    page.keyboard.press("Enter")
    check(first_key(page) == top, "sorted back by rank")

    page.keyboard.press("/")
    check(page.evaluate("document.activeElement.id") == "find", "/ goes to the search")
    page.keyboard.type(top)
    page.wait_for_timeout(800)
    found = page.locator("#list tbody tr").count()
    check(found >= 1 and first_key(page) == top, f"the search finds the customer ({found} match)")
    check("match" in page.locator("#status").inner_text(), "the search is announced")

    check(tab_to(page, "#list tbody button"), "Tab reaches the customer")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    check(dialog.count() == 1 and top in dialog.inner_text(), "Enter opens the customer's panel")
    axe(page, "the customer's panel")
    page.keyboard.press("Escape")
    check(page.locator("dialog[open]").count() == 0, "Escape closes it")
    check(page.evaluate("document.activeElement.textContent") == top, "the focus is back on the customer")


def without_script(browser, url):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(url)
    rows = page.locator("#list tbody tr").count()
    total = page.locator("#list").count()
    check(not total or 0 < rows <= 50, f"without scripts: {rows} customers stand in the page")
    check(page.locator(".only-script:visible").count() == 0, "without scripts: no control that would do nothing")


def main():
    browser_path, file = sys.argv[1], pathlib.Path(sys.argv[2])
    url = file.as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        looks(browser, url)
        works(browser, url)
        without_script(browser, url)
        browser.close()
    print(f"pages: {len(faults)} faults" if faults else "pages: all hold")
    sys.exit(1 if faults else 0)


main()
