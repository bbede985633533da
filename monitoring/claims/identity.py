"""Personal ids leave a claims file only as a keyed, one-way index (HY-38).

The same certificate gives the same index here as in the registry of insured persons, so equality search works;
without the key nothing leads back.
"""

from __future__ import annotations

import pyarrow as pa

from supervision.parties.crypto import blind_index


def blind_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with every non-empty cell replaced by its index (64 hex digits), each distinct value hashed once."""
    if not column.num_chunks:
        return column
    encoded = column.combine_chunks().dictionary_encode()
    hidden = pa.array(
        [blind_index(value) if value and value.strip() else None for value in encoded.dictionary.to_pylist()],
        pa.string(),
    )
    return pa.chunked_array([hidden.take(encoded.indices)])
