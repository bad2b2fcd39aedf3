"""Demand forecasting, vectorised over items: arrays of (items, periods) in, arrays of (items, horizon) out.

A history is right-aligned: its last column is the last period that is over. NaN before an item's first column means it
did not exist yet; NaN later means the period is unknown (out of stock, not recorded). Quantities are in the item's own
unit per period; no forecast is ever negative.
"""
