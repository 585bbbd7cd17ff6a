from django.db import migrations

# The planner uses it for `… @> '["uuid"]'`, which implies the condition. Entries are added straight to the tree, so that
# nobody who asks has to read a list of what is still to be added.
CREATE = """
CREATE INDEX audit_shown ON audit_auditlog USING gin ((entry::jsonb #> '{after,shown}') jsonb_path_ops)
WITH (fastupdate = off) WHERE (entry::jsonb #> '{after,shown}') IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_timelines'),
    ]

    operations = [
        migrations.RunSQL(CREATE, 'DROP INDEX audit_shown'),
    ]
