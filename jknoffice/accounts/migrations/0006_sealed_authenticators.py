"""Secrets of authenticators are sealed, those that stand there already as well; the database takes no other."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from jknoffice.accounts.models.authenticator import SEALED, Authenticator, sealed_secret

FORWARD = "ALTER TABLE otp_totp_totpdevice ADD CONSTRAINT authenticator_sealed CHECK (key LIKE 'v1:%')"
BACKWARD = "ALTER TABLE otp_totp_totpdevice DROP CONSTRAINT authenticator_sealed"


def seal_all(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Seal what stands there in clear."""
    devices = apps.get_model("otp_totp", "TOTPDevice").objects
    for pk, user_id, key in devices.exclude(key__startswith=SEALED).values_list("pk", "user_id", "key"):
        devices.filter(pk=pk).update(key=sealed_secret(bytes.fromhex(key), user_id=user_id))


def open_all(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the secrets back in clear, as django-otp by itself reads them."""
    devices = apps.get_model("otp_totp", "TOTPDevice").objects
    for pk, user_id, key in devices.filter(key__startswith=SEALED).values_list("pk", "user_id", "key"):
        devices.filter(pk=pk).update(key=Authenticator(user_id=user_id, key=key).bin_key.hex())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_branch_time_zone"), ("otp_totp", "0003_add_timestamps")]
    operations = [
        migrations.CreateModel(
            name="Authenticator",
            fields=[],
            options={
                "verbose_name": "authenticator",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_totp.totpdevice",),
        ),
        migrations.RunPython(seal_all, open_all),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
