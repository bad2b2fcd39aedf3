// Notes when each amount of the wall's feed first stood on the screen: seen[text] = milliseconds of this machine's clock,
// taken once the frame that holds it was painted. Only what is drawn, inside the window and not covered by another scene counts.
() => {
  window.seen = {};
  const shows = (node) => {
    const box = node.getBoundingClientRect();
    return node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 0 && box.top >= 0 && box.bottom <= innerHeight;
  };
  const look = () => {
    const fresh = [...document.querySelectorAll("#feed-body .r .a")].filter((node) => !(node.textContent in window.seen) && shows(node));
    for (const { textContent: text } of fresh) {
      window.seen[text] = null;
      requestAnimationFrame(() => requestAnimationFrame(() => { window.seen[text] = Date.now(); }));
    }
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}
