"""Tables of the register."""

from participants.models.importing import ImportBatch
from participants.models.peserta import Peserta
from participants.models.upload import ImportUpload, UploadState

__all__ = ["ImportBatch", "ImportUpload", "Peserta", "UploadState"]
