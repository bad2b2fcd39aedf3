"""Jiandaoyun's forms by the names people see: an app's and a form's name, a field's label (or alias, or id)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data_access.connectors.profile import suggest
from data_access.connectors.rest.client import Client
from data_access.connectors.rest.located import Located
from data_access.connectors.rest.spec import Request
from data_access.errors import SourceError

AT_ONCE = 100
SYSTEM = {"_id": "id"} | dict.fromkeys(("createTime", "updateTime", "deleteTime"), "datetime")
SYSTEM |= dict.fromkeys(("creator", "updater", "deleter"), "user")


@dataclass(frozen=True)
class _Form:
    """A form's fields: label -> name on the wire; subform label -> the same of its columns."""

    params: Mapping[str, str]
    names: Mapping[str, str]
    inner: Mapping[str, Mapping[str, str]]
    types: Mapping[str, str]
    doubled: frozenset[str]


class Forms:
    """Looks forms up in the app that the source's settings name; what was found is kept for ten minutes."""

    def __init__(self, client: Client, app: str) -> None:
        self._client, self._app = client, app

    def locate(self, table: str, fields: list[str]) -> Located:
        form: _Form = self._client.account.remember((self._app, table), lambda: self._form(table))
        known = {**{name: name for name in (*SYSTEM, *form.names.values())}, **form.names}
        for field in fields:
            if field in form.doubled:
                raise SourceError(
                    f'form "{table}": two fields are labelled "{field}"', "give one of them an alias and name that"
                )
            if field not in known:
                labels = [*form.names, *SYSTEM]
                raise SourceError(f'form "{table}" has no field "{field}"', suggest(field, labels))
        return Located(form.params, known, lambda row: _by_label(row, form), {**form.types, **SYSTEM})

    def _form(self, name: str) -> _Form:
        app_id, forms = self._client.account.remember((self._app,), self._forms)
        params = {"app_id": app_id, "entry_id": self._one("form", name, "entry_id", forms)}
        request = Request(method="POST", path="v5/app/entry/widget/list", body=params, rows="widgets")
        widgets = self._client.call(request, {}).rows
        if not isinstance(widgets, list):
            raise SourceError(f'{self._client.place} told no fields of form "{name}"', "run doctor")
        labels = Counter(str(widget["label"]) for widget in widgets)
        return _Form(
            params,
            {widget["label"]: widget["name"] for widget in widgets},
            {widget["label"]: _columns(widget) for widget in widgets if widget.get("items")},
            {widget["label"]: widget["type"] for widget in widgets},
            frozenset(label for label, times in labels.items() if times > 1),
        )

    def _forms(self) -> tuple[str, list[dict[str, Any]]]:
        """The app's id and its forms."""
        apps = self._all("v5/app/list", {}, "apps")
        if not self._app and len(apps) != 1:
            names = ", ".join(str(app["name"]) for app in apps) or "none"
            raise SourceError(f"the key may read {len(apps)} apps: {names}", 'say which one by app = "..."')
        app_id = self._one("app", self._app or str(apps[0]["app_id"]), "app_id", apps)
        return app_id, self._all("v5/app/entry/list", {"app_id": app_id}, "forms")

    def _all(self, path: str, body: dict[str, Any], rows: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            asked = Request(method="POST", path=path, body={**body, "limit": AT_ONCE, "skip": len(found)}, rows=rows)
            page = self._client.call(asked, {}).rows or []
            found += page
            if len(page) < AT_ONCE:
                return found

    def _one(self, what: str, name: str, key: str, among: list[dict[str, Any]]) -> str:
        """The id of the only one of this name (or id)."""
        ids = [str(one[key]) for one in among if name in (one["name"], one[key])]
        if not ids:
            near = suggest(name, [str(one["name"]) for one in among])
            raise SourceError(f'there is no {what} "{name}" that the key may read', near)
        if len(ids) > 1:
            raise SourceError(
                f'there are {len(ids)} {what}s named "{name}": {", ".join(ids)}', "write the id instead of the name"
            )
        return ids[0]


def _columns(subform: Mapping[str, Any]) -> dict[str, str]:
    return {item["label"]: item["name"] for item in subform["items"]}


def _by_label(row: dict[str, Any], form: _Form) -> dict[str, Any]:
    """The row with labels beside the wire's names, subform rows with labels alone (and their _id)."""
    found = dict(row)
    for label, name in form.names.items():
        if name in row:
            found[label] = row[name]
    for label, columns in form.inner.items():
        lines = found.get(label)
        if isinstance(lines, list):
            found[label] = [
                {"_id": line.get("_id"), **{inner: line.get(name) for inner, name in columns.items()}}
                for line in lines
                if isinstance(line, dict)
            ]
    return found
