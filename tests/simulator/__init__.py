"""A local server that speaks Jiandaoyun, Odoo and ERPNext as their documentation says, and misbehaves on request.

    with Simulator() as sim:
        jdy = sim.jiandaoyun(api_key="k")
        form = jdy.form(app="销售", name="订单", fields={"单号": "text", "明细": {"产品": "text"}})
        form.insert({"单号": "SO-1", "明细": [{"产品": "P1"}]})
        sim.fault(Fault("status", match="销售/订单", times=2, code=502))

It is the truth that readers are tested against: it follows the vendors' pages (named in each module), not a reader.
"""

from tests.simulator.clock import Clock
from tests.simulator.faults import Fault
from tests.simulator.server import Simulator
from tests.simulator.wire import Reply, Request

__all__ = ["Clock", "Fault", "Reply", "Request", "Simulator"]
