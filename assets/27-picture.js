/* A part of the page as an SVG that stands alone: boxes, text as text, figures, icons, and the fonts they need.
   What SVG has no word for (other gradients) is carried as a picture of that one box; text and bars never are. */
(function () {
  const T = (window.tandem = window.tandem || {});
  const NS = "http://www.w3.org/2000/svg", MOST_PX = 16000;
  const SKIPPED = ".explain, .export, .skip, .as-of-slot, script, style, noscript, template, [hidden]";
  const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-style", "font-variant-numeric", "letter-spacing", "text-anchor", "dominant-baseline", "shape-rendering", "paint-order"];
  const px = (value) => parseFloat(value) || 0;
  const fixed = (value) => String(Math.round(value * 100) / 100);
  // Characters XML cannot carry would make the whole picture unreadable.
  const legal = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
  const pen = document.createElement("canvas").getContext("2d");
  const ascents = {}, faces = {};
  let number = 0;

  function make(tag, attributes, parent) {
    const node = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== null && value !== "") node.setAttribute(name, value);
    if (parent) parent.append(node);
    return node;
  }

  /* Colours: SVG's own attributes take no alpha everywhere, so it goes apart. */
  function colour(value) {
    const found = /^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?\)$/.exec(value);
    if (!found) return value && value !== "none" ? { paint: value, alpha: 1 } : null;
    const alpha = found[4] === undefined ? 1 : Number(found[4]);
    return alpha ? { paint: "#" + [1, 2, 3].map((i) => Math.round(found[i]).toString(16).padStart(2, "0")).join(""), alpha } : null;
  }
  const filled = (ink) => (ink ? { fill: ink.paint, "fill-opacity": ink.alpha < 1 ? ink.alpha : undefined } : { fill: "none" });

  function outline(box, radii) {
    const { x, y, w, h } = box, most = Math.min(w, h) / 2;
    const [a, b, c, d] = radii.map((radius) => Math.max(0, Math.min(radius, most)));
    if (!(a || b || c || d)) return `M${fixed(x)} ${fixed(y)}h${fixed(w)}v${fixed(h)}h${fixed(-w)}z`;
    const turn = (r, dx, dy) => (r ? `a${fixed(r)} ${fixed(r)} 0 0 1 ${fixed(dx)} ${fixed(dy)}` : "");
    return `M${fixed(x + a)} ${fixed(y)}h${fixed(w - a - b)}${turn(b, b, b)}v${fixed(h - b - c)}${turn(c, -c, c)}h${fixed(-(w - c - d))}${turn(d, -d, -d)}v${fixed(-(h - d - a))}${turn(a, a, -a)}z`;
  }
  const radiiOf = (style, box) => ["TopLeft", "TopRight", "BottomRight", "BottomLeft"].map((corner) => {
    const value = style["border" + corner + "Radius"].split(" ")[0];
    return value.endsWith("%") ? (px(value) / 100) * box.w : px(value);
  });

  /* At the commas that stand in no brackets. */
  function split(value) {
    const parts = [""];
    let depth = 0;
    for (const letter of value) {
      depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
      if (letter === "," && !depth) parts.push(""); else parts[parts.length - 1] += letter;
    }
    return parts.map((part) => part.trim()).filter((part) => part && part !== "none");
  }

  class Picture {
    constructor() {
      this.svg = make("svg", {});
      this.defs = make("defs", {}, this.svg);
      this.used = new Map();
      this.prefix = "t" + (number += 1) + "-";
      this.ids = 0;
    }
    id() { return this.prefix + (this.ids += 1); }

    /* One element and what is in it. at: what page coordinates are moved by; room: what is visible of it. */
    walk(node, out, at, room) {
      if (node.nodeType === Node.TEXT_NODE) return this.text(node, out, at, room);
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches(SKIPPED)) return;
      const style = getComputedStyle(node);
      if (style.display === "none" || Number(style.opacity) === 0) return;
      if (style.display === "contents") { for (const child of node.childNodes) this.walk(child, out, at, room); return; }
      const rect = node.getBoundingClientRect();
      const box = { x: rect.left + at.x, y: rect.top + at.y, w: rect.width, h: rect.height };
      const clips = style.overflowX !== "visible" || style.overflowY !== "visible";
      if (clips && (box.x > room.x + room.w || box.y > room.y + room.h || box.x + box.w < room.x || box.y + box.h < room.y)) return;
      const shown = style.visibility === "visible", faint = Number(style.opacity) < 1;
      if (faint || style.filter !== "none") out = make("g", { opacity: faint ? style.opacity : undefined, style: style.filter !== "none" ? "filter:" + style.filter : undefined }, out);
      if (node instanceof SVGSVGElement) { if (shown) this.figure(node, out, box); return; }
      const turned = this.turn(node, style, box, out);
      if (shown) this.box(style, turned.box, turned.out, node);
      if (turned.out !== out) return;
      if (shown && node.tagName === "IMG") return this.image(node, style, out, box);
      if (shown && node.tagName === "CANVAS") { make("image", { x: fixed(box.x), y: fixed(box.y), width: fixed(box.w), height: fixed(box.h), href: node.toDataURL() }, out); return; }
      if (clips) {
        const id = this.id(), inner = this.inside(style, box);
        make("path", { d: outline(inner, radiiOf(style, box)) }, make("clipPath", { id }, this.defs));
        out = make("g", { "clip-path": `url(#${id})` }, out);
        room = { x: Math.max(room.x, inner.x), y: Math.max(room.y, inner.y), w: 0, h: 0, right: 0 };
        room.w = Math.max(0, Math.min(inner.x + inner.w) - room.x); room.h = Math.max(0, inner.y + inner.h - room.y);
      }
      this.pseudo(node, "::before", out, at);
      const children = node.tagName === "DETAILS" && !node.open ? [node.querySelector("summary")] : [...node.childNodes];
      const depth = (child) => (child.nodeType === Node.ELEMENT_NODE && getComputedStyle(child).position !== "static" ? 1 + px(getComputedStyle(child).zIndex) : 0);
      for (const child of children.map((one, i) => [depth(one), i, one]).sort((a, b) => a[0] - b[0] || a[1] - b[1])) this.walk(child[2], out, at, room);
      this.pseudo(node, "::after", out, at);
    }

    inside(style, box) {
      const left = px(style.borderLeftWidth), top = px(style.borderTopWidth);
      return { x: box.x + left, y: box.y + top, w: box.w - left - px(style.borderRightWidth), h: box.h - top - px(style.borderBottomWidth) };
    }

    /* A turned box keeps its middle: it is drawn straight there and turned again. Its children are few and are left out. */
    turn(node, style, box, out) {
      const found = /^matrix\(([^)]*)\)$/.exec(style.transform);
      if (!found) return { box, out };
      const [a, b, c, d] = found[1].split(",").map(Number);
      if (a === 1 && b === 0 && c === 0 && d === 1) return { box, out };
      const w = node.offsetWidth || px(style.width), h = node.offsetHeight || px(style.height), x = box.x + box.w / 2, y = box.y + box.h / 2;
      return { box: { x: -w / 2, y: -h / 2, w, h }, out: make("g", { transform: `matrix(${a} ${b} ${c} ${d} ${fixed(x)} ${fixed(y)})` }, out) };
    }

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
      for (const one of sides) {
        const half = one.width / 2, ink = colour(one.ink), right = box.x + box.w, bottom = box.y + box.h;
        const line = { Top: [box.x, box.y + half, right, box.y + half], Bottom: [box.x, bottom - half, right, bottom - half], Left: [box.x + half, box.y, box.x + half, bottom], Right: [right - half, box.y, right - half, bottom] }[one.side].map(fixed);
        make("path", { d: `M${line[0]} ${line[1]}L${line[2]} ${line[3]}`, stroke: ink.paint, "stroke-opacity": ink.alpha < 1 ? ink.alpha : undefined, "stroke-width": one.width, "stroke-dasharray": dashes(one) }, out);
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
      if (degrees % 90 || list.some((one) => !one) || style.backgroundSize !== "auto") return false;
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

    image(node, style, out, box) {
      const source = node.currentSrc || node.src, inner = this.inside(style, box);
      const across = style.objectPosition.split(" ").map(px).map((value) => (value < 25 ? "Min" : value > 75 ? "Max" : "Mid"));
      const fit = style.objectFit === "fill" ? "none" : `x${across[0]}Y${across[1]} meet`;
      const text = source.startsWith("data:image/svg+xml") ? inlineSvg(source) : (fetched[source] || {}).svg;
      if (text && this.parsed(text, fit, inner, out)) return;
      const data = source.startsWith("data:") ? source : (fetched[source] || {}).data;
      if (data) make("image", { x: fixed(inner.x), y: fixed(inner.y), width: fixed(inner.w), height: fixed(inner.h), preserveAspectRatio: fit, href: data }, out);
    }

    /* An SVG's text as a part of this one, its ids made its own. */
    parsed(text, fit, box, out) {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      if (root.nodeName !== "svg") return null;
      const drawn = document.importNode(root, true), mine = this.id();
      if (!drawn.getAttribute("viewBox")) drawn.setAttribute("viewBox", `0 0 ${px(drawn.getAttribute("width")) || box.w} ${px(drawn.getAttribute("height")) || box.h}`);
      for (const node of drawn.querySelectorAll("[id]")) node.id = mine + node.id;
      for (const node of drawn.querySelectorAll("*")) for (const item of [...node.attributes]) if (item.value.includes("#")) node.setAttribute(item.name, item.value.replace(/url\(#/g, "url(#" + mine).replace(/^#(?=[A-Za-z_])(?![0-9a-fA-F]{3,8}$)/, "#" + mine));
      for (const [name, value] of Object.entries({ x: box.x, y: box.y, width: box.w, height: box.h })) drawn.setAttribute(name, fixed(value));
      drawn.setAttribute("preserveAspectRatio", fit);
      out.append(drawn);
      return drawn;
    }

    /* A figure is SVG already: a copy with its styles written out. */
    figure(node, out, box) {
      const copy = node.cloneNode(true), live = [node, ...node.querySelectorAll("*")], twins = [copy, ...copy.querySelectorAll("*")];
      const gone = [];
      live.forEach((one, i) => {
        const twin = twins[i];
        for (const name of ["class", "onclick", "data-notex", "data-unformatted", "data-math", "tabindex"]) twin.removeAttribute(name);
        if (one.closest("defs")) return;
        const style = getComputedStyle(one);
        if (style.display === "none" || (style.visibility === "hidden" && !one.childElementCount) || one.matches(".draglayer, .hoverlayer, .zoomlayer, .selectionlayer")) { gone.push(twin); return; }
        if (i && one.tagName === "g") { if (style.opacity !== "1") twin.style.opacity = style.opacity; return; }
        twin.removeAttribute("style");
        for (const name of PAINT) {
          const value = style.getPropertyValue(name);
          if (value && value !== "none" || name === "fill") twin.style.setProperty(name, value.replace(/url\(["']?[^"')#]*#([^"')]*)["']?\)/g, "url(#$1)"));
        }
        if (one.tagName === "text" || one.tagName === "tspan") { twin.style.whiteSpace = "pre"; this.uses(style, one.textContent); }
        for (const child of twin.childNodes) if (child.nodeType === Node.TEXT_NODE) child.data = legal(child.data);
      });
      gone.forEach((twin) => twin.remove());
      for (const twin of copy.querySelectorAll("[clip-path], [mask]")) for (const name of ["clip-path", "mask"]) if (twin.hasAttribute(name)) twin.setAttribute(name, twin.getAttribute(name).replace(/url\(["']?[^"')#]*#([^"')]*)["']?\)/, "url(#$1)"));
      for (const [name, value] of Object.entries({ x: box.x, y: box.y, width: box.w, height: box.h })) copy.setAttribute(name, fixed(value));
      if (!copy.getAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${fixed(box.w)} ${fixed(box.h)}`);
      out.append(copy);
    }

    pseudo(node, which, out, at) {
      const style = getComputedStyle(node, which);
      if (!style.content || style.content === "none" || style.content === "normal" || style.display === "none" || style.visibility !== "visible") return;
      const box = pseudoBox(node, which, style, at);
      if (!box) return;
      const said = /^"(.*)"$/.exec(style.content);
      const turned = this.turn({}, style, box, out);
      this.box(style, turned.box, turned.out, null);
      if (said && said[1]) this.write(said[1].replace(/\\"/g, '"'), style, { left: box.x, top: box.y + (box.h - px(style.fontSize) * 1.3) / 2, width: 0, height: px(style.fontSize) * 1.3 }, out, { x: 0, y: 0 });
    }

    text(node, out, at, room) {
      if (!/\S/.test(node.data)) return;
      const parent = node.parentElement, style = getComputedStyle(parent);
      if (style.visibility !== "visible" || px(style.fontSize) === 0) return;
      for (const line of linesOf(node, room.y + room.h - at.y)) {
        const limit = shortened(parent), cut = limit !== null && line.right > limit + 1;
        const found = cut ? fitting(node, line, limit, style) : line;
        this.write(found.text, style, found, out, at);
      }
    }

    write(raw, style, line, out, at) {
      const said = style.textTransform === "uppercase" ? raw.toUpperCase() : raw, keeps = style.whiteSpace.startsWith("pre");
      const text = legal(keeps ? said : trimmed(said.replace(/[\t\n\r ]+/g, " "), style, line.width)), ink = colour(style.color);
      if (!text.trim() || !ink) return;
      this.uses(style, text);
      const rtl = style.direction === "rtl", spaced = style.letterSpacing !== "normal" && style.letterSpacing !== "0px";
      const node = make("text", {
        x: fixed((rtl ? line.left + line.width : line.left) + at.x), y: fixed(line.top + at.y + ascent(style, line.height)), ...filled(ink),
        "font-family": style.fontFamily.replace(/"/g, "'"), "font-size": style.fontSize, "font-weight": style.fontWeight,
        "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle, "letter-spacing": spaced ? style.letterSpacing : undefined,
        direction: rtl ? "rtl" : undefined, "text-decoration": style.textDecorationLine === "none" ? undefined : style.textDecorationLine,
        textLength: line.width > 1 && !rtl ? fixed(line.width) : undefined, lengthAdjust: line.width > 1 && !rtl ? "spacingAndGlyphs" : undefined,
        style: `white-space:pre;font-variant-numeric:${style.fontVariantNumeric}`,
      }, out);
      node.textContent = text;
    }

    uses(style, text) {
      const key = style.fontFamily.split(",")[0].replace(/["']/g, "").trim() + "|" + style.fontWeight;
      const known = this.used.get(key) || new Set();
      for (const letter of text) known.add(letter.codePointAt(0));
      this.used.set(key, known);
    }

    async fonts() {
      const rules = [];
      for (const [key, letters] of this.used) {
        const [family, weight] = key.split("|"), mine = fontFaces().filter((face) => face.family === family);
        const weights = [...new Set(mine.map((face) => face.weight))].sort((a, b) => Math.abs(a - weight) - Math.abs(b - weight));
        for (const face of mine.filter((one) => one.weight === weights[0] && [...letters].some((letter) => one.has(letter)))) {
          faces[face.url] = faces[face.url] || fetch(face.url).then((answer) => answer.blob()).then(asData);
          rules.push(`@font-face{font-family:'${family}';font-weight:${face.weight};src:url(${await faces[face.url]}) format('woff2');unicode-range:${face.range}}`);
        }
      }
      if (rules.length) make("style", {}, this.defs).textContent = [...new Set(rules)].join("\n");
    }
  }

  const asData = (blob) => new Promise((done, failed) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.onerror = failed; reader.readAsDataURL(blob); });
  const inlineSvg = (url) => { const at = url.indexOf(","), body = url.slice(at + 1); return url.slice(0, at).includes("base64") ? new TextDecoder().decode(Uint8Array.from(atob(decodeURIComponent(body)), (c) => c.charCodeAt(0))) : decodeURIComponent(body); };

  function fontFaces() {
    const found = [];
    for (const sheet of document.styleSheets) {
      let rules = [];
      try { rules = sheet.cssRules; } catch (error) { continue; }
      for (const rule of rules) {
        if (!(rule instanceof CSSFontFaceRule)) continue;
        const source = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue("src")), range = rule.style.getPropertyValue("unicode-range") || "U+0-10FFFF";
        const spans = range.split(",").map((one) => one.trim().slice(2).split("-").map((edge) => parseInt(edge, 16)));
        if (source) found.push({ family: rule.style.getPropertyValue("font-family").replace(/["']/g, ""), weight: Number(rule.style.getPropertyValue("font-weight")) || 400, range, url: new URL(source[1], sheet.href || location.href).href, has: (letter) => spans.some(([a, b]) => letter >= a && letter <= (b === undefined ? a : b)) });
      }
    }
    return found;
  }

  function fontOf(style) { return `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`; }
  function ascent(style, height) {
    const font = fontOf(style);
    if (!ascents[font]) { pen.font = font; const size = pen.measureText("x"); ascents[font] = [size.fontBoundingBoxAscent, size.fontBoundingBoxDescent]; }
    const [up, down] = ascents[font];
    return (height * up) / (up + down);
  }

  /* Spaces at the ends of a line are drawn or not, as the line's width tells. */
  function trimmed(text, style, width) {
    pen.font = fontOf(style);
    const near = (one) => Math.abs(pen.measureText(one).width - width);
    return width ? [text, text.trimStart(), text.trimEnd(), text.trim()].sort((a, b) => near(a) - near(b))[0] : text;
  }

  /* Lines of a text node: [{text, start, left, top, width, height, right}], those above `bottom`. */
  function linesOf(node, bottom) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width && rect.height);
    if (!rects.length) return [];
    const line = (text, start, all) => { const left = Math.min(...all.map((r) => r.left)), right = Math.max(...all.map((r) => r.right)); return { text, start, left, right, width: right - left, top: all[0].top, height: all[0].height }; };
    if (rects.every((rect) => Math.abs(rect.top - rects[0].top) < 2)) return [line(node.data, 0, rects)];
    const lines = [];
    let start = 0, boxes = [];
    for (let i = 0; i < node.data.length; i += 1) {
      range.setStart(node, i); range.setEnd(node, i + 1);
      const rect = range.getClientRects()[0];
      if (!rect || !rect.width) continue;
      if (boxes.length && rect.top > boxes[0].top + boxes[0].height / 2) { lines.push(line(node.data.slice(start, i), start, boxes)); start = i; boxes = []; }
      if (rect.top > bottom) return lines;
      boxes.push(rect);
    }
    if (boxes.length) lines.push(line(node.data.slice(start), start, boxes));
    return lines;
  }

  /* Where a box that shortens its text with "…" ends; null where none does. */
  function shortened(node) {
    for (let one = node; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.textOverflow === "ellipsis" && style.overflowX !== "visible" && one.scrollWidth > one.clientWidth) return one.getBoundingClientRect().left + px(style.borderLeftWidth) + one.clientWidth - px(style.paddingRight);
      if (style.display !== "inline") return null;
    }
    return null;
  }

  function fitting(node, line, limit, style) {
    pen.font = fontOf(style);
    const room = limit - pen.measureText("…").width, range = document.createRange();
    let low = 0, high = line.text.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      range.setStart(node, line.start); range.setEnd(node, line.start + middle);
      if (range.getBoundingClientRect().right <= room) low = middle; else high = middle - 1;
    }
    return { ...line, text: line.text.slice(0, low).trimEnd() + "…", width: 0 };
  }

  /* Where ::before or ::after lies: no script is told, so it follows from its own measures and its neighbours'. */
  function pseudoBox(node, which, style, at) {
    const edges = style.boxSizing === "border-box" ? [0, 0] : [px(style.paddingLeft) + px(style.paddingRight) + px(style.borderLeftWidth) + px(style.borderRightWidth), px(style.paddingTop) + px(style.paddingBottom) + px(style.borderTopWidth) + px(style.borderBottomWidth)];
    const w = px(style.width) + edges[0], h = px(style.height) + edges[1];
    if (style.position === "absolute" || style.position === "fixed") {
      let holder = node;
      while (holder.parentElement && getComputedStyle(holder).position === "static") holder = holder.parentElement;
      const rect = holder.getBoundingClientRect(), edge = getComputedStyle(holder);
      return { x: rect.left + px(edge.borderLeftWidth) + px(style.left) + px(style.marginLeft) + at.x, y: rect.top + px(edge.borderTopWidth) + px(style.top) + px(style.marginTop) + at.y, w, h };
    }
    const own = getComputedStyle(node), rect = node.getBoundingClientRect(), range = document.createRange();
    range.selectNodeContents(node);
    const inner = range.getBoundingClientRect();
    const x = which === "::before" ? rect.left + px(own.borderLeftWidth) + px(own.paddingLeft) + px(style.marginLeft) : (inner.width ? inner.right : rect.left + px(own.paddingLeft)) + px(style.marginLeft);
    const middle = inner.height ? (inner.top + inner.bottom) / 2 : (rect.top + rect.bottom) / 2;
    const inline = style.display.startsWith("inline") && !own.display.includes("flex");
    const y = inline && inner.height ? inner.top + ascent(own, inner.height) - h : middle - h / 2;
    return { x: x + at.x, y: (h ? y : middle - px(style.fontSize) * 0.65) + at.y, w, h };
  }

  const fetched = {};
  async function fetchImages(nodes) {
    const sources = new Set(nodes.flatMap((node) => [...node.querySelectorAll("img")]).map((image) => image.currentSrc || image.src).filter((source) => source && !source.startsWith("data:")));
    await Promise.all([...sources].filter((source) => !fetched[source]).map(async (source) => {
      const blob = await (await fetch(source)).blob();
      fetched[source] = blob.type.startsWith("image/svg") ? { svg: await blob.text() } : { data: await asData(blob) };
    }));
  }

  /* The nodes one below the other: {svg, width, height} in CSS pixels. */
  T.picture = async function (nodes, title, caption) {
    await document.fonts.ready;
    await fetchImages(nodes);
    const picture = new Picture(), rects = nodes.map((node) => node.getBoundingClientRect());
    const width = Math.ceil(Math.max(...rects.map((rect) => rect.width))), height = Math.ceil(rects.reduce((sum, rect) => sum + rect.height, 0));
    make("title", {}, picture.svg).textContent = legal(title);
    make("desc", {}, picture.svg).textContent = legal(caption);
    make("rect", { width, height, fill: (colour(getComputedStyle(nodes[0]).backgroundColor) || colour(getComputedStyle(document.body).backgroundColor) || { paint: "white" }).paint }, picture.svg);
    let top = 0;
    nodes.forEach((node, i) => {
      const at = { x: -rects[i].left, y: top - rects[i].top };
      picture.walk(node, make("g", {}, picture.svg), at, { x: 0, y: top, w: width, h: rects[i].height });
      top += rects[i].height;
    });
    await picture.fonts();
    for (const [name, value] of Object.entries({ xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` })) picture.svg.setAttribute(name, value);
    return { svg: '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(picture.svg), width, height };
  };

  /* The same as a PNG of `scale` pixels a CSS pixel. */
  T.png = async function (picture, scale) {
    const image = new Image(), canvas = document.createElement("canvas"), k = Math.min(scale, MOST_PX / Math.max(picture.width, picture.height));
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture.svg);
    await image.decode();
    canvas.width = Math.round(picture.width * k); canvas.height = Math.round(picture.height * k);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
  };
})();
