"""Finding and reading lines of text: the PP-OCRv6 small models of the wheel `rapidocr`, on one core, never downloaded.

The heavy packages (requirements-reading.txt) are imported here and in the modules that this package imports lazily:
nobody else may import them at the top.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import rapidocr
from rapidocr import RapidOCR

from verification.reading.geometry import Pixels, Quad, crop

LONGEST_SIDE = 800
"""Pixels to which a photo is made smaller for finding its lines; they are read at full size."""
LINE_HEIGHT = 48
BATCH = 4
BLANK = 0.1
"""Probability from which on a blank is seen between two characters, though nothing at all is likelier; measured on
names: 0.19 and more where a blank stands, 0.05 at most where none does."""
VERSION = "rapidocr-3.10.0/PP-OCRv6-small/3"

# Other bytes read other things: a reading must be explained by the version that it names.
MODELS = {
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
DIGITS = "0123456789"
LATIN = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .,:/-'()"


class WrongModels(RuntimeError):
    """The files of the models are not those that were tested."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in one line: its text, and the engine's mean confidence (0 to 1) over its characters."""

    text: str
    confidence: float


class Engine:
    """The loaded models: 32 MB on disk, about 300 MB in memory."""

    def __init__(self) -> None:
        """Load the models. Raises `WrongModels`."""
        demand_models()
        ocr: Any = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "critical",
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
            }
        )
        # The first call loads each model.
        ocr(np.full((64, 64, 3), 255, np.uint8), use_rec=False)
        ocr(np.full((48, 96, 3), 255, np.uint8), use_det=False, use_rec=True)
        self._ocr = ocr
        self._characters: tuple[str, ...] = tuple(ocr.text_rec.postprocess_op.character)
        self._blank = self._characters.index(" ")

    def find(self, picture: Pixels) -> list[Quad]:
        """Return the corners of each line of text, in pixels of `picture` (BGR)."""
        boxes = self._ocr.text_det(picture).boxes
        return [] if boxes is None else [np.asarray(box, np.float32) for box in boxes]

    def read(self, picture: Pixels, quads: Sequence[Quad], *, only: str = LATIN, margin: float = 0.0) -> list[Seen]:
        """Return what stands in each quad, whose first corner is where its text begins.

        `only` are the characters that can stand there, a blank among them; `margin` widens each quad by that part of
        its height.
        """
        allowed = _places(self._characters, only)
        crops = [crop(picture, quad, height=LINE_HEIGHT, margin=margin) for quad in quads]
        order = sorted(range(len(crops)), key=lambda place: crops[place].shape[1])
        seen: dict[int, Seen] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            widest = max([320, *(crops[place].shape[1] for place in batch)])
            scores = self._ocr.text_rec.session(np.stack([_normalised(crops[place], widest) for place in batch]))
            for place, score in zip(batch, scores, strict=True):
                seen[place] = self._decoded(score, allowed)
        return [seen[place] for place in range(len(crops))]

    def _decoded(self, scores: Any, allowed: list[int]) -> Seen:
        """Undo CTC's repetitions and blanks, looking only at the characters in these places of the answer."""
        best = scores[:, allowed].argmax(axis=1)
        best[(best == 0) & (scores[:, self._blank] >= BLANK)] = allowed.index(self._blank)
        text, sure, before = "", [], -1
        for step, place in enumerate(best):
            if place and place != before:
                text += self._characters[allowed[place]]
                if allowed[place] != self._blank:
                    sure.append(float(scores[step, allowed[place]]))
            before = place
        return Seen(" ".join(text.split()), sum(sure) / len(sure) if sure else 0.0)


@cache
def _places(characters: tuple[str, ...], only: str) -> list[int]:
    """Return where the allowed characters stand in the model's answer; the blank comes first."""
    return [0, *(place for place, character in enumerate(characters) if place and character in only)]


def _normalised(line: Pixels, width: int) -> Any:
    """Return a line as the model wants it: three planes of -1 to 1, filled up to `width`."""
    planes = np.zeros((3, LINE_HEIGHT, width), np.float32)
    planes[:, :, : line.shape[1]] = line.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
    return planes


def demand_models() -> None:
    """Raise `WrongModels` unless the files of the wheel are those that were tested."""
    folder = Path(rapidocr.__file__).parent / "models"
    for name, digest in MODELS.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise WrongModels(name)


@cache
def engine() -> Engine:
    """Return the engine of this process, loaded at the first call."""
    return Engine()
