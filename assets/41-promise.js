/* Forms that ask by the page's address, and buttons that copy a text. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-ask]");
    if (!form) return;
    event.preventDefault();
    const target = new URL(location.href);
    for (const [name, value] of new FormData(form)) {
      if (String(value).trim()) target.searchParams.set(name, String(value).trim()); else target.searchParams.delete(name);
    }
    if (target.href !== location.href) T.go(target.href);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-ask]");
    if (form) form.requestSubmit();
  });

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch (error) { /* no clipboard for this address */ }
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !(await copy(button.dataset.copy))) return;
    const words = button.textContent;
    button.textContent = T.text("text_copied");
    setTimeout(() => { button.textContent = words; }, 1500);
  });
})();
