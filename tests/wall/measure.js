// What a reviewer would measure with a ruler, at the 1080p equivalent (k = 1 for 1920x1080).
() => {
  const k = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const shown = (node) => {
    for (let at = node; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility === "hidden" || Number(style.opacity) === 0) return false;
    }
    return true;
  };
  const report = { k, small: [], overflow: [], clipped: [], overlapping: [], outside: [], texts: 0 };
  const walker = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("script,style") || !shown(parent)) continue;
    report.texts += 1;
    const size = parseFloat(getComputedStyle(parent).fontSize) / k;
    if (size < 19.95) report.small.push([node.textContent.trim().slice(0, 40), size]);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect(), ellipsis = parent.closest(".n, .note, .sub, .co, .al b, .al .t2, .band .t2");
    if (box.width && !ellipsis && (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1))
      report.outside.push(node.textContent.trim().slice(0, 40));
    const panel = parent.closest(".p");
    if (panel && box.width && !ellipsis) {
      const frame = panel.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        report.clipped.push([node.textContent.trim().slice(0, 40), panel.id]);
    }
  }
  for (const node of document.querySelectorAll("#wall, #wall *:not(svg):not(svg *)")) {
    if (!shown(node) || node.closest(".plt, .als") || node.tagName === "IMG") continue;
    const style = getComputedStyle(node), wide = node.scrollWidth - node.clientWidth, high = node.scrollHeight - node.clientHeight;
    if (style.display === "inline" || !node.clientWidth || style.textOverflow === "ellipsis") continue;
    if (wide > 1 || (high > 1 && style.overflowY === "hidden")) report.overflow.push([node.id || node.className, wide, high]);
  }
  for (const plot of document.querySelectorAll(".plt")) {
    const frame = plot.getBoundingClientRect();
    const labels = [...plot.querySelectorAll("text")].filter((text) => text.textContent.trim() && shown(text))
      .map((text) => [text.textContent, text.getBoundingClientRect()]);
    labels.forEach(([text, a], i) => {
      if (a.left < frame.left - 2 || a.right > frame.right + 2 || a.top < frame.top - 2 || a.bottom > frame.bottom + 3 * k) report.clipped.push([text, plot.id]);
      labels.slice(i + 1).forEach(([other, b]) => {
        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (x > 1 && y > 7 * k) report.overlapping.push([text, other, x / k, y / k]); // boxes hold 7 px of air above and below the letters
      });
    });
  }
  return report;
}
