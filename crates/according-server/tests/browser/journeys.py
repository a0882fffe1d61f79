"""Journeys through the app in a real browser, and an accessibility check of every page.

    python journeys.py PROGRAM AXE_JS SHOTS_FOLDER

Starts the program on a corpus of its own, walks through it with and without script, with the
keyboard alone and at the width of a phone, and has axe look at every page, light and dark.
Screenshots of all pages are left for people to look at.
"""

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
    assert len(texts(driver, ".graph .outlet text")) >= 10
    assert any("denies" in text for text in texts(driver, ".denial .where"))
    assert any("drops the hedge" in text for text in texts(driver, ".changes li"))
    find(driver, ".supports a").click()
    assert find(driver, "#story").is_displayed() and "/articles/" in driver.current_url


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
