"""A stand-in for an OpenTelemetry collector: takes spans over OTLP/HTTP and keeps them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Span(NamedTuple):
    """A span, as far as the tests look."""

    service: str
    name: str
    trace: str
    parent: str


class Collector:
    """Bodies as they came; read only when asked for."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._bodies: list[bytes] = []

    def keep(self, body: bytes) -> None:
        """Take one export in."""
        self._bodies.append(body)

    def spans(self, trace: str) -> list[Span]:
        """The spans of one trace (hex)."""
        wanted = bytes.fromhex(trace)
        return [span for body in self._bodies if wanted in body for span in _read(body, trace)]


def _read(body: bytes, trace: str) -> Iterator[Span]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        named = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                if span.trace_id.hex() == trace:
                    parent = span.parent_span_id.hex()
                    yield Span(named.get("service.name", ""), span.name, trace, parent)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port, for as long as this lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.keep(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the test says what it saw."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_port)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
