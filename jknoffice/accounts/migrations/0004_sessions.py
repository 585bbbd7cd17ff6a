"""Sessions know whose they are, and end with what let their owner in.

`AFTER UPDATE`, for whatever changes an account, by whichever way: a session that was ended here does not come back when
the change is taken back. Django's own table of sessions goes; everybody logs in once more.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION accounts_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM accounts_websession WHERE user_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_user_ends_sessions AFTER UPDATE OF password, role, branch_id, is_active ON accounts_user
    FOR EACH ROW
    WHEN ((OLD.password, OLD.role, OLD.branch_id, OLD.is_active)
        IS DISTINCT FROM (NEW.password, NEW.role, NEW.branch_id, NEW.is_active))
    EXECUTE FUNCTION accounts_end_sessions();

DROP TABLE IF EXISTS django_session;
"""

BACKWARD = """
DROP TRIGGER accounts_user_ends_sessions ON accounts_user;
DROP FUNCTION accounts_end_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_retention")]
    operations = [
        migrations.CreateModel(
            name="WebSession",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reference", models.CharField(default="", max_length=16)),
            ],
            options={"verbose_name": "session", "verbose_name_plural": "sessions", "abstract": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
