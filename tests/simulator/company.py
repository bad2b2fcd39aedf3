"""The demo company in each system: `make_truth` once, then one `load_*` a system, each answering a `Company` with
`rows(entity)`, `truth()` and `mutate(rng)`."""

from tests.simulator.company_erpnext import load_erpnext
from tests.simulator.company_jdy import load_jiandaoyun
from tests.simulator.company_odoo import load_odoo
from tests.simulator.entities import Change, Company, Entity
from tests.simulator.truth import Truth, make_truth

__all__ = ["Change", "Company", "Entity", "Truth", "load_erpnext", "load_jiandaoyun", "load_odoo", "make_truth"]
