/* Boxes as SVG: background, gradients that mean something (hatches, bands, dots), border, rings, icons. Other gradients
   are carried as a picture of that one box; text and bars never are. */
(function () {
  const T = (window.tandem = window.tandem || {});
  const { px, fixed, make, colour, filled, outline, radiiOf, split, inlineSvg } = T.parts;

  /* What draws boxes into an SVG with `defs`; `id()` gives names of its own, `parsed()` takes another SVG in. */
  T.Boxes = class {
    box(style, box, out, node) {
      if (box.w <= 0 || box.h <= 0) return;
      const ink = colour(style.backgroundColor), radii = radiiOf(style, box), mask = style.maskImage || style.webkitMaskImage || "none";
      if (mask !== "none") return this.icon(mask, ink, box, out);
      const polygon = /^polygon\((?:\w+,\s*)?([^)]*)\)$/.exec(style.clipPath);
      const shape = polygon
        ? "M" + polygon[1].split(",").map((point) => point.trim().split(/\s+/).map((value, i) => fixed((i ? box.y : box.x) + (value.endsWith("%") ? (px(value) / 100) * (i ? box.h : box.w) : px(value)))).join(" ")).join("L") + "z"
        : outline(box, radii);
      if (ink) make("path", { d: shape, ...filled(ink) }, out);
      for (const layer of split(style.backgroundImage).reverse()) this.layer(layer, style, box, shape, out);
      for (const shadow of split(style.boxShadow)) this.shadow(shadow, box, radii, out);
      this.border(style, box, radii, out);
      if (style.outlineStyle === "solid" && px(style.outlineWidth) && node !== document.activeElement) this.ring(px(style.outlineWidth), px(style.outlineWidth) / 2 + px(style.outlineOffset), style.outlineColor, box, radii, out);
    }

    ring(width, grow, ink, box, radii, out) {
      const found = colour(ink);
      if (found) make("path", { d: outline({ x: box.x - grow, y: box.y - grow, w: box.w + 2 * grow, h: box.h + 2 * grow }, radii.map((r) => (r ? r + grow : 0))), fill: "none", stroke: found.paint, "stroke-opacity": found.alpha < 1 ? found.alpha : undefined, "stroke-width": width }, out);
    }

    border(style, box, radii, out) {
      const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({ side, width: px(style[`border${side}Width`]), kind: style[`border${side}Style`], ink: style[`border${side}Color`] })).filter((one) => one.width && one.kind !== "none" && one.kind !== "hidden" && colour(one.ink));
      if (!sides.length) return;
      const dashes = (one) => (one.kind === "dashed" ? `${2 * one.width} ${2 * one.width}` : one.kind === "dotted" ? `${one.width} ${one.width}` : undefined);
      const first = sides[0];
      if (sides.length === 4 && sides.every((one) => one.width === first.width && one.kind === first.kind && one.ink === first.ink)) {
        const half = first.width / 2, ink = colour(first.ink);
        make("path", { d: outline({ x: box.x + half, y: box.y + half, w: box.w - first.width, h: box.h - first.width }, radii.map((r) => Math.max(0, r - half))), fill: "none", stroke: ink.paint, "stroke-opacity": ink.alpha < 1 ? ink.alpha : undefined, "stroke-width": first.width, "stroke-dasharray": dashes(first) }, out);
        return;
      }
      const at = { l: box.x, t: box.y, r: box.x + box.w, b: box.y + box.h };
      const to = { l: at.l + px(style.borderLeftWidth), t: at.t + px(style.borderTopWidth), r: at.r - px(style.borderRightWidth), b: at.b - px(style.borderBottomWidth) };
      for (const one of sides) {
        const ink = colour(one.ink), half = one.width / 2;
        const corners = { Top: [at.l, at.t, at.r, at.t, to.r, to.t, to.l, to.t], Right: [at.r, at.t, at.r, at.b, to.r, to.b, to.r, to.t], Bottom: [at.r, at.b, at.l, at.b, to.l, to.b, to.r, to.b], Left: [at.l, at.b, at.l, at.t, to.l, to.t, to.l, to.b] }[one.side].map(fixed);
        if (!dashes(one)) { make("path", { d: `M${corners.slice(0, 2).join(" ")}L${corners.slice(2).join(" ")}z`, ...filled(ink) }, out); continue; }
        const [x, y] = { Top: [0, half], Bottom: [0, -half], Left: [half, 0], Right: [-half, 0] }[one.side], [x1, y1, x2, y2] = corners.map(Number);
        make("path", { d: `M${x1 + x} ${y1 + y}L${x2 + x} ${y2 + y}`, stroke: ink.paint, "stroke-opacity": ink.alpha < 1 ? ink.alpha : undefined, "stroke-width": one.width, "stroke-dasharray": dashes(one) }, out);
      }
    }

    /* Hard shadows are marks (rings, underlines); soft ones are air and stay on the screen. */
    shadow(text, box, radii, out) {
      const ink = colour((/rgba?\([^)]*\)/.exec(text) || [""])[0]), [dx, dy, blur, spread] = text.replace(/rgba?\([^)]*\)/, "").replace("inset", "").trim().split(/\s+/).map(px);
      if (!ink || blur) return;
      if (!text.includes("inset")) { if (spread) this.ring(spread, spread / 2, ink.paint, box, radii, out); return; }
      if (spread) this.ring(spread, -spread / 2, ink.paint, box, radii, out);
      const [x, y, w, h] = dy ? [box.x, dy > 0 ? box.y : box.y + box.h + dy, box.w, Math.abs(dy)] : [dx > 0 ? box.x : box.x + box.w + dx, box.y, Math.abs(dx), box.h];
      if (dx || dy) make("path", { d: outline({ x, y, w, h }, [0, 0, 0, 0]), ...filled(ink) }, out);
    }

    layer(layer, style, box, shape, out) {
      const found = /^(repeating-linear|linear|radial)-gradient\((.*)\)$/.exec(layer), id = this.id();
      const drawn = found && { "repeating-linear": this.hatch, linear: this.fade, radial: this.dots }[found[1]].call(this, id, split(found[2]), style, box);
      if (drawn) { make("path", { d: shape, fill: `url(#${id})` }, out); return; }
      const held = make("foreignObject", { x: fixed(box.x), y: fixed(box.y), width: fixed(box.w), height: fixed(box.h) }, out);
      const div = document.createElement("div");
      div.setAttribute("style", `width:100%;height:100%;background:${layer} ${style.backgroundPosition} / ${style.backgroundSize} ${style.backgroundRepeat};border-radius:${style.borderRadius}`);
      held.append(div);
    }

    /* repeating-linear-gradient(-45deg, a 0 4px, b 4px 8px) */
    hatch(id, stops, style, box) {
      const angle = /^(-?[\d.]+)deg$/.exec(stops[0]), bands = stops.slice(angle ? 1 : 0).map((stop) => /^(rgba?\([^)]*\)|#\w+|\w+)\s+([\d.]+)px(?:\s+([\d.]+)px)?$/.exec(stop));
      if (!bands.length || bands.some((band) => !band)) return false;
      const ends = bands.map((band) => px(band[3] || band[2])), length = Math.max(...ends);
      const pattern = make("pattern", { id, width: length, height: length, patternUnits: "userSpaceOnUse", patternTransform: `translate(${fixed(box.x)} ${fixed(box.y + box.h)}) rotate(${angle ? Number(angle[1]) - 90 : 90})` }, this.defs);
      let from = 0;
      bands.forEach((band, i) => {
        const start = band[3] === undefined ? from : px(band[2]), ink = colour(band[1]);
        if (ink && ends[i] > start) make("rect", { x: start, y: 0, width: fixed(ends[i] - start), height: length, ...filled(ink) }, pattern);
        from = ends[i];
      });
      return true;
    }

    fade(id, stops, style, box) {
      const angle = /^(-?[\d.]+)deg$/.exec(stops[0]), named = { "to right": 90, "to left": 270, "to bottom": 180, "to top": 0 }[stops[0]];
      const degrees = angle ? Number(angle[1]) : named === undefined ? 180 : named, list = stops.slice(angle || named !== undefined ? 1 : 0).map((stop) => /^(rgba?\([^)]*\)|#\w+)((?:\s+-?[\d.]+(?:%|px))*)$/.exec(stop));
      if (degrees % 90 || list.some((one) => !one) || !/^auto(, auto)*$/.test(style.backgroundSize)) return false;
      const along = { 0: [0, 1, 0, 0], 90: [0, 0, 1, 0], 180: [0, 0, 0, 1], 270: [1, 0, 0, 0] }[((degrees % 360) + 360) % 360], size = degrees % 180 ? box.w : box.h;
      const gradient = make("linearGradient", { id, x1: along[0], y1: along[1], x2: along[2], y2: along[3] }, this.defs);
      list.forEach((one, i) => {
        const places = one[2].trim() ? one[2].trim().split(/\s+/).map((place) => (place.endsWith("%") ? px(place) / 100 : px(place) / size)) : [list.length > 1 ? i / (list.length - 1) : 0];
        const ink = colour(one[1]);
        for (const place of places) make("stop", { offset: fixed(place * 100) + "%", "stop-color": ink ? ink.paint : "#000", "stop-opacity": ink ? ink.alpha : 0 }, gradient);
      });
      return true;
    }

    /* radial-gradient(circle, a 34%, b 36%) in small tiles */
    dots(id, stops, style, box) {
      const size = /^([\d.]+)px ([\d.]+)px$/.exec(style.backgroundSize + (style.backgroundSize.includes(" ") ? "" : " " + style.backgroundSize));
      const list = stops.filter((stop) => !/^circle/.test(stop)).map((stop) => /^(rgba?\([^)]*\))\s+([\d.]+)%$/.exec(stop));
      if (!size || list.length !== 2 || list.some((one) => !one)) return false;
      const w = px(size[1]), h = px(size[2]), pattern = make("pattern", { id, width: w, height: h, patternUnits: "userSpaceOnUse", patternTransform: `translate(${fixed(box.x)} ${fixed(box.y)})` }, this.defs);
      make("rect", { width: w, height: h, ...filled(colour(list[1][1])) }, pattern);
      make("circle", { cx: w / 2, cy: h / 2, r: fixed((Math.hypot(w, h) / 2) * (px(list[0][2]) / 100)), ...filled(colour(list[0][1])) }, pattern);
      return true;
    }

    icon(mask, ink, box, out) {
      const source = /url\("?(data:image\/svg\+xml[^"]*)"?\)/.exec(mask.replace(/\\"/g, "'"));
      if (!source || !ink) return;
      const drawn = this.parsed(inlineSvg(source[1]), "xMidYMid meet", box, out);
      if (!drawn) return;
      if (drawn.getAttribute("fill") !== "none") drawn.setAttribute("fill", ink.paint);
      for (const node of [drawn, ...drawn.querySelectorAll("*")]) for (const name of ["fill", "stroke"]) if (node.getAttribute(name) === "black") node.setAttribute(name, ink.paint);
    }
  };
})();
