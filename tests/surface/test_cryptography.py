"""The inventory of docs/cryptography.md is whole: every key, and every place that uses cryptography."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jknoffice.crypto import Purpose

ROOT = Path(settings.BASE_DIR)
INVENTORY = (ROOT / "docs" / "cryptography.md").read_text()
OURS = ("jknoffice", "participants", "verification")

USED: dict[str, set[str]] = {
    "AESGCM": {"jknoffice/crypto.py"},
    "HKDF": {"jknoffice/crypto.py"},
    "Ed25519PrivateKey": {"jknoffice/audit/sealing"},
    "Ed25519PublicKey": {"jknoffice/audit/sealing", "jknoffice/audit/offline"},
    "sha1": {"jknoffice/accounts/passwords/breached.py"},
    "pyrage": {"jknoffice/backup"},
}
"""Where an algorithm is named in the code; a folder stands for what is in it."""
WEAK = {"md5", "MD5", "sha1", "SHA1", "ECB", "CBC", "TripleDES", "ARC4", "PKCS1v15", "RSA", "DSA", "new_key_pair"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for top in OURS:
        for path in sorted((ROOT / top).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and "/demo/" not in name:
                yield name, ast.parse(path.read_text())


def names(tree: ast.Module) -> set[str]:
    """Every name and attribute in a module."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    }


def test_every_key_stands_in_the_inventory() -> None:
    for purpose in Purpose:
        assert f"`{purpose.name}`" in INVENTORY
        assert f"`{purpose.value[0]}`" in INVENTORY
    read = set(
        re.findall(
            r'(?:_key(?:_or)?|env\.str)\("(\w*(?:KEY|TOKEN|KEY_OLD))"', (ROOT / "jknoffice" / "settings.py").read_text()
        )
    )
    assert len(read) >= 7
    assert {name for name in read if f"`{name}`" not in INVENTORY} == {"JKN_S3_ACCESS_KEY", "JKN_S3_SECRET_KEY"} & read


def test_cryptography_is_used_where_the_inventory_says_and_nowhere_else() -> None:
    met: dict[str, set[str]] = {}
    for module, tree in modules():
        for name in names(tree) & (WEAK | set(USED)):
            met.setdefault(name, set()).add(module)
    for name, places in met.items():
        allowed = tuple(USED.get(name, ()))
        assert not [place for place in places if not place.startswith(allowed or ("nowhere",))], name
    assert {"AESGCM", "HKDF", "sha1"} <= set(met)


def test_what_must_not_be_guessed_comes_from_the_kernel() -> None:
    using = set()
    for module, tree in modules():
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if "random" in imported:
            using.add(module)
    # When a message is tried again: nothing that anybody must not know.
    assert using == {"verification/outbox.py"}


def test_scripts_keep_nothing_but_a_choice() -> None:
    scripts = {path.name: path.read_text() for path in (ROOT / "jknoffice" / "static" / "jkn").glob("*.js")}
    keeping = {
        name for name, text in scripts.items() if re.search("localStorage|sessionStorage|indexedDB|cookie", text)
    }
    assert keeping == {"keys.js"}
    assert not [
        name
        for name, text in scripts.items()
        if re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|postMessage", text)
    ]
