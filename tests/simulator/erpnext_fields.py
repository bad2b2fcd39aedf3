"""Fields of ERPNext's standard DocTypes, as far as they are used, and how each names its documents.

Names as in frappe/erpnext version-15: erpnext/<module>/doctype/<doctype>/<doctype>.json.
"""

from __future__ import annotations

from typing import Any

# Child DocTypes come before the ones that hold them: name -> (fields, series, field that names the document)
DOCTYPES: dict[str, tuple[dict[str, Any], str, str]] = {
    "Warehouse": ({"warehouse_name": "Data", "is_group": "Check", "company": "Link"}, "", "warehouse_name"),
    "Customer": (
        {
            "customer_name": "Data",
            "customer_group": "Link",
            "territory": "Link",
            "tax_id": "Data",
            "mobile_no": "Read Only",
            "website": "Data",
            "disabled": "Check",
        },
        "CUST-",
        "",
    ),
    "Contact": (
        {"first_name": "Data", "email_id": "Data", "mobile_no": "Data", "designation": "Data", "company_name": "Data"},
        "CONT-",
        "",
    ),
    "Item": (
        {
            "item_code": "Data",
            "item_name": "Data",
            "item_group": "Link",
            "stock_uom": "Link",
            "standard_rate": "Currency",
            "valuation_rate": "Currency",
            "is_stock_item": "Check",
            "disabled": "Check",
        },
        "",
        "item_code",
    ),
    "Sales Order Item": (
        {
            "item_code": "Link",
            "item_name": "Data",
            "qty": "Float",
            "delivered_qty": "Float",
            "rate": "Currency",
            "amount": "Currency",
            "base_amount": "Currency",
            "delivery_date": "Date",
            "warehouse": "Link",
        },
        "",
        "",
    ),
    "Sales Order": (
        {
            "customer": "Link",
            "po_no": "Data",
            "transaction_date": "Date",
            "delivery_date": "Date",
            "currency": "Link",
            "conversion_rate": "Float",
            "base_net_total": "Currency",
            "grand_total": "Currency",
            "status": "Select",
            "items": ("Table", "Sales Order Item"),
        },
        "SAL-ORD-2026-",
        "",
    ),
    "Purchase Order Item": (
        {
            "item_code": "Link",
            "qty": "Float",
            "received_qty": "Float",
            "rate": "Currency",
            "schedule_date": "Date",
            "warehouse": "Link",
        },
        "",
        "",
    ),
    "Purchase Order": (
        {
            "supplier": "Link",
            "transaction_date": "Date",
            "schedule_date": "Date",
            "status": "Select",
            "items": ("Table", "Purchase Order Item"),
        },
        "PUR-ORD-2026-",
        "",
    ),
    "Stock Ledger Entry": (
        {
            "item_code": "Link",
            "warehouse": "Link",
            "posting_date": "Date",
            "actual_qty": "Float",
            "voucher_type": "Link",
            "voucher_no": "Dynamic Link",
            "is_cancelled": "Check",
        },
        "MAT-SLE-2026-",
        "",
    ),
    "BOM Item": ({"item_code": "Link", "qty": "Float", "stock_qty": "Float"}, "", ""),
    "BOM": (
        {
            "item": "Link",
            "quantity": "Float",
            "is_active": "Check",
            "is_default": "Check",
            "items": ("Table", "BOM Item"),
        },
        "BOM-",
        "",
    ),
    "Work Order": (
        {
            "production_item": "Link",
            "qty": "Float",
            "produced_qty": "Float",
            "status": "Select",
            "planned_start_date": "Datetime",
            "expected_delivery_date": "Date",
            "fg_warehouse": "Link",
        },
        "MFG-WO-2026-",
        "",
    ),
    "Sales Invoice": (
        {
            "customer": "Link",
            "posting_date": "Date",
            "due_date": "Date",
            "base_grand_total": "Currency",
            "outstanding_amount": "Currency",
            "status": "Select",
            "is_return": "Check",
            "remarks": "Small Text",
        },
        "ACC-SINV-2026-",
        "",
    ),
    "Opportunity": (
        {
            "title": "Data",
            "opportunity_from": "Link",
            "party_name": "Dynamic Link",
            "status": "Select",
            "sales_stage": "Link",
            "probability": "Percent",
            "opportunity_amount": "Currency",
            "expected_closing": "Date",
            "opportunity_owner": "Link",
        },
        "CRM-OPP-2026-",
        "",
    ),
    "Issue": (
        {
            "subject": "Data",
            "customer": "Link",
            "priority": "Link",
            "status": "Select",
            "opening_date": "Date",
            "description": "Text Editor",
        },
        "ISS-2026-",
        "",
    ),
}
