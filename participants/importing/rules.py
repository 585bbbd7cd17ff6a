"""The rules for one row, as SQL: each column is read into the form of the register, or refused with a code.

Cheap tests come first and settle nearly every value; only what they leave over pays for trimming and patterns. An
expression here is given the SQL of a text that is never null and yields null for what is refused. The rules for numbers
are those of `participants.phone` and `participants.identifiers`, which a test compares.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from participants.models.choices import Membership, Relation, Segment, Sex

BLANKS = "".join(chr(code) for code in (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8203)))
BLANKS += "\u2028\u2029\u202f\u205f\u3000"
"""What `str.strip()` takes away."""

_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, "L": Sex.MALE, "P": Sex.FEMALE}
_RELATIONS = {"PESERTA": "SELF", "ISTRI": "WIFE", "SUAMI": "HUSBAND", "ANAK": "CHILD", "TAMBAHAN": "OTHER"} | {
    str(number): code for number, code in enumerate(("SELF", "HUSBAND", "WIFE", "CHILD", "OTHER"), start=1)
}
_STATUSES = {"AKTIF": "ACTIVE", "0": "ACTIVE", "MENINGGAL": "DECEASED", "PENANGGUHAN": "SUSPENDED"}

_MANGLED = r"^([0-9][.,]?[0-9]*[eE]\+?[0-9]+|[0-9]+\.0)$"
_DATE = r"^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})$"
# The pattern of `participants.phone.MOBILE` with its length counted apart: PostgreSQL is slow at counted repetitions.
_PHONE = r"^((\+|00)?620?|0)?8[1-35-9][0-9]+$"
# Of what Django's validate_email() takes, the forms that people have: no quotation marks, no domain in brackets.
_ATOM = "[A-Za-z0-9_!#$&''*+/=?^`{|}~-]+"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = rf"^{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+[A-Za-z][A-Za-z]+$"


def literal(text: str) -> str:
    """Return a text as an SQL constant that stands in a statement with parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


_BLANKS = literal(BLANKS)
_IN_IDENTIFIERS = literal(" .-\u00a0")
_IN_PHONES = literal(" .()/-\u00a0\u2010\u2011\u2012\u2013")


def trimmed(text: str) -> str:
    """Without the blanks around it."""
    return f"btrim({text}, {_BLANKS})"


def words(text: str) -> str:
    """With one space between words and none around them."""
    plain = rf"{text} !~ '^ | $|  |[^ -~]'"
    return f"CASE WHEN {plain} THEN {text} ELSE btrim(regexp_replace({text}, '[{BLANKS}]+', ' ', 'g')) END"


def identifier(text: str, digits: int) -> str:
    """So many digits, with or without spaces, dots and dashes."""
    bare = f"translate({trimmed(text)}, {_IN_IDENTIFIERS}, '')"
    return (
        f"CASE WHEN {_all_digits(text, digits)} THEN {text}"
        f" WHEN {trimmed(text)} !~ '{_MANGLED}' AND char_length({text}) <= 60 AND {_all_digits(bare, digits)}"
        f" THEN {bare} END"
    )


def phone(text: str) -> str:
    """A mobile number in E.164, or an empty text for an empty one."""
    bare = f"translate({trimmed(text)}, {_IN_PHONES}, '')"
    return (
        f"CASE WHEN {text} = '' THEN ''"
        f" WHEN {_common(text, '08', '0')} THEN '+62' || substr({text}, 2)"
        f" WHEN {_common(text, '+628', '+62')} THEN {text}"
        f" WHEN {_mobile(text)} THEN '+62' || ltrim({text}, '+062')"
        f" WHEN {trimmed(text)} = '' THEN ''"
        f" WHEN char_length({trimmed(text)}) <= 40 AND right({trimmed(text)}, 2) <> '.0' AND {_mobile(bare)}"
        f" THEN '+62' || ltrim({bare}, '+062') END"
    )


def _common(text: str, beginning: str, prefix: str) -> str:
    count = f"octet_length({text}) BETWEEN {len(prefix) + 9} AND {len(prefix) + 12}"
    return f"{text} LIKE '{beginning}%%' AND {count} AND substr({text}, {len(prefix) + 1}) ~ '^8[1-35-9][0-9]+$'"


def _mobile(text: str) -> str:
    # In front of the first 8 stand only + 0 6 2.
    return f"{text} ~ '{_PHONE}' AND octet_length(ltrim({text}, '+062')) BETWEEN 9 AND 12"


def day(text: str) -> str:
    """A date: ISO, or in the order that DateStyle says, with the year in four digits."""
    # Length and the text of the date keep out what PostgreSQL understands besides, such as `infinity` and `today`.
    return (
        f"CASE WHEN octet_length({text}) = 10 AND pg_input_is_valid({text}, 'date') AND {text}::date::text = {text}"
        f" THEN {text}::date"
        f" WHEN {trimmed(text)} ~ '{_DATE}' AND pg_input_is_valid({trimmed(text)}, 'date')"
        f" THEN {trimmed(text)}::date END"
    )


