"""Requests, codes, photos and notes change only together with an entry in the log."""

from django.db import migrations

FORWARD = """
CREATE CONSTRAINT TRIGGER verification_phonechangerequest_recorded
    AFTER INSERT OR UPDATE OR DELETE ON verification_phonechangerequest DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER verification_phonecode_recorded AFTER INSERT OR UPDATE OR DELETE ON verification_phonecode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER verification_document_recorded AFTER INSERT OR UPDATE OR DELETE ON verification_document
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER verification_casenote_recorded AFTER INSERT OR UPDATE OR DELETE ON verification_casenote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
"""

BACKWARD = """
DROP TRIGGER verification_phonechangerequest_recorded ON verification_phonechangerequest;
DROP TRIGGER verification_phonecode_recorded ON verification_phonecode;
DROP TRIGGER verification_document_recorded ON verification_document;
DROP TRIGGER verification_casenote_recorded ON verification_casenote;
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0004_notes"), ("audit", "0011_demanded")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
