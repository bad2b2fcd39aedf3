/* Scenes, alerts and what a screen needs that runs for months: rotation, pause, pixel shift, full screen. */
(function () {
  const T = window.tandem;
  if (!T || !T.isWall) return;
  const SWAP_MS = 8000, SHIFT_MS = 600000, PER_GROUP = 3, PER_NOTE = 6;
  let scene = 0, timer = null, paused = false, group = 0, groups = [[]];

  T.show = function (index) {
    const scenes = T.config.scenes;
    scene = (index + scenes.length) % scenes.length;
    document.querySelectorAll("#wall [data-scene]").forEach((node) => node.classList.toggle("off", node.dataset.scene !== scenes[scene].name));
    document.getElementById("scene-title").textContent = scenes[scene].title;
    const bar = document.getElementById("scenes");
    bar.hidden = scenes.length < 2;
    bar.style.setProperty("--dwell", T.config.dwell + "s");
    bar.style.setProperty("--play", paused ? "paused" : "running");
    bar.querySelectorAll(".pill").forEach((pill, i) => pill.classList.toggle("on", i === scene));
    bar.querySelector(".count").textContent = scene + 1 + " / " + scenes.length + (paused ? " · " + T.text("paused") : "");
    T.redraw();
    clearTimeout(timer);
    if (!paused && scenes.length > 1) timer = setTimeout(() => T.show(scene + 1), T.config.dwell * 1000);
  };

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
    const shown = groups[group], items = Array.from(box.children);
    items.forEach((item) => { item.hidden = !shown.includes(item); });
    const n = items.filter((item) => item.dataset.severity).length, a = items.indexOf(shown[0]) + 1, b = a + shown.length - 1;
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
    if (event.key === " ") { paused = !paused; T.show(scene); }
    else if (event.key === "ArrowRight") T.show(scene + 1);
    else if (event.key === "ArrowLeft") T.show(scene - 1);
    else if (/^[1-9]$/.test(event.key) && Number(event.key) <= T.config.scenes.length) T.show(Number(event.key) - 1);
    else if (event.key === "f" || event.key === "F") document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    else return;
    event.preventDefault();
  }

  let resizing = null;
  T.startScenes = function () {
    document.addEventListener("keydown", keys);
    addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => { T.redraw(); T.groupAlerts(); }, 250); });
    setInterval(swap, SWAP_MS);
    setInterval(shift, 60000);
    T.show(0);
    T.fonts.then(() => T.groupAlerts(true));
  };
})();
