"""Journeys through the app in a real browser, and an accessibility check of every page.

    python journeys.py PROGRAM AXE_JS SHOTS_FOLDER

Starts the program on a corpus of its own, walks through it with and without script, with the
keyboard alone and at the width of a phone, and has axe look at every page, light and dark.
Screenshots of all pages are left for people to look at.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

PROGRAM, AXE, SHOTS = (pathlib.Path(arg).resolve() for arg in sys.argv[1:4])
HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[3] / "examples"
STORY = (EXAMPLES / "border-arrests.txt").read_text()
DESKTOP, PHONE = (1280, 1000), (390, 844)


def browser(script=True):
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-prefers-reduced-motion"):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    if not script:
        blocked = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", blocked)
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_window_size(*DESKTOP)
    return driver


def look(driver, size, dark):
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def find(driver, selector):
    try:
        return WebDriverWait(driver, 20).until(lambda d: d.find_element(By.CSS_SELECTOR, selector))
    except TimeoutException:
        text = driver.find_element(By.TAG_NAME, "body").text
        raise AssertionError(f"no {selector} at {driver.current_url}: {text[:400]}") from None


def says(driver, selector, pattern):
    """Waits for words: right after a click the page before it may still be there."""
    seen = ""

    def is_said(d):
        nonlocal seen
        found = d.find_elements(By.CSS_SELECTOR, selector)
        seen = found[0].text if found else ""
        return re.search(pattern, seen)

    wait = WebDriverWait(driver, 20, ignored_exceptions=[StaleElementReferenceException])
    try:
        return wait.until(is_said)
    except TimeoutException:
        raise AssertionError(f"no '{pattern}' in {selector} at {driver.current_url}: {seen[:400]}") from None


def texts(driver, selector):
    return [element.text for element in driver.find_elements(By.CSS_SELECTOR, selector)]


def paste_read_and_follow(driver, base):
    """Paste a report, see its claims, open one, see which way it came."""
    driver.get(base + "add")
    find(driver, "textarea").send_keys(STORY[:1500])
    find(driver, "input[name=outlet]").send_keys("Lenz Gazette")
    find(driver, "button[value=read]").click()
    says(driver, ".banner", "not kept")
    assert len(texts(driver, "a.ref")) > 4
    find(driver, "#at-C5").click()
    note = find(driver, "#C5")
    chain = note.find_element(By.CSS_SELECTOR, ".chain")
    WebDriverWait(driver, 5).until(lambda _: chain.is_displayed(), driver.current_url)
    chain = chain.text
    assert "source in Dravik" in chain and "Radio Meridian" in chain, chain
    assert "Lenz Gazette" in chain, chain


def add_and_reach_origins(driver, base):
    """Add a text and a file, then go from what recurs to a claim, its origins and an outlet."""
    driver.get(base + "add")
    find(driver, "input[type=file]").send_keys(str(HERE / "articles.jsonl"))
    find(driver, "button[value=keep]").click()
    says(driver, "h1", "^12 articles of 12 read")
    driver.get(base + "claims")
    find(driver, ".card a").click()
    says(driver, ".big", "independent origin")
    assert driver.find_element(By.CSS_SELECTOR, ".graph svg").is_displayed()
    assert len(texts(driver, ".graph .outlet .node")) >= 10
    assert any("denies" in text for text in texts(driver, ".denial .where"))
    assert any("drops the hedge" in text for text in texts(driver, ".changes li"))
    find(driver, ".supports a").click()
    assert find(driver, "#story").is_displayed() and "/articles/" in driver.current_url


def gazette(folder, name, ending):
    """The cannery's fire as one more outlet tells it, in a file."""
    text = (
        "Two watchmen missing after cannery fire\n\nA fire destroyed the Orlin cannery in Westport on Monday "
        "night, and two night watchmen are missing, fire chief Marta Quill said. Owner Piet Orlin denied that "
        f"the boiler had been unsafe.\n\n{ending}"
    )
    record = {"id": name, "outlet": name.title(), "published": "2024-03-10", "text": text}
    file = pathlib.Path(folder) / f"{name}.json"
    file.write_text(json.dumps(record))
    return str(file)


