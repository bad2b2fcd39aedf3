/* Text as text: each line where the browser has put it, shortened where it has been, and the fonts that go along. */
(function () {
  const T = (window.tandem = window.tandem || {});
  const { px, fixed, legal, make, colour, filled, asData } = T.parts;
  const pen = document.createElement("canvas").getContext("2d"), ascents = {}, faces = {};

  /* Boxes that can write. `used`: font and weight -> the letters it needs. */
  T.Texts = class extends T.Boxes {
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
  };

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
  T.ascent = ascent;
})();
