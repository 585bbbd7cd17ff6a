#!/usr/bin/env python3
"""Verify the audit log of JKN Office without JKN Office: this file, Python 3.11 and the package `cryptography`.

    python audit_verify.py --key VKEY --export DIR [--notes DIR ...]      a whole log, or a part of it
    python audit_verify.py --key VKEY --proof FILE [--notes DIR ...]      single entries, by their inclusion proofs

VKEY is the first key that the log published; later ones are followed by the hand-overs in the export. DIR of --notes
is a copy of a witness's folder: take it yourself, at times of your choice, and keep it where nobody can change it.
After a restore a log may go on under another name: give --key once for each.
Add --format json for machines. Exit status: 0 all fits, 1 something does not, 2 wrongly called.

What is checked in an export
    every signature, and that each key was handed over by the one before it
    every root that a note states, rebuilt from the hashes of all leaves; so all notes tell of one and the same log
    every entry shown: its hash is that of its leaf, numbers have no gap, its text is canonical, its columns are its own
    of each log that went on under another name, in `older`: its roots; that the entry which opened the next one names
        its last note; and that the next one holds all its leaves
    no entry twice, the versions of each thing without a gap, nothing unsealed for more than a minute
What cannot be checked: entries outside of the exported range are known by their hashes only.

The tree is that of RFC 6962: leaf = SHA-256(00 entry), node = SHA-256(01 left right). Notes are signed notes with
checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), signed with Ed25519. Memory stays flat.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH = 32
LONGEST_UNSEALED_US = 60 * 10**6
MOST_PROBLEMS = 1000
OPENED = "audit.origin_opened"
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, sqlite3.Error)


class Broken(Exception):
    """Something does not fit; the message says what."""


# --- the tree -----------------------------------------------------------------------------------------------------


def sha256(*parts: bytes) -> bytes:
    """Return SHA-256 over the parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root to which an audit path leads (RFC 6962, 2.1.1, read backwards). Raises Broken."""
    if not 0 <= index < size:
        raise Broken("no such leaf")
    if size == 1:
        if path:
            raise Broken("the proof is too long")
        return leaf
    if not path:
        raise Broken("the proof is too short")
    left = split(size)
    if index < left:
        return sha256(b"\1", root_by_path(leaf, index, left, path[:-1]), path[-1])
    return sha256(b"\1", path[-1], root_by_path(leaf, index - left, size - left, path[:-1]))


def demand_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> None:
    """Raise Broken unless the path leads from the leaf to the root."""
    if any(len(each) != HASH for each in (leaf, root, *path)) or root_by_path(leaf, index, size, path) != root:
        raise Broken("the proof does not lead to the root")


def demand_growth(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> None:
    """Raise Broken unless the path proves that the tree of `new` leaves begins with that of `old` (RFC 6962, 2.1.2)."""
    if not 0 <= old <= new:
        raise Broken("a tree does not shrink")
    if old == new:
        if path or old_root != new_root or (old == 0 and old_root != sha256()):
            raise Broken("two trees of one size are the same tree")
        return
    if old == 0:
        raise Broken("every tree grew from the empty one: that proves nothing")
    if any(len(each) != HASH for each in (old_root, new_root, *path)):
        raise Broken("not a hash")
    if _both_roots(old, new, old_root, path, whole=True) != (old_root, new_root):
        raise Broken("the proof does not lead to both roots")


def _both_roots(old: int, new: int, old_root: bytes, path: list[bytes], *, whole: bool) -> tuple[bytes, bytes]:
    """Return the roots of the old and of the new tree as the path gives them; `whole`: the old one is known."""
    if old == new:
        if len(path) != (0 if whole else 1):
            raise Broken("the proof has the wrong length")
        known = old_root if whole else path[0]
        return known, known
    if not path:
        raise Broken("the proof is too short")
    left, other = split(new), path[-1]
    if old <= left:
        first, second = _both_roots(old, left, old_root, path[:-1], whole=whole)
        return first, sha256(b"\1", second, other)
    first, second = _both_roots(old - left, new - left, old_root, path[:-1], whole=False)
    return sha256(b"\1", other, first), sha256(b"\1", other, second)


def split(size: int) -> int:
    """Return the largest power of two below `size`."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


