"""Settings of claims work, each with the value that suits one machine."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

GIB = 1024**3


def claims_dir() -> Path:
    """Where uploads, staged parts and the Parquet store live."""
    return Path(getattr(settings, "CLAIMS_DIR", settings.VAR_DIR / "claims"))


def engine_url() -> str:
    """Ibis URL of the engine that runs rules: ``duckdb://`` in process, ``pyspark://…`` beyond one machine."""
    return getattr(settings, "CLAIMS_ENGINE_URL", "duckdb://")


def engine_memory() -> str:
    return getattr(settings, "CLAIMS_ENGINE_MEMORY", "3GB")


def most_unpacked() -> int:
    """Bytes one upload may unpack to."""
    return getattr(settings, "CLAIMS_MOST_UNPACKED", 64 * GIB)


def most_ratio() -> int:
    """Unpacked bytes per packed byte beyond which an archive is taken for a bomb (claims text reaches about 30)."""
    return getattr(settings, "CLAIMS_MOST_RATIO", 200)


def most_members() -> int:
    return getattr(settings, "CLAIMS_MOST_MEMBERS", 200)


def stale_seconds() -> int:
    """Without a sign of life for this long, a running import or screening is taken over."""
    return getattr(settings, "CLAIMS_STALE_SECONDS", 120)
