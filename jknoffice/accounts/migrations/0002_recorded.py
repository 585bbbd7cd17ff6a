"""Staff, branches and second factors change only together with an entry in the log."""

from django.db import migrations

FORWARD = """
CREATE CONSTRAINT TRIGGER accounts_branch_recorded AFTER INSERT OR UPDATE OR DELETE ON accounts_branch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER accounts_user_recorded AFTER INSERT OR UPDATE OR DELETE ON accounts_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER accounts_recoverycode_recorded AFTER INSERT OR UPDATE OR DELETE ON accounts_recoverycode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER otp_totp_totpdevice_recorded AFTER INSERT OR DELETE ON otp_totp_totpdevice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
"""

BACKWARD = """
DROP TRIGGER accounts_branch_recorded ON accounts_branch;
DROP TRIGGER accounts_user_recorded ON accounts_user;
DROP TRIGGER accounts_recoverycode_recorded ON accounts_recoverycode;
DROP TRIGGER otp_totp_totpdevice_recorded ON otp_totp_totpdevice;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("audit", "0011_demanded"), ("otp_totp", "0003_add_timestamps")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
