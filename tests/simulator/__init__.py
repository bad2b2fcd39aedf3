"""A local server that speaks Jiandaoyun, Odoo and ERPNext as their documentation says, and misbehaves on request."""

from tests.simulator.faults import Fault
from tests.simulator.server import Simulator
from tests.simulator.wire import Reply, Request

__all__ = ["Fault", "Reply", "Request", "Simulator"]
