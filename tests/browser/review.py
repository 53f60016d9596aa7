"""Tests the page for reviewers in a real browser: builds two runs, compares them, decides on them using only the
keyboard, and records the decisions."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.argv[1]).resolve())
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
PASSPHRASES = {"Ann Lee": "correct horse battery staple", "Bo Ray": "quatre mots très différents"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def run(*arguments, code=0):
    result = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert result.returncode == code, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}"
    return result.stdout


def reviewers(folder):
    """A vault of its own, in which reviewers have passphrases."""
    os.environ["AREA_REPORTS_VAULT"] = str(folder / "vault")
    for name, passphrase in PASSPHRASES.items():
        os.environ["AREA_REPORTS_PASSPHRASE"] = passphrase
        run("reviewer", "add", name)
    os.environ["AREA_REPORTS_PASSPHRASE"] = PASSPHRASES["Ann Lee"]


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} in {file}"
    file.write_text(text.replace(old, new))


def two_runs(folder):
    """Builds and approves a run, then builds one with a changed template, an exceptional area and a resubmission. Returns
    the output folder, the page for reviewers, and the page of the first run."""
    evaluation, templates, out = folder / "evaluation", folder / "templates", folder / "out"
    shutil.copytree(PROJECT / "fixtures/healthy-schools-2024", evaluation)
    shutil.copytree(PROJECT / "report-templates", templates)
    build = ["build", evaluation, "--out", out, "--templates", templates]
    run(*build)
    run("diff", out, code=1)
    (first,) = (out / "reviews").glob("*.html")
    run("approve", out, "--as", "Ann Lee")
    edit(templates / "local/words/reading.j2", "They do not measure it,",
         'They do not measure it<% if area.code == "W05" %> here<% else %> at all<% endif %>,')
    edit(evaluation / "submissions/W01.csv", "primary,meals,,every-day", "primary,meals,,never")
    run(*build)
    run("diff", out, code=1)
    (page,) = set((out / "reviews").glob("*.html")) - {first}
    return out, page, first


class Reviewer:
    """A reviewer using a browser."""

    def __init__(self, page, folder, width=1400, height=1000, dark=False):
        options = webdriver.ChromeOptions()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]:
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"download.default_directory": str(page.parent)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        self.folder = folder
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        if dark:
            self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        started = time.monotonic()
        self.driver.get(page.as_uri())
        print(f"page of {page.stat().st_size // 1024} KiB open after {time.monotonic() - started:.2f} s")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def command(self, name, **settings):
        self.driver.execute_cdp_cmd(name, settings)

    def press(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def text(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector).text

    def texts(self, selector):
        return [element.text for element in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def current(self):
        return self.text("#queue [aria-current=true] .title")

    def shows(self, name):
        self.driver.save_screenshot(str(self.folder / f"{name}.png"))

    def axe(self, where):
        self.driver.execute_script(AXE)
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']}).then(done);", RULES)
        problems = [f"{v['id']}: {v['help']}: {n['html'][:160]}" for v in found["violations"] for n in v["nodes"]]
        assert not problems, f"{where}:\n" + "\n".join(problems)

    def quiet(self):
        log = [entry["message"] for entry in self.driver.get_log("browser")]
        assert not log, log


def decide_with_the_keyboard(page, folder, out):
    with Reviewer(page, folder) as reviewer:
        risks = reviewer.texts("#queue h2")
        assert risks[0] == "An area's own figures" and "Words" in risks, risks
        rows = reviewer.driver.find_elements(By.CSS_SELECTOR, "#queue button[data-at]")
        assert any("unlike the rest" in row.text and "it here," in row.text for row in rows), [row.text for row in rows]
        reviewer.shows("first")
        reviewer.axe("first")
        first = reviewer.current()
        reviewer.press("j")
        assert reviewer.current() != first
        reviewer.press("k")
        assert reviewer.current() == first

        # A group shows the pages of its first reports, and says how many more differ.
        said = ""
        for _ in rows:
            said += reviewer.text("#detail")
            reviewer.press("j")
        assert "more reports differ in the same way; open the two PDFs." in said, said
        reviewer.press(*["k"] * len(rows))
        assert reviewer.current() == first

        # The overlay: the later version is clipped at the position of the slider.
        reviewer.driver.find_element(By.CSS_SELECTOR, "#detail input[value=over]").click()
        slider = reviewer.driver.find_element(By.CSS_SELECTOR, "#detail input[type=range]")
        slider.send_keys(Keys.HOME)
        over = reviewer.driver.find_elements(By.CSS_SELECTOR, "#detail .paper img")[1]
        assert over.value_of_css_property("clip-path") == "inset(0px 0px 0px 100%)", over.value_of_css_property("clip-path")
        slider.send_keys(Keys.END)
        assert over.value_of_css_property("clip-path") in ("inset(0px)", "inset(0px 0px 0px 0%)")
        assert all(reviewer.driver.execute_script("return [...document.images].map(i => i.complete && i.naturalWidth > 0)"))
        reviewer.shows("overlay")
        reviewer.axe("overlay")
        reviewer.driver.find_element(By.ID, "detail").send_keys("")

        # Filtering, and leaving the filter with the keyboard.
        reviewer.driver.execute_script("document.getElementById('detail').focus()")
        reviewer.press("/", "unlike", " the rest")
        assert reviewer.text("#queue").startswith("Nothing contains all"), "the filter must not match words of the interface"
        for _ in range(15):
            reviewer.press(Keys.BACKSPACE)
        reviewer.press("wording")
        few = len(reviewer.driver.find_elements(By.CSS_SELECTOR, "#queue button[data-at]"))
        assert 0 < few < len(rows), few
        for _ in "wording":
            reviewer.press(Keys.BACKSPACE)
        reviewer.press(Keys.ESCAPE)

        # Reject the first change, undo that, and approve all of them.
        reviewer.press("r")
        reviewer.press("The base ", "is wrong")
        button = reviewer.driver.find_element(By.XPATH, "//div[@class='why']//button")
        button.send_keys(Keys.ENTER)
        assert "rejected" in reviewer.text("#queue [aria-current=true]")
        assert "1 of" in reviewer.text("#progress") and "rejected" in reviewer.text("#progress")
        reviewer.shows("rejected")
        reviewer.axe("rejected")
        reviewer.press("u")
        assert "rejected" not in reviewer.text("#queue")
        for _ in rows:
            reviewer.press("a")
        assert "12 of 12 reports approved" in reviewer.text("#progress"), reviewer.text("#progress")
        # Then reject a single report.
        reviewer.driver.find_element(By.ID, "show-reports").send_keys(Keys.ENTER)
        reviewer.driver.execute_script("document.getElementById('detail').focus()")
        reviewer.shows("reports")
        reviewer.axe("reports")
        name = reviewer.text("#queue [aria-current=true] .size").split("\n")[0]
        reviewer.press("r", "Look again")
        reviewer.driver.find_element(By.XPATH, "//div[@class='why']//button").send_keys(Keys.ENTER)

        # Decisions survive reloading the page.
        reviewer.driver.refresh()
        assert "11 of 12 reports approved, 1 rejected" in reviewer.text("#progress"), reviewer.text("#progress")
        exported = sign(reviewer, page)
        reviewer.quiet()
    inbox = out / "reviews" / "inbox"
    assert inbox.is_dir()
    exported.rename(inbox / exported.name)
    recorded = run("nightly", out.parent / "evaluation", "--out", out, "--templates", out.parent / "templates")
    assert "12 verdicts by Bo Ray" in recorded, recorded
    status = run("status", out.parent / "evaluation", "--out", out)
    assert "11 of 12 reports approved" in status and f"rejected by Bo Ray: Look again: {name}" in status, status


def sign(reviewer, page):
    """Signs the decisions as Bo Ray, after a mistyped passphrase, and returns the exported file."""
    reviewer.driver.find_element(By.ID, "export").send_keys(Keys.ENTER)
    options = reviewer.texts("#reviewer option")
    assert options == ["Ann Lee", "Bo Ray", "Cy Dow (no passphrase yet)"], options
    Select(reviewer.driver.find_element(By.ID, "reviewer")).select_by_visible_text("Bo Ray")
    reviewer.shows("signing")
    reviewer.axe("signing")
    field = reviewer.driver.find_element(By.ID, "passphrase")
    field.send_keys(PASSPHRASES["Ann Lee"], Keys.ENTER)
    wait = WebDriverWait(reviewer.driver, 10)
    wait.until(lambda _: reviewer.text("#signing-hint") == "This is not the passphrase of Bo Ray.")
    assert not list(page.parent.glob("decisions-*.json"))
    field.send_keys(PASSPHRASES["Bo Ray"], Keys.ENTER)
    exported = wait.until(lambda _: next(page.parent.glob("decisions-*.json"), None))
    reviewer.shows("exported")
    reviewer.axe("exported")
    kept = reviewer.driver.execute_script("return Object.keys(localStorage)")
    assert not kept, "the next reviewer at this computer would find these decisions"
    assert PASSPHRASES["Bo Ray"] not in exported.read_text() and "très" not in exported.read_text()
    return exported


def check_layout(page, folder, name, **how):
    with Reviewer(page, folder, **how) as reviewer:
        reviewer.shows(name)
        reviewer.axe(name)
        width = reviewer.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{name}: the page is {width[0]} wide in a window of {width[1]}"
        reviewer.driver.find_element(By.ID, "show-reports").click()
        reviewer.shows(f"{name}-reports")
        reviewer.axe(f"{name}, reports")
        reviewer.quiet()


with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "screenshots"
    kept.mkdir(parents=True, exist_ok=True)
    reviewers(folder)
    out, page, first = two_runs(folder)
    check_layout(first, kept, "first-run")
    decide_with_the_keyboard(page, kept, out)
    check_layout(page, kept, "dark", dark=True)
    check_layout(page, kept, "narrow", width=390, height=844)
    # A small window, as a reviewer sees the page when zoomed in to 400 per cent.
    check_layout(page, kept, "zoomed", width=350, height=250)
print("the page for reviewers: nothing found")
