/* Names of marks, placed from the real size of the plot: risks always, others where there is room, upright only risks. */
(function () {
  const T = window.tandem;
  if (!T || !T.isWall) return;
  const FONT = '"IBM Plex Sans","Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif';
  // What it costs to cover a name, the mark of a risk, another mark; and how far a name may stray from its mark (px).
  const NAME = 3, RISK = 9, MARK = 2, STRAY = [0, 12, 24, 38, 54, 72, 96, 126, 160, 200, 250], STRAY_COST = 5, FITS = 40, RISK_FITS = 160;
  const pen = document.createElement("canvas").getContext("2d");

  const plain = (text) => text.replace(/<[^>]+>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  function wide(text, size, bold) { pen.font = (bold ? "700 " : "400 ") + size + "px " + FONT; return pen.measureText(plain(text)).width; }
  const over = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

  // Eleven places around a mark, or sixteen on a ring further out, which only risks may stray to.
  function around(x, y, r, w, h, k, away) {
    const d = r + away * k;
    if (away) return Array.from({ length: 16 }, (_, i) => [x + (d + w / 2) * Math.cos(i * Math.PI / 8) - w / 2, y + (d + h / 2) * Math.sin(i * Math.PI / 8) - h / 2]);
    return [[x + d + 4 * k, y - h / 2], [x - d - 4 * k - w, y - h / 2], [x - w / 2, y - d - h - 1], [x - w / 2, y + d + 1],
      [x + d * .7, y - d * .7 - h + 6 * k], [x + d * .7, y + d * .7 - 6 * k], [x - d * .7 - w, y - d * .7 - h + 6 * k], [x - d * .7 - w, y + d * .7 - 6 * k],
      [x - w * .25, y - d - h - 1], [x - w * .75, y + d + 1], [x - w * .25, y + d + 1]];
  }

  T.placeLabels = function (layout, width, height, k) {
    const told = layout.meta.labels, m = layout.margin, W = width - m.l - m.r, H = height - m.t - m.b;
    const X = (v) => (Math.log10(v) - told.x[0]) / (told.x[1] - told.x[0]) * W;
    const Y = (v) => (1 - (Math.log10(v) - told.y[0]) / (told.y[1] - told.y[0])) * H;
    const upright = innerHeight > innerWidth, size = told.size * k, high = 25 * k;
    const words = (layout.annotations = layout.annotations || []), shapes = (layout.shapes = layout.shapes || []);
    const put = (text, x, y, px, color, xanchor, yanchor) => {
      const word = { text, x: x / W, y: 1 - y / H, xref: "paper", yref: "paper", xanchor, yanchor, showarrow: false, borderpad: 0, font: { size: px, color } };
      words.push(word);
      return word;
    };
    const taken = [];
    const marks = told.points.map((p) => { const x = X(p.x), y = Y(p.y), r = p.r * k; return [x - r, y - r, x + r, y + r]; });

    for (const q of told.quarters) {
      const px = told.quarterSize * k, w = wide(q.text, px, true), x = q.right ? W - 12 * k : 12 * k, y = q.bottom ? H - 10 * k : 8 * k;
      const box = [q.right ? x - w : x, q.bottom ? y - 32 * k : y, q.right ? x : x + w, q.bottom ? y : y + 32 * k];
      const word = put(q.text, x, y, px, q.color, q.right ? "right" : "left", q.bottom ? "bottom" : "top");
      if (marks.some((mark) => over(box, mark) > 0)) word.bgcolor = told.paper;
      taken.push(box);
    }
    const middle = (X(told.band.from) + X(told.band.to)) / 2, half = wide(told.band.text, size) / 2;
    const crowded = taken.some((box) => over(box, [middle - half, 4 * k, middle + half, 30 * k]) > 0);
    const bandTop = crowded ? 38 * k : 4 * k;
    put(told.band.text, middle, bandTop, size, told.band.color, "center", "top");
    taken.push([middle - half, bandTop, middle + half, bandTop + 26 * k], [0, Y(told.line) - 3 * k, W, Y(told.line) + 3 * k]);
    const line = taken.length - 1;

    told.points.forEach((p, i) => {
      if (!p.text || (upright && !p.risk)) return;
      const x = X(p.x), y = Y(p.y), r = p.r * k, w = wide(p.text, size, p.risk) + 6 * k;
      let best = null;
      for (const away of p.risk ? STRAY : [0]) {
        for (const [left, top] of around(x, y, r, w, high, k, away)) {
          const box = [left, top, left + w, top + high];
          if (box[0] < 2 || box[2] > W || box[1] < 0 || box[3] > H) continue;
          let cost = away * STRAY_COST * k * k;
          taken.forEach((other, j) => { cost += over(box, other) * (j === line ? MARK : NAME * (p.risk ? 6 : 1)); });
          marks.forEach((mark, j) => { if (j !== i) cost += over(box, mark) * (told.points[j].risk ? RISK : p.risk ? MARK / 2 : MARK); });
          if (!best || cost < best.cost - 1) best = { cost, box, away };
        }
        if (best && best.cost - best.away * STRAY_COST * k * k < (p.risk ? RISK_FITS : FITS) * k * k) break;
      }
      if (!best || (!p.risk && best.cost >= FITS * k * k)) return;
      taken.push(best.box);
      const [left, top, right, bottom] = best.box;
      put(p.risk ? "<b>" + p.text + "</b>" : p.text, left + 2 * k, (top + bottom) / 2, size, p.color, "left", "middle");
      if (best.away) {
        const to = [Math.max(left, Math.min(x, right)), Math.max(top, Math.min(y, bottom))];
        shapes.push({ type: "line", xref: "paper", yref: "paper", x0: x / W, y0: 1 - y / H, x1: to[0] / W, y1: 1 - to[1] / H, layer: "below", line: { color: told.link, width: 1.5 * k } });
      }
    });
    delete layout.meta;
  };
})();
