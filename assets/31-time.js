/* Clock and freshness: ages tick here, from the server's clock, also while the server cannot be reached. */
(function () {
  const T = window.tandem;
  if (!T) return;
  const RANK = ["fresh", "failing", "late", "stale", "never"];
  let offset = 0, bestTrip = Infinity;

  T.now = () => Date.now() + offset;
  T.text = (key, values) => (T.config.text[key] || key).replace(/\{(\w+)\}/g, (_, name) => (values && name in values ? values[name] : ""));

  // The sample with the shortest round trip tells the clock's offset best; an error over 2 s is always taken.
  T.setClock = function (serverTime, sent, received) {
    const at = Date.parse(serverTime);
    if (Number.isNaN(at)) return;
    const trip = received - sent, found = at + trip / 2 - received;
    if (trip <= bestTrip || Math.abs(found - offset) > 2000) { offset = found; bestTrip = trip; } else bestTrip *= 1.02;
  };

  const formats = {};
  function parts(ms, options) {
    const zone = T.config.timezone, key = zone + JSON.stringify(options);
    formats[key] = formats[key] || new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: zone }, options));
    return Object.fromEntries(formats[key].formatToParts(ms).map((part) => [part.type, part.value]));
  }
  T.hhmm = (ms) => { const p = parts(ms, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }); return p.hour + ":" + p.minute; };
  T.hhmmss = (ms) => T.hhmm(ms) + ":" + parts(ms, { second: "2-digit" }).second.padStart(2, "0");
  T.day = function (ms, weekday) {
    const p = parts(ms, { day: "numeric", month: T.config.lang === "zh" ? "numeric" : "short", weekday: "short" });
    if (T.config.lang === "zh") {
      const name = { Mon: "一", Tue: "二", Wed: "三", Thu: "四", Fri: "五", Sat: "六", Sun: "日" }[p.weekday];
      return p.month + "月" + p.day + "日" + (weekday ? " 周" + name : "");
    }
    return (weekday ? p.weekday + " " : "") + p.day + " " + p.month.slice(0, 3);
  };
  T.when = (ms) => (T.day(ms) === T.day(T.now()) ? T.hhmm(ms) : T.text("day_time", { day: T.day(ms), time: T.hhmm(ms) }));

  T.age = function (ms) {
    const m = Math.floor(Math.max(0, ms) / 60000);
    if (m < 1) return T.text("age_now");
    if (m < 60) return T.text("age_min", { m });
    if (m < 1440) return T.text("age_hour", { h: Math.floor(m / 60), m: m % 60 });
    return T.text("age_day", { d: Math.floor(m / 1440), h: Math.floor((m % 1440) / 60) });
  };

  // The server's word, made worse by the time that has passed since it was given.
  T.sourceState = function (source) {
    if (!source.checked_at) return { status: "never", age: Infinity, at: null };
    const at = Date.parse(source.checked_at), age = T.now() - at, promise = source.fresh_within_seconds * 1000;
    let status = RANK.includes(source.status) ? source.status : "fresh";
    if (promise) {
      const passed = age > 3 * promise ? "stale" : age > 1.5 * promise ? "late" : "fresh";
      if (passed === "stale" || (passed === "late" && status === "fresh")) status = passed;
    }
    return { status, age, at, aged: promise ? age > 1.5 * promise : status !== "failing" };
  };
  const isOld = (state) => state.status !== "fresh" && (state.status !== "failing" || state.aged);
  const worse = (a, b) => RANK.indexOf(b.state.status) - RANK.indexOf(a.state.status) || b.state.age - a.state.age;

  function span(className, text) {
    const node = document.createElement("span");
    node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  function chip(role, list, all) {
    const worst = list.sort(worse)[0], state = worst.state, quiet = state.status === "fresh";
    const node = span("chip" + (quiet ? "" : state.status === "stale" || state.status === "never" ? " bad" : " wrn"));
    node.append(span(quiet ? "g " + role : "ic " + (node.classList.contains("bad") ? "crit" : "warn")));
    node.append((T.config.role[role] || role) + (!quiet && all.length > 1 ? " " + worst.source.name : "") + " ");
    const bold = document.createElement("b");
    const age = T.age(state.age);
    bold.textContent = state.status === "never" ? T.text("never") : state.status === "failing" ? T.text("failing", { age }) : quiet ? age : T.text("old", { age });
    node.append(bold);
    node.dataset.status = state.status;
    return node;
  }

  function put(node, text) { if (node && node.textContent !== text) node.textContent = text; }

  function mark(node, states, slot, roles) {
    const old = states.filter((item) => isOld(item.state)).sort(worse);
    const before = node.dataset.age;
    if (old.length) node.dataset.age = old[0].state.status; else delete node.dataset.age;
    if (!before !== !old.length && node.dataset.panel) T.draw(node.dataset.panel); // its colours change
    if (!old.length) { if (slot) put(slot, ""); return; }
    if (!slot) return;
    const times = old.map((item) => item.state.at).filter((at) => at !== null);
    const text = times.length ? T.text("as_of", { time: T.when(Math.min(...times)) }) : T.text("never");
    const late = new Set(old.map((item) => item.source.role));
    const half = roles && roles.size > 1 && late.size === 1;
    put(slot, (half ? (late.has("crm") ? "◆ " : "■ ") : "") + text);
  }

  T.paintFreshness = function () {
    const doc = T.version;
    if (!doc || !doc.sources) return;
    const all = doc.sources.map((source) => ({ source, state: T.sourceState(source) }));
    const chips = document.getElementById("chips");
    const nodes = ["erp", "crm"].map((role) => [role, all.filter((item) => item.source.role === role)]).filter(([, list]) => list.length)
      .map(([role, list]) => chip(role, list, list.slice()));
    const html = nodes.map((node) => node.outerHTML).join("");
    if (chips && chips.dataset.html !== html) { chips.replaceChildren(...nodes); chips.dataset.html = html; }
    for (const panel of document.querySelectorAll("#wall [data-panel]")) {
      const info = T.panels[panel.dataset.panel];
      if (!info) continue;
      const mine = all.filter((item) => info.sources.includes(item.source.name));
      const roles = new Set(mine.map((item) => item.source.role));
      mark(panel, info.broken ? mine.concat([{ source: { role: "" }, state: { status: "late", age: 0, at: Date.parse(info.as_of) } }]) : mine,
        panel.querySelector(":scope > h2 > [data-asof]"), roles);
      for (const cell of panel.querySelectorAll("[data-role]")) mark(cell, mine.filter((item) => item.source.role === cell.dataset.role), cell.querySelector("[data-asof]"));
    }
  };

  // Ages of single things: the text, or a bar that fills up to its limit (seconds).
  T.paintAges = function () {
    for (const node of document.querySelectorAll("[data-since]")) {
      const at = Date.parse(node.dataset.since), age = T.now() - at;
      if (!node.dataset.limit) { if (!Number.isNaN(at)) put(node, T.age(age)); continue; }
      const share = Number.isNaN(at) ? 100 : Math.min(100, (100 * age) / (1000 * Number(node.dataset.limit)));
      const width = Math.max(2, share).toFixed(0) + "%", fill = node.firstElementChild;
      if (fill && fill.style.width !== width) fill.style.width = width;
    }
  };

  T.tick = function () {
    put(document.getElementById("clock"), T.hhmm(T.now()));
    put(document.getElementById("date"), T.day(T.now(), true));
    T.paintFreshness();
    T.paintAges();
  };
})();
