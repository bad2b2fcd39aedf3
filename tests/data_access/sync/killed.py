"""Runs one sync of the tiny company in `argv[1]`: the process that the kill tests kill."""

import sys
from pathlib import Path

from data_access.config import load_config
from data_access.sync.run import run_sync

folder = Path(sys.argv[1])
sys.exit(run_sync(load_config(folder / "tandem.toml"), models=folder / "models", steps=()).exit_code)
