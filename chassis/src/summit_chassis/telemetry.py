"""What operators see: structured logs that share a correlation id, traces that cross the stream, metrics with few labels."""

import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import Counter, Gauge, Histogram


@dataclass(frozen=True)
class Cause:
    """Which piece of work is being done, and which event led to it."""

    correlation_id: str | None = None
    causation_id: str | None = None


_NO_CAUSE = Cause()
_cause: ContextVar[Cause] = ContextVar("summit_cause", default=_NO_CAUSE)

tracer = trace.get_tracer("summit")
_is_traced = False
_UNTRACED = nullcontext()

STAGED = Counter("summit_outbox_staged_total", "Facts written to the outbox", ["service"])
PUBLISHED = Counter("summit_outbox_published_total", "Facts the stream acknowledged", ["service", "stream"])
REPUBLISHED = Counter(
    "summit_outbox_republished_total",
    "Facts published again because the stream had lost them",
    ["service", "stream"],
)
OUTBOX_PENDING = Gauge("summit_outbox_pending", "Facts committed and not yet published", ["service"])
OUTBOX_AGE = Gauge(
    "summit_outbox_oldest_seconds", "How long the oldest fact waits that is not yet published", ["service"]
)
APPLIED = Counter(
    "summit_inbox_applied_total", "Messages by what became of them", ["service", "stream", "outcome"]
)
BATCH_SECONDS = Histogram("summit_inbox_batch_seconds", "Time to apply one batch", ["service", "stream"])
CONSUMER_LAG = Gauge(
    "summit_consumer_lag", "Messages of a stream that the service has not yet applied", ["service", "stream"]
)
STREAM_FILLED = Gauge(
    "summit_stream_filled_ratio", "How much of what a stream may hold it holds", ["service", "stream"]
)
HISTORY_LAG = Gauge(
    "summit_history_lag", "Facts of its sources that the history has not yet taken", ["service", "stream"]
)
DEAD_LETTERS_WAITING = Gauge(
    "summit_dead_letters_waiting",
    "Messages set aside that wait for a person (dead), or behind one (parked)",
    ["service", "state"],
)
DEAD_LETTERS = Counter("summit_dead_letters_total", "Messages set aside", ["service", "stream"])
REQUESTS = Counter(
    "summit_http_requests_total",
    "Requests by route and status class",
    ["service", "method", "route", "status"],
)
REQUEST_SECONDS = Histogram("summit_http_request_seconds", "Time to answer", ["service", "method", "route"])


def current_cause() -> Cause:
    """The cause of what is being done now."""
    return _cause.get()


@contextmanager
def caused_by(correlation_id: str | None, causation_id: str | None = None) -> Iterator[None]:
    """Everything inside is logged with, and staged under, this cause."""
    token = _cause.set(Cause(correlation_id, causation_id))
    try:
        yield
    finally:
        _cause.reset(token)


def trace_headers() -> dict[str, str]:
    """`traceparent` of the current span, or nothing where no span is recorded."""
    headers: dict[str, str] = {}
    if trace.get_current_span().get_span_context().is_valid:
        propagate.inject(headers)
    return headers


def span(
    name: str, headers: Mapping[str, str] | None = None, **attributes: str | int
) -> AbstractContextManager[object]:
    """A span that continues the trace of the headers, if they carry one; nothing where nobody collects traces."""
    if not _is_traced:
        return _UNTRACED
    context = propagate.extract(dict(headers)) if headers and "traceparent" in headers else None
    return tracer.start_as_current_span(name, context=context, attributes=attributes)


def name_span(name: str) -> None:
    """The current span is called this, now that it is known what it is about."""
    trace.get_current_span().update_name(name)


def _with_cause(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    cause = _cause.get()
    if cause.correlation_id:
        event.setdefault("correlation_id", cause.correlation_id)
    if cause.causation_id:
        event.setdefault("causation_id", cause.causation_id)
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event.setdefault("trace_id", format(context.trace_id, "032x"))
    return event


def configure(service: str, *, level: str = "INFO", otlp_endpoint: str | None = None) -> None:
    """Logs go to standard error as one JSON object a line; traces go to the collector where there is one."""

    def with_service(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("service", service)
        return event

    shared: list[Any] = [
        with_service,
        _with_cause,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("uvicorn.access", "httpx", "nats", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if otlp_endpoint:
        _trace_to(service, otlp_endpoint)


def _trace_to(service: str, endpoint: str) -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (
        OTLPSpanExporter,
    )  # 0.2 s to import, wanted by few

    if urlsplit(endpoint).path in ("", "/"):
        endpoint = (
            endpoint.rstrip("/") + "/v1/traces"
        )  # the collector's address alone; the specification says the rest
    provider = TracerProvider(resource=Resource.create({"service.name": f"summit-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    global _is_traced  # noqa: PLW0603  # one provider for a process, as OpenTelemetry has it
    _is_traced = True


def get_logger(name: str) -> Any:
    """A structured logger: `log.info("relay.published", count=3)`."""
    return structlog.get_logger(name)
