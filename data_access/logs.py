"""Plain structured lines on stderr, with secrets taken out."""

from __future__ import annotations

import logging
import sys
import time
import warnings

from data_access.secrets import redact


class _Lines(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up(process: str, level: int = logging.INFO) -> None:
    """Sends every log line of this process to stderr: time, process, level, logger, message."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Lines(f"%(asctime)s.%(msecs)03dZ {process} %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="The inplace keyword in DataFrame.drop")
