"""Takes the pictures of the guides: `.venv/bin/python docs/guides/take_screenshots.py http://localhost:8000`.

Start the demo first, on an empty folder: `JKN_VAR=/tmp/guides make run`; call this with the same JKN_VAR. The people in
the pictures are those of the demo, which are made up; references and times are of the demo that runs. The case that is
taken is released again.
Chromium is that of $CHROMIUM, or /usr/bin/chromium. Pictures lie in docs/guides/pictures/, with 128 colours.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
LARGEST = 120 * 1024
"""Bytes of a picture at most."""


def credentials(root: Path) -> dict[str, dict[str, str]]:
    """Return the demo accounts by role, each with `username`, `password` and the code of this moment, `totp_now`."""
    command = [sys.executable, str(root / "manage.py"), "demo_credentials", "--format", "json"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    accounts: list[dict[str, str]] = json.loads(told.stdout)
    return {account["role"]: account for account in reversed(accounts)}


def save(page: Page, name: str, *, part: str = "") -> None:
    """Write the screen, or the first element that the selector `part` finds, as `pictures/name.png`."""
    taken = page.locator(part).first.screenshot() if part else page.screenshot()
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(colors=128)
    path = PICTURES / f"{name}.png"
    picture.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, {LARGEST} are allowed.")


def open_page(browser: Browser, address: str) -> Page:
    """Return a page of 1280 pixels in Indonesian, in a cookie jar of its own."""
    return browser.new_context(
        base_url=address, viewport=DESK, locale="id-ID", color_scheme="light", reduced_motion="reduce"
    ).new_page()


def log_in(page: Page, account: dict[str, str]) -> None:
    """Take both steps of the log-in, and wait for the start page."""
    page.goto("/admin/login/")
    page.fill("[name=username]", account["username"])
    page.fill("[name=password]", account["password"])
    page.click("main form button.jkn-button")
    page.wait_for_url("**/verify/**")
    page.fill("form [autocomplete=one-time-code]", account["totp_now"])
    page.click("main form button.jkn-button")
    page.wait_for_url("**/admin/")


def operator(page: Page, account: dict[str, str]) -> None:
    """Take the pictures of the operator's guide."""
    page.goto("/admin/login/")
    save(page, "login", part="main .jkn-card")  # The card below it shows the passwords of the demo.
    log_in(page, account)
    page.goto("/admin/verification/queue/")
    save(page, "queue")
    page.set_viewport_size(PHONE)
    save(page, "queue-phone")
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Ambil kasus berikutnya").first.click()
    page.wait_for_url("**/verification/case/**")
    page.wait_for_load_state("networkidle")
    save(page, "case")
    save(page, "decision", part="section[aria-labelledby=desk-decision]")
    page.locator("form[action$='/release/'] button").click()
    page.wait_for_load_state("networkidle")
    page.goto("/admin/verification/other-branch/")
    save(page, "other-branch")


def auditor(page: Page, account: dict[str, str]) -> None:
    """Take the pictures of the auditor's guide."""
    log_in(page, account)
    page.goto("/admin/audit/auditlog/")
    save(page, "log")
    page.goto("/admin/alarms/alarm/")
    save(page, "alarms")


def main() -> None:
    """Take all pictures from the started demo at the address that the command line names."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
    PICTURES.mkdir(exist_ok=True)
    accounts = credentials(HERE.parent.parent)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        operator(open_page(browser, address), accounts["operator"])
        auditor(open_page(browser, address), accounts["auditor"])
        browser.close()


if __name__ == "__main__":
    main()
