/* The search box: a combobox in a dialog. Ctrl K or the nav's search opens it; arrows choose, Enter opens, Esc closes. */
(function () {
  const WAIT_MS = 120, LONGEST = 100, ID = "search";
  let timer = null, running = null, hits = [], active = -1, asked = null;

  const dialog = () => document.getElementById(ID);
  const words = () => JSON.parse(dialog().dataset.words);
  const part = (name) => dialog().querySelector("[data-part=" + name + "]");

  function make(tag, attributes, text) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function build() {
    const box = dialog(), text = words();
    if (box.dataset.built === box.dataset.words) return;
    box.dataset.built = box.dataset.words;
    const input = make("input", {
      type: "text", "data-part": "input", role: "combobox", "aria-expanded": "false", "aria-controls": ID + "-list", "aria-autocomplete": "list",
      "aria-label": text.title, placeholder: text.placeholder, autocomplete: "off", spellcheck: "false", maxlength: LONGEST, enterkeyhint: "go",
    });
    const close = make("button", { type: "button", class: "search-close", "aria-label": text.close }, "×");
    const line = make("div", { class: "search-line" });
    line.append(make("span", { class: "search-icon", "aria-hidden": "true" }), input, close);
    box.replaceChildren(
      line,
      make("div", { id: ID + "-list", "data-part": "list", role: "listbox", "aria-label": text.results, class: "search-list" }),
      make("div", { "data-part": "told", role: "status", class: "search-told" }, text.hint),
      make("div", { class: "search-keys", "aria-hidden": "true" }, text.keys),
    );
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, WAIT_MS); });
    box.addEventListener("keydown", keys);
    box.addEventListener("click", (event) => { if (event.target === box || event.target === close || event.target.closest("a")) box.close(); });
  }

  function open() {
    const box = dialog();
    if (!box || box.open) return;
    build();
    part("input").value = "";
    show([], words().hint);
    box.showModal();
    part("input").focus();
  }

  async function find() {
    const text = part("input").value.trim();
    if (running) running.abort();
    asked = text;
    if (!text) return show([], words().hint);
    running = new AbortController();
    try {
      const answer = await fetch("/api/v1/search?q=" + encodeURIComponent(text), { signal: running.signal, cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = (await answer.json()).hits;
      if (asked === text) show(found, found.length ? words().found.replace("{n}", found.length) : words().nothing.replace("{q}", text));
    } catch (error) { if (error.name !== "AbortError") show([], words().failed); }
  }

  function show(found, told) {
    const list = part("list"), text = words(), lang = new URLSearchParams(location.search).get("lang");
    hits = found;
    list.replaceChildren(...found.map((hit, n) => {
      const row = make("a", { id: ID + "-" + n, role: "option", tabindex: "-1", href: hit.href + (lang ? "?lang=" + lang : ""), class: "search-hit", "aria-selected": "false" });
      row.append(
        make("span", { class: "kind" }, text[hit.kind]),
        make("b", { dir: "auto" }, hit.title.slice(0, 200)),
        make("span", { class: "more", dir: "auto" }, (hit.detail || "").slice(0, 200)),
      );
      row.addEventListener("pointermove", () => choose(n));
      return row;
    }));
    part("told").textContent = told;
    part("told").classList.toggle("quiet-told", found.length > 0);
    part("input").setAttribute("aria-expanded", String(found.length > 0));
    choose(found.length ? 0 : -1);
  }

  function choose(n) {
    active = n;
    [...part("list").children].forEach((row, at) => row.setAttribute("aria-selected", String(at === n)));
    const row = document.getElementById(ID + "-" + n);
    if (row) { part("input").setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    else part("input").removeAttribute("aria-activedescendant");
  }

  function keys(event) {
    if (event.isComposing) return;
    const last = hits.length - 1;
    const to = { ArrowDown: active >= last ? 0 : active + 1, ArrowUp: active <= 0 ? last : active - 1, PageDown: last, PageUp: 0 }[event.key];
    if (to !== undefined && hits.length) { event.preventDefault(); choose(to); }
    else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      const row = document.getElementById(ID + "-" + active);
      if (event.ctrlKey || event.metaKey) window.open(row.href, "_blank", "noopener"); else row.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && dialog()) { event.preventDefault(); open(); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("#search-open")) open(); });

  // The field in a page's filter bar narrows the page itself.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "find-form") return;
    event.preventDefault();
    const query = new URLSearchParams(location.search), text = document.getElementById("find").value.trim();
    if (text) query.set("search", text); else query.delete("search");
    window.tandem.go(location.pathname + (query.size ? "?" + query : ""));
  });
})();