def add(driver, base, file, wanted):
    driver.get(base + "add")
    find(driver, "input[type=file]").send_keys(file)
    press(driver, "button[value=keep]")
    says(driver, "h1", "^1 article of 1 read")
    says(driver, ".card", wanted)


def press(driver, selector):
    """With a pointer."""
    find(driver, selector).click()


def press_by_keys(driver, selector):
    """With the keyboard alone: on with Tab until it has the focus, and Enter or space."""
    wanted = find(driver, selector)
    driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    for _ in range(400):
        here = driver.switch_to.active_element
        if here == wanted:
            here.send_keys(Keys.SPACE if here.get_attribute("type") == "checkbox" else Keys.ENTER)
            return
        here.send_keys(Keys.TAB)
    raise AssertionError(f"{selector} is not reached by Tab at {driver.current_url}")


def correct_and_read_again(driver, base, folder, name, press):
    """From an article to a claim in it, on to its origins, to its review, and a correction that holds when the
    article is read anew."""
    add(driver, base, gazette(folder, name, "The search goes on."), "New")
    press(driver, ".card .statement a")
    find(driver, "#story")
    press(driver, "#at-C1")
    way = "#C1 .elsewhere a[href^='/claims/']"
    WebDriverWait(driver, 5).until(lambda d: d.find_element(By.CSS_SELECTOR, way).is_displayed())
    press(driver, way)
    says(driver, ".big", "independent origin")
    press(driver, "a[href^='/review/K']")
    find(driver, "#here")
    pick = f"//ol[contains(@class, 'picks')]/li[.//a[@href='/articles/{name}#C1']]//input"
    found = driver.find_element(By.XPATH, pick)
    value = found.get_attribute("value")
    if not found.is_displayed():
        press(driver, "form.judge > details > summary")
    press(driver, f"input[value='{value}']")
    press(driver, "button[value=reject]")
    says(driver, ".done", "rejected")
    says(driver, ".struck", name.split("-")[0])
    add(driver, base, gazette(folder, name, "The search was called off, he said."), "A new version")
    driver.get(f"{base}articles/{name}#C1")
    says(driver, "#C1 .by-hand", "rejected")
    driver.get(base + "review/corrections")
    press(driver, "tbody tr:first-child button")
    says(driver, ".done", "undoes")


def address_is_refused(driver, base):
    """What is asked for by its address is fetched, if it is a public one."""
    driver.get(base + "add")
    find(driver, "textarea[name=address]").send_keys("http://127.0.0.1:9/feed.xml")
    press(driver, "button[value=keep]")
    says(driver, "h1", "^0 articles of 1 read")
    says(driver, ".failed", "not public")


def slide_through_time(driver, base):
    """The sliders of the map leave the days between them, with the keys alone."""
    driver.get(base + "map")
    before = texts(driver, "li.card:not([hidden]) .n")
    slider = find(driver, "input[name=first]")
    driver.execute_script("arguments[0].focus()", slider)
    slider.send_keys(Keys.END)
    says(driver, ".sliders output", "2024-03-|2017")
    after = texts(driver, "li.card:not([hidden]) .n")
    assert after and after != before, (before, after)


def keyboard_alone(driver, base):
    """From the top of a page to a claim, on to the next and away, without a mouse."""
    driver.get(base + "articles/inquirer")
    body = find(driver, "body")
    body.send_keys(Keys.TAB)
    assert "Skip" in driver.switch_to.active_element.text
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert driver.current_url.endswith("#story")
    for step, wanted in (("j", "C1"), ("j", "C2"), ("j", "C3"), ("k", "C2")):
        driver.switch_to.active_element.send_keys(step)
        assert driver.switch_to.active_element.text == wanted
        lit = find(driver, f".note#{wanted}.lit .more")
        WebDriverWait(driver, 5).until(lambda d, lit=lit: lit.is_displayed())
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert driver.current_url.endswith("#C2")
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not driver.find_elements(By.CSS_SELECTOR, ".lit")
    driver.get(base)
    field = find(driver, "input[name=q]")
    field.send_keys("boiler", Keys.ENTER)
    says(driver, "[role=status]", "found")


