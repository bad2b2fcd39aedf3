/* What pictures are made of: SVG elements, colours, outlines, and the reading of CSS values. */
(function () {
  const T = (window.tandem = window.tandem || {});
  const NS = "http://www.w3.org/2000/svg";
  const px = (value) => parseFloat(value) || 0;
  const fixed = (value) => String(Math.round(value * 100) / 100);
  // Characters XML cannot carry would make the whole picture unreadable.
  const legal = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");

  function make(tag, attributes, parent) {
    const node = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== null && value !== "") node.setAttribute(name, value);
    if (parent) parent.append(node);
    return node;
  }

  /* Colours as {paint, alpha}: the attributes of SVG take no alpha everywhere, so it goes apart. Mixed ones (oklab, ...)
     are only known to browsers: a pixel of theirs tells. */
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true }), mixed = {};
  function pixel(value) {
    if (!mixed[value]) {
      probe.clearRect(0, 0, 1, 1);
      probe.fillStyle = value;
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
      mixed[value] = [r, g, b, Math.round((100 * a) / 255) / 100];
    }
    return mixed[value];
  }
  function colour(value) {
    if (!value || value === "none") return null;
    const found = /^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?\)$/.exec(value);
    const [r, g, b, alpha] = found ? [found[1], found[2], found[3], found[4] === undefined ? 1 : Number(found[4])] : pixel(value);
    return alpha ? { paint: "#" + [r, g, b].map((part) => Math.round(part).toString(16).padStart(2, "0")).join(""), alpha } : null;
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

  function inside(style, box) {
    const left = px(style.borderLeftWidth), top = px(style.borderTopWidth);
    return { x: box.x + left, y: box.y + top, w: box.w - left - px(style.borderRightWidth), h: box.h - top - px(style.borderBottomWidth) };
  }

  const asData = (blob) => new Promise((done, failed) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.onerror = failed; reader.readAsDataURL(blob); });
  const inlineSvg = (url) => { const at = url.indexOf(","), body = url.slice(at + 1); return url.slice(0, at).includes("base64") ? new TextDecoder().decode(Uint8Array.from(atob(decodeURIComponent(body)), (c) => c.charCodeAt(0))) : decodeURIComponent(body); };

  T.parts = { NS, px, fixed, legal, make, colour, filled, outline, radiiOf, split, inside, asData, inlineSvg };
})();