class Growing:
    """A tree to which leaves are added; it keeps the roots of its full subtrees, with how many leaves each has."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        width, node = 1, leaf
        while self._peaks and self._peaks[-1][0] == width:
            node = sha256(b"\1", self._peaks.pop()[1], node)
            width *= 2
        self._peaks.append((width, node))
        self.size += 1

    def root(self) -> bytes:
        """Return the root."""
        if not self._peaks:
            return sha256()
        node = self._peaks[-1][1]
        for _width, peak in self._peaks[-2::-1]:
            node = sha256(b"\1", peak, node)
        return node


# --- signatures ---------------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """A public key and the name of its log."""

    name: str
    public: bytes

    def mark(self) -> bytes:
        """The four bytes by which signatures name this key."""
        return sha256(self.name.encode(), b"\n\x01", self.public)[:4]

    def verified(self, note: str) -> list[str]:
        """Return the lines of a note's text after checking that this key has signed it. Raises Broken."""
        text, gap, signatures = note.rpartition("\n\n")
        lines = signatures.split("\n")
        if not gap or lines.pop() != "":
            raise Broken("not a signed note")
        for line in lines:
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            raw = unbase64(encoded)
            if dash != "\u2014" or not name:
                raise Broken("not a signature")
            if (name, raw[:4]) == (self.name, self.mark()):
                with suppress(InvalidSignature):
                    Ed25519PublicKey.from_public_bytes(self.public).verify(raw[4:], text.encode() + b"\n")
                    return text.split("\n")
                raise Broken("the signature is wrong")
        raise Broken("the key of that time has not signed")


class Note(NamedTuple):
    """What a checkpoint says."""

    size: int
    root: bytes


class Keys:
    """The keys of the log, oldest first: each signs checkpoints larger than its size."""

    def __init__(self, first: Key, handovers: list[str]) -> None:
        self.chain = [(-1, first)]
        self.roots: list[Note] = []
        for note in handovers:
            size, last = self.chain[-1]
            lines = last.verified(note)
            if len(lines) != 5 or lines[:2] != [first.name, "hand-over"] or number(lines[2]) < size:
                raise Broken("a hand-over is malformed or out of order")
            key = parse_key(lines[4])
            if key.name != first.name or key in [each for _size, each in self.chain]:
                raise Broken("a hand-over leads to a key that is not new")
            key.verified(note)
            self.chain.append((number(lines[2]), key))
            self.roots.append(Note(number(lines[2]), unbase64(lines[3])))

    def opened(self, note: str) -> Note:
        """Return what a checkpoint says, once the key of its time has signed it. Raises Broken."""
        size = number([*note.split("\n"), ""][1])
        key = next(key for after, key in reversed(self.chain) if after < size)
        lines = key.verified(note)
        root = unbase64(lines[2]) if len(lines) == 3 else b""
        if lines[0] != key.name or len(root) != HASH:
            raise Broken("not a checkpoint of this log")
        return Note(size, root)


def parse_key(vkey: str) -> Key:
    """Return the key of its text form, `name+hash+key`. Raises Broken."""
    name, mark, encoded = [*vkey.strip().split("+", 2), "", ""][:3]
    raw = unbase64(encoded)
    key = Key(name, raw[1:])
    if len(raw) != 33 or raw[:1] != b"\x01" or key.mark().hex() != mark:
        raise Broken("not an Ed25519 verifier key")
    return key


def unbase64(text: str) -> bytes:
    """Return the bytes of a base64 text in its only form. Raises Broken."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Broken("not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise Broken("not base64 in its only form")
    return raw


def number(text: str) -> int:
    """Return a decimal number without sign or leading zero. Raises Broken."""
    if not (text.isascii() and text.isdigit() and len(text) < 20) or str(int(text)) != text:
        raise Broken("not a number")
    return int(text)


# --- entries ------------------------------------------------------------------------------------------------------

COLUMNS = {
    "uuid": ("uuid",), "at_us": ("at",), "kind": ("kind",), "actor": ("actor",), "person": ("person",),
    "branch": ("branch",), "session": ("session",), "action": ("action",), "object_type": ("object", "type"),
    "object_id": ("object", "id"), "object_version": ("object_version",), "subject": ("subject",),
    "reason": ("reason",),
}  # fmt: skip


def columns_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the searchable columns that follow from an entry."""
    found = {}
    for column, path in COLUMNS.items():
        value: Any = entry
        for name in path:
            value = value[name] if value is not None else None
        found[column] = value
    return found


