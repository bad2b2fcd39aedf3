"""Requirements against what is there and to come: projected available balance, net requirements, lots, offset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.mrp.arrays import TINY, Floats, Ints
from data_access.planning.mrp.lots import Lots


@dataclass(frozen=True)
class Netting:
    """All (items, periods), base units. net: what had to be ordered; receipts: planned order receipts; releases: the
    same lead_time periods earlier, those of the past in the first period; available: projected available balance."""

    net: Floats
    receipts: Floats
    releases: Floats
    available: Floats


def net(
    gross: Floats,
    scheduled: Floats,
    on_hand: Floats,
    safety: Floats,
    lots: Lots,
    lead_time: Ints,
    first_receipt: Ints | None = None,
    reschedule_until: Ints | None = None,
) -> Netting:
    """NR_t = max(0, GR_t + SS - PAB_t-1 - SR_t) and PAB_t = PAB_t-1 + SR_t + receipt_t - GR_t, for all items at once.

    gross, scheduled: (items, periods); on_hand (may be negative), safety, lead_time in periods: (items,).
    first_receipt: (items,) before this period nothing new may arrive (frozen zone): what is missing stays visible in
    the balance and is ordered then. reschedule_until: (items,) a need is left to scheduled receipts that come later, up
    to this period: bringing them forward is quicker than a new order; -1 never.
    """
    items, periods = gross.shape
    balance = np.cumsum(scheduled - gross, axis=1).T.copy()
    cured = balance if reschedule_until is None else _later_best(balance, reschedule_until)
    wanted = _wanted(cured, safety, lots.periods)
    receipts, required = np.zeros((periods, items)), np.zeros((periods, items))
    ordered = on_hand.astype(np.float64)  # on hand at the start and all ordered since: balance + ordered = PAB
    for t in range(periods):
        need = safety - (ordered + cured[t])
        if first_receipt is not None:
            need = np.where(t >= first_receipt, need, 0.0)
        short = need > TINY
        if not short.any():
            continue
        # A lot for several periods fills the deepest of their needs.
        need = np.where(lots.periods > 1, np.maximum(need, wanted[t] - ordered), need)
        required[t] = np.where(short, need, 0.0)
        receipts[t] = np.where(short, lots.size(need), 0.0)
        ordered = ordered + receipts[t]
    available = on_hand + balance + np.cumsum(receipts, axis=0)
    planned = receipts.T.copy()
    return Netting(required.T.copy(), planned, offset(planned, lead_time), available.T.copy())


def _wanted(balance: Floats, safety: Floats, spans: Ints) -> Floats:
    """(periods, items) the largest SS - balance over the `spans` periods from each on."""
    need = safety - balance
    wanted = need.copy()
    for ahead in range(1, min(int(spans.max(initial=1)), len(need))):
        later = np.maximum(wanted[:-ahead], need[ahead:])
        wanted[:-ahead] = np.where(spans > ahead, later, wanted[:-ahead])
    return wanted


def _later_best(balance: Floats, until: Ints) -> Floats:
    """(periods, items) the best balance from each period up to `until`; of the period itself after that."""
    best = balance.copy()
    for t in range(len(balance) - 2, -1, -1):
        best[t] = np.where(until > t, np.maximum(balance[t], best[t + 1]), balance[t])
    return best


def offset(receipts: Floats, lead_time: Ints) -> Floats:
    """Planned releases: receipts moved lead_time periods to the front, those of the past in the first period."""
    items, periods = receipts.shape
    item, due = np.nonzero(receipts)
    start = np.maximum(due - lead_time[item], 0)
    flat = np.bincount(item * periods + start, receipts[item, due], minlength=items * periods)
    return np.asarray(flat, dtype=np.float64).reshape(items, periods)


def late(receipts: Floats, lead_time: Ints) -> Floats:
    """The receipts whose release lies in the past: only expediting can make them come when they are needed."""
    return np.where(np.arange(receipts.shape[1]) < lead_time[:, None], receipts, 0.0)


def unexpedited(available: Floats, receipts: Floats, lead_time: Ints) -> Floats:
    """(items, periods) the projected balance when orders released too late come a full lead time from now."""
    missing = np.cumsum(late(receipts, lead_time), axis=1)
    inside = np.arange(available.shape[1]) < lead_time[:, None]
    return np.where(inside, available - missing, available)
