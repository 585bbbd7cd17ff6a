"""How fast the register is searched: `python -m benchmarks.search_register --rows 100000 1000000 10000000`.

Each kind of search runs 200 times, each time for another person and in another order: its queries alone (SQL), and
both of its requests (POST, then the page of results) through Django's test client, with log-in, limits, log and
templates. Beside it stands Django's own admin search over the same table (5 times; it reads the whole table thrice).
p50 and p95 in milliseconds. Ratios compare what ran in the same minutes, so that other work on the machine cancels out.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from random import Random

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from benchmarks.generate_register import fill
from benchmarks.house import database, show
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from participants.models import Peserta
from participants.searching import search
from participants.searching.asked import Name, Number, read
from participants.searching.finding import Place, by_name, by_number, similar
from tests import make
from tests.hands import part_hands

RUNS = 200
STOCK_RUNS = 5
_WARM_UP = 5
_BARE = "HTTP, page without a search, p50 ms"
Figures = dict[str, float]


def main() -> None:
    """Measure at each size; then print the growth from the first to the last, of HTTP beside that of the bare page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    measured: dict[int, Figures] = {}
    for rows in options.rows:
        with database(), _no_limit():
            began = time.perf_counter()
            fill(rows)
            _settle()
            filled = time.perf_counter() - began
            measured[rows] = _measure(options.runs)
            show("search_register", measured[rows], participants=rows, fill_seconds=round(filled), index_mib=_sizes())
    first, last = measured[options.rows[0]], measured[options.rows[-1]]
    bare = last[_BARE] / first[_BARE]
    growth = {
        name: round(last[name] / first[name] / (bare if name.startswith("HTTP") else 1), 2)
        for name in first
        if name.endswith("p50 ms")
    }
    show("search_register growth", growth, participants=options.rows)


@contextmanager
def _no_limit() -> Iterator[None]:
    """Let one account search without end, and take the peer's pages up among ours."""
    limit, search.LIMIT = search.LIMIT, replace(search.LIMIT, most=10**9)
    urls, settings.ROOT_URLCONF = settings.ROOT_URLCONF, "benchmarks.stock_admin"
    try:
        yield
    finally:
        search.LIMIT, settings.ROOT_URLCONF = limit, urls


def _settle() -> None:
    """Grant the roles, and do what autovacuum does some time after an import."""
    part_hands()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE participants_peserta")
        cursor.execute("CHECKPOINT")


def _measure(runs: int) -> Figures:
    people = _sample(runs)
    user = make.staff(Role.OPERATOR, branch=people[0].branch)
    client = make.logged_in(user, Client(SERVER_NAME="localhost"))
    page = reverse("admin:participants_peserta_changelist")
    ways: dict[str, Callable[[Peserta], Iterable[tuple[str, float]]]] = {
        **{f"SQL, {name}": partial(_clocked, ask, f"SQL, {name}") for name, ask in _queries(user).items()},
        **{f"HTTP, {name}": partial(_requests, client, page, name, text) for name, text in _texts().items()},
        "HTTP, page": partial(_clocked, lambda _: _get(client, page), "HTTP, page without a search"),
    }
    times: dict[str, list[float]] = defaultdict(list)
    chance = Random(2)
    for number, person in enumerate([*people[:_WARM_UP], *people]):
        for way in chance.sample(sorted(ways), len(ways)):
            for name, seconds in ways[way](person):
                if number >= _WARM_UP:
                    times[name].append(seconds)
    for person in people[:STOCK_RUNS]:
        times["SQL, stock admin, NIK"].append(_clock(partial(_stock_queries, person.nik)))
        times["HTTP, stock admin, NIK"].append(
            _clock(partial(_get, client, f"/stock/participants/peserta/?q={person.nik}"))
        )
    found: Figures = {}
    for name in sorted(times):
        found |= _percentiles(name, times[name])
    return found | _ratios(found)


def _ratios(found: Figures) -> Figures:
    """Return what the goals are about."""
    bare = found[_BARE]
    ratios: Figures = {}
    for kind in ("NIK", "card", "mobile number", "name and birth date"):
        asked, shown = found[f"HTTP, {kind}, search, p50 ms"], found[f"HTTP, {kind}, results, p50 ms"]
        ratios[f"{kind}: results / page without a search"] = round(shown / bare, 2)
        ratios[f"{kind}: search / page without a search"] = round(asked / bare, 2)
        ratios[f"{kind}: both / page without a search"] = round((asked + shown) / bare, 2)
    both = found["HTTP, NIK, search, p50 ms"] + found["HTTP, NIK, results, p50 ms"]
    shown = found["HTTP, NIK, results, p50 ms"]
    ratios["stock admin / results, NIK through HTTP"] = round(found["HTTP, stock admin, NIK, p50 ms"] / shown, 1)
    ratios["stock admin / both, NIK through HTTP"] = round(found["HTTP, stock admin, NIK, p50 ms"] / both, 1)
    ratios["stock admin / ours, NIK in SQL"] = round(found["SQL, stock admin, NIK, p50 ms"] / found["SQL, NIK, p50 ms"])
    for kind in ("shared number", "common name in the branch"):
        first, deep = (found[f"SQL, {kind}, {which} page, p50 ms"] for which in ("first", "deep"))
        ratios[f"{kind}: deep / first page"] = round(deep / first, 2)
    return ratios


def _stock_queries(nik: str) -> None:
    """Ask what Django's change list asks: how many fit, how many there are, and the first hundred."""
    from benchmarks import stock_admin  # only once Django stands

    everybody = Peserta.objects.all()
    fitting, _ = stock_admin.site.get_model_admin(Peserta).get_search_results(HttpRequest(), everybody, nik)
    assert fitting.count() <= everybody.count()
    assert len(fitting.order_by("-pk")[:100]) == 1


