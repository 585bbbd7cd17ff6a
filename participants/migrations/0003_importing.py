from django.db import migrations, models

COLUMNS = (
    "nik card_number kk_number name birth_place birth_date sex phone email segment care_class relation status facility"
).split()
_TEXTS = ", ".join(f"{column} text" for column in [*COLUMNS, "branch"])
_TYPES = {"birth_date": "date", "care_class": "smallint"}
_VALUES = ", ".join(f"{column} {_TYPES.get(column, 'text')}" for column in COLUMNS)

# Autovacuum would get in the way of emptying them; an import analyses them itself.
TABLES = f"""
CREATE UNLOGGED TABLE participants_staged (line bigint PRIMARY KEY, {_TEXTS}, others text)
    WITH (autovacuum_enabled = false);
CREATE UNLOGGED TABLE participants_checked (line bigint NOT NULL, fault text, odd boolean, {_VALUES}, branch_id bigint)
    WITH (autovacuum_enabled = false);
CREATE UNLOGGED TABLE participants_stage (fingerprint text NOT NULL, rows bigint, staged_to bigint, checked_to bigint)
    WITH (autovacuum_enabled = false);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0002_searching'),
    ]

    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE participants_staged, participants_checked, participants_stage"),
        migrations.AddField('importbatch', 'warnings', models.PositiveIntegerField(default=0, verbose_name='warnings')),
        migrations.AddField('importbatch', 'kept_phone', models.PositiveIntegerField(default=0, verbose_name='kept numbers')),
        migrations.AddField('importbatch', 'changed_phone', models.PositiveIntegerField(default=0, verbose_name='changed numbers')),
        migrations.AddField('importbatch', 'reasons', models.JSONField(default=dict, verbose_name='reasons of refusal')),
        migrations.AddField('importbatch', 'seconds', models.FloatField(default=0, verbose_name='seconds')),
        migrations.AddField('importbatch', 'as_of', models.DateTimeField(null=True, verbose_name='state of the file')),
    ]
