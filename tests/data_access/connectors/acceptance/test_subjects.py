"""No shipped profile is left out of the acceptance suite."""

from __future__ import annotations

from data_access.connectors.profile import PROFILES
from tests.data_access.connectors.acceptance.files import FILES
from tests.data_access.connectors.acceptance.subjects import SUBJECTS
from tests.real.acceptance.subjects import POSTGRES


def test_every_profile_has_a_subject() -> None:
    shipped = {path.stem for path in PROFILES.glob("*.toml")}
    assert shipped == SUBJECTS.keys() | FILES.keys() | POSTGRES.keys()
    assert len(SUBJECTS) + len(FILES) + len(POSTGRES) == len(shipped), "a profile has two subjects"
