"""Personal ids leave a claims file only as a keyed, one-way index (HY-38).

The same certificate always gives the same index, so equality search works; without the key nothing leads back.
"""

from __future__ import annotations

import hashlib
import hmac

import pyarrow as pa
from django.conf import settings


def _key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"claims certificate index", hashlib.sha256).digest()


def blind_index(number: str) -> str:
    """64 hex digits for a certificate number; case and surrounding spaces do not matter."""
    return hmac.new(_key(), number.strip().upper().encode(), hashlib.sha256).hexdigest()


def blind_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with every non-empty cell replaced by its index; each distinct value is hashed once."""
    encoded = column.combine_chunks().dictionary_encode()
    hidden = pa.array(
        [blind_index(value) if value and value.strip() else None for value in encoded.dictionary.to_pylist()],
        pa.string(),
    )
    return pa.chunked_array([hidden.take(encoded.indices)])
