"""Values that were read on photos are encrypted, those that stand there already as well; the database takes no other."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.fields.json import KeyTextTransform

from verification.annotation.sealing import opened_reading, opened_value, sealed_content, sealed_value

FORWARD = """
ALTER TABLE verification_readingcorrection ADD CONSTRAINT correction_sealed CHECK (value LIKE 'v1:%');
ALTER TABLE verification_documentreading ADD CONSTRAINT reading_sealed
    CHECK (NOT jsonb_path_exists(content, '$.fields.*.value ? (!(@ starts with "v1:"))'));
"""
BACKWARD = """
ALTER TABLE verification_readingcorrection DROP CONSTRAINT correction_sealed;
ALTER TABLE verification_documentreading DROP CONSTRAINT reading_sealed;
"""


def seal_all(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Encrypt what stands there in clear."""
    readings = apps.get_model("verification", "DocumentReading").objects
    for pk, document_id, content in readings.exclude(content=None).values_list("pk", "document_id", "content").iterator():
        readings.filter(pk=pk).update(content=sealed_content(content, document_id=document_id))
    corrections = apps.get_model("verification", "ReadingCorrection").objects
    for pk, document_id, field, value in corrections.values_list("pk", "reading__document_id", "field", "value").iterator():
        corrections.filter(pk=pk).update(value=sealed_value(value, document_id=document_id, field=field))


def open_all(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put it back in clear."""
    readings = apps.get_model("verification", "DocumentReading").objects
    for pk, document_id, content in readings.exclude(content=None).values_list("pk", "document_id", "content").iterator():
        readings.filter(pk=pk).update(content=opened_reading(content, document_id=document_id).as_json())
    corrections = apps.get_model("verification", "ReadingCorrection").objects
    for pk, document_id, field, value in corrections.values_list("pk", "reading__document_id", "field", "value").iterator():
        corrections.filter(pk=pk).update(value=opened_value(value, document_id=document_id, field=field))


def by(what: str, name: str) -> KeyTextTransform:
    """Return what a number's index is over."""
    return KeyTextTransform(what, KeyTextTransform(name, KeyTextTransform("fields", "content")))


class Migration(migrations.Migration):
    dependencies = [("verification", "0020_photo_of_a_screen")]
    operations = [
        migrations.RemoveIndex("documentreading", "reading_nik"),
        migrations.RemoveIndex("documentreading", "reading_card_number"),
        migrations.AlterField(
            "readingcorrection", "value", models.CharField(max_length=800, verbose_name="what stands there")
        ),
        migrations.RunPython(seal_all, open_all),
        migrations.AddIndex("documentreading", models.Index(by("mark", "nik"), name="reading_nik")),
        migrations.AddIndex("documentreading", models.Index(by("mark", "card_number"), name="reading_card_number")),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
