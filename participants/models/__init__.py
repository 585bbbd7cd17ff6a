"""Tables of the register."""

from participants.models.account import ParticipantAccount
from participants.models.importing import ImportBatch
from participants.models.peserta import Peserta
from participants.models.upload import ImportUpload, UploadState

__all__ = ["ImportBatch", "ImportUpload", "ParticipantAccount", "Peserta", "UploadState"]
