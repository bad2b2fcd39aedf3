"""Who is who, as given."""

from __future__ import annotations

from tests.wall.oracle.books import Books


def accounts(books: Books) -> dict[str, int]:
    """CRM account -> ERP customer, where there is one."""
    return {
        account: int(customer.removeprefix("erp:"))
        for (source, account), customer in books.identities.items()
        if source == "crm" and customer.startswith("erp:")
    }
