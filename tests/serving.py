"""An app behind a real server on a port of this machine; it can go away and come back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server


class Server:
    """Answers on one port of this machine, with a thread for each request."""

    def __init__(self, app: Flask, port: int) -> None:
        self.app, self.port = app, port

    def up(self) -> None:
        """Listen; who comes is answered."""
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def down(self) -> None:
        """Stop listening; who comes finds the port closed, as without a network."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Be down for a while, whatever happens meanwhile."""
        self.down()
        try:
            yield
        finally:
            self.up()
