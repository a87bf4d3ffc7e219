"""Logs: one record per request, with a request id; never a body, a query string, an e-mail address or a person's words.

Production writes one JSON object per line, so that nothing a visitor sends can forge a second record.
"""

import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ADDRESS = re.compile(r"[^\s@<>\"'(),;:=\[\]{}]+@[^\s@<>\"'(),;:=\[\]{}]+")
KEPT_AS_IT_IS = {"_record", "exc_info"}  # objects, not yet text


def logging_config(level: str, *, readable: bool) -> dict[str, Any]:
    """Django's LOGGING, with structlog behind both its own loggers and everybody else's.

    `level` is a name such as INFO. `readable` draws for a terminal; otherwise records are JSON without exception
    messages, because a database quotes the row it refuses and a parser quotes what it could not read.
    """
    shared = _shared_processors()
    final = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_final_processors(readable)]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "harbour": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": final,
            }
        },
        "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "harbour"}},
        "root": {"handlers": ["terminal"], "level": level},
        "loggers": {
            # These would add a second record to a request, with its path in it; 5xx keep theirs for the trace.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},  # errors.csrf_failure says the same without the path
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "daphne": {"level": "WARNING"},
        },
    }


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_addresses,
    ]


def _final_processors(readable: bool) -> list[Processor]:
    if readable:
        return [structlog.processors.format_exc_info, without_addresses, structlog.dev.ConsoleRenderer(colors=False)]
    return [trace_without_words, structlog.processors.JSONRenderer(default=lambda value: type(value).__name__)]


def without_addresses(logger: WrappedLogger, method: str, record: EventDict) -> EventDict:
    """Whatever looks like an e-mail address becomes `[address]`, wherever in the record it stands."""
    return {name: value if name in KEPT_AS_IT_IS else _scrubbed(value) for name, value in record.items()}


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("[address]", value)
    if isinstance(value, dict):
        return {_scrubbed(name): _scrubbed(inner) for name, inner in value.items()}
    if type(value) in {list, tuple, set}:
        return [_scrubbed(inner) for inner in value]
    return value


def trace_without_words(logger: WrappedLogger, method: str, record: EventDict) -> EventDict:
    """An exception as its type and where it was raised. Its message is left out: it may quote a person."""
    error = _exception_in(record.pop("exc_info", None))
    if error is None:
        return record
    record["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
    record["trace"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return record


def _exception_in(exc_info: Any) -> BaseException | None:
    if exc_info is True:
        exc_info = sys.exc_info()
    if isinstance(exc_info, tuple):
        return exc_info[1] if len(exc_info) == 3 else None
    return exc_info if isinstance(exc_info, BaseException) else None
