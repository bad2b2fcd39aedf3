/* Decisions of who is who: buttons and the keys C and R; who decided is remembered in this browser. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;
  const NAME = "tandem-decided-by";

  function say(node, text) { const slot = node.closest(".panel").querySelector(".act-said"); if (slot) slot.textContent = text; }

  async function decide(button) {
    const field = document.getElementById("decided-by"), who = (field ? field.value : localStorage.getItem(NAME) || "").trim();
    if (!who && field) { field.focus(); return; }
    localStorage.setItem(NAME, who);
    const told = button.dataset, body = { who: who || "–" };
    if (told.decision) body.decision = Number(told.decision);
    else { body.left = told.left; if (told.decide !== "split") body.right = told.right; }
    button.disabled = true;
    try {
      const answer = await fetch("/api/v1/identity/" + told.decide, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (!answer.ok) { say(button, (await answer.json()).error); return; }
      if (told.next) T.go(told.next); else T.again();
    } catch (error) { say(button, String(error.message || error)); } finally { button.disabled = false; }
  }

  // The name survives its field: the panel is drawn anew when the feeds move on, also while somebody types.
  let typing = false;
  new MutationObserver(() => {
    const field = document.getElementById("decided-by");
    if (!field) return;
    if (!field.value) field.value = localStorage.getItem(NAME) || "";
    if (typing && document.activeElement === document.body) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
  }).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("input", (event) => { if (event.target.id === "decided-by") localStorage.setItem(NAME, event.target.value); });
  document.addEventListener("focusin", (event) => { typing = event.target.id === "decided-by"; });
  document.addEventListener("pointerdown", (event) => { if (event.target.id !== "decided-by") typing = false; });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-decide]");
    if (button) decide(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test((document.activeElement || {}).tagName || "")) return;
    const key = event.key === "ArrowRight" ? "→" : event.key.toUpperCase();
    const node = document.querySelector('.decide [data-key="' + CSS.escape(key) + '"]');
    if (node) { event.preventDefault(); node.click(); }
  });
})();
