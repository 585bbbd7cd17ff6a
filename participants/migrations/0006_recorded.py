"""A number of the register changes only together with an entry in the log."""

from django.db import migrations

FORWARD = """
CREATE CONSTRAINT TRIGGER participants_peserta_recorded AFTER UPDATE ON participants_peserta
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.phone IS DISTINCT FROM NEW.phone) EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER participants_importbatch_recorded AFTER INSERT OR UPDATE OR DELETE ON participants_importbatch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
"""

BACKWARD = """
DROP TRIGGER participants_peserta_recorded ON participants_peserta;
DROP TRIGGER participants_importbatch_recorded ON participants_importbatch;
"""


class Migration(migrations.Migration):
    dependencies = [("participants", "0005_cheap_checks"), ("audit", "0011_demanded")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