def canonical(entry: dict[str, Any]) -> str:
    """Return the one text that an entry has: sorted keys, no white space."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# --- the verification ---------------------------------------------------------------------------------------------


class Verification:
    """Collects problems and counts. What would not fit into memory stands in a temporary database."""

    def __init__(self, key: Key, *, others: set[str], kept: bool) -> None:
        """Verify the log of `key`, pass over notes of `others` by name, and keep the hashes of leaves if `kept`."""
        self.key, self.keys, self.others, self.kept = key, Keys(key, []), others, kept
        self.opening: dict[str, Any] | None = None
        self.entries = self.leaves = self.checkpoints = self.oldest_us = self.more = 0
        self.problems: list[str] = []
        self.root = sha256()
        self.store = sqlite3.connect("", isolation_level=None)
        self.store.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE TABLE note (size INTEGER, root BLOB, PRIMARY KEY (size, root)) WITHOUT ROWID;
            CREATE TABLE leaf (hash BLOB PRIMARY KEY, seq INTEGER) WITHOUT ROWID;
            CREATE TABLE seen (uuid BLOB PRIMARY KEY) WITHOUT ROWID;
            CREATE TABLE version (thing TEXT, version INTEGER);
            BEGIN;
            """
        )

    def tell(self, problem: str) -> None:
        """Note a problem."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.more += 1

    def follow_keys(self, handovers: list[str]) -> None:
        """Follow the hand-overs from the first key."""
        try:
            self.keys = Keys(self.key, handovers)
        except (Broken, *UNREADABLE) as error:
            self.tell(f"the hand-overs: {error}")

    def read_notes(self, folder: Path) -> None:
        """Check the signature of every note below a folder, and remember its root."""
        for path in folder.rglob("*.note"):
            try:
                text = path.read_text(encoding="utf-8")
                if text.partition("\n")[0] not in self.others:
                    self.remember(self.keys.opened(text))
            except (Broken, OSError, *UNREADABLE) as error:
                self.tell(f"{path}: {error}")

    def remember(self, note: Note) -> None:
        """Remember a root that was signed."""
        self.store.execute("INSERT OR IGNORE INTO note VALUES (?, ?)", note)

    def whole_export(self, folder: Path) -> None:
        """Verify an export, once its keys are followed and its notes read."""
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for note in self.keys.roots:
            if note.size:
                self.remember(note)
        self.walk(folder, manifest)
        self.demand_growth_between_notes(folder / "consistency.jsonl")
        everything = manifest["from"] is None and manifest["to"] is None
        self.demand_versions(from_one=everything)

    def walk(self, folder: Path, manifest: dict[str, Any]) -> None:
        """Go through all leaves once: compare each with its entry where that is shown, and each root with its notes."""
        shown, count = Shown(self, folder / "entries.jsonl", int(manifest["exported_at_us"])), 0
        for leaf in self.roots_of(folder / "leaves.hashes", lost_until=0):
            found = shown.hash_at(count)
            if found is not None and found != leaf:
                self.tell(f"entry {count} is not the one that was sealed")
            count += 1
        first = int(manifest["first"])
        shown.end(count, first, first + int(manifest["entries"]))
        if manifest["from"] is None and manifest["to"] is None and (first, shown.sealed) != (0, count):
            self.tell("the export is said to be whole, and it is not")

    def roots_of(self, path: Path, *, lost_until: int) -> Iterator[bytes]:
        """Yield each leaf of a tree, and compare its roots with the notes on the way.

        Notes of up to `lost_until` entries may tell of more than the tree has: a restore has lost the difference.
        """
        tree, notes = Growing(), iter(self.store.execute("SELECT size, root FROM note ORDER BY size"))
        note, last_note = next(notes, None), 0
        with path.open("rb") as file:
            while leaf := file.read(HASH):
                yield leaf
                if self.kept:
                    self.store.execute("INSERT OR IGNORE INTO leaf VALUES (?, ?)", [leaf, tree.size])
                tree.add(leaf)
                while note is not None and note[0] <= tree.size:
                    self.checkpoints, last_note = self.checkpoints + 1, note[0]
                    if note[0] != tree.size or note[1] != tree.root():
                        self.tell(f"the root that was signed for {note[0]} entries is not that of these leaves")
                    note = next(notes, None)
        while note is not None and note[0] <= lost_until:
            note = next(notes, None)
        if note is not None:
            self.tell(f"a note tells of {note[0]} entries, but the export has only {tree.size} leaves")
        if tree.size != last_note:
            self.tell(f"leaves from {last_note} on are not signed")
        self.leaves, self.root = tree.size, tree.root()

    def place_of(self, leaf: bytes) -> int | None:
        """Return the number of a leaf that was kept, None when there is no such leaf."""
        found = self.store.execute("SELECT seq FROM leaf WHERE hash = ?", [leaf]).fetchone()
        return int(found[0]) if found else None

    def demand_growth_between_notes(self, path: Path) -> None:
        """Check each consistency proof between two notes."""
        for place, line in _lines(path):
            try:
                old, new = (self.root_at(line[name]) for name in ("old", "new"))
                demand_growth(line["old"], old, line["new"], new, [unbase64(each) for each in line["proof"]])
            except (Broken, *UNREADABLE) as error:
                self.tell(f"{place}: {error}")

    def root_at(self, size: int) -> bytes:
        """Return the root that was signed for a size. Raises Broken."""
        found = self.store.execute("SELECT root FROM note WHERE size = ?", [size]).fetchone()
        if found is None:
            raise Broken(f"no note for {size} entries")
        return bytes(found[0])

    def demand_versions(self, *, from_one: bool) -> None:
        """Demand that the versions of each thing have no gap, in a whole log from 1 on."""
        rows = self.store.execute(
            "SELECT thing, min(version), max(version), count(*), count(DISTINCT version) FROM version GROUP BY thing"
        )
        for thing, lowest, highest, rows_of_it, versions in rows:
            gap = highest - lowest + 1 != versions or rows_of_it != versions or (from_one and lowest != 1)
            if gap:
                self.tell(f"the versions of {thing} have a gap")

    def proofs(self, path: Path) -> None:
        """Verify single entries by their inclusion proofs: one JSON object in a line, or one in the file."""
        for place, found in _lines(path):
            try:
                note = Keys(self.key, found["handovers"]).opened(found["note"])
                leaf = sha256(b"\0", found["entry"].encode())
                demand_inclusion(leaf, found["seq"], note.size, [unbase64(each) for each in found["proof"]], note.root)
                if self.root_seen(note.size) not in {None, note.root}:
                    raise Broken(f"a note of yours states another root for {note.size} entries")
                self.entries, self.leaves, self.checkpoints = self.entries + 1, note.size, 1
            except (Broken, *UNREADABLE) as error:
                self.tell(f"{place}: {error}")
        if not self.entries and not self.problems:
            self.tell(f"{path} holds no proof")

    def root_seen(self, size: int) -> bytes | None:
        """Return the root that was signed for a size, None when no note of that size was given."""
        try:
            return self.root_at(size)
        except Broken:
            return None

    def report(self) -> dict[str, Any]:
        """Return the result in plain values."""
        more = [f"and {self.more} more"] if self.more else []
        return {
            "entries": self.entries,
            "sealed": self.leaves,
            "unsealed_oldest_seconds": self.oldest_us // 10**6,
            "checkpoints": self.checkpoints,
            "ok": not self.problems,
            "problems": self.problems + more,
        }


def verify_older(newer: Verification, folder: Path, keys: list[Key], notes: list[Path]) -> Verification:
    """Verify a log that was left, and that the `newer` one names its end and holds all of it. Raises Broken."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    older = Verification(_key_named(manifest["origin"], keys), others={key.name for key in keys}, kept=True)
    older.others.discard(older.key.name)
    older.follow_keys(json.loads((folder / "handovers.json").read_text(encoding="utf-8")))
    for each in [*notes, folder / "notes"]:
        older.read_notes(each)
    text = (folder / "opening.json").read_text(encoding="utf-8")
    if newer.place_of(sha256(b"\0", text.encode())) != 0:
        raise Broken("the entry that is said to open the next log is not its first leaf")
    said = json.loads(text)["after"]
    lost_until = int(said["witnessed_size"])
    missing = sum(
        newer.place_of(leaf) is None for leaf in older.roots_of(folder / "leaves.hashes", lost_until=lost_until)
    )
    if missing:
        older.tell(f"{missing} of its leaves are not in {newer.key.name}: not sealed again yet, or lost")
    older.demand_growth_between_notes(folder / "consistency.jsonl")
    end = {
        "origin": newer.key.name, "old_origin": older.key.name, "kept_size": older.leaves,
        "kept_root": base64.b64encode(older.root).decode(),
        "kept_note": _digest_of_note(folder / "notes", older.leaves),
    }  # fmt: skip
    if not end.items() <= said.items():
        older.tell(f"the entry that opened {newer.key.name} names another end")
    return older


