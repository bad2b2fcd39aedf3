"""The profiles of real databases pass what every shipped profile must pass."""

from __future__ import annotations

import pytest

from tests.data_access.connectors.acceptance import test_acceptance as suite

pytestmark = pytest.mark.real

globals().update({name: check for name, check in vars(suite).items() if name.startswith("test_")})