PAGES = {
    "search": "",
    "found": "?q=boiler",
    "claims": "claims",
    "claim": "claims/K1",
    "sources": "sources",
    "actor": "actors?name=Piet%20Orlin",
    "timeline": "timeline",
    "map": "map",
    "review": "review",
    "review-claim": "review/K1",
    "review-corrections": "review/corrections",
    "review-outlets": "review/outlets",
    "add": "add",
    "login": "login",
    "nowhere": "nothing/here",
    "reader": "articles/inquirer",
    "reader-claim": "articles/border-arrests#C5",
}


def check_pages(driver, base, alone):
    """No serious finding on any page in any look, and nothing wider than its window."""
    axe = AXE.read_text()
    addresses = {name: base + path for name, path in PAGES.items()}
    addresses["alone"] = alone.as_uri() + "#C11"
    bad = []
    for name, address in addresses.items():
        for size, size_name in ((DESKTOP, "desktop"), (PHONE, "phone")):
            for dark in (False, True):
                shade = "dark" if dark else "light"
                look(driver, size, dark)
                driver.get("about:blank")
                driver.get(address)
                find(driver, "main")
                wide = driver.execute_script("return document.documentElement.scrollWidth")
                if wide > size[0]:
                    bad.append(f"{name} {size_name}: {wide} wide")
                driver.save_screenshot(str(SHOTS / f"{name}-{size_name}-{shade}.png"))
                driver.execute_script(axe)
                found = driver.execute_async_script(
                    "axe.run({resultTypes: ['violations']}).then(arguments[arguments.length - 1])"
                )
                for violation in found["violations"]:
                    if violation["impact"] in ("serious", "critical"):
                        node = violation["nodes"][0]
                        bad.append(
                            f"{name} {size_name} {shade}: {violation['id']} "
                            f"({len(violation['nodes'])}): {node['html'][:120]} "
                            f"{node['failureSummary'][:200]}"
                        )
    assert not bad, "\n".join(bad)


def main():
    SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = f"{folder}/news.db"
        command = [PROGRAM, "serve", "--corpus", corpus, "--port", "0", "--no-open"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            line = server.stderr.readline()
            base = re.search(r"http://\S+/", line).group()
            # What it tells of requests must not fill the pipe.
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            plain, driver = browser(script=False), browser()
            try:
                for walker in (plain, driver):
                    paste_read_and_follow(walker, base)
                add_and_reach_origins(plain, base)
                add_and_reach_origins(driver, base)
                driver.get(base + "add")
                files = "\n".join(str(path) for path in sorted(EXAMPLES.glob("*.txt")))
                find(driver, "input[type=file]").send_keys(files)
                find(driver, "button[value=keep]").click()
                says(driver, "h1", "7 articles of 7")
                keyboard_alone(driver, base)
                correct_and_read_again(plain, base, folder, "gazette-plain", press)
                correct_and_read_again(driver, base, folder, "gazette-script", press)
                correct_and_read_again(driver, base, folder, "gazette-keys", press_by_keys)
                for walker in (plain, driver):
                    address_is_refused(walker, base)
                slide_through_time(driver, base)
                alone = pathlib.Path(folder) / "alone.html"
                story = EXAMPLES / "border-arrests.txt"
                alone.write_bytes(
                    subprocess.run(
                        [PROGRAM, "read", "--format", "html", story], check=True, capture_output=True
                    ).stdout
                )
                check_pages(driver, base, alone)
            finally:
                plain.quit()
                driver.quit()
        finally:
            server.terminate()
            assert server.wait(20) == 0, "it ends when told, and ends well"
    print(f"All journeys done; {len(PAGES) + 1} pages looked at in four ways.")


if __name__ == "__main__":
    main()
