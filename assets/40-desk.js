/* Desk pages: links without a reload, menus, table rows, freshness, and a page that follows the published version. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;
  const POLL_MS = 5000, QUIET_MS = 15000, LIVE_QUIET_MS = 4000, BUSY_MS = 400, LOCATION = "_pages_location";
  let version = null, doc = null, etag = null, awaySince = null, refreshedAt = Date.now(), busy = null;

  const desk = () => document.getElementById("desk");

  // Dash's own location listens to this event; a link to elsewhere is followed as a browser does.
  T.go = function (href) {
    const target = new URL(href, location.href);
    if (target.origin !== location.origin) return;
    history.pushState({}, "", target.pathname + target.search + target.hash);
    dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    if (target.pathname !== location.pathname) scrollTo(0, 0);
  };

  // The same page once more, with what is true now.
  T.again = function () { refreshedAt = Date.now(); window.dash_clientside.set_props(LOCATION, { search: location.search }); };

  T.follow = function (clicks) {
    const triggered = (window.dash_clientside.callback_context.triggered || [])[0];
    const point = triggered && triggered.value && triggered.value.points && triggered.value.points[0];
    const href = point && (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
    if (typeof href === "string" && href.startsWith("/")) T.go(href);
  };

  // Rows of a table as it scrolls: the panel's own route, narrowed by the page's address.
  T.rows = async function (request, id) {
    if (!request) return window.dash_clientside.no_update;
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(id.params || {})) query.set(name, value);
    query.set("start", request.startRow);
    query.set("count", request.endRow - request.startRow);
    query.set("lang", T.config ? T.config.lang : "en");
    query.set("sort", JSON.stringify(request.sortModel || []));
    query.set("where", JSON.stringify(request.filterModel || {}));
    const box = document.querySelector('[data-grid="' + id.panel + '"]');
    if (box && box.dataset.query) for (const [name, value] of new URLSearchParams(box.dataset.query)) query.set(name, value);
    try {
      const answer = await fetch("/desk/rows/" + encodeURIComponent(id.panel) + ".json?" + query, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      if (box) { box.dataset.total = body.total; box.style.setProperty("--rows", body.total); }
      return { rowData: body.rows.map((cells) => ({ cells })), rowCount: body.total };
    } catch (error) { return { rowData: [], rowCount: 0 }; }
  };

  // One renderer for every cell: the server has put it into words already.
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  components.TandemCell = function (props) {
    const e = window.React.createElement, cell = props.data && props.data.cells ? props.data.cells[props.colDef.field] : null;
    if (!props.data) return e("span", { className: "cell-wait" });
    if (!cell) return null;
    const text = cell.h ? e("a", { href: cell.h, onClick: (event) => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); T.go(cell.h); } }, cell.t) : cell.t;
    const width = (value) => ({ width: value.toFixed(2) + "%" });
    if (props.kind === "bar") return e("div", { className: "cell-track" }, e("s", { style: width(cell.b || 0) }), e("b", null, text));
    if (props.kind === "cover") {
      const inside = [];
      if (cell.b !== undefined) inside.push(e("s", { key: "b", className: cell.s || "", style: width(cell.b) }));
      if (cell.m !== undefined) inside.push(e("em", { key: "m", style: { left: cell.m.toFixed(2) + "%" } }));
      return e("div", { className: "cell-bullet" }, e("span", null, inside), e("b", null, text));
    }
    if (props.kind === "status") {
      const mark = cell.s === "crit" || cell.s === "warn" ? e("span", { className: "ic " + cell.s, "aria-hidden": true }) : null;
      return e("span", { className: "tag " + (cell.s || "ok") }, mark, text);
    }
    if (props.kind === "party") return e("span", { className: "cell-party" }, ["erp", "crm"].map((role) => e("span", { key: role, className: "g " + (cell.r.includes(role) ? role : "none"), "aria-hidden": true })), text);
    if (props.kind === "level") return e("span", { className: "cell-level " + (cell.s || "") }, [1, 2, 3].map((n) => e("s", { key: n, className: n <= cell.b ? "on" : "" })), text);
    if (props.kind === "spark") {
      if (!cell.v) return e("span", { className: "quiet" }, text);
      const x = (n) => 2 + (88 * n) / Math.max(1, cell.v.length - 1), y = (v) => 17 - 14 * v, last = cell.v.length - 1;
      const path = cell.v.map((v, n) => x(n).toFixed(1) + "," + y(v).toFixed(1)).join(" ");
      return e("svg", { className: "cell-spark", width: 96, height: 20, viewBox: "0 0 96 20", role: "img", "aria-label": text }, e("polygon", { points: "2,19 " + path + " 90,19" }), e("polyline", { points: path }), e("circle", { cx: x(last), cy: y(cell.v[last]), r: 2.6 }));
    }
    return cell.s ? e("span", { className: "ink-" + cell.s }, text) : e("span", { title: String(cell.t).length > 24 ? cell.t : undefined }, text);
  };

  function refreshTables() {
    const api = window.dash_ag_grid && window.dash_ag_grid.getApi;
    if (!api) return;
    document.querySelectorAll("[data-grid] .ag-theme-tandem").forEach((node) => {
      try { api(JSON.parse(node.id)).refreshInfiniteCache(); } catch (error) { /* the table is being made */ }
    });
  }

  // Links within the desk change the page in place; everything else (new tabs, files, the wall) is the browser's.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#desk a[href^='/']");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.pathname.startsWith("/api/") || link.pathname === "/wall") return;
    event.preventDefault();
    T.go(link.href);
  });

  // Menus: one open at a time; Esc closes and gives the focus back.
  document.addEventListener("click", (event) => {
    const mine = event.target.closest(".menu-box");
    document.querySelectorAll(".menu-box[open]").forEach((box) => { if (box !== mine) box.open = false; });
    if (mine && event.target.closest("a") && !event.target.closest(".check")) mine.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const box = document.querySelector(".menu-box[open]");
    if (box) { box.open = false; box.querySelector("summary").focus(); }
  });

  // What the frame tells: the language, and the words of this script.
  function readConfig() {
    const node = desk();
    if (!node || node.dataset.read === node.dataset.config) return;
    T.config = JSON.parse(node.dataset.config);
    node.dataset.read = node.dataset.config;
    document.documentElement.lang = T.config.htmlLang;
    paint();
  }
  new MutationObserver(() => { readConfig(); done(); }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-config"] });

  // While the next page is made the present one stays, paler after a moment.
  addEventListener("_dashprivate_pushstate", () => { clearTimeout(busy); busy = setTimeout(() => document.documentElement.classList.add("busy"), BUSY_MS); });
  function done() { clearTimeout(busy); document.documentElement.classList.remove("busy"); }

  function paint() {
    if (!T.config || !doc) return;
    const all = (doc.sources || []).map((source) => ({ source, state: T.sourceState(source) }));
    const rank = ["fresh", "failing", "late", "stale", "never"];
    const worst = (list) => list.slice().sort((a, b) => rank.indexOf(b.state.status) - rank.indexOf(a.state.status) || b.state.age - a.state.age)[0];
    const box = document.getElementById("fresh");
    if (box) {
      const parts = ["erp", "crm"].map((role) => [role, worst(all.filter((one) => one.source.role === role))]).filter(([, one]) => one).map(([role, one]) => {
        const node = document.createElement("span"), sign = document.createElement("span"), bad = one.state.status === "stale" || one.state.status === "never";
        sign.className = one.state.status === "fresh" ? "g " + role : "ic " + (bad ? "crit" : "warn");
        if (one.state.status !== "fresh") node.className = bad ? "stale" : "late";
        const age = T.age(one.state.age);
        node.append(sign, (T.config.role[role] || role) + " " + (one.state.status === "never" ? T.text("never") : one.state.status === "failing" ? T.text("failing", { age }) : age));
        return node;
      });
      const html = parts.map((node) => node.outerHTML).join("");
      if (box.dataset.html !== html) { box.replaceChildren(...parts); box.dataset.html = html; }
    }
    for (const panel of document.querySelectorAll("#desk [data-sources]")) {
      const names = panel.dataset.sources.split(" "), late = all.filter((one) => names.includes(one.source.name) && (one.state.status === "stale" || one.state.status === "late" || one.state.status === "never"));
      const slot = panel.querySelector("[data-asof]");
      if (late.length) panel.dataset.age = worst(late).state.status; else delete panel.dataset.age;
      const times = late.map((one) => one.state.at).filter((at) => at !== null);
      const text = !late.length ? "" : times.length ? T.text("as_of", { time: T.when(Math.min(...times)) }) : T.text("never");
      if (slot && slot.textContent !== text) slot.textContent = text;
    }
    T.paintAges();
    const banner = document.getElementById("desk-banner");
    if (banner) {
      banner.hidden = awaySince === null;
      if (awaySince !== null) banner.textContent = T.text("server_away", { time: T.hhmm(awaySince) });
    }
  }

  // Someone who has a menu open or is typing is not disturbed.
  function idle() { return !document.querySelector(".menu-box[open], dialog[open]") && !/^(INPUT|TEXTAREA|SELECT)$/.test((document.activeElement || {}).tagName || ""); }

  async function poll() {
    if (document.hidden) return;
    const sent = Date.now();
    try {
      const answer = await fetch("/api/v1/version", { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.status === 200) { doc = await answer.json(); etag = answer.headers.get("ETag"); }
      else if (answer.status !== 304) throw new Error(String(answer.status));
      T.setClock(answer.headers.get("X-Server-Time") || doc.server_time, sent, Date.now());
      awaySince = null;
      // A page that tells what is true now follows the state of the feeds as well.
      const live = document.querySelector(".page-sync, .page-quality"), now = live ? doc.version + "/" + (doc.panels || {}).feeds : doc.version;
      if (version !== null && now !== version && Date.now() - refreshedAt > (live ? LIVE_QUIET_MS : QUIET_MS) && idle()) {
        refreshedAt = Date.now();
        version = now;
        window.dash_clientside.set_props(LOCATION, { search: location.search });
        setTimeout(refreshTables, 1500);
      }
      if (version === null || (live && !String(version).includes("/")) || (!live && String(version).includes("/"))) version = now;
    } catch (error) { if (awaySince === null) awaySince = Date.now(); }
    paint();
  }
  setInterval(poll, POLL_MS);
  setInterval(paint, 15000);
  addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  poll();
})();
