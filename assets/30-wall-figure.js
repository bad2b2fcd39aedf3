/* Figures are plain JSON at 1920x1080; here they are scaled to the screen and drawn in place. */
(function () {
  const T = (window.tandem = window.tandem || {});
  // Only pages under /wall are a wall; the class must be there before the first paint; every other page is a desk.
  T.isWall = /(^|\/)wall\/?$/.test(location.pathname);
  document.documentElement.classList.add(T.isWall ? "wall" : "desk");
  if (!T.isWall) return;

  const PX = new Set(["standoff", "xshift", "yshift", "ax", "ay", "borderpad", "gridwidth", "ticklen", "ticklabelstandoff", "tickwidth", "borderwidth"]);
  const SIZED = /font$|^marker$|^pattern$/;
  const figures = {};

  T.k = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

  // A copy with every px times k, and colours of the first kind turned into those of the second.
  T.scale = function scale(node, k, parent, tints) {
    if (Array.isArray(node)) return node.map((item) => (item && typeof item === "object" ? scale(item, k, parent, tints) : item));
    const out = {};
    for (const [key, value] of Object.entries(node)) {
      const px = PX.has(key) || (key === "size" && SIZED.test(parent || "")) || (key === "width" && parent === "line") || parent === "margin";
      if (px && typeof value === "number") out[key] = value * k;
      else if (px && Array.isArray(value)) out[key] = value.map((item) => item * k);
      else if (value && typeof value === "object") out[key] = scale(value, k, Array.isArray(value) ? parent : key, tints);
      else out[key] = (tints && tints[value]) || value;
    }
    return out;
  };

  T.fonts = Promise.all(["400", "600", "700"].map((weight) => document.fonts.load(weight + ' 20px "IBM Plex Sans"')))
    .then(() => document.fonts.ready).catch(() => null);

  function ready() {
    if (window.Plotly) return Promise.resolve();
    return new Promise((done) => { const timer = setInterval(() => { if (window.Plotly) { clearInterval(timer); done(); } }, 50); });
  }

  T.draw = async function (name, figure, label) {
    if (figure) figures[name] = figure;
    const node = document.getElementById(name + "-plot");
    const known = figures[name];
    if (!node || !known) return;
    if (label) node.setAttribute("aria-label", label);
    await ready();
    await T.fonts;
    if (known !== figures[name] || !node.isConnected || !node.clientWidth || !node.clientHeight) return;
    const stale = node.parentElement.dataset.age ? T.config.stale : {};
    const scaled = T.scale({ data: known.data, layout: known.layout, template: T.config.template }, T.k(), "", stale);
    if (scaled.layout.meta && scaled.layout.meta.labels) T.placeLabels(scaled.layout, node.clientWidth, node.clientHeight, T.k());
    const layout = Object.assign(scaled.layout, { template: scaled.template, width: node.clientWidth, height: node.clientHeight, autosize: false });
    await window.Plotly.react(node, scaled.data, layout, { staticPlot: true, displayModeBar: false, responsive: false });
    node.dataset.drawn = String((Number(node.dataset.drawn) || 0) + 1);
  };

  T.forget = (name) => { delete figures[name]; };
  T.redraw = () => Promise.all(Object.keys(figures).map((name) => T.draw(name)));
})();
