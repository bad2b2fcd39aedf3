"""Runs one sync of the configuration in `argv[1]` with a page to each transaction: the process that is killed."""

import sys
from pathlib import Path

from data_access.config import load_config
from data_access.connectors.rest import connector
from data_access.sync import ahead
from data_access.sync.run import run_sync

connector.LAND_ROWS = 1
ahead.PATIENCE_SECONDS = 0.0
sys.exit(run_sync(load_config(Path(sys.argv[1])), entities=["activity"]).exit_code)
