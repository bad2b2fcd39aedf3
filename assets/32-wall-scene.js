/* Scenes, alerts and what a screen needs that runs for months: rotation, pause, pixel shift, full screen. */
(function () {
  const T = window.tandem;
  if (!T || !T.isWall) return;
  const SWAP_MS = 8000, SHIFT_MS = 600000, PER_GROUP = 3, PER_NOTE = 6, CRITICAL_LASTS = 2;
  let shown = null, due = null, timer = null, paused = false, states = {}, group = 0, groups = [[]];

  // What is worth showing, exceptions first: a healthy scene that is only news when it is not waits outside.
  function playlist() {
    const all = T.config.scenes, told = (scene) => states[scene.name] || "ok";
    const worth = all.filter((scene) => told(scene) !== "healthy");
    const list = worth.length ? worth : all;
    return list.filter((scene) => told(scene) === "critical").concat(list.filter((scene) => told(scene) !== "critical"));
  }

  // What the version document says of each scene; one that has just become critical is the next to be shown.
  T.setStates = function (told) {
    const before = states;
    states = told;
    for (const node of document.querySelectorAll("#wall [data-scene]")) {
      const state = states[node.dataset.scene] || "ok";
      if (node.dataset.state !== state) { node.dataset.state = state; if (node.dataset.scene === shown) T.redraw(); }
    }
    if (shown === null || JSON.stringify(before) === JSON.stringify(states)) return;
    const fresh = T.config.scenes.find((scene) => states[scene.name] === "critical" && before[scene.name] !== "critical" && scene.name !== shown);
    if (fresh) due = fresh.name;
    const list = playlist(), alone = timer === null && !paused && list.length > 1; // nothing turned until now
    if (!list.some((scene) => scene.name === shown)) T.show(list[0].name);
    else if (alone) T.show(due || shown);
    else paintPills(list);
  };

  const lasts = (name) => T.config.dwell * (states[name] === "critical" ? CRITICAL_LASTS : 1);

  // Every scene stays in the page: showing one moves no data and makes no nodes, whether the server answers or not.
  T.show = function (name) {
    const list = playlist(), scene = list.find((one) => one.name === name) || list[0];
    const turned = shown !== scene.name;
    shown = scene.name;
    if (due === shown) due = null;
    document.querySelectorAll("#wall [data-scene]").forEach((node) => {
      const off = node.dataset.scene !== shown;
      node.classList.toggle("off", off);
      node.toggleAttribute("inert", off);
      if (off) node.setAttribute("aria-hidden", "true"); else node.removeAttribute("aria-hidden");
    });
    document.getElementById("scene-title").textContent = scene.title;
    paintPills(list, turned);
    clearTimeout(timer);
    timer = null;
    if (!paused && list.length > 1) timer = setTimeout(() => T.show(next(1)), lasts(shown) * 1000);
  };

  function next(step) {
    const list = playlist(), at = list.findIndex((scene) => scene.name === shown);
    if (step > 0 && due && list.some((scene) => scene.name === due)) return due;
    return list[(at + step + list.length) % list.length].name;
  }

  function paintPills(list, turned) {
    const bar = document.getElementById("scenes"), at = list.findIndex((scene) => scene.name === shown);
    bar.hidden = list.length < 2;
    bar.style.setProperty("--dwell", lasts(shown) + "s");
    bar.style.setProperty("--play", paused ? "paused" : "running");
    bar.querySelectorAll(".pill").forEach((pill, i) => {
      pill.hidden = i >= list.length;
      if (turned && i === at && pill.classList.contains("on")) { pill.classList.remove("on"); void pill.offsetWidth; } // begins anew
      pill.classList.toggle("on", i === at);
    });
    bar.querySelector(".count").textContent = at + 1 + " / " + list.length + (paused ? " · " + T.text("paused") : "");
  }

  // As many alerts at a time as fit on one line, three at the most.
  T.groupAlerts = function (reset) {
    const box = document.getElementById("ticker-body");
    if (!box) return;
    const items = Array.from(box.children);
    items.forEach((item) => { item.hidden = false; });
    const gap = parseFloat(getComputedStyle(box).columnGap) || 0, room = box.clientWidth;
    const most = innerHeight >= innerWidth ? 1 : items.some((item) => item.dataset.severity) ? PER_GROUP : PER_NOTE;
    groups = [];
    let used = Infinity;
    for (const item of items) {
      const width = item.offsetWidth;
      if (used + gap + width > room || groups[groups.length - 1].length >= most) { groups.push([item]); used = width; }
      else { groups[groups.length - 1].push(item); used += gap + width; }
    }
    if (!groups.length) groups = [[]];
    group = reset ? 0 : Math.min(group, groups.length - 1);
    paintGroup();
  };

  function paintGroup() {
    const box = document.getElementById("ticker-body"), more = document.getElementById("ticker-more");
    if (!box) return;
    const now = groups[group], items = Array.from(box.children);
    items.forEach((item) => { item.hidden = !now.includes(item); });
    const n = items.filter((item) => item.dataset.severity).length, a = items.indexOf(now[0]) + 1, b = a + now.length - 1;
    const key = n === 0 ? null : groups.length === 1 ? (n === 1 ? "alerts_single" : "alerts_all") : a === b ? "alerts_one" : "alerts";
    more.textContent = key ? T.text(key, { a, b, n }) : "";
  }

  function swap() {
    const box = document.getElementById("ticker-body");
    if (!box || groups.length < 2) return;
    box.classList.add("swap");
    setTimeout(() => { group = (group + 1) % groups.length; paintGroup(); box.classList.remove("swap"); }, 300);
  }

  function shift() {
    const step = Math.floor(Date.now() / SHIFT_MS) % 4;
    document.getElementById("wall").style.translate = [0, 2, 2, 0][step] + "px " + [0, 0, 2, 2][step] + "px";
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const list = playlist();
    if (event.key === " ") { paused = !paused; T.show(shown); }
    else if (event.key === "ArrowRight") T.show(next(1));
    else if (event.key === "ArrowLeft") T.show(next(-1));
    else if (/^[1-9]$/.test(event.key) && Number(event.key) <= list.length) T.show(list[Number(event.key) - 1].name);
    else if (event.key === "f" || event.key === "F") document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    else return;
    event.preventDefault();
  }

  let resizing = null;
  T.startScenes = function () {
    states = T.config.states || {};
    document.addEventListener("keydown", keys);
    addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => { T.redraw(); T.groupAlerts(); }, 250); });
    setInterval(swap, SWAP_MS);
    setInterval(shift, 60000);
    T.show(playlist()[0].name);
    T.fonts.then(() => T.groupAlerts(true));
  };
})();
