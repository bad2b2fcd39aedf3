"""Tax numbers: whether the check digits of those countries that have them are right.

Every check takes the body of a number, capitals and digits only, without its country prefix.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def luhn(digits: str) -> bool:
    """Every second digit from the right doubled, its digits summed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def china(body: str) -> bool:
    """Unified social credit code (GB 32100): 18 characters, modulo 31."""
    total = sum(_USCC.index(char) * pow(3, place, 31) for place, char in enumerate(body[:17]))
    return _USCC[-total % 31] == body[17]


def germany(body: str) -> bool:
    """ISO 7064 modulo 11, 10."""
    product = 10
    for digit in body[:8]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(body[8])


def france(body: str) -> bool:
    """SIREN with its own check digit, and a key of two digits (keys with letters are only looked at for the SIREN)."""
    key, siren = body[:2], body[2:]
    return luhn(siren) and (not key.isdigit() or int(key) == (12 + 3 * (int(siren) % 97)) % 97)


def united_kingdom(body: str) -> bool:
    total = weighted(body[:7], (8, 7, 6, 5, 4, 3, 2)) + int(body[7:9])
    return total % 97 == 0 or (total + 55) % 97 == 0


def austria(body: str) -> bool:
    total = 4 + sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(body[1:8]))
    return -total % 10 == int(body[8])


def belgium(body: str) -> bool:
    return 97 - int(body[:8]) % 97 == int(body[8:])


def netherlands(body: str) -> bool:
    """The old number (modulo 11), or the one of sole traders (modulo 97 over NL and all characters)."""
    total = weighted(body[:8], (9, 8, 7, 6, 5, 4, 3, 2)) - int(body[8])
    return total % 11 == 0 or int("".join(str(int(char, 36)) for char in "NL" + body)) % 97 == 1


def poland(body: str) -> bool:
    return weighted(body[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(body[9])


def japan(body: str) -> bool:
    """Corporate number: the check digit leads."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(body[1:])))
    return 9 - total % 9 == int(body[0])


def korea(body: str) -> bool:
    total = weighted(body[:9], (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(body[8]) * 5 // 10
    return -total % 10 == int(body[9])


def vietnam(body: str) -> bool:
    return 10 - weighted(body[:9], (31, 29, 23, 19, 17, 13, 7, 5, 3)) % 11 == int(body[9])


# Country -> the shape of its numbers, and the check.
CHECKS: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    country: (re.compile(shape), check)
    for country, shape, check in (
        ("CN", f"[1-9A-GY][1-9]\\d{{6}}[{_USCC}]{{10}}", china),
        ("DE", r"[1-9]\d{8}", germany),
        ("FR", r"[0-9A-HJ-NP-Z]{2}\d{9}", france),
        ("IT", r"\d{11}", luhn),
        ("GB", r"\d{9}(\d{3})?", united_kingdom),
        ("XI", r"\d{9}(\d{3})?", united_kingdom),
        ("AT", r"U\d{8}", austria),
        ("BE", r"[01]\d{9}", belgium),
        ("NL", r"\d{9}B\d{2}", netherlands),
        ("PL", r"\d{10}", poland),
        ("JP", r"T?\d{13}", lambda body: japan(body.removeprefix("T"))),
        ("KR", r"\d{10}", korea),
        ("VN", r"\d{10}(\d{3})?", lambda body: vietnam(body[:10])),
    )
}
SHORTEST = 7


def is_valid(body: str, country: str) -> bool:
    """Whether a number can be trusted to name one company. `country`: ISO code, or "" where it is not known.

    Where the country has a check, it must hold; elsewhere the number must look like one: seven digits or more, and
    neither one digit repeated nor a plain sequence. Without a country a number is trusted when any check with its
    shape holds.
    """
    digits = re.sub(r"\D", "", body)
    if len(digits) < SHORTEST or len(set(digits)) < 3 or digits in "01234567890123456789":
        return False
    known = [CHECKS[country]] if country in CHECKS else [] if country else list(CHECKS.values())
    fitting = [check for shape, check in known if shape.fullmatch(body)]
    if country:
        return any(check(body) for check in fitting) if known else True
    return any(check(body) for check in fitting) if fitting else True
