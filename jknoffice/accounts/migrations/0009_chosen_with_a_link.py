"""Whether a person chose their password with a one-time link."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0008_staff_life'),
    ]

    operations = [
        migrations.AddField(
            model_name='stafflink',
            name='chose_password',
            field=models.BooleanField(db_default=False),
        ),
    ]
