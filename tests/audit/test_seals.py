"""The seal of an entry on its page and in lists, and its proof to take away."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.audit.models import AuditKey, AuditLeaf, AuditLog
from jknoffice.audit.offline.audit_verify import verify
from jknoffice.audit.sealing.sealer import seal_all
from jknoffice.audit.seals import seals_of
from tests.audit.entries import tamper, write
from tests.audit.visits import ENTRIES, SUBJECT, pages, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def proof_page(client: Client, pk: int) -> Any:
    return client.get(reverse("admin:audit_proof", args=[pk]))


def test_an_entry_names_the_first_checkpoint_that_holds_it() -> None:
    first = [write() for _ in range(3)]
    seal_all()
    second = write()
    seal_all()
    waiting = write()
    seals = seals_of([*first, second, waiting])
    assert [(seals[row.pk].seq, seals[row.pk].size) for row in [*first, second]] == [(0, 3), (1, 3), (2, 3), (3, 4)]
    assert waiting.pk not in seals


def test_the_page_of_an_entry_and_the_list_tell_of_the_seal(client: Client) -> None:
    row = write()
    waits = text_of(client.get(pages(row.pk)["entry"][1]))
    assert "Waits for its seal: " in waits
    assert reverse("admin:audit_proof", args=[row.pk]) not in waits
    assert ">Waits<" in text_of(client.get(reverse(ENTRIES)))
    seal_all()
    sealed = text_of(client.get(pages(row.pk)["entry"][1]))
    assert "Sealed at" in sealed
    assert reverse("admin:audit_proof", args=[row.pk]) in sealed
    assert ">Sealed<" in text_of(client.get(reverse(ENTRIES)))


def test_the_offline_verifier_takes_the_proof(client: Client, tmp_path: Path) -> None:
    rows = [write(subject=SUBJECT) for _ in range(5)]
    seal_all()
    answer = proof_page(client, rows[2].pk)
    assert answer["Content-Disposition"] == f'attachment; filename="proof-{rows[2].pk}.json"'
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    key = AuditKey.objects.get().vkey
    assert verify(key=key, proof=file)["ok"]
    file.write_text(json.dumps({**answer.json(), "seq": 3}))
    assert not verify(key=key, proof=file)["ok"]
    taken = AuditLog.objects.latest("pk")
    assert (taken.action, taken.object_id, taken.subject) == ("audit.proof_taken", str(rows[2].pk), SUBJECT)


def test_there_is_no_proof_before_the_seal(client: Client) -> None:
    row = write()
    assert "This entry waits for its seal." in text_of(client.get(proof_page(client, row.pk)["Location"]))


def test_a_hole_in_the_tree_is_told(client: Client) -> None:
    rows = [write() for _ in range(3)]
    seal_all()
    tamper("DELETE FROM audit_auditleaf WHERE seq = %s", [1])
    assert AuditLeaf.objects.count() == 2
    assert "The sealed tree has a hole" in text_of(client.get(proof_page(client, rows[0].pk)["Location"]))
