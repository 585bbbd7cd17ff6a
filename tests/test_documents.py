"""What the documents name exists: pages, headings, commands, settings."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
ROOMS = ("jknoffice", "participants", "verification")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
SETTING = re.compile(r"\bJKN_[A-Z0-9_]*[A-Z0-9]\b")
OF_OTHERS = {"check", "collectstatic", "makemigrations", "procrastinate", "runserver"}
"""Commands of Django and of its apps that the documents name."""
OF_TESTS = {"JKN_MACHINE_RUNS", "JKN_RACE_ROUNDS", "JKN_API_EXAMPLES"}
OF_S3 = {f"JKN_S3_{name}" for name in ("BUCKET", "ENDPOINT", "ACCESS_KEY", "SECRET_KEY")}
"""Their names are put together when they are read."""


def anchors(file: Path) -> set[str]:
    """Return the names that GitHub gives to the headings of a page."""
    text = re.sub(r"^```.*?^```", "", file.read_text(), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def modules(folder: str) -> set[str]:
    """Return the names of the commands in `ROOMS`, which are files in `folder`."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob(f"{folder}/*.py"))
    return {path.stem for path in found if not path.stem.startswith("_")}


def named(pattern: re.Pattern[str]) -> set[str]:
    """Return what the documents name, but for what changed: that may be gone."""
    return {name for file in DOCUMENTS if file.name != "CHANGELOG.md" for name in pattern.findall(file.read_text())}


def test_each_link_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for file in DOCUMENTS:
        for link in LINK.findall(file.read_text()):
            if "://" in link:
                continue
            path, _, anchor = link.partition("#")
            target = file.parent / path if path else file
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{file.relative_to(ROOT)}: {link}")
    assert broken == []


def test_each_page_is_reached_from_the_index_of_the_documents() -> None:
    index = ROOT / "docs" / "README.md"
    reached = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text())}
    assert set(DOCUMENTS) - reached - {index, ROOT / "CHANGELOG.md"} == set()


def test_commands_and_documents_name_the_same() -> None:
    assert named(COMMAND) - OF_OTHERS == modules("management/commands")


def test_settings_and_documents_name_the_same() -> None:
    read = (path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    asked = {name for text in read for name in re.findall(r"""["'](JKN_[A-Z0-9_]*[A-Z0-9])["']""", text)}
    assert named(SETTING) - OF_TESTS == asked | OF_S3
