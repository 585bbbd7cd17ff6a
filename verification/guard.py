"""The database's own copy of the state table: a trigger that refuses every move that `states.py` does not know."""

from collections.abc import Iterable

from verification.states import Status

Edge = tuple[Status | None, Status]

TABLE = "verification_phonechangerequest"
REMOVE = f"DROP TRIGGER request_status_moves ON {TABLE}; DROP FUNCTION request_status_moves();"


def install(edges: Iterable[Edge]) -> str:
    """Return the SQL that makes (or replaces) the trigger for these moves.

    It demands a known first state of a new row, a known move of an old one, and that each move raises `version` by
    one. A migration runs it; after a change of `states.MOVES` a new migration has to run it again (a test says so).
    """
    known = list(edges)
    first = ", ".join(f"'{target}'" for source, target in sorted(known, key=str) if source is None)
    moves = ", ".join(sorted(f"('{source}', '{target}')" for source, target in known if source not in {None, target}))
    return f"""
CREATE OR REPLACE FUNCTION request_status_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ({first}) OR NEW.version <> 1 THEN
            RAISE EXCEPTION 'a request cannot begin as %, version %', NEW.status, NEW.version
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.status <> OLD.status THEN
        IF (OLD.status, NEW.status) NOT IN ({moves}) THEN
            RAISE EXCEPTION 'a request cannot move from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.version <> OLD.version + 1 THEN
            RAISE EXCEPTION 'a move from % to % must raise the version by one', OLD.status, NEW.status
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER request_status_moves BEFORE INSERT OR UPDATE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION request_status_moves();
"""
