"""What customers ask for: order lines over the whole history, before stock decides what can be shipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.demo import names
from data_access.demo.catalogue import COMPONENT, Catalogue, Flags, Floats, Ints
from data_access.demo.customers import Customers
from data_access.demo.days import AHEAD, Calendar

WEEKDAY = np.array([1.16, 1.08, 1.04, 1.02, 0.92, 0.16, 0.08])
WEEKLY_REVENUE_DEFAULT = 12.8e6
DEFAULT_LINES = 60_000
YEARLY_GROWTH = 0.075
LOST_SHARE = 0.45  # of demand that meets an empty shelf


@dataclass(frozen=True)
class Campaign:
    name: str
    products: list[int]
    first: int
    last: int
    uplift: float
    discount: float


@dataclass(frozen=True)
class Demand:
    """Lines in order of entry. `order` numbers orders 0..; `due` is the day the goods should leave."""

    order: Ints
    day: Ints
    product: Ints
    customer: Ints
    quantity: Ints
    due: Ints
    promised: Ints
    discount: Floats
    flexible: Flags  # would go elsewhere when the shelf is empty
    campaigns: list[Campaign]
    expected: Floats  # units a day, days x products, from day 0 to AHEAD days after today: what planners believe


def make_campaigns(seed: int, calendar: Calendar, catalogue: Catalogue) -> list[Campaign]:
    rng = np.random.default_rng([seed, 3])
    campaigns = []
    for number in range(max(2, calendar.today // 52)):
        category = int(rng.integers(0, COMPONENT))
        sold = np.flatnonzero((catalogue.category == category) & (catalogue.rank < 14) & (catalogue.rank > 0))
        first = int(rng.integers(0, 52)) + number * 52 + 10
        products = [int(p) for p in rng.choice(sold, size=int(rng.integers(3, 7)), replace=False)]
        season = ("winter", "spring", "summer", "autumn")[(calendar.day(first).month % 12) // 3]
        label = f"{names.CATEGORIES[category].name} {season}"
        length = int(rng.integers(21, 43))
        uplift, discount = float(rng.uniform(1.25, 1.7)), float(rng.choice([0.03, 0.05, 0.08]))
        campaigns.append(
            Campaign(f"{label} {calendar.day(first).year}", products, first, first + length, uplift, discount)
        )
    return campaigns


def demand_shape(calendar: Calendar, catalogue: Catalogue, campaigns: list[Campaign]) -> Floats:
    """Relative demand, days x products, mean about 1 over the last year: trend, season, holidays, campaigns."""
    days = np.arange(calendar.today + AHEAD)
    year = np.array([calendar.day(int(d)).timetuple().tm_yday / 365.25 for d in days])
    shape = np.empty((len(days), catalogue.size))
    trend = (1 + YEARLY_GROWTH) ** ((days - calendar.today + 20) / 365.25)
    for category in range(COMPONENT + 1):
        amplitude, peak = names.CATEGORIES[category].season if category < COMPONENT else (0.04, 0.5)
        season = 1 + amplitude * np.cos(2 * np.pi * (year - peak))
        holiday = (
            1
            - 0.32 * np.exp(-0.5 * ((year - 0.115) / 0.016) ** 2)
            - 0.16 * np.exp(-0.5 * ((year - 0.758) / 0.009) ** 2)
        )
        shape[:, catalogue.category == category] = (trend * season * holiday)[:, None]
    for campaign in campaigns:
        shape[campaign.first : campaign.last + 1, campaign.products] *= campaign.uplift
    return shape


def make_demand(seed: int, lines: int, calendar: Calendar, catalogue: Catalogue, customers: Customers) -> Demand:
    rng = np.random.default_rng([seed, 4])
    campaigns = make_campaigns(seed, calendar, catalogue)
    shape = demand_shape(calendar, catalogue, campaigns)
    n = catalogue.size
    growth = np.where(rng.random(n) < 0.12, rng.choice([-0.25, 0.35], n), rng.normal(0, 0.04, n))
    years = (np.arange(shape.shape[0]) - calendar.today) / 365.25
    shape *= np.exp(np.clip(growth, -0.4, 0.4)[None, :] * years[:, None])
    frequency = np.where(catalogue.sold, np.maximum(catalogue.weekly, 1.0) ** 0.62, 0.0)
    frequency *= np.where(catalogue.rank > 22, 0.55, 1.0)
    weekday = WEEKDAY[calendar.weekday(np.arange(shape.shape[0]))]
    weeks = shape.shape[0] // 7 + 1
    noise = np.repeat(rng.gamma(30.0, 1 / 30.0, (weeks, n)), 7, axis=0)[: shape.shape[0]]
    history = slice(0, calendar.today)
    cells = (shape * noise * weekday[:, None] * frequency[None, :])[history]
    cumulative = np.cumsum(cells.ravel())
    picks = np.searchsorted(cumulative, rng.random(lines) * cumulative[-1])
    day, product = np.divmod(np.minimum(picks, len(cumulative) - 1), n)
    # Inside a day, lines of one category stand together so that orders are mostly of one kind.
    sequence = np.lexsort((rng.random(lines), catalogue.category[product] + 2.5 * rng.random(lines), day))
    day, product = day[sequence], product[sequence]
    new = np.r_[True, np.diff(day) > 0] | (rng.random(lines) < 0.31)
    order = np.cumsum(new) - 1
    customer = _customers(rng, day, catalogue.category[product], new, order, calendar, customers)
    price = catalogue.price / 100
    rate = cells.sum(axis=0) / cells.sum() * lines / (calendar.today / 7)
    target = catalogue.weekly * (lines / DEFAULT_LINES)
    mean_quantity = np.where(catalogue.sold, target / np.maximum(rate * np.maximum(price, 1), 1e-9), 0.0)
    size = customers.weight**0.15
    size /= np.average(size, weights=customers.weight**0.85 + 1e-12)
    draw = rng.lognormal(-0.1, 0.45, lines) * size[customer] * mean_quantity[product]
    value = draw * price[product] * 0.88
    scale = WEEKLY_REVENUE_DEFAULT * (lines / DEFAULT_LINES) * 52 / max(value[day >= calendar.today - 364].sum(), 1.0)
    quantity = np.maximum(1, np.round(draw * scale)).astype(np.int64)
    due = calendar.next_workday(day + rng.integers(2, 15, lines))
    promised = due + rng.integers(0, 3, lines)
    discount = _discounts(rng, day, product, customer, campaigns, customers)
    units = np.bincount(product, weights=quantity * (day >= calendar.today - 364), minlength=n)
    yearly = shape[max(0, calendar.today - 364) : calendar.today].sum(axis=0)
    expected = shape * (units / np.maximum(yearly, 1e-9))[None, :]
    return Demand(
        order,
        day,
        product,
        customer,
        quantity,
        due,
        promised,
        discount,
        rng.random(lines) < LOST_SHARE,
        campaigns,
        expected,
    )


def _customers(
    rng: np.random.Generator,
    day: Ints,
    category: Ints,
    new: Flags,
    order: Ints,
    calendar: Calendar,
    customers: Customers,
) -> Ints:
    """One customer an order, by size, liking for the category and drift of the year."""
    first = np.flatnonzero(new)
    chosen = np.zeros(len(first), dtype=np.int64)
    quarter = day[first] // 91
    for q in np.unique(quarter):
        year = (q * 91 + 45 - calendar.today) / 365.25
        base = customers.weight**0.85 * np.exp(customers.drift * year)
        for c in range(customers.affinity.shape[1]):
            here = np.flatnonzero((quarter == q) & (category[first] == c))
            weights = base * customers.affinity[:, c] * (customers.weight > 0)
            chosen[here] = rng.choice(customers.size, len(here), p=weights / weights.sum())
    return np.asarray(chosen[order])


def _discounts(
    rng: np.random.Generator, day: Ints, product: Ints, customer: Ints, campaigns: list[Campaign], customers: Customers
) -> Floats:
    """Share off the list price: the customer's own, a little haggling, campaigns."""
    own = np.where(np.arange(customers.size) < 20, 0.13, 0.09) + rng.normal(0, 0.025, customers.size)
    found = np.clip(own[customer] + rng.normal(0, 0.015, len(day)), 0.0, 0.22)
    for campaign in campaigns:
        during = (day >= campaign.first) & (day <= campaign.last) & np.isin(product, campaign.products)
        found = found + during * campaign.discount
    return np.round(found, 3)