def _key_named(name: str, keys: list[Key]) -> Key:
    for key in keys:
        if key.name == name:
            return key
    raise Broken(f"give --key of {name} as well")


def _digest_of_note(folder: Path, size: int) -> str:
    paths = list(folder.rglob(f"{size:020}.note"))
    return hashlib.sha256(paths[0].read_bytes()).hexdigest() if len(paths) == 1 else ""


class Shown:
    """The entries of an export, read one after the other in the order of their numbers."""

    def __init__(self, verification: Verification, path: Path, exported_at_us: int) -> None:
        self.verification, self.exported_at_us = verification, exported_at_us
        self.first: int | None = None
        self.sealed = 0
        self._lines = _lines(path)
        self._seq, self._hash = self._read()

    def hash_at(self, seq: int) -> bytes | None:
        """Return the hash of the entry with this number, None when it is not shown."""
        found = None
        while self._seq is not None and self._seq <= seq:
            if self._seq == seq:
                found = self._hash
            self._count(self._seq)
            self._seq, self._hash = self._read()
        return found

    def end(self, leaves: int, first: int, after: int) -> None:
        """Demand that all entries have had their leaf, and that the range from `first` to before `after` is full."""
        while self._seq is not None:
            self.verification.tell(f"entry {self._seq} is beyond the {leaves} leaves")
            self._count(self._seq)
            self._seq, self._hash = self._read()
        begins = first if self.first is None else self.first
        if (begins, begins + self.sealed) != (first, after):
            self.verification.tell(f"entries {first} to {after - 1} are said to be here, and are not")

    def _count(self, seq: int) -> None:
        if self.first is None:
            self.first = seq
        if seq != self.first + self.sealed:
            self.verification.tell(f"entry {seq} stands where {self.first + self.sealed} should")
        self.sealed += 1

    def _read(self) -> tuple[int | None, bytes]:
        """Return number and hash of the next sealed entry; check what can be checked by itself."""
        for place, line in self._lines:
            try:
                seq, text = line["seq"], line["entry"]
                self._check(place, line, text)
                if seq is not None:
                    return int(seq), sha256(b"\0", text.encode())
            except UNREADABLE:
                self.verification.tell(f"{place} is not an entry")
        return None, b""

    def _check(self, place: str, line: dict[str, Any], text: str) -> None:
        verification, entry = self.verification, json.loads(text)
        verification.entries += 1
        if canonical(entry) != text:
            verification.tell(f"{place}: the text is not canonical")
        if columns_of(entry) != line["columns"]:
            verification.tell(f"{place}: the columns are not those of the text")
        key = bytes.fromhex(entry["uuid"].replace("-", ""))
        if not verification.store.execute("INSERT OR IGNORE INTO seen VALUES (?)", [key]).rowcount:
            verification.tell(f"{place}: an entry of this name is there already")
        if entry["object_version"] is not None:
            thing = f"{entry['object']['type']} {entry['object']['id']}"
            verification.store.execute("INSERT INTO version VALUES (?, ?)", [thing, entry["object_version"]])
        if line["seq"] == 0 and entry["action"] == OPENED:
            verification.opening = entry["after"]
        if line["seq"] is None:
            age_us = self.exported_at_us - entry["at"]
            verification.oldest_us = max(verification.oldest_us, age_us)
            if age_us > LONGEST_UNSEALED_US:
                verification.tell(f"{place}: the entry had not been sealed for more than a minute")


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield place and value of each line of a JSON Lines file; what is no JSON is None."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for count, line in enumerate(file, 1):
            value = None
            with suppress(ValueError, RecursionError):
                value = json.loads(line)
            yield f"{path.name}, line {count}", value


