"""Odoo's external JSON-2 API, read side.

Follows https://www.odoo.com/documentation/19.0/developer/reference/external_api.html : POST
/json/2/<model>/<method>, `Authorization: bearer <key>`, optional `X-Odoo-Database`, the method's arguments as a JSON
object with `ids` and `context` beside them; the return value alone on success, else 4xx/5xx with {name, message,
arguments, context, debug}. Methods: https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html .
Statuses as in odoo/odoo 19.0, addons/rpc/controllers/json2.py and odoo/exceptions.py: no such model or method 404,
bad arguments 422, access 403, any other exception 500. Records with active = false stay out of a search unless the
domain names `active` or the context says active_test = false.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.simulator.odoo_domain import DomainError, fields_of, test_of
from tests.simulator.odoo_model import Model
from tests.simulator.store import Row
from tests.simulator.wire import Reply, Request

if TYPE_CHECKING:
    from tests.simulator.server import Simulator

WERKZEUG = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    502: "BadGateway",
    503: "ServiceUnavailable",
}
WRITES = ("create", "write", "unlink", "copy", "action_confirm", "action_archive")


class OdooError(Exception):
    def __init__(self, status: int, message: str, name: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.name = name or f"werkzeug.exceptions.{WERKZEUG.get(status, 'InternalServerError')}"


class Odoo:
    """database: where set, requests must name it in X-Odoo-Database, as on a server with several."""

    name = "odoo"

    def __init__(self, sim: Simulator, api_key: str, database: str | None = None) -> None:
        self.sim, self.lock, self.api_key, self.database = sim, sim.lock, api_key, database
        self.models: dict[str, Model] = {}
        self._names: dict[str, dict[int, str]] = {}

    @property
    def base_url(self) -> str:
        return self.sim.url

    def model(self, name: str, fields: dict[str, Any], rec_name: str = "name", order: str = "id") -> Model:
        """rec_name: the field that names a record; order: what `search` sorts by unless told otherwise."""
        with self.lock:
            self.models[name] = Model(self, name, fields, rec_name, order)
            return self.models[name]

    def names(self, model: str) -> dict[int, str]:
        """Display names of a model's records; worked out once an answer."""
        if model not in self._names:
            other = self.models.get(model)
            rows = other.table.visible() if other else []
            self._names[model] = {r["id"]: str(r.get(other.rec_name) or "") for r in rows} if other else {}
        return self._names[model]

    # what the server needs

    def owns(self, path: str) -> bool:
        return path.startswith("/json/2/")

    def subject(self, request: Request) -> str:
        return ""

    def answer(self, request: Request) -> Reply:
        self._names.clear()
        asked: Row = {}
        try:
            self._authorised(request)
            asked = self._parsed(request)
            return self._call(request.path, asked)
        except OdooError as error:
            return _refused(error.status, error.name, str(error), asked.get("context"))
        except DomainError as error:
            return _refused(500, "builtins.ValueError", str(error), asked.get("context"))

    def refusal(self, kind: str, **options: Any) -> Reply:
        """unauthorized as documented; quota as a 429, which the documentation does not mention."""
        status = options.get("code", {"unauthorized": 401, "quota": 429}.get(kind, 502))
        messages = {401: "Invalid apikey", 429: "Too Many Requests"}
        headers = {"Retry-After": str(options["retry_after"])} if "retry_after" in options else {}
        name = f"werkzeug.exceptions.{WERKZEUG.get(status, 'InternalServerError')}"
        reply = _refused(status, name, messages.get(status, WERKZEUG.get(status, "error")), None)
        reply.headers |= headers
        if "body" in options:
            text = isinstance(options["body"], str)
            reply.payload, reply.raw = options["body"], options["body"].encode() if text else None
        return reply

    def answered(self) -> None:
        for model in self.models.values():
            model.table.answered()

    def commit(self) -> None:
        for model in self.models.values():
            model.table.commit()

    def close(self) -> None:
        """Nothing runs beside the server."""

    # one call

    def _authorised(self, request: Request) -> None:
        if request.method != "POST":
            raise OdooError(404, "Did you mean POST /json/2/<model>/<method>?")
        if self.database is not None and request.headers.get("X-Odoo-Database") != self.database:
            raise OdooError(404, "Not Found")
        scheme, _, key = (request.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise OdooError(401, "User not authenticated, use the 'Authorization' header")
        if key != self.api_key:
            raise OdooError(401, "Invalid apikey")

    def _parsed(self, request: Request) -> Row:
        try:
            return request.json()
        except ValueError as error:
            raise OdooError(400, f"could not parse the body as json: {error}") from None

    def _call(self, path: str, asked: Row) -> Reply:
        name, _, method = path.removeprefix("/json/2/").partition("/")
        if name not in self.models:
            raise OdooError(404, f"the model {name!r} does not exist")
        model = self.models[name]
        if method in WRITES:
            raise OdooError(403, f"You are not allowed to modify '{name}' records.", "odoo.exceptions.AccessError")
        call = self._methods().get(method)
        if call is None:
            raise OdooError(404, f"The method '{name}.{method}' does not exist")
        arguments = {key: value for key, value in asked.items() if key not in ("ids", "context")}
        if method == "read":
            arguments["ids"] = asked.get("ids", [])
        elif asked.get("ids"):
            raise OdooError(422, f"cannot call {name}.{method} with ids")
        context = asked.get("context") or {}
        try:
            inspect.signature(call).bind(model, context, **arguments)
        except TypeError as error:
            raise OdooError(422, str(error)) from None
        return call(model, context, **arguments)

    def _methods(self) -> dict[str, Callable[..., Reply]]:
        return {
            "search_read": self._search_read,
            "search_count": self._search_count,
            "search": self._search,
            "read": self._read,
            "fields_get": self._fields_get,
        }

    def _search_read(
        self,
        model: Model,
        context: Row,
        domain: list[Any] | None = None,
        fields: list[str] | None = None,
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
    ) -> Reply:
        found = _found(model, context, domain or [], offset, limit, order)
        rows = [model.shown(row, fields) for row in found]
        return Reply(rows, rows=rows, limit=limit)

    def _search_count(self, model: Model, context: Row, domain: list[Any], limit: int | None = None) -> Reply:
        return Reply(len(_found(model, context, domain, 0, limit, None)))

    def _search(
        self,
        model: Model,
        context: Row,
        domain: list[Any],
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
    ) -> Reply:
        return Reply([row["id"] for row in _found(model, context, domain, offset, limit, order)])

    def _read(self, model: Model, context: Row, ids: list[int], fields: list[str] | None = None) -> Reply:
        by_id = {row["id"]: row for row in model.table.visible()}
        rows = [model.shown(by_id[one], fields) for one in ids if one in by_id]
        return Reply(rows, rows=rows)

    def _fields_get(
        self, model: Model, context: Row, allfields: list[str] | None = None, attributes: list[str] | None = None
    ) -> Reply:
        described = {name: d for name, d in model.described().items() if not allfields or name in allfields}
        if attributes:
            described = {name: {k: v for k, v in d.items() if k in attributes} for name, d in described.items()}
        return Reply(described)


def _found(
    model: Model, context: Row, domain: list[Any], offset: int, limit: int | None, order: str | None
) -> list[Row]:
    if "active" in model.fields and "active" not in fields_of(domain) and context.get("active_test", True):
        domain = [("active", "=", True), *domain]
    test = test_of(domain, model)
    rows = [row for row in model.table.visible() if test(row)]
    for part in reversed((order or model.order).split(",")):
        field, _, direction = part.strip().partition(" ")
        model.kind(field)
        rows.sort(key=lambda row: _sortable(row.get(field)), reverse=direction.strip().lower() == "desc")
    return rows[offset : None if limit is None else offset + limit]


def _sortable(value: Any) -> tuple[bool, Any]:
    """Empty values last, as PostgreSQL has them."""
    return (True, 0) if value is None else (False, value)


def _refused(status: int, name: str, message: str, context: Row | None) -> Reply:
    arguments = [message, status] if name.startswith("werkzeug") else [message]
    body = {"name": name, "message": message, "arguments": arguments, "context": context or {}}
    return Reply({**body, "debug": f"Traceback (most recent call last):\n{name}: {message}\n"}, status)
