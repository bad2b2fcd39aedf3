/* The glossary: the entry that the address names is shown, and entries are found as one types. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;
  let shown = null;

  function show() {
    if (location.pathname !== "/glossary") { shown = null; return; }
    const name = decodeURIComponent(location.hash.slice(1));
    const entry = name && document.getElementById(name);
    if (name === shown || (name && !entry)) return;
    shown = name;
    document.querySelectorAll(".entries article, .glossary-index a").forEach((node) => node.classList.toggle("on", !!name && (node.id === name || node.dataset.metric === name)));
    if (entry) { entry.scrollIntoView({ block: "start" }); entry.focus({ preventScroll: true }); }
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "glossary-search") return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    document.querySelectorAll(".entries article").forEach((entry) => {
      const fits = words.every((word) => entry.dataset.search.includes(word));
      entry.hidden = !fits;
      found += fits;
      const link = document.querySelector('.glossary-index a[data-metric="' + entry.id + '"]');
      if (link) link.hidden = !fits;
    });
    const none = document.getElementById("glossary-none");
    if (none) none.hidden = found > 0;
  });
  addEventListener("hashchange", show);
  new MutationObserver(show).observe(document.documentElement, { childList: true, subtree: true });
})();
