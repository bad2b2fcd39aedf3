"""Everything that happened in the demo company, before either system wrote it down in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from data_access.demo.catalogue import Catalogue, Ints, make_catalogue
from data_access.demo.customers import Customers, make_customers
from data_access.demo.days import Calendar
from data_access.demo.demand import Demand, make_demand
from data_access.demo.shipping import Sales, ship
from data_access.demo.simulate import Flows, Simulation
from data_access.demo.supply import Policy, home_warehouse, make_policy

CURRENCIES = {"CNY": (1.0, 100), "EUR": (0.1278, 100), "USD": (0.1391, 100), "JPY": (21.05, 1)}  # rate now, minor units


@dataclass(frozen=True)
class World:
    seed: int
    lines: int
    calendar: Calendar
    catalogue: Catalogue
    customers: Customers
    demand: Demand
    policy: Policy
    flows: Flows
    sales: Sales
    rates: dict[str, npt.NDArray[np.float64]]  # units of the currency for one CNY, by day of history and today

    def rng(self, part: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, part])

    def foreign(self, fen: Ints, currency: npt.NDArray[np.object_], day: Ints) -> Ints:
        """CNY minor units -> minor units of another currency at the day's rate."""
        result = fen.copy()
        for code, (_, minor) in CURRENCIES.items():
            here = currency == code
            if code != "CNY" and here.any():
                rate = self.rates[code][np.clip(day[here], 0, self.calendar.today)]
                result[here] = np.maximum(np.round(fen[here] / 100 * rate * minor), 1).astype(np.int64)
        return result


def make_world(seed: int, lines: int, months: int, today: date) -> World:
    calendar = Calendar.until(today, months)
    catalogue, customers = make_catalogue(seed), make_customers(seed)
    demand = make_demand(seed, lines, calendar, catalogue, customers)
    policy = make_policy(seed, calendar, catalogue, demand, customers.warehouse)
    home = home_warehouse(demand, policy.held, customers.warehouse)
    flows = Simulation(seed, calendar, catalogue, demand, policy, home).run()
    sales = ship(seed, calendar, demand, flows, home, catalogue.price)
    return World(seed, lines, calendar, catalogue, customers, demand, policy, flows, sales, _rates(seed, calendar))


def _rates(seed: int, calendar: Calendar) -> dict[str, npt.NDArray[np.float64]]:
    """Walks that end at today's rate, six decimals."""
    rng = np.random.default_rng([seed, 8])
    found = {}
    for code, (rate, _) in CURRENCIES.items():
        walk = np.cumsum(rng.normal(0, 0.0032, calendar.today + 1))
        drift = np.linspace(walk[0], walk[-1], len(walk))
        found[code] = np.round(rate * np.exp((walk - drift) * 0.8), 6) if code != "CNY" else np.ones(len(walk))
    return found
