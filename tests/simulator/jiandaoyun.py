"""Jiandaoyun's API v5, read side.

Follows https://hc.jiandaoyun.com/open/11261 (rules, limits, errors), /open/18539 (forms), /open/14220 (many rows),
/open/14221 (one row), /open/10993 (types); in English https://help.jodoo.com/open/11261 , /open/14216 , /open/14220 .

POST only. Refusals are 400 with {code, msg}: 8303 over the company's 50 requests a second, 8304 over one interface's
own 30, 8301 bad key, 2004 and 3000 no such app or form, 4001 no such row, 4815 bad filter, 17017 bad parameter.
Not documented: whether `updateTime` may be filtered on (the page names creation time and datetime fields only), so a
test chooses: honoured, ignored, or refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.simulator.jdy_filter import FilterError, filtered_fields, keep
from tests.simulator.jdy_form import SYSTEM, Fields, Form, instant
from tests.simulator.limiter import SlidingWindow
from tests.simulator.store import Row
from tests.simulator.webhooks import Delivery, Webhook
from tests.simulator.wire import Reply, Request

if TYPE_CHECKING:
    from tests.simulator.server import Simulator

MESSAGES = {
    2004: "The app doesn't exist.",
    3000: "The form doesn't exist.",
    4001: "Data doesn't exist.",
    4815: "The filter condition is invalid.",
    7103: "System usage exceeds the limit.",
    8301: "Failed to verify the API key for authorization.",
    8303: "The call frequency of the company/team exceeds the frequency limit.",
    8304: "The call frequency exceeds the frequency limit.",
    17017: "The request contains invalid parameter(s).",
    17054: "Not among the authorized APIs.",
}


class Refused(Exception):
    """Carries one of the documented error codes."""

    def __init__(self, code: int) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


class Jiandaoyun:
    """per_endpoint and total: requests a second, None for no limit. update_time_filter: honoured, ignored, refused."""

    name = "jiandaoyun"

    def __init__(
        self,
        sim: Simulator,
        api_key: str,
        per_endpoint: int | None = 30,
        total: int | None = 50,
        update_time_filter: str = "honoured",
    ) -> None:
        self.sim, self.lock, self.api_key = sim, sim.lock, api_key
        self.limiter = SlidingWindow(per_endpoint, total)
        self.update_time_filter = update_time_filter
        self.forms: list[Form] = []
        self.hook: Webhook | None = None
        self._apps: dict[str, str] = {}
        self._ids, self._widgets = itertools.count(1), itertools.count(1_529_400_746_031, 14)
        self._second = 0

    @property
    def base_url(self) -> str:
        return f"{self.sim.url}/api"

    def form(self, app: str, name: str, fields: Fields, aliases: dict[str, str] | None = None) -> Form:
        """fields: label -> documented type, or -> {column: type} for a subform.
        aliases: label (in a subform "subform/column") -> alias."""
        with self.lock:
            self.forms.append(Form(self, app, name, fields, aliases or {}))
            return self.forms[-1]

    # what a form needs

    def now(self) -> datetime:
        return self.sim.now()

    def new_id(self) -> str:
        """24 hex digits, the first 8 the second of creation; never smaller than the one before."""
        self._second = max(self._second, int(self.now().timestamp()))
        return f"{self._second:08x}{next(self._ids):016x}"

    def new_widget(self) -> str:
        return f"_widget_{next(self._widgets)}"

    def app_id(self, app: str) -> str:
        return self._apps.setdefault(app, self.new_id())

    def notify(self, op: str, data: Row) -> None:
        """One single change, told to the webhook if there is one."""
        if self.hook is not None:
            self.hook.notify(op, data)

    # pushing

    def webhook(self, url: str, secret: str, **manners: Any) -> Webhook:
        """Pushes single changes from now on; manners: lossy, duplicates, swapped_headers, retry_delay, seed."""
        self.close()
        self.hook = Webhook(url, secret, self.now, **manners)
        return self.hook

    def deliver(self, op: str, data: Row, deliver_id: str = "", **forged: str) -> int:
        """Pushes once, at once, and answers the status; forged: timestamp, nonce, secret."""
        if self.hook is None:
            raise ValueError("set a webhook first")
        delivery = Delivery(op, data, deliver_id) if deliver_id else Delivery(op, data)
        self.hook.deliveries.append(delivery)
        return self.hook.deliver(delivery, **forged)

    # what the server needs

    def owns(self, path: str) -> bool:
        return path.startswith("/api/v5/")

    def subject(self, request: Request) -> str:
        """The form's "app/name" where the request names one."""
        try:
            return self._form(request.json()).path
        except (Refused, ValueError):
            return ""

    def answer(self, request: Request) -> Reply:
        try:
            return self._answer(request)
        except Refused as refused:
            return self.refusal("status", code=refused.code)

    def refusal(self, kind: str, **options: Any) -> Reply:
        """kind status: options are code (an HTTP status, or an error code of its own as 400), body, retry_after."""
        code = options.get("code", {"unauthorized": 8301, "quota": 8303}.get(kind, 502))
        is_status = 100 <= code < 600
        headers = {"Retry-After": str(options["retry_after"])} if "retry_after" in options else {}
        body = options.get("body", {"code": code, "msg": MESSAGES.get(code, "error")})
        if isinstance(body, str):
            return Reply(None, code if is_status else 400, {"Content-Type": "text/html", **headers}, raw=body.encode())
        return Reply(body, code if is_status else 400, headers)

    def answered(self) -> None:
        for form in self.forms:
            form.table.answered()

    def commit(self) -> None:
        for form in self.forms:
            form.table.commit()

    def close(self) -> None:
        if self.hook is not None:
            self.hook.close()
            self.hook = None

    # the interfaces

    def _answer(self, request: Request) -> Reply:
        interface = self._interfaces().get(request.path.removeprefix("/api/v5/"))
        if interface is None:
            raise Refused(17054)
        if request.method != "POST":
            return Reply({"code": 17017, "msg": MESSAGES[17017]}, 404)
        if request.headers.get("Authorization") != f"Bearer {self.api_key}":
            raise Refused(8301)
        if over := self.limiter.over(request.path):
            raise Refused(8303 if over == "total" else 8304)
        try:
            return interface(request.json())
        except FilterError:
            raise Refused(4815) from None
        except ValueError:
            raise Refused(17017) from None

    def _interfaces(self) -> dict[str, Callable[[Row], Reply]]:
        return {
            "app/list": self._app_list,
            "app/entry/list": self._entry_list,
            "app/entry/widget/list": self._widget_list,
            "app/entry/data/list": self._data_list,
            "app/entry/data/get": self._data_get,
        }

    def _app_list(self, asked: Row) -> Reply:
        apps = [{"name": name, "app_id": app_id} for name, app_id in self._apps.items()]
        return Reply({"apps": _window(asked, apps)})

    def _entry_list(self, asked: Row) -> Reply:
        app_id = self._known_app(asked)
        forms = [form for form in self.forms if form.app_id == app_id]
        shown = [{"name": f.name, "app_id": f.app_id, "entry_id": f.entry_id} for f in forms]
        return Reply({"forms": _window(asked, shown)})

    def _widget_list(self, asked: Row) -> Reply:
        form = self._form(asked)
        system = [{"name": name} for name in (*SYSTEM, "ext")]
        shown = {"widgets": form.widgets(), "sysWidgets": system, "dataModifyTime": instant(form.modified_at)}
        return Reply(shown)

    def _data_list(self, asked: Row) -> Reply:
        form = self._form(asked)
        limit = _number(asked, "limit", default=10, least=1, most=100)
        after = asked.get("data_id") or ""
        rows = sorted((r for r in form.table.visible() if r["_id"] > after), key=lambda row: row["_id"])
        if asked.get("filter"):
            page = self._filtered([form.shown(row) for row in rows], asked["filter"])[:limit]
        else:
            page = [form.shown(row) for row in rows[:limit]]
        if (fields := asked.get("fields")) is not None:
            page = [{n: v for n, v in row.items() if n in (*fields, "_id", "appId", "entryId")} for row in page]
        return Reply({"data": page}, rows=page, key="_id", limit=limit, names=form.names())

    def _data_get(self, asked: Row) -> Reply:
        form = self._form(asked)
        found = [form.shown(row) for row in form.table.visible() if row["_id"] == asked.get("data_id")]
        if not found:
            raise Refused(4001)
        return Reply({"data": found[0]})

    def _filtered(self, rows: list[Row], given: Any) -> list[Row]:
        if self.update_time_filter == "refused" and "updateTime" in filtered_fields(given):
            raise Refused(4815)
        return keep(rows, given, ("updateTime",) if self.update_time_filter == "ignored" else ())

    def _known_app(self, asked: Row) -> str:
        if asked.get("app_id") not in self._apps.values():
            raise Refused(2004)
        return str(asked["app_id"])

    def _form(self, asked: Row) -> Form:
        app_id = self._known_app(asked)
        for form in self.forms:
            if (form.app_id, form.entry_id) == (app_id, asked.get("entry_id")):
                return form
        raise Refused(3000)


def _number(asked: Row, name: str, default: int, least: int, most: int) -> int:
    value = asked.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Refused(17017)
    return value


def _window(asked: Row, rows: list[Row]) -> list[Row]:
    skip = _number(asked, "skip", default=0, least=0, most=10**9)
    return rows[skip : skip + _number(asked, "limit", default=100, least=1, most=100)]
