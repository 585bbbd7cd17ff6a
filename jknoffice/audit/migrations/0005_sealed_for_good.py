"""What is sealed stays: leaves, subtrees, origins and keys are only added to; a checkpoint only gets its note."""

from django.db import migrations

TABLES = ("audit_auditorigin", "audit_auditleaf", "audit_auditnode", "audit_auditcheckpoint", "audit_auditkey")
FINAL = tuple(table for table in TABLES if table != "audit_auditcheckpoint")

FORWARD = (
    """
CREATE FUNCTION audit_only_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.note IS NOT NULL OR NEW.note IS NULL
        OR (NEW.id, NEW.origin_id, NEW.size, NEW.root, NEW.frontier, NEW.highest_id, NEW.sealed_at)
           IS DISTINCT FROM
           (OLD.id, OLD.origin_id, OLD.size, OLD.root, OLD.frontier, OLD.highest_id, OLD.sealed_at)
    THEN
        RAISE EXCEPTION 'a checkpoint is append-only, and is signed once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_only_note BEFORE UPDATE ON audit_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION audit_only_note();
CREATE TRIGGER audit_append_only BEFORE DELETE ON audit_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
    + "".join(
        f"CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();\n"
        for table in FINAL
    )
    + "".join(
        f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();\n"
        for table in TABLES
    )
)

BACKWARD = (
    "".join(f"DROP TRIGGER audit_append_only ON {table}; DROP TRIGGER audit_no_truncate ON {table};\n" for table in TABLES)
    + "DROP TRIGGER audit_only_note ON audit_auditcheckpoint; DROP FUNCTION audit_only_note();"
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_sealing")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
