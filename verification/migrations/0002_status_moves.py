"""The state table as a trigger, generated from `verification.states`."""

from django.db import migrations

from verification import guard
from verification.states import EDGES


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_initial")]
    operations = [migrations.RunSQL(guard.install(EDGES), guard.REMOVE)]
