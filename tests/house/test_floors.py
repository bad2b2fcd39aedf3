"""The sync process must be able to run without a web framework in memory."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_data_access_never_loads_the_web() -> None:
    code = (
        "import importlib, pkgutil, sys, data_access\n"
        "for m in pkgutil.walk_packages(data_access.__path__, 'data_access.'):\n"
        "    importlib.import_module(m.name)\n"
        "web = {'dash', 'plotly', 'flask', 'components', 'pages'}\n"
        "loaded = sorted(m for m in sys.modules if m.split('.')[0] in web)\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
