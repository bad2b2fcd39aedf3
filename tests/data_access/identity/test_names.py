"""What a name is made of."""

import pytest

from data_access.identity.names import parse


@pytest.mark.parametrize(
    ("text", "stem", "form", "places", "is_branch"),
    [
        ("cedar robotics gmbh und co kg old", "cedarrobotics", "gmbh kg", (), False),
        ("acme co ltd", "acme", "limited", (), False),
        ("acme company limited", "acme", "limited", (), False),
        ("acme ltd leeds", "acme", "limited", ("leeds",), False),
        ("meridian outdoor ag branch", "meridianoutdoor", "ag", (), True),
        ("summit trading aktiengesellschaft", "summittrading", "ag", (), False),
        ("上海新宇贸易有限公司", "新宇贸易", "limited", ("shanghai",), False),
        ("广州市金源设备有限责任公司", "金源设备", "limited", ("guangzhou",), False),
        ("金源设备上海分公司", "金源设备上海", "", (), True),
        ("gmbh", "gmbh", "", (), False),
        ("shanghai", "shanghai", "", ("shanghai",), False),
        ("", "", "", (), False),
    ],
)
def test_parts(text: str, stem: str, form: str, places: tuple[str, ...], is_branch: bool) -> None:
    found = parse(text, {"leeds"})
    assert (found.stem, found.form, found.places, found.is_branch) == (stem, form, places, is_branch)


def test_scripts_and_numbers() -> None:
    assert parse("云禾").script == "cjk" and parse("yunhe").script == "latin" and parse("").script == ""
    assert parse("plant 12 of acme 7").numbers == "12 7"