def _sample(runs: int) -> list[Peserta]:
    """Return people from all over the register, the same in each run.

    People without a namesake born on the same day: in a made-up register of millions some have hundreds, and a page
    of 25 people takes longer than one of a single person.
    """
    last, chance = Peserta.objects.latest("pk").pk, Random(1)
    people: list[Peserta] = []
    while len(people) < runs:
        person = Peserta.objects.select_related("branch").filter(pk=chance.randint(1, last)).first()
        if person and Peserta.objects.filter(birth_date=person.birth_date, name=person.name).count() == 1:
            people.append(person)
    return people


def _texts() -> dict[str, Callable[[Peserta], str]]:
    """What is typed, by kind of search."""
    return {
        "NIK": lambda person: person.nik,
        "KK": lambda person: person.kk_number,
        "card": lambda person: person.card_number,
        "mobile number": lambda person: person.phone or "081299999999",
        "name and birth date": lambda person: f"{person.name} {person.birth_date:%d-%m-%Y}",
        "misspelt name and birth date": lambda person: f"{_misspelt(person)} {person.birth_date:%d-%m-%Y}",
        "name in the branch": _ends,
        "misspelt name in the branch": _misspelt,
    }


def _queries(user: User) -> dict[str, Callable[[Peserta], object]]:
    """What is asked of the database, by kind of search."""
    branch = user.branch_id
    deep = _deep_places(user)
    texts = _texts()

    def number(kind: str) -> Callable[[Peserta], object]:
        return lambda person: by_number(_numbers(texts[kind](person)))

    def name(kind: str, ask: Callable[..., object]) -> Callable[[Peserta], object]:
        return lambda person: ask(_name(texts[kind](person)), branch=branch)

    return {
        **{kind: number(kind) for kind in ("NIK", "KK", "card", "mobile number")},
        "name and birth date": name("name and birth date", by_name),
        "misspelt name and birth date": name("misspelt name and birth date", similar),
        "name in the branch": name("name in the branch", by_name),
        "misspelt name in the branch": name("misspelt name in the branch", similar),
        "shared number, first page": lambda _: by_number(_numbers(deep["number"][0])),
        "shared number, deep page": lambda _: by_number(_numbers(deep["number"][0]), after=deep["number"][1]),
        "common name in the branch, first page": lambda _: by_name(_name(deep["name"][0]), branch=branch),
        "common name in the branch, deep page": lambda _: by_name(
            _name(deep["name"][0]), branch=branch, after=deep["name"][1]
        ),
    }


def _deep_places(user: User) -> dict[str, tuple[str, Place]]:
    """Return the most shared number and the most common first name of the branch, each with a place at nine tenths."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone FROM participants_peserta WHERE phone IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        number = cursor.fetchone()[0]
        cursor.execute(
            "SELECT split_part(name, ' ', 1) FROM participants_peserta WHERE branch_id = %s AND name ~ '^[A-Z]{3}'"
            " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
            [user.branch_id],
        )
        name = cursor.fetchone()[0]
    sharing = list(Peserta.objects.filter(phone=number).order_by("pk").values_list("pk", flat=True))
    called = Peserta.objects.filter(branch=user.branch, name__startswith=name).order_by("name", "pk")
    so_called = list(called.values_list("name", "pk"))
    return {
        "number": (number, ("", sharing[len(sharing) * 9 // 10])),
        "name": (name, so_called[len(so_called) * 9 // 10]),
    }


def _numbers(text: str) -> list[Number]:
    asked = read(text)
    assert isinstance(asked, list)
    return asked


def _name(text: str) -> Name:
    asked = read(text)
    assert isinstance(asked, Name)
    return asked


def _ends(person: Peserta) -> str:
    """Return the first and the last word of a name."""
    words = person.name.split()
    return " ".join(dict.fromkeys((words[0], words[-1])))


def _misspelt(person: Peserta) -> str:
    """Return a name with its fourth letter doubled and its last one lost."""
    name = _ends(person)
    return f"{name[:4]}{name[3:-1]}" if name[3:4].isalpha() else f"{name[:-1]}"


def _requests(
    client: Client, page: str, kind: str, text: Callable[[Peserta], str], person: Peserta
) -> Iterator[tuple[str, float]]:
    """Search through HTTP, and time the two requests apart."""
    began = time.perf_counter()
    answer = client.post(page, {"q": text(person)})
    yield f"HTTP, {kind}, search", time.perf_counter() - began
    assert answer.status_code == 302, (kind, answer.status_code)
    yield f"HTTP, {kind}, results", _clock(partial(_get, client, answer["Location"]))


def _get(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200, address


def _clocked(ask: Callable[[Peserta], object], name: str, person: Peserta) -> Iterator[tuple[str, float]]:
    yield name, _clock(partial(ask, person))


def _clock(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _percentiles(name: str, seconds: list[float]) -> Figures:
    times = sorted(each * 1000 for each in seconds)
    return {
        f"{name}, p50 ms": round(times[len(times) // 2], 2),
        f"{name}, p95 ms": round(times[len(times) * 95 // 100], 2),
    }


def _sizes() -> dict[str, float]:
    """Return the size of the table and of each of its indexes in MiB."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_relation_size(pg_class.oid) FROM pg_class LEFT JOIN pg_index ON indexrelid = oid"
            " WHERE 'participants_peserta'::regclass IN (oid, indrelid) ORDER BY 2 DESC"
        )
        return {name: round(size / 2**20, 1) for name, size in cursor.fetchall()}


if __name__ == "__main__":
    main()
