"""ERPNext's REST API (Frappe framework, v1), read side.

Follows https://docs.frappe.io/framework/user/en/api/rest , /framework-git/rest-api/listing-documents ,
/framework-git/rest-api/filters-fields-pagination and /framework/deployment/rate-limiting there; statuses and bodies of
errors, `parent` for child DocTypes and `limit` as in frappe/frappe (frappe/api/v1.py, frappe/client.py).

GET /api/resource/<DocType> answers {"data": [...]}: 20 rows and only `name` unless asked otherwise, `limit_page_length`
0 is all, newest `modified` first. A child DocType is listed only with its parent's DocType as `parent`, else 403.
GET /api/resource/<DocType>/<name> is the whole document. frappe.client.get_count and get_time_zone answer {"message"}.
`modified` and `creation` are wall-clock times of the site's time zone, without an offset.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.simulator.frappe_doctype import DELETED, DocType, shown
from tests.simulator.frappe_filter import FilterError, bare, sort, tests_of
from tests.simulator.store import Row
from tests.simulator.wire import Reply, Request

if TYPE_CHECKING:
    from tests.simulator.server import Simulator

STATUSES = {
    401: "AuthenticationError",
    403: "PermissionError",
    404: "DoesNotExistError",
    417: "ValidationError",
    429: "TooManyRequestsError",
    503: "SessionStopped",
}
DELETED_FIELDS = {
    "deleted_name": "Data",
    "deleted_doctype": "Link",
    "data": "Code",
    "restored": "Check",
    "new_name": "Read Only",
}


class FrappeError(Exception):
    def __init__(self, status: int, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.status, self.kind = status, kind or STATUSES[status]


class ERPNext:
    """time_zone: the site's. unknown_fields: whether asking for a field that is not there is refused or the field is
    left out of the answer (both have been seen, by version)."""

    name = "erpnext"

    def __init__(
        self,
        sim: Simulator,
        api_key: str,
        api_secret: str,
        time_zone: str = "Asia/Shanghai",
        unknown_fields: str = "refused",
    ) -> None:
        self.sim, self.lock = sim, sim.lock
        self.token = f"{api_key}:{api_secret}"
        self.time_zone, self.unknown_fields = ZoneInfo(time_zone), unknown_fields
        self.doctypes: dict[str, DocType] = {}
        self.doctype(DELETED, DELETED_FIELDS)

    @property
    def base_url(self) -> str:
        return self.sim.url

    def doctype(self, name: str, fields: dict[str, Any], series: str = "", name_field: str = "") -> DocType:
        """Child DocTypes first, then the one whose Table fields hold them."""
        with self.lock:
            self.doctypes[name] = DocType(self, name, fields, series, name_field)
            return self.doctypes[name]

    def local_now(self) -> datetime:
        """The site's wall clock, as its database keeps it."""
        return self.sim.now().astimezone(self.time_zone).replace(tzinfo=None)

    # what the server needs

    def owns(self, path: str) -> bool:
        return path.startswith(("/api/resource/", "/api/method/", "/api/v1/"))

    def subject(self, request: Request) -> str:
        return request.query.get("doctype", "")

    def answer(self, request: Request) -> Reply:
        try:
            return self._answer(request)
        except FrappeError as error:
            return _refused(error.status, error.kind, str(error))
        except FilterError as error:
            return _refused(417, "DataError", str(error))
        except ValueError as error:
            return _refused(500, "ValueError", str(error), "builtins")

    def refusal(self, kind: str, **options: Any) -> Reply:
        """quota: the rate limit's 429 with its headers."""
        status = options.get("code", {"unauthorized": 401, "quota": 429}.get(kind, 502))
        reply = _refused(status, STATUSES.get(status, "Exception"), STATUSES.get(status, "error"))
        if kind == "quota":
            reset = str(options.get("retry_after", 1242))
            reply.headers |= {"Retry-After": reset, "X-RateLimit-Reset": reset}
            reply.headers |= {"X-RateLimit-Limit": "600000000", "X-RateLimit-Remaining": "0"}
        elif "retry_after" in options:
            reply.headers["Retry-After"] = str(options["retry_after"])
        if "body" in options:
            text = isinstance(options["body"], str)
            reply.payload, reply.raw = options["body"], options["body"].encode() if text else None
        return reply

    def answered(self) -> None:
        for doctype in self.doctypes.values():
            doctype.table.answered()

    def commit(self) -> None:
        for doctype in self.doctypes.values():
            doctype.table.commit()

    def close(self) -> None:
        """Nothing runs beside the server."""

    # the interfaces

    def _answer(self, request: Request) -> Reply:
        path = request.path.removeprefix("/api/").removeprefix("v1/").strip("/")
        kind, _, rest = path.partition("/")
        if kind == "method":
            return self._method(request, rest)
        self._authorised(request)
        if request.method != "GET":
            raise FrappeError(403, "No permission to write")
        name, _, document = rest.partition("/")
        if name not in self.doctypes:
            raise FrappeError(404, f"DocType {name} not found")
        doctype = self.doctypes[name]
        return self._document(doctype, document) if document else self._list(doctype, request.query)

    def _authorised(self, request: Request) -> None:
        given = request.headers.get("Authorization") or ""
        if not given:
            raise FrappeError(403, "Login to access")
        if given != f"token {self.token}":
            raise FrappeError(401, "Invalid API key or secret")

    def _method(self, request: Request, method: str) -> Reply:
        if method == "frappe.client.get_time_zone":
            return Reply({"message": {"time_zone": str(self.time_zone)}})
        self._authorised(request)
        if method == "frappe.auth.get_logged_user":
            return Reply({"message": "tandem@example.com"})
        if method == "frappe.client.get_count":
            name = request.query.get("doctype", "")
            if name not in self.doctypes:
                raise FrappeError(404, f"DocType {name} not found")
            return Reply({"message": len(self._filtered(self.doctypes[name], request.query))})
        raise FrappeError(404, f"Failed to get method for command {method}")

    def _document(self, doctype: DocType, name: str) -> Reply:
        found = [row for row in doctype.table.visible() if row["name"] == name]
        if not found:
            raise FrappeError(404, f"{doctype.name} {name} not found")
        return Reply({"data": doctype.document(found[0], lambda child: self.doctypes[child].table.visible())})

    def _list(self, doctype: DocType, query: dict[str, str]) -> Reply:
        if doctype.parents and query.get("parent") not in doctype.parents:
            raise FrappeError(403, "No permission for the parent of this child table")
        fields = self._fields(doctype, json.loads(query.get("fields") or '["name"]'))
        rows = self._filtered(doctype, query)
        sort(rows, query.get("order_by") or "modified desc", doctype.known)
        start = int(query.get("limit_start") or 0)
        length = int(query.get("limit_page_length") or query.get("limit") or 20)
        page = rows[start : start + length] if length else rows[start:]
        data = [shown({name: row.get(name) for name in fields}) for row in page]
        return Reply({"data": data}, rows=data, key="name", limit=length or None)

    def _fields(self, doctype: DocType, asked: Any) -> list[str]:
        if not isinstance(asked, list):
            raise FilterError("fields is a list")
        own = [f for f in doctype.fields if doctype.known(f)]
        every = ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", *own]
        if doctype.parents:
            every += ["parent", "parentfield", "parenttype"]
        wanted = [name for field in asked for name in (every if field == "*" else [bare(field)])]
        unknown = [name for name in wanted if not doctype.known(name)]
        if unknown and self.unknown_fields == "refused":
            raise FilterError(f"Field not permitted in query: {unknown[0]}")
        return list(dict.fromkeys(name for name in wanted if name not in unknown))

    def _filtered(self, doctype: DocType, query: dict[str, str]) -> list[Row]:
        every = tests_of(json.loads(query.get("filters") or "[]"), doctype.known)
        some = tests_of(json.loads(query.get("or_filters") or "[]"), doctype.known)
        rows = doctype.table.visible()
        return [
            row for row in rows if all(test(row) for test in every) and (not some or any(test(row) for test in some))
        ]


def _refused(status: int, kind: str, message: str, module: str = "frappe.exceptions") -> Reply:
    exception = f"{module}.{kind}: {message}"
    trace = json.dumps([f"Traceback (most recent call last):\n{exception}\n"])
    told = json.dumps([json.dumps({"message": message, "title": "Message", "indicator": "red"})])
    return Reply({"exception": exception, "exc_type": kind, "exc": trace, "_server_messages": told}, status)
