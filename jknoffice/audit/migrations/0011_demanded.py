"""What hands change, they also record: a transaction without an entry in the log cannot commit such a change.

Each app puts `audit_demand_entry` behind its tables. The owner of a table is not held to it: migrations and the first
load write what no entry is about, and who owns the tables could take the trigger away.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_note_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('jkn.recorded_in', pg_current_xact_id()::text, true);
    RETURN NULL;
END $$;

CREATE TRIGGER audit_note_entry AFTER INSERT ON audit_auditlog
    FOR EACH STATEMENT EXECUTE FUNCTION audit_note_entry();

CREATE FUNCTION audit_demand_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('jkn.recorded_in', true) IS DISTINCT FROM pg_current_xact_id()::text
        AND NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
    THEN
        RAISE EXCEPTION '% on % without an entry in the audit log', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_auditquestion_recorded AFTER INSERT OR UPDATE OR DELETE ON audit_auditquestion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
"""

BACKWARD = """
DROP TRIGGER audit_auditquestion_recorded ON audit_auditquestion;
DROP TRIGGER audit_note_entry ON audit_auditlog;
DROP FUNCTION audit_note_entry();
DROP FUNCTION audit_demand_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0010_accounts_and_branches")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
