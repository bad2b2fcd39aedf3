"""Check digits against numbers of real companies, as their registers publish them."""

import pytest

from data_access.identity.tax import is_valid

REAL = [
    ("DE", "136695976"), ("FR", "83404833048"), ("FR", "40303265045"), ("IT", "00743110157"), ("GB", "980780684"),
    ("AT", "U13585627"), ("BE", "0428759497"), ("NL", "004495445B01"), ("PL", "8567346215"), ("JP", "7000012050002"),
    ("KR", "1208147521"), ("VN", "0100233488"), ("CN", "91330100799655058B"), ("CN", "914403001922038216"),
]  # fmt: skip


@pytest.mark.parametrize(("country", "body"), REAL)
def test_a_real_number_is_valid_and_no_neighbour_of_it_is(country: str, body: str) -> None:
    assert is_valid(body, country)
    for place, char in enumerate(body):
        if char.isdigit():
            other = body[:place] + str((int(char) + 1) % 10) + body[place + 1 :]
            assert not is_valid(other, country) or country in ("FR", "NL"), other


@pytest.mark.parametrize("body", ["123456789", "987", "000000000", "111111111", "12121212", "9999999999"])
def test_what_people_type_to_get_past_a_form_is_not_trusted(body: str) -> None:
    assert not is_valid(body, "") and not is_valid(body, "US")


def test_without_a_check_a_plausible_number_is_trusted() -> None:
    assert is_valid("816899240", "US") and not is_valid("816899240", "DE") and not is_valid("12345", "DE")


def test_without_a_country_any_fitting_check_will_do() -> None:
    assert is_valid("136695976", "") and not is_valid("136695977", "")
