"""One pair side by side: what agrees, what speaks against it, how sure that makes us, and the person's decision."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components import format as fmt
from components.desk.panel import message, panel
from components.identity_review.queue import key, verdict
from components.marks import attrs, bold, glyph
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
# Evidence -> column; the form is a part of the name.
FIELDS = {
    "tax": "tax", "domain": "domains", "name": "name", "phone": "phones", "city": "city", "country": "country",
    "form": None,
}  # fmt: skip
SIGNS = {"same": "=", "near": "≈", "alike": "≈", "differs": "≠", None: "?"}
WEIGHT: dict[tuple[str, str | None], int] = {
    ("tax", "same"): 4, ("tax", "differs"): -4, ("domain", "same"): 3, ("name", "same"): 3, ("name", "near"): 2,
    ("name", "alike"): 1, ("name", "differs"): -2, ("phone", "same"): 3, ("city", "same"): 1, ("city", "differs"): -1,
    ("country", "same"): 1, ("country", "differs"): -2, ("form", "same"): 1, ("form", "differs"): -1,
}  # fmt: skip
LOW, SURE = 0.3, 0.99


def pair(spec: Panel, view: View, results: Mapping[str, Result], may_act: bool = False) -> Any:
    """may_act: whether who looks may decide; without it the buttons are absent."""
    result = results["open_pairs"]
    rows = records(result)
    if not rows:
        calm = message(view, view.t("identity.pair.none"), "")
        return panel(spec, view, result, [calm, *([_last(result, view)] if may_act else [])], area="at-pair")
    place = int(number(result.notes["chosen"]))
    row = rows[place]
    left, right = ("left", "right") if row["left_role"] == "erp" or row["right_role"] != "erp" else ("right", "left")
    evidence = json.loads(row["evidence"])
    title = view.t("identity.pair.both", one=row[f"{left}_name"], other=row[f"{right}_name"])
    lines = [_line(name, column, row, left, right, evidence, view) for name, column in FIELDS.items()]
    head = html.Tr(
        [html.Th(), html.Th([glyph(row[f"{left}_role"]), _record(row, left, view)]), html.Th(),
         html.Th([glyph(row[f"{right}_role"]), _record(row, right, view)]),
         html.Th(view.t("identity.pair.says")), html.Th(view.t("identity.pair.evidence"), className="num")]
    )  # fmt: skip
    hidden = fmt.money(
        row["hidden_base"], view.company.currency, fmt.unit_for([row["hidden_base"]], view.lang, kpi=True)
    )
    foot = html.Tr([html.Td(view.t("identity.pair.hides")), html.Td(html.B(hidden)), html.Td(), html.Td(), html.Td(
        view.t("identity.pair.hides_more"), colSpan=2)])  # fmt: skip
    body = [
        html.Div([_verdict(row, evidence, view), _scale(number(row["probability"]), view)], className="verdict-row"),
        html.Div(
            html.Table([html.Thead(head), html.Tbody([*lines, foot])], className="evidence"), className="evidence-box"
        ),
        _actions(rows, place, left, right, result, view) if may_act else None,
    ]
    return panel(spec, view, result, [one for one in body if one is not None], title=title,
                 note=view.t("identity.pair.signs"), area="at-pair")  # fmt: skip


def _record(row: Row, side: str, view: View) -> str:
    """ERP 1011."""
    return f" {view.t('role.' + row[f'{side}_role'])} {row[f'{side}_id']}"


def _verdict(row: Row, evidence: Mapping[str, str | None], view: View) -> html.Div:
    agree = [name for name, level in evidence.items() if WEIGHT.get((name, level), 0) > 0]
    against = [name for name, level in evidence.items() if WEIGHT.get((name, level), 0) < 0]
    told = [view.t("identity.pair.agree", n=len(agree))]
    if against:
        told.append(
            view.t("identity.pair.against", what=", ".join(view.t(f"identity.field.{name}") for name in against))
        )
    told.append(view.t(f"identity.reason.{row['reason']}"))
    said = view.t(f"identity.verdict.{verdict(number(row['probability']))}")
    return html.Div([html.Div(said, className="said"), html.Div(" ".join(told), className="why")])


def _scale(probability: float, view: View) -> html.Div:
    """The score on a line with the two limits between which a person decides."""
    at = {"--size": f"{100 * min(probability, 0.995):.1f}%"}
    parts = [html.Span(className="low"), html.Span(className="middle"), html.Span(className="high"),
             html.B(fmt.number(min(probability, 0.99), 2).lstrip("0"), style=at)]  # fmt: skip
    words = [html.Span(view.t(f"identity.pair.{name}")) for name in ("different", "person", "same")]
    return html.Div([html.Div(parts, className="score"), html.Div(words, className="score-words")], className="scale")


def _line(
    name: str, column: str | None, row: Row, left: str, right: str, evidence: Mapping[str, str | None], view: View
) -> html.Tr:
    level = evidence.get(name)
    in_name = view.t("identity.pair.in_name") if level else ""
    ours, theirs = ((row[f"{side}_{column}"] or "" if column else in_name) for side in (left, right))
    weight = WEIGHT.get((name, level), 0)
    shown = _differing(ours, theirs) if name == "name" and level in ("near", "alike", "differs") else (ours, theirs)
    says = view.t(f"identity.says.{level or 'unknown'}")
    marks = "+" * weight if weight > 0 else fmt.MINUS * -weight if weight < 0 else "0"
    cells = [
        html.Td(view.t(f"identity.field.{name}")),
        html.Td(shown[0] or fmt.MISSING, className=name),
        html.Td(html.Span(SIGNS[level], className=f"sign {level or 'unknown'}")),
        html.Td(shown[1] or fmt.MISSING, className=name),
        html.Td(says, className="q"),
        html.Td(marks, className="num"),
    ]
    return html.Tr(cells, className="against" if weight < 0 else "")


def _differing(one: str, other: str) -> tuple[list[Any], list[Any]]:
    """Both names with the letters underlined that only one of them has."""
    left: list[Any] = []
    right: list[Any] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(
        None, one.casefold(), other.casefold(), autojunk=False
    ).get_opcodes():
        for parts, text in ((left, one[a:b]), (right, other[c:d])):
            if text:
                parts.append(text if kind == "equal" else html.U(text))
    return left, right


def _actions(rows: list[dict[str, Any]], place: int, left: str, right: str, result: Result, view: View) -> html.Div:
    row, then = rows[place], rows[(place + 1) % len(rows)]
    target = {
        "data_left": f"{row[f'{left}_source']}:{row[f'{left}_id']}",
        "data_right": f"{row[f'{right}_source']}:{row[f'{right}_id']}",
        "data_next": view.link(pair=key(then)),
    }

    def button(name: str, letter: str = "", plain: bool = True) -> html.Button:
        inside = [view.t(f"identity.act.{name}"), html.Kbd(letter) if letter else None]
        return html.Button(inside, type="button", className="btn" + (" plain" if plain else ""),
                           **attrs(data_decide=name, data_key=letter, **target))  # fmt: skip

    name = dcc.Input(id="decided-by", placeholder=view.t("identity.pair.who"), maxLength=80, className="field",
                     autoComplete="name")  # fmt: skip
    later = html.A(view.t("identity.act.later"), href=target["data_next"], className="btn plain", **attrs(data_key="→"))
    said = html.Span(className="act-said", role="status")
    buttons = [button("confirm", "C", plain=False), button("reject", "R"), button("split")]
    parts = [*buttons, later, name, said, _last(result, view)]
    return html.Div(parts, className="decide")


def _last(result: Result, view: View) -> html.Span:
    """The newest decision in force, with its undo."""
    last: Any = result.notes["last"]
    if last is None:
        return html.Span(className="last")
    records_ = [last.left, *([last.right] if last.right else [])]
    what = " · ".join(f"{one.source} {one.source_id}" for one in records_)
    told = view.t("identity.pair.last", who=last.decided_by, kind=view.t(f"identity.done.{last.kind}"))
    undo = html.Button(view.t("identity.act.undo"), type="button", className="btn plain",
                       **attrs(data_decide="undo", data_decision=str(last.id)))  # fmt: skip
    return html.Span([*bold(told), html.B(what), undo], className="last")
