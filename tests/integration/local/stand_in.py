"""A stand-in for a service: answers /health/ready, and ends at once or on request if told to.

Run as `python -m stand_in`. GET /environment shows its settings; GET /die ends it.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    """Answers every GET."""

    def do_GET(self) -> None:
        """Health, the environment, or the end."""
        if self.path == "/die":
            os._exit(3)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["CASEFOLD_HTTP_PORT"])), Handler).serve_forever()
