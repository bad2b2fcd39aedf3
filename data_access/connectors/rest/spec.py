"""What a profile says about a REST interface: requests, sign-in, paging, limits and the meaning of errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data_access.timing import parse_duration


def _seconds(value: object) -> float:
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError('write a text with a unit like "10m"')


Seconds = Annotated[float, BeforeValidator(_seconds)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Request(_Strict):
    """One kind of request. Texts may hold {placeholders}; what has no value is left out. `rows` is the path of the
    wanted part of the answer ("" = the answer itself)."""

    method: Literal["GET", "POST"] = "GET"
    path: str
    query: dict[str, Any] = Field(default_factory=dict)
    body: dict[str, Any] | None = None
    rows: str = ""


class Override(_Strict):
    """What one stream asks for differently: parts laid over [rest.list], `params` for its placeholders, and `filter`,
    conditions in the interface's own form."""

    method: Literal["GET", "POST"] | None = None
    path: str | None = None
    query: dict[str, Any] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict)
    rows: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    filter: list[Any] = Field(default_factory=list)


class Auth(_Strict):
    """bearer: `token` in Authorization. key: `token` in `header` or `query`. basic: user, password. session: the
    `login` request, whose cookies (and the token at the path `token_at`, sent as bearer) go with all that follow."""

    kind: Literal["none", "bearer", "key", "basic", "session"]
    token: str = ""
    header: str = ""
    query: str = ""
    user: str = ""
    password: str = ""
    login: Request | None = None
    token_at: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Auth:
        needs = {"bearer": self.token, "key": self.token and (self.header or self.query), "basic": self.user}
        if self.kind == "session" and self.login is None:
            raise ValueError("kind session needs login; add the login request")
        if not needs.get(self.kind, "-"):
            raise ValueError(f"kind {self.kind} lacks a part; give token (and header or query), or user and password")
        return self


class Paging(_Strict):
    """How one page leads to the next: by the last row's `after` or the answer's `token` (cursor), by counting rows
    (offset) or pages (page), by a link (link, next), or by filtering on the last row (anchor), which begins again
    after `reach` rows where offsets end there. A page shorter than `size` is the last where `ends` is short."""

    kind: Literal["none", "cursor", "offset", "page", "link", "next", "anchor"] = "none"
    size: int = Field(default=100, ge=1, le=100_000)
    after: str = ""
    token: str = ""
    next: str = ""
    first: int = 1
    reach: int = 0
    ends: Literal["empty", "short"] = "empty"
    most_pages: int = Field(default=100_000, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> Paging:
        needs = {"cursor": self.after or self.token, "anchor": self.after, "next": self.next}
        if not needs.get(self.kind, "-"):
            raise ValueError(f"kind {self.kind} lacks where to look; give after, token or next (a path)")
        return self


class Filter(_Strict):
    """Conditions in the interface's own form: `window` (both bounds in one; only where there is a lower one), `since`
    and `until`, `keys`, and `after` (paging). {filter} is their list: joined to a text by `join`, put into `wrap`."""

    window: Any = None
    since: Any = None
    until: Any = None
    keys: Any = None
    after: Any = None
    join: str | None = None
    wrap: Any = None


class Time(_Strict):
    """How instants are written: `iso` (UTC, milliseconds, Z) or a strftime format, in `zone`, which also holds for
    instants that come without one."""

    format: str = "iso"
    zone: str = "UTC"


class Rate(_Strict):
    """At most `requests` in any span of `per`, for all paths together or for `each_path`."""

    requests: int = Field(ge=1)
    per: Seconds
    each_path: bool = False


class Limits(_Strict):
    """Rates, and what one request and one stream may cost."""

    rate: tuple[Rate, ...] = Field(default=(), strict=False)
    parallel: int = Field(default=1, ge=1, le=16)
    attempts: int = Field(default=5, ge=1, le=20)
    request: Seconds = 120.0
    stream: Seconds = 7200.0
    page_mb: int = Field(default=64, ge=1, le=1024)
    expansion: int = Field(default=200, ge=2)


class ErrorRule(_Strict):
    """What an answer means, by status, the value at the answer's `code` path, and a text in its message. wait: try
    again; credentials; reject: this row is refused; stop: no use to try again, `until` the hour or day is over."""

    status: int | None = None
    code: int | str | None = None
    text: str | None = None
    means: Literal["wait", "credentials", "reject", "stop"] = Field(alias="is")
    until: Literal["hour", "day"] | None = None


class Quota(_Strict):
    """Headers in which the system tells what is left."""

    left: str
    reset: str = ""


class Fields(_Strict):
    """A request that tells an object's fields: an object name -> {type}, rows with `name` and `type`, or, as a
    `sample`, rows that have them all. Declared fields that are not there are not asked for and come empty."""

    request: Request
    name: str = "name"
    type: str = "type"
    sample: bool = False


class Rest(_Strict):
    """The whole [rest] table. `message` and `code` are paths in an answer that tells an error; `sparse`: the interface
    leaves out empty fields, so an absent one says nothing; `lookup` finds objects and fields by their visible names."""

    auth: Auth
    headers: dict[str, str] = Field(default_factory=dict)
    check: Request
    list: Request
    get: Request | None = None
    count: Request | None = None
    fields: Fields | None = None
    paging: Paging = Paging()
    filter: Filter = Filter()
    time: Time = Time()
    limits: Limits = Limits()
    quota: Quota | None = None
    error: tuple[ErrorRule, ...] = Field(default=(), strict=False)
    message: str = "message"
    code: str = "code"
    false_is_null: bool = False
    sparse: bool = False
    lookup: Literal["jiandaoyun"] | None = None
