from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('alarms', '0002_passkey_copied'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='alarm',
            index=models.Index(fields=['handled_at'], name='alarm_handled'),
        ),
    ]
