/* A part of the page as an SVG that stands alone: boxes, text, figures, icons, and the fonts they need. */
(function () {
  const T = (window.tandem = window.tandem || {});
  const { NS, px, fixed, legal, make, colour, outline, radiiOf, inside, asData, inlineSvg } = T.parts;
  const MOST_PX = 16000;
  const SKIPPED = ".explain, .export, .skip, script, style, noscript, template, [hidden]";
  const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-style", "font-variant-numeric", "letter-spacing", "text-anchor", "dominant-baseline", "shape-rendering", "paint-order"];
  const fetched = {};
  let number = 0;

  function shared(a, b) {
    const x = Math.max(a.x, b.x), y = Math.max(a.y, b.y);
    return { x, y, w: Math.min(a.x + a.w, b.x + b.w) - x, h: Math.min(a.y + a.h, b.y + b.h) - y };
  }

  class Picture extends T.Texts {
    constructor() {
      super();
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
      if (clips && !(shared(room, box).w > 0 && shared(room, box).h > 0)) return;
      const shown = style.visibility === "visible", faint = Number(style.opacity) < 1;
      if (faint || style.filter !== "none") out = make("g", { opacity: faint ? style.opacity : undefined, style: style.filter !== "none" ? "filter:" + style.filter : undefined }, out);
      if (node instanceof SVGSVGElement) { if (shown) this.figure(node, out, box); return; }
      const turned = this.turn(node, style, box, out);
      if (shown) this.box(style, turned.box, turned.out, node);
      if (turned.out !== out) return;
      if (shown && node.tagName === "IMG") return this.image(node, style, out, box);
      if (shown && node.tagName === "CANVAS") { make("image", { x: fixed(box.x), y: fixed(box.y), width: fixed(box.w), height: fixed(box.h), href: node.toDataURL() }, out); return; }
      if (clips) {
        const id = this.id(), inner = inside(style, box);
        make("path", { d: outline(inner, radiiOf(style, box)) }, make("clipPath", { id }, this.defs));
        out = make("g", { "clip-path": `url(#${id})` }, out);
        room = shared(room, inner);
      }
      this.pseudo(node, "::before", out, at);
      const children = node.tagName === "DETAILS" && !node.open ? [node.querySelector("summary")] : [...node.childNodes];
      const depth = (child) => (child.nodeType === Node.ELEMENT_NODE && getComputedStyle(child).position !== "static" ? 1 + px(getComputedStyle(child).zIndex) : 0);
      for (const child of children.map((one, i) => [depth(one), i, one]).sort((a, b) => a[0] - b[0] || a[1] - b[1])) this.walk(child[2], out, at, room);
      this.pseudo(node, "::after", out, at);
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

    image(node, style, out, box) {
      const source = node.currentSrc || node.src, inner = inside(style, box);
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
    const y = inline && inner.height ? inner.top + T.ascent(own, inner.height) - h : middle - h / 2;
    return { x: x + at.x, y: (h ? y : middle - px(style.fontSize) * 0.65) + at.y, w, h };
  }

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
