"""Photos of a crowd: drawn, and kept as the product keeps them, only many at once."""

import hashlib
import io
import random
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from PIL import Image

PIXELS = (1600, 1200)


def photo(seed: int) -> bytes:
    """Return a JPEG with the size of a photo of a card, about 200 KB, that shows nothing."""
    width, height = PIXELS
    chance = random.Random(seed)
    coarse = Image.frombytes("RGB", (40, 30), chance.randbytes(40 * 30 * 3)).resize(PIXELS)
    grain = Image.frombytes("L", (width // 8, height // 8), chance.randbytes(width * height // 64)).resize(PIXELS)
    out = io.BytesIO()
    Image.blend(coarse, grain.convert("RGB"), 0.15).save(out, "JPEG", quality=85)
    return out.getvalue()


def photos(count: int) -> Iterator[bytes]:
    """Return so many different photos, drawn at once: whoever sends the same one twice is found out."""
    with ThreadPoolExecutor(2) as pool:
        return iter(list(pool.map(photo, range(10, 10 + count))))


def keep_photos(cursor: Any, cases: list[int], at: datetime) -> None:
    """Store the two photos of each case, whose numbers these are, encrypted, and write their rows past the triggers."""
    # Not at the top: who only draws has no settings.
    from jknoffice.crypto import new_key, seal
    from verification.documents import store, wrapping

    kinds = {"ktp": photo(1), "card": photo(2)}
    width, height = PIXELS
    rows, waiting = [], []
    for case in cases:
        for kind, jpeg in kinds.items():
            name, key = secrets.token_hex(16), new_key()
            rows.append((
                case, kind, name, wrapping.wrap(key, storage_key=name), wrapping.current_id(),
                hashlib.sha256(jpeg).hexdigest(), len(jpeg), width, height, at,
            ))  # fmt: skip
            waiting.append((name, key, jpeg, f"{case}/{kind}/{name}"))
    columns = "request_id, kind, storage_key, wrapped_key, key_id, sha256, size, width, height, created_at"
    with cursor.copy(f"COPY verification_document ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: store.put(one[0], seal(key=one[1], plaintext=one[2], bound_to=one[3])), waiting))
