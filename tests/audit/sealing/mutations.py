"""What somebody who owns the database could do to the log: random mutations, each really changing something.

The triggers do not fire for them (session_replication_role), and they may drop constraints. Two of them even have our
keys. Each runs inside a transaction that is rolled back.
"""

import json
import random
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jknoffice.audit.actor import Actor
from jknoffice.audit.entry import canonical, mac_of
from jknoffice.audit.log import Thing, record
from jknoffice.audit.models import AuditCheckpoint, AuditKey, AuditLeaf, AuditLog, AuditNode
from jknoffice.audit.sealing import keys, note, sealer
from jknoffice.audit.sealing.merkle import Tree, leaf_hash
from jknoffice.audit.sealing.note import Checkpoint, Signer

Mutation = Callable[[random.Random], None]
MUTATIONS: dict[str, Mutation] = {}
SIZES = (3, 60, 255, 256, 257, 400, 520)


def sealed_log() -> None:
    """520 entries in seven checkpoints: enough for stored subtrees of two levels."""
    before = 0
    for size in SIZES:
        with transaction.atomic():
            for number in range(before, size):
                record("thing.changed", by=Actor.system("test"), about=Thing("app.thing", f"{number % 7}"),
                       version=number // 7 + 1, reason="code", after={"n": number})  # fmt: skip
        sealer.seal_all()
        before = size


def mutation(function: Mutation) -> Mutation:
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function


def run(statement: str, *values: Any) -> None:
    """Run a statement that must change something."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount != 0, statement


def column(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def some_seq(chance: random.Random) -> int:
    return chance.randrange(SIZES[-1])


def some_entry(chance: random.Random) -> int:
    return int(chance.choice(column("SELECT id FROM audit_auditlog ORDER BY id")))


def some_size(chance: random.Random) -> int:
    return chance.choice(SIZES)


def flipped(raw: bytes, chance: random.Random) -> bytes:
    found = bytearray(raw)
    found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def altered(text: str, chance: random.Random) -> str:
    """The text with one character exchanged, so that it says something else."""
    place = chance.randrange(len(text))
    other = chance.choice([each for each in "abcXYZ0189+/=\n — é" if each != text[place]])
    return text[:place] + other + text[place + 1 :]


def altered_entry(text: str, chance: random.Random) -> str:
    entry = json.loads(text)
    field, value = chance.choice(
        [
            ("at", entry["at"] + chance.choice([-1, 1])), ("actor", "somebody else"), ("action", "thing.seen"),
            ("reason", ""), ("after", {"n": -1}), ("before", {"n": 1}), ("branch", "B0001"), ("kind", "staff"),
            ("subject", "00000000-0000-0000-0000-000000000000"), ("pii", {"name": "00"}), ("session", "x"),
            ("object", {"type": "app.thing", "id": "9"}), ("object_version", 1000 + entry["object_version"]),
            ("uuid", "00000000-0000-0000-0000-000000000001"), ("v", 2), ("more", 1),
        ]
    )  # fmt: skip
    return canonical({**entry, field: value})


# --- entries ------------------------------------------------------------------------------------------------------


@mutation
def entry_altered(chance: random.Random) -> None:
    row = AuditLog.objects.get(pk=some_entry(chance))
    run("UPDATE audit_auditlog SET entry = %s WHERE id = %s", altered_entry(row.entry, chance), row.pk)


@mutation
def entry_altered_with_the_mac_key(chance: random.Random) -> None:
    row = AuditLog.objects.get(pk=some_entry(chance))
    text = altered_entry(row.entry, chance)
    run("UPDATE audit_auditlog SET entry = %s, mac = %s WHERE id = %s", text, mac_of(text), row.pk)


@mutation
def entry_mac_altered(chance: random.Random) -> None:
    row = AuditLog.objects.get(pk=some_entry(chance))
    run("UPDATE audit_auditlog SET mac = %s WHERE id = %s", flipped(bytes(row.mac), chance), row.pk)


@mutation
def entry_column_altered(chance: random.Random) -> None:
    name, value = chance.choice(
        [("actor", "x"), ("action", "x"), ("reason", "x"), ("branch", "x"), ("kind", "x"), ("person", "x"),
         ("session", "x"), ("object_type", "x"), ("object_id", "x"), ("object_version", 9999), ("at_us", 1),
         ("uuid", "00000000-0000-0000-0000-000000000001"), ("subject", "00000000-0000-0000-0000-000000000001")]
    )  # fmt: skip
    run(f"ALTER TABLE audit_auditlog ALTER COLUMN {name} DROP EXPRESSION")
    run(f"UPDATE audit_auditlog SET {name} = %s WHERE id = %s", value, some_entry(chance))  # noqa: S608


@mutation
def entry_removed(chance: random.Random) -> None:
    run("DELETE FROM audit_auditlog WHERE id = %s", some_entry(chance))


@mutation
def entry_removed_with_its_leaf(chance: random.Random) -> None:
    audit_id = some_entry(chance)
    run("DELETE FROM audit_auditlog WHERE id = %s", audit_id)
    run("DELETE FROM audit_auditleaf WHERE audit_id = %s", audit_id)


@mutation
def entry_removed_and_the_rest_renumbered(chance: random.Random) -> None:
    seq = chance.randrange(SIZES[-1] - 1)
    run("DELETE FROM audit_auditlog WHERE id = (SELECT audit_id FROM audit_auditleaf WHERE seq = %s)", seq)
    run("DELETE FROM audit_auditleaf WHERE seq = %s", seq)
    run("UPDATE audit_auditleaf SET seq = -seq WHERE seq > %s", seq)
    run("UPDATE audit_auditleaf SET seq = -seq - 1 WHERE seq < 0")


@mutation
def entry_inserted(chance: random.Random) -> None:
    text = altered_entry(AuditLog.objects.get(pk=some_entry(chance)).entry, chance)
    run("ALTER TABLE audit_auditlog DROP CONSTRAINT audit_uuid_once")
    run("DROP INDEX audit_version_once")
    run("INSERT INTO audit_auditlog (entry, mac) VALUES (%s, %s)", text, chance.randbytes(32))


@mutation
def entry_written_twice(chance: random.Random) -> None:
    run("ALTER TABLE audit_auditlog DROP CONSTRAINT audit_uuid_once")
    run("DROP INDEX audit_version_once")
    run("INSERT INTO audit_auditlog (entry, mac) SELECT entry, mac FROM audit_auditlog WHERE id = %s",
        some_entry(chance))  # fmt: skip


@mutation
def entries_swapped(chance: random.Random) -> None:
    one, two = chance.sample(column("SELECT id FROM audit_auditlog"), 2)
    for old, new in ((one, -1), (two, one), (-1, two)):
        run("UPDATE audit_auditlog SET id = %s WHERE id = %s", new, old)


# --- leaves and subtrees --------------------------------------------------------------------------------------------


@mutation
def leaf_altered(chance: random.Random) -> None:
    leaf = AuditLeaf.objects.get(seq=some_seq(chance))
    run("UPDATE audit_auditleaf SET hash = %s WHERE id = %s", flipped(bytes(leaf.hash), chance), leaf.pk)


@mutation
def leaf_and_entry_altered_with_the_mac_key(chance: random.Random) -> None:
    leaf = AuditLeaf.objects.get(seq=some_seq(chance))
    text = altered_entry(AuditLog.objects.get(pk=leaf.audit_id).entry, chance)
    run("UPDATE audit_auditlog SET entry = %s, mac = %s WHERE id = %s", text, mac_of(text), leaf.audit_id)
    run("UPDATE audit_auditleaf SET hash = %s WHERE id = %s", leaf_hash(text.encode()), leaf.pk)


@mutation
def leaves_swapped(chance: random.Random) -> None:
    one, two = chance.sample(range(SIZES[-1]), 2)
    for old, new in ((one, -1), (two, one), (-1, two)):
        run("UPDATE audit_auditleaf SET seq = %s WHERE seq = %s", new, old)


@mutation
def leaf_removed(chance: random.Random) -> None:
    run("DELETE FROM audit_auditleaf WHERE seq = %s", some_seq(chance))


@mutation
def leaf_moved(chance: random.Random) -> None:
    seq = chance.choice([-1, -7, SIZES[-1] + chance.randrange(3), 10**9])
    run("UPDATE audit_auditleaf SET seq = %s WHERE seq = %s", seq, some_seq(chance))


@mutation
def leaf_inserted(chance: random.Random) -> None:
    leaf = AuditLeaf.objects.get(seq=some_seq(chance))
    run("INSERT INTO audit_auditleaf (origin_id, seq, audit_id, hash) VALUES (%s, %s, %s, %s)", leaf.origin_id,
        chance.choice([-1, SIZES[-1]]), 10**9 + leaf.audit_id, chance.randbytes(32))  # fmt: skip


@mutation
def leaf_of_another_entry(chance: random.Random) -> None:
    one, two = chance.sample(range(SIZES[-1]), 2)
    run("ALTER TABLE audit_auditleaf DROP CONSTRAINT audit_leaf_entry")
    run("UPDATE audit_auditleaf SET audit_id = (SELECT audit_id FROM audit_auditleaf WHERE seq = %s) WHERE seq = %s",
        one, two)  # fmt: skip


@mutation
def leaf_without_origin(chance: random.Random) -> None:
    run("UPDATE audit_auditleaf SET origin_id = 10^6 WHERE seq = %s", some_seq(chance))


def some_node(chance: random.Random) -> AuditNode:
    return chance.choice(list(AuditNode.objects.order_by("level", "index")))


@mutation
def subtree_altered(chance: random.Random) -> None:
    node = some_node(chance)
    run("UPDATE audit_auditnode SET hash = %s WHERE id = %s", flipped(bytes(node.hash), chance), node.pk)


@mutation
def subtree_removed(chance: random.Random) -> None:
    run("DELETE FROM audit_auditnode WHERE id = %s", some_node(chance).pk)


@mutation
def subtree_moved(chance: random.Random) -> None:
    node = some_node(chance)
    name = chance.choice(["level", "index"])
    run(f"UPDATE audit_auditnode SET {name} = {name} + %s WHERE id = %s", chance.choice([5, 9]), node.pk)  # noqa: S608


@mutation
def subtree_inserted(chance: random.Random) -> None:
    run("INSERT INTO audit_auditnode (origin_id, level, index, hash) VALUES (%s, %s, %s, %s)", sealer.origin().pk,
        chance.randrange(10, 20), chance.choice([-1, 0, 7]), chance.randbytes(32))  # fmt: skip


# --- checkpoints and notes --------------------------------------------------------------------------------------------


@mutation
def root_altered(chance: random.Random) -> None:
    row = AuditCheckpoint.objects.get(size=some_size(chance))
    run("UPDATE audit_auditcheckpoint SET root = %s WHERE id = %s", flipped(bytes(row.root), chance), row.pk)


@mutation
def frontier_altered(chance: random.Random) -> None:
    row = AuditCheckpoint.objects.get(size=some_size(chance))
    raw = bytes(row.frontier)
    frontier = chance.choice([flipped(raw, chance), raw[:-32], raw + bytes(32), raw[:-1], raw[32:] + bytes(32)])
    run("UPDATE audit_auditcheckpoint SET frontier = %s WHERE id = %s", frontier, row.pk)


@mutation
def checkpoint_resized(chance: random.Random) -> None:
    size = chance.choice([-1, 0, *(n for n in range(1, 600) if n not in SIZES)])
    run("UPDATE audit_auditcheckpoint SET size = %s WHERE size = %s", size, some_size(chance))


@mutation
def checkpoint_highest_altered(chance: random.Random) -> None:
    run("UPDATE audit_auditcheckpoint SET highest_id = highest_id + %s WHERE size = %s",
        chance.choice([-1, 1, 1000]), some_size(chance))  # fmt: skip


@mutation
def checkpoint_removed(chance: random.Random) -> None:
    run("DELETE FROM audit_auditcheckpoint WHERE size = %s", some_size(chance))


@mutation
def checkpoint_inserted(chance: random.Random) -> None:
    size = chance.choice([n for n in range(1, 520) if n not in SIZES])
    tree = Tree()
    for leaf in AuditLeaf.objects.filter(seq__lt=size).order_by("seq"):
        tree.push(bytes(leaf.hash))
    forged = Signer(sealer.origin().name, chance.randbytes(32))
    text = Checkpoint(forged.name, size, tree.root()).text()
    AuditCheckpoint.objects.create(
        origin=sealer.origin(), size=size, root=tree.root(), frontier=tree.packed(), sealed_at=timezone.now(),
        highest_id=AuditLeaf.objects.get(seq=size - 1).audit_id,
        note=chance.choice([None, note.signed(text, forged)]),
    )  # fmt: skip


@mutation
def note_altered(chance: random.Random) -> None:
    row = AuditCheckpoint.objects.get(size=some_size(chance))
    run("UPDATE audit_auditcheckpoint SET note = %s WHERE id = %s", altered(row.note or "", chance), row.pk)


@mutation
def note_removed(chance: random.Random) -> None:
    run("UPDATE audit_auditcheckpoint SET note = NULL WHERE size = %s", some_size(chance))


@mutation
def note_with_another_signature(chance: random.Random) -> None:
    row = AuditCheckpoint.objects.get(size=some_size(chance))
    forged = Signer(sealer.origin().name, chance.randbytes(32))
    text = Checkpoint(forged.name, row.size, bytes(row.root)).text()
    new = chance.choice([note.signed(text, forged), (row.note or "") + forged.sign(text)])
    run("UPDATE audit_auditcheckpoint SET note = %s WHERE id = %s", new, row.pk)


@mutation
def notes_swapped(chance: random.Random) -> None:
    one, two = (AuditCheckpoint.objects.get(size=size) for size in chance.sample(SIZES, 2))
    run("UPDATE audit_auditcheckpoint SET note = %s WHERE id = %s", one.note, two.pk)
    run("UPDATE audit_auditcheckpoint SET note = %s WHERE id = %s", two.note, one.pk)


# --- keys and origins -------------------------------------------------------------------------------------------------


@mutation
def key_altered(chance: random.Random) -> None:
    row = AuditKey.objects.get()
    run("UPDATE audit_auditkey SET vkey = %s", altered(row.vkey, chance))


@mutation
def key_removed(chance: random.Random) -> None:
    run("DELETE FROM audit_auditkey")


@mutation
def key_of_their_own(chance: random.Random) -> None:
    forged = Signer(sealer.origin().name, chance.randbytes(32)).verifier
    if chance.random() < 0.5:
        keys.remember(sealer.origin(), forged, from_size=some_size(chance), at=timezone.now(), handover="")
    else:
        run("UPDATE audit_auditkey SET vkey = %s", forged.vkey)


@mutation
def key_of_another_time(chance: random.Random) -> None:
    name, value = chance.choice([("from_size", 1 + some_seq(chance)), ("handover", "x"), ("origin_id", 10**6)])
    run(f"UPDATE audit_auditkey SET {name} = %s", value)  # noqa: S608


@mutation
def origin_altered(chance: random.Random) -> None:
    name, value = chance.choice([("name", "another"), ("first_entry", some_entry(chance))])
    run(f"UPDATE audit_auditorigin SET {name} = %s", value)  # noqa: S608


@mutation
def origin_removed(chance: random.Random) -> None:
    run("DELETE FROM audit_auditorigin")


@mutation
def origin_inserted(chance: random.Random) -> None:
    run("INSERT INTO audit_auditorigin (name, opened_at, first_entry) VALUES ('another', now(), %s)",
        chance.choice([None, some_entry(chance)]))  # fmt: skip


# --- history rewritten ------------------------------------------------------------------------------------------------


@mutation
def tail_cut(chance: random.Random) -> None:
    """All that came after a checkpoint is gone, and nothing in the database contradicts it."""
    size = chance.choice(SIZES[:-1])
    run("DELETE FROM audit_auditlog WHERE id IN (SELECT audit_id FROM audit_auditleaf WHERE seq >= %s)", size)
    run("DELETE FROM audit_auditleaf WHERE seq >= %s", size)
    run("DELETE FROM audit_auditcheckpoint WHERE size > %s", size)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditnode WHERE ((index + 1) << level) > %s", [size])


@mutation
def history_rewritten_with_all_keys(chance: random.Random) -> None:
    """An entry is altered and the whole tree built and signed anew, with our own keys: only witnesses know better."""
    row = AuditLog.objects.get(pk=some_entry(chance))
    text = altered_entry(row.entry, chance)
    run("UPDATE audit_auditlog SET entry = %s, mac = %s WHERE id = %s", text, mac_of(text), row.pk)
    _build_anew()


@mutation
def entry_removed_and_history_rewritten_with_all_keys(chance: random.Random) -> None:
    audit_id = some_entry(chance)
    run("DELETE FROM audit_auditlog WHERE id = %s", audit_id)
    _build_anew()


def _build_anew() -> None:
    """Forget all that was sealed, and seal again without asking a witness."""
    for table in ("auditleaf", "auditnode", "auditcheckpoint"):
        run(f"DELETE FROM audit_{table}")  # noqa: S608
    origin = sealer.origin()
    signer, tree, leaves, nodes = keys.signer(origin), Tree(), [], []
    highest, last = 0, AuditLog.objects.count()
    for row in AuditLog.objects.order_by("pk"):
        leaf, highest = leaf_hash(row.entry.encode()), max(highest, row.pk)
        leaves.append((tree.size, row.pk, leaf))
        nodes += [node for node in tree.push(leaf) if node[0] >= AuditNode.LOWEST]
        if tree.size in {*SIZES, last}:
            text = Checkpoint(origin.name, tree.size, tree.root()).text()
            AuditCheckpoint.objects.create(
                origin=origin, size=tree.size, root=tree.root(), frontier=tree.packed(), highest_id=highest,
                sealed_at=timezone.now(), note=note.signed(text, signer),
            )  # fmt: skip
    sealer._write(origin, leaves, nodes)


def inside(name: str, chance: random.Random, look: Callable[[], bool]) -> bool:
    """Mutate, return what `look` returns, and leave the log as it was."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        MUTATIONS[name](chance)
        found = look()
        transaction.set_rollback(True)
    return found
