/* The wall keeps itself fresh: one small version document every two seconds (more often while it says that news is on its
   way), and the bytes of the panels that changed. */
(function () {
  const T = window.tandem;
  if (!T || !T.isWall) return;
  const POLL_MS = 2000, JITTER_MS = 500, SOON_MS = 1500, SOON_MORE = 5, TIMEOUT_MS = 5000, RETRY_S = [5, 10, 20, 30], PANEL_RETRY_MS = 30000, POINTER_MS = 3000;
  const HEAP_BYTES = 500e6, NIGHT_HOUR = 3;
  let etag = null, lastOk = 0, failures = 0, retryAt = 0, denied = false, polling = false, app = null, night = null, heapAt = 0, pointer = null, eager = 0;
  T.panels = {};
  T.version = null;

  const byId = (id) => document.getElementById(id);
  const base = location.pathname.replace(/wall\/?$/, "");
  const url = (path) => base + path;

  async function get(path, headers) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try { return await fetch(url(path), { headers: headers || {}, cache: "no-store", signal: stop.signal }); } finally { clearTimeout(timer); }
  }

  function set(id, value) {
    if (byId(id)) window.dash_clientside.set_props(id, { children: value === undefined ? null : value });
  }

  // Text arrives as Dash components and is rendered by React; figures go to Plotly.
  function apply(name, payload, rendered) {
    T.panels[name] = { etag: payload.etag, sources: payload.sources || [], as_of: payload.as_of, head: payload.head };
    if (!rendered) {
      set(name + "-title", payload.head.title); set(name + "-note", payload.head.note); set(name + "-sub", payload.head.sub);
      set(name + "-body", payload.tree);
    }
    const plot = byId(name + "-plot");
    if (plot) {
      plot.hidden = !payload.figure;
      if (payload.figure) T.draw(name, payload.figure, payload.head.aria); else T.forget(name);
    } else if (payload.head.aria && byId("panel-" + name)) byId("panel-" + name).setAttribute("aria-label", payload.head.aria);
    const failed = byId("panel-" + name).querySelector(":scope > .fail");
    if (failed) failed.remove();
    if (rendered) T.paintFreshness();
  }

  // Dash mounts new rows when children are set: their age must be on them before they are painted.
  function watch() {
    const fresh = new MutationObserver((changes) => {
      T.paintFreshness();
      T.paintAges();
      markLinks();
      if (changes.some((change) => change.target.id === "ticker-body")) T.groupAlerts(true);
    });
    document.querySelectorAll("#wall .body, #wall .kgrid, #ticker-body").forEach((node) => fresh.observe(node, { childList: true }));
  }

  // On a screen whose viewer may see desks, a row leads to the page behind it.
  function markLinks() {
    if (T.config.desks) document.querySelectorAll("#wall [data-to]:not([role])").forEach((node) => { node.setAttribute("role", "link"); node.tabIndex = 0; });
  }

  function showPointer() {
    document.documentElement.dataset.pointer = "";
    clearTimeout(pointer);
    pointer = setTimeout(() => { delete document.documentElement.dataset.pointer; }, POINTER_MS);
  }

  function follow(event) {
    const row = event.target.closest && event.target.closest("[data-to][role]");
    if (!row || (event.type === "keydown" && event.key !== "Enter")) return;
    const place = new URL(url(row.dataset.to.slice(1)), location.href);
    place.searchParams.set("lang", T.config.lang);
    location.assign(place);
  }

  function message(className, text) { const node = document.createElement("div"); node.className = className; node.textContent = text; return node; }

  // One panel fails alone: with a picture it keeps it and says its time, without one it says what happened.
  function fail(name, ref) {
    const info = T.panels[name], at = T.now() + PANEL_RETRY_MS;
    const section = byId("panel-" + name);
    if (info && info.etag) Object.assign(info, { broken: true, retryAt: at });
    else {
      T.panels[name] = { sources: [], retryAt: at };
      let box = section.querySelector(":scope > .fail");
      if (!box) { box = document.createElement("div"); box.className = "fail msg"; section.append(box); }
      const sign = document.createElement("span");
      sign.className = "ic crit";
      box.replaceChildren(sign, message("m1", T.text("error")), message("m2", T.text("error_help", { time: T.hhmmss(at) })));
      if (ref) box.append(message("m3", T.text("error_ref", { ref })));
    }
    T.paintFreshness();
  }

  async function fetchPanel(name, wanted) {
    const info = T.panels[name];
    if (!byId("panel-" + name) || (info && (info.etag === wanted && !info.broken)) || (info && info.retryAt > T.now()) || (info && info.busy)) return;
    if (info) info.busy = true;
    try {
      const answer = await get("wall/panel/" + name + ".json?lang=" + T.config.lang);
      if (!answer.ok) { const body = await answer.json().catch(() => ({})); fail(name, body.ref || String(answer.status)); return; }
      const payload = await answer.json();
      payload.etag = wanted;
      apply(name, payload);
    } catch (error) {
      if (error instanceof SyntaxError) fail(name, "json"); // a lost connection is the version poll's to notice
    } finally { if (T.panels[name]) T.panels[name].busy = false; }
  }

  function starting(doc) {
    const waiting = doc.phase === "starting" && !doc.version;
    byId("starting").hidden = !waiting;
    if (!waiting) return;
    const progress = doc.progress || {};
    byId("starting-step").textContent = T.config.text["step_" + progress.step] || progress.label || T.text("starting_wait");
    const share = progress.total ? Math.min(1, progress.done / progress.total) : 0;
    byId("starting-bar").style.width = (100 * share).toFixed(1) + "%";
  }

  // Once for each version of the page: a second mismatch means the server and we will never agree.
  function renew(doc) {
    if (!doc.app || !app || doc.app === app) return;
    if (sessionStorage.getItem("tandem-app") === doc.app) return;
    sessionStorage.setItem("tandem-app", doc.app);
    location.reload();
  }

  function accept(doc) {
    T.version = doc;
    if (doc.scenes) T.setStates(doc.scenes);
    if (doc.timezone) T.config.timezone = doc.timezone;
    renew(doc);
    starting(doc);
  }

  // The band stands where the alerts stood; a scene without alerts gives it some of its height.
  function showBand(shown) {
    if (byId("band").hidden !== shown) return;
    byId("band").hidden = !shown;
    if (byId("panel-ticker")) byId("panel-ticker").hidden = shown;
    T.redraw();
    if (!shown) T.groupAlerts();
  }

  function linkUp() {
    lastOk = T.now(); failures = 0; denied = false;
    showBand(false);
  }

  function linkDown(isDenied) {
    failures += 1;
    denied = Boolean(isDenied);
    if (failures < 2 && !denied) { retryAt = T.now() + POLL_MS; return; }
    retryAt = T.now() + 1000 * RETRY_S[Math.min(failures - 2 + (denied ? 1 : 0), RETRY_S.length - 1)];
    showBand(true);
    paintBand();
  }

  function paintBand() {
    if (byId("band").hidden) return;
    const wait = Math.ceil((retryAt - T.now()) / 1000);
    const words = (id, text) => { if (byId(id).textContent !== text) byId(id).textContent = text; };
    words("band-what", denied ? T.text("denied") : T.text("unreachable", { time: T.when(lastOk) }));
    words("band-more", denied ? T.text("denied_help") : T.text("kept") + " " + (wait > 0 && !polling ? T.text("retry_in", { s: wait }) : T.text("retry_now")));
    const times = ((T.version && T.version.sources) || []).map((source) => Date.parse(source.checked_at)).filter((at) => at);
    words("band-right", times.length ? T.text("newest", { time: T.when(Math.max(...times)) }) : "");
  }

  async function poll() {
    if (polling) return;
    polling = true;
    const sent = Date.now();
    try {
      const known = etag ? { "If-None-Match": etag } : {};
      const answer = await get("api/v1/version", eager ? Object.assign(known, { Prefer: "wait=1" }) : known);
      const received = Date.now();
      if (answer.status === 401 || answer.status === 403) linkDown(true);
      else if (answer.status !== 304 && !answer.ok) linkDown(false);
      else {
        if (answer.status === 304) T.setClock(answer.headers.get("X-Server-Time"), sent, received);
        else {
          const doc = await answer.json();
          etag = answer.headers.get("ETag");
          T.setClock(doc.server_time, sent, received);
          accept(doc);
        }
        linkUp();
        Object.entries((T.version && T.version.panels) || {}).forEach(([name, wanted]) => fetchPanel(name, wanted));
      }
    } catch (error) { linkDown(false); } finally { polling = false; T.tick(); }
  }

  async function loop() {
    const began = performance.now();
    if (!failures || T.now() >= retryAt) await poll();
    eager = T.version && T.version.soon ? SOON_MORE : Math.max(0, eager - 1); // published is not yet served
    const calm = eager ? SOON_MS : POLL_MS + (2 * Math.random() - 1) * JITTER_MS;
    const wait = failures ? Math.max(200, Math.min(1000, retryAt - T.now())) : calm;
    setTimeout(loop, eager && !failures ? Math.max(0, wait - (performance.now() - began)) : wait); // an answer may have waited
  }

  // Browsers leak over weeks: start afresh at night, or over a limit, but only while the server answers.
  function keepYoung() {
    if (failures || !T.version) return;
    const hour = Number(T.hhmm(T.now()).slice(0, 2)), day = T.day(T.now());
    if (night === null) night = hour === NIGHT_HOUR ? day : "";
    const heap = (performance.memory && performance.memory.usedJSHeapSize) || 0;
    if (heap > HEAP_BYTES && T.now() - heapAt > 3600000) { location.reload(); return; }
    if (hour === NIGHT_HOUR && night !== day && Math.random() < 0.1) location.reload();
  }

  function begin() {
    T.config = JSON.parse(byId("wall").dataset.config);
    document.documentElement.lang = T.config.htmlLang;
    app = T.config.app;
    lastOk = T.now();
    heapAt = T.now();
    document.querySelectorAll("#wall .plt").forEach((node) => { node.hidden = true; });
    watch();
    ["click", "keydown"].forEach((kind) => byId("wall").addEventListener(kind, follow));
    if (T.config.desks) addEventListener("pointermove", showPointer);
    T.startScenes();
    Object.entries(T.config.panels).forEach(([name, payload]) => { if (byId("panel-" + name)) apply(name, payload, true); });
    markLinks();
    setInterval(() => { T.tick(); paintBand(); }, 1000);
    setInterval(keepYoung, 60000);
    T.tick();
    loop();
    document.documentElement.dataset.wall = "on";
  }

  const started = setInterval(() => {
    if (byId("wall") && window.dash_clientside && window.dash_clientside.set_props) { clearInterval(started); begin(); }
  }, 30);
})();
