"""Traces that follow one mail through all services, in the `traceparent` header.

Without an exporter no span is recorded, and the header is passed on unchanged.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from case_events.runtime.engine.work import Work

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_propagator = TraceContextTextMapPropagator()
exporting = False
"""Whether spans are recorded. If not, the header is passed on unchanged."""


def start_tracing(service: str, exporter: "SpanExporter | None" = None) -> None:
    """Record spans and send them, if OTEL_EXPORTER_OTLP_ENDPOINT names a collector."""
    if exporter is None:
        if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
            return
        exporter = _otlp_exporter()
    global exporting  # noqa: PLW0603 - as OpenTelemetry's own provider, once a process
    exporting = True
    # The SDK is imported here, because its imports take longer than those of the whole runtime.
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def _otlp_exporter() -> "SpanExporter":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def span(service: str, item: Work) -> AbstractContextManager[str]:
    """Open a span for one reaction, as a child of the span that published its record. Yields its
    traceparent."""
    headers = item.delivery.headers if item.delivery else {}
    return root_span(f"{service} {item.record.type if item.record else 'unreadable'}", headers)


@contextmanager
def root_span(name: str, headers: dict[str, str]) -> Iterator[str]:
    """Open a span as a child of the one in the headers, or a new trace. Yields its traceparent."""
    parent = _propagator.extract(headers)
    tracer = trace.get_tracer("casefold")
    with tracer.start_as_current_span(name, context=parent):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        yield carrier.get("traceparent", "")