def verify(
    *, key: str | list[str], export: Path | None = None, proof: Path | None = None, notes: list[Path] | None = None
) -> dict[str, Any]:
    """Verify and return the report: entries, sealed, unsealed_oldest_seconds, checkpoints, ok, problems."""
    keys, places = [parse_key(each) for each in ([key] if isinstance(key, str) else key)], list(notes or [])
    folder = export.parent if export is not None and export.is_file() else export
    present = _present(keys, folder, proof)
    kept = folder is not None and (folder / "older").is_dir()
    verification = Verification(present, others={each.name for each in keys} - {present.name}, kept=kept)
    try:
        if folder is not None:
            verification.follow_keys(json.loads((folder / "handovers.json").read_text(encoding="utf-8")))
            places.append(folder / "notes")
        elif proof is not None:
            verification.follow_keys(next((found["handovers"] for _place, found in _lines(proof)), []))
        for each in places:
            verification.read_notes(each)
        if folder is not None:
            verification.whole_export(folder)
            _verify_all_older(verification, folder, keys, list(notes or []))
        if proof is not None:
            verification.proofs(proof)
    except (OSError, *UNREADABLE) as error:
        verification.tell(f"cannot be read: {error!r}")
    return verification.report()


def _present(keys: list[Key], folder: Path | None, proof: Path | None) -> Key:
    """Return the key of the log that is to be verified; the first one where it cannot be told by its name."""
    with suppress(OSError, *UNREADABLE):
        if folder is not None:
            name = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["origin"]
        else:
            name = (
                next((line["note"] for _place, line in _lines(proof)), "").partition("\n")[0]
                if proof is not None
                else ""
            )
        return next((key for key in keys if key.name == name), keys[0])
    return keys[0]


