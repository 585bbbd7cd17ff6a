"""Passkeys of staff. They come, go and are renamed only together with an entry in the log; that they are used is none."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE CONSTRAINT TRIGGER accounts_passkey_recorded
    AFTER INSERT OR DELETE OR UPDATE OF user_id, name, credential_id, public_key, created_at, copied_at
    ON accounts_passkey DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
"""
BACKWARD = "DROP TRIGGER accounts_passkey_recorded ON accounts_passkey"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_sealed_authenticators'),
        ('audit', '0011_demanded'),
    ]

    operations = [
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('credential_id', models.BinaryField(unique=True)),
                ('public_key', models.BinaryField()),
                ('counter', models.PositiveBigIntegerField(default=0)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('copied_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'passkey',
                'verbose_name_plural': 'passkeys',
                'ordering': ['created_at', 'pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('confirmed', True)), name='passkey_named'), models.CheckConstraint(condition=models.Q(('counter__lt', 4294967296)), name='passkey_counter'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('credential_id'), 16), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('credential_id'), 1023)), name='passkey_credential_id')],
            },
        ),
        migrations.CreateModel(
            name='PasskeyChallenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.CharField(max_length=16)),
                ('purpose', models.CharField(choices=[('proof', 'to prove who one is'), ('new', 'to add a passkey')], max_length=8)),
                ('challenge', models.BinaryField()),
                ('name', models.CharField(blank=True, max_length=64)),
                ('proved_by', models.CharField(blank=True, max_length=16)),
                ('expires_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkey_challenges', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'passkey challenge',
                'verbose_name_plural': 'passkey challenges',
                'default_permissions': (),
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['expires_at'], name='passkey_challenge_expires')],
                'constraints': [models.UniqueConstraint(fields=('session', 'purpose'), name='passkey_challenge_once'), models.CheckConstraint(condition=models.Q(('session', ''), _negated=True), name='passkey_challenge_session')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
