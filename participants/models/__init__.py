"""Tables of the register."""

from participants.models.importing import ImportBatch
from participants.models.peserta import Peserta

__all__ = ["ImportBatch", "Peserta"]