def _verify_all_older(newest: Verification, folder: Path, keys: list[Key], notes: list[Path]) -> None:
    """Verify the logs before the newest one, from it back to the first."""
    newer, places = newest, sorted((folder / "older").glob("*"), reverse=True)
    if newest.opening is not None and newest.opening["kept_size"] and not places:
        newest.tell(f"{newest.opening['old_origin']}, which went before, is missing")
    for place in places:
        try:
            older = verify_older(newer, place, keys, notes)
        except Broken as error:
            newest.tell(f"{place.name}: {error}")
            return
        newest.checkpoints += older.checkpoints
        for problem in older.problems:
            newest.tell(f"{older.key.name}: {problem}")
        newer = older


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--key", required=True, metavar="VKEY", action="append", help="the first key that each log published"
    )
    parser.add_argument("--export", type=Path, metavar="DIR", help="what `manage.py export_audit` wrote")
    parser.add_argument("--proof", type=Path, metavar="FILE", help="an inclusion proof")
    parser.add_argument("--notes", type=Path, metavar="DIR", action="append", help="your copy of a witness's folder")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args(arguments)
    if options.export is None and options.proof is None:
        parser.error("give --export or --proof")
    try:
        report = verify(key=options.key, export=options.export, proof=options.proof, notes=options.notes)
    except Broken as error:
        parser.error(f"--key: {error}")
    if options.format == "json":
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        counts = "{entries} entries shown, {sealed} leaves, {checkpoints} signed roots.\n".format(**report)
        sys.stdout.write(counts + "".join(f"- {problem}\n" for problem in report["problems"]))
        sys.stdout.write("All fits.\n" if report["ok"] else "This log does not verify.\n")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
