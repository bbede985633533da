"""Logging: one line per event, JSON in production, for every library through the standard `logging` module.

Lines carry ids and facts about the work, never personal data: log a dossier's number, not whom it is about.
"""

from typing import Any

import structlog


def _refusals_without_traceback(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A page that refuses somebody says why in its line; where it did so is no fault to be traced."""
    if event.get("level") in ("debug", "info", "warning"):
        event.pop("exc_info", None)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    _refusals_without_traceback,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Django's `LOGGING`; also points structlog's own loggers to the same output."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # What variables held is told by neither: it may be anybody's name or number.
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    last: list[Any] = (
        [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Says nothing that the request's own two lines do not say.
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
