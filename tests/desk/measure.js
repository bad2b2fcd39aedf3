// What a reviewer would measure on a desk page: type size, overflow of the page and of panels, chart labels that collide.
(least) => {
  const report = { small: [], outside: [], clipped: [], overlapping: [], covered: [], texts: 0, wide: document.documentElement.scrollWidth - innerWidth };
  const shown = (node) => { const box = node.getBoundingClientRect(); return box.width > 0 && box.height > 0 && getComputedStyle(node).visibility !== "hidden" && Number(getComputedStyle(node).opacity) > 0; };
  const walker = document.createTreeWalker(document.getElementById("desk"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("script, style, details:not([open]) > .pop, .skip, .ag-aria-description-container, .ag-hidden") || !shown(parent)) continue;
    report.texts += 1;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < least) report.small.push([node.textContent.trim().slice(0, 40), size]);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect(), panel = parent.closest(".panel");
    let cut = false;
    for (let at = parent; at && at !== panel; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.textOverflow === "ellipsis" || /auto|scroll|hidden/.test(style.overflowX + style.overflowY)) { cut = true; break; }
    }
    if (panel && box.width && !cut) {
      const frame = panel.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        report.outside.push([node.textContent.trim().slice(0, 40), panel.id]);
    }
  }
  for (const plot of document.querySelectorAll("#content .plot")) {
    if (!shown(plot)) continue;
    const frame = plot.getBoundingClientRect();
    const labels = [...plot.querySelectorAll("text")].filter((text) => text.textContent.trim() && shown(text)).map((text) => [text.textContent, text.getBoundingClientRect()]);
    labels.forEach(([text, a], i) => {
      if (a.left < frame.left - 3 || a.right > frame.right + 3 || a.top < frame.top - 3 || a.bottom > frame.bottom + 3) report.clipped.push([text, plot.closest(".panel").id]);
      labels.slice(i + 1).forEach(([other, b]) => {
        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (x > 1 && y > 5) report.overlapping.push([text, other, x, y]);
      });
    });
  }
  // The chip that says how old a panel's figures are must not stand on its words.
  for (const chip of document.querySelectorAll("#desk .asof:not(:empty)")) {
    if (!shown(chip)) continue;
    const a = chip.getBoundingClientRect(), words = document.createTreeWalker(chip.closest(".panel"), NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const node = words.currentNode, parent = node.parentElement, range = document.createRange();
      if (chip.contains(node) || !node.textContent.trim() || parent.closest("details:not([open]) > .pop, .ag-aria-description-container") || !shown(parent)) continue;
      range.selectNodeContents(node);
      for (const whole of range.getClientRects()) {
        const b = { left: whole.left, right: whole.right, top: whole.top, bottom: whole.bottom };
        for (let at = parent; at && !at.classList.contains("panel"); at = at.parentElement) {
          const box = at.getBoundingClientRect();
          if (getComputedStyle(at).overflowX !== "visible") { b.left = Math.max(b.left, box.left); b.right = Math.min(b.right, box.right); }
        }
        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (x > 1 && y > 3) report.covered.push([node.textContent.trim().slice(0, 40), chip.closest(".panel").id]);
      }
    }
  }
  return report;
}