def email(text: str) -> str:
    """An e-mail address, or an empty text for an empty one."""
    bare = trimmed(text)
    return (
        f"CASE WHEN {text} = '' THEN '' WHEN octet_length({text}) <= 254 AND {text} ~ '{_EMAIL}' THEN {text}"
        f" WHEN octet_length({bare}) <= 254 AND ({bare} = '' OR {bare} ~ '{_EMAIL}') THEN {bare} END"
    )


def one_of(meanings: Mapping[str, str]) -> Callable[[str], str]:
    """One of the words, in capitals or not; yields what it means."""
    known = " ".join(f"WHEN '{word}' THEN '{meaning}'" for word, meaning in meanings.items())
    others = json.dumps(meanings)
    return lambda text: f"CASE {text} {known} ELSE '{others}'::jsonb ->> upper({trimmed(text)}) END"


def care_class(text: str) -> str:
    """1, 2 or 3."""
    return (
        f"CASE WHEN {text} IN ('1', '2', '3') THEN {text}::smallint"
        f" WHEN {trimmed(text)} IN ('1', '2', '3') THEN {trimmed(text)}::smallint END"
    )


def branch(text: str) -> str:
    """The id of the branch with this code; parameter `branches` is a JSON object of ids by code in capitals."""
    known = "%(branches)s::jsonb"
    return f"coalesce({known} ->> {text}, {known} ->> upper({trimmed(text)}))::bigint"


def _all_digits(text: str, count: int) -> str:
    return f"octet_length({text}) = {count} AND {text} !~ '[^0-9]'"


def _same(values: list[str]) -> dict[str, str]:
    return {value: value for value in values}


@dataclass(frozen=True, slots=True)
class Rule:
    """How the text of one column is read, and why it may be refused.

    value: makes the SQL of the value from that of the text.
    faults: makes, from the SQL of the value and that of the text, pairs of a condition and the SQL of a code.
    """

    value: Callable[[str], str]
    faults: Callable[[str, str], list[tuple[str, str]]]


def _code(code: str) -> Callable[[str, str], list[tuple[str, str]]]:
    return lambda value, _text: [(f"{value} IS NULL", f"'{code}'")]


def _number(code: str) -> Callable[[str, str], list[tuple[str, str]]]:
    return lambda value, text: [
        (f"{value} IS NULL", f"CASE WHEN {trimmed(text)} ~ '{_MANGLED}' THEN 'mangled' ELSE '{code}' END")
    ]


def _nik(value: str, text: str) -> list[tuple[str, str]]:
    return [(f"{value} IS NULL AND {trimmed(text)} = ''", "'nik_missing'"), *_number("nik_form")(value, text)]


def _kk(text: str) -> str:
    return f"CASE WHEN {text} <> '' AND {trimmed(text)} <> '' THEN {identifier(text, 16)} ELSE '' END"


def _at_most(count: int) -> Callable[[str, str], list[tuple[str, str]]]:
    # Bytes are counted faster than characters.
    return lambda value, _text: [
        (f"octet_length({value}) > {count} AND char_length({value}) > {count}", "'too_long'"),
    ]


def _name(value: str, text: str) -> list[tuple[str, str]]:
    return [(f"{value} = ''", "'name_missing'"), *_at_most(120)(value, text)]


def _birth(value: str, text: str) -> list[tuple[str, str]]:
    return [
        (f"{value} IS NULL", "'date'"),
        (f"{value} NOT BETWEEN date '1900-01-01' AND %(today)s::date", "'date_range'"),
    ]


def _mail(value: str, text: str) -> list[tuple[str, str]]:
    return [(f"{value} IS NULL", f"CASE WHEN octet_length({text}) > 254 THEN 'too_long' ELSE 'email' END")]


RULES: dict[str, Rule] = {
    "nik": Rule(lambda text: identifier(text, 16), _nik),
    "card_number": Rule(lambda text: identifier(text, 13), _number("card_form")),
    "kk_number": Rule(_kk, _number("kk_form")),
    "name": Rule(lambda text: f"upper({words(text)})", _name),
    "birth_place": Rule(words, _at_most(60)),
    "birth_date": Rule(day, _birth),
    "sex": Rule(one_of(_SEXES), _code("unknown_code")),
    "phone": Rule(phone, _code("phone")),
    "email": Rule(email, _mail),
    "segment": Rule(one_of(_same(Segment.values)), _code("unknown_code")),
    "care_class": Rule(care_class, _code("care_class")),
    "relation": Rule(one_of(_same(Relation.values) | _RELATIONS), _code("unknown_code")),
    "status": Rule(one_of(_same(Membership.values) | _STATUSES), _code("unknown_code")),
    "facility": Rule(words, _at_most(120)),
    "branch": Rule(branch, _code("unknown_branch")),
}
"""By column, in the order in which faults are looked for: the first one of a row counts."""
