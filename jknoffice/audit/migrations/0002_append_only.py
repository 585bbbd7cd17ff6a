"""The log and its values are only ever added to; a subject's key can only be emptied (shredded)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION audit_only_shred() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.uuid <> OLD.uuid OR length(NEW.wrapped_key) > 0 THEN
        RAISE EXCEPTION 'the key of an audit subject can only be emptied' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditlog
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditlog
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditvalue
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditvalue
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_only_shred BEFORE UPDATE ON audit_auditsubject
    FOR EACH ROW EXECUTE FUNCTION audit_only_shred();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditsubject
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditsubject
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

BACKWARD = """
DROP TRIGGER audit_append_only ON audit_auditlog;
DROP TRIGGER audit_no_truncate ON audit_auditlog;
DROP TRIGGER audit_append_only ON audit_auditvalue;
DROP TRIGGER audit_no_truncate ON audit_auditvalue;
DROP TRIGGER audit_only_shred ON audit_auditsubject;
DROP TRIGGER audit_no_delete ON audit_auditsubject;
DROP TRIGGER audit_no_truncate ON audit_auditsubject;
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_only_shred();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
