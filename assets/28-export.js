/* Exports from the screen: pictures drawn here in the browser, files made by the server with their progress, the link. */
(function () {
  const T = (window.tandem = window.tandem || {});
  const POLL_MS = [150, 300, 600, 1000], READY_MS = 12000, SCALE = 2;
  const text = (key, values) => T.text(key, values);
  const count = (value) => Number(value).toLocaleString("en-US");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const panelOf = (name) => document.getElementById("panel-" + name);

  function element(tag, className, content) {
    const node = document.createElement(tag);
    node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  }

  function save(source, name) {
    const link = element("a", ""), url = typeof source === "string" ? source : URL.createObjectURL(source);
    link.href = url; link.download = name;
    document.body.append(link); link.click(); link.remove();
    if (url !== source) setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  /* One line at the corner of the screen for each export. */
  class Toast {
    constructor(name, cancel) {
      let shelf = document.getElementById("toasts");
      if (!shelf) { shelf = element("div", "toasts"); shelf.id = "toasts"; document.body.append(shelf); }
      this.name = name;
      this.node = element("div", "toast");
      this.says = element("div", "toast-text", text("export_making", { name }));
      this.says.setAttribute("role", "status");
      this.bar = element("progress", "");
      this.bar.setAttribute("aria-label", name);
      this.buttons = element("div", "toast-buttons");
      if (cancel) this.button("export_cancel", cancel);
      this.node.append(this.says, this.bar, this.buttons);
      shelf.append(this.node);
    }
    say(words) { if (this.says.textContent !== words) this.says.textContent = words; }
    button(key, act) { const made = element("button", "", text(key)); made.type = "button"; made.addEventListener("click", act); this.buttons.append(made); }
    progress(job) {
      if (job.status === "waiting") { this.say(text("export_waiting", { name: this.name })); return; }
      if (!job.total) return;
      this.bar.max = job.total; this.bar.value = job.done;
      this.say(text("export_making", { name: this.name }) + " · " + text(job.done < job.total ? "export_rows" : "export_finishing", { done: count(job.done), total: count(job.total) }));
    }
    end(words, again) {
      this.say(words);
      this.bar.remove();
      this.buttons.replaceChildren();
      if (again) this.button("export_save", again);
      this.button("export_close", () => this.node.remove());
      if (again || again === null) setTimeout(() => this.node.remove(), READY_MS);
    }
    failed(error) {
      this.node.classList.add("bad");
      this.end(text("export_failed", { name: this.name, error }));
    }
  }

  async function problem(answer) {
    const told = await answer.json().catch(() => ({}));
    return told.error ? told.error + (told.hint ? " – " + told.hint : "") : String(answer.status);
  }

  /* Rows: the server makes the file in the background. */
  async function rows(panel, format, query) {
    const filters = {};
    for (const [name, value] of query) if (name !== "lang") (filters[name] = filters[name] || []).push(value);
    let job = null, stopped = false;
    const toast = new Toast(`${titleOf(panelOf(panel), panel)}.${format}`, () => { stopped = true; if (job) fetch("/api/v1/exports/" + job.id, { method: "DELETE" }); });
    try {
      let answer = await fetch("/api/v1/exports", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ panel, format, filters, lang: T.config.lang }) });
      for (let i = 0; answer.ok; i += 1) {
        job = await answer.json();
        if (stopped || job.status === "cancelled") { if (stopped) fetch("/api/v1/exports/" + job.id, { method: "DELETE" }); toast.end(text("export_cancelled", { name: toast.name }), null); return; }
        if (job.status === "failed") { toast.failed(job.error + (job.hint ? " – " + job.hint : "")); return; }
        if (job.status === "done") {
          const again = () => save("/api/v1/exports/" + job.id + "/file", job.file);
          toast.end(text("export_ready", { name: toast.name }), again);
          again();
          return;
        }
        toast.progress(job);
        await wait(POLL_MS[Math.min(i, POLL_MS.length - 1)]);
        answer = await fetch("/api/v1/exports/" + job.id, { cache: "no-store" });
      }
      toast.failed(await problem(answer));
    } catch (error) { toast.failed(error.message); }
  }

  /* A report: the server's, or where it cannot draw, the browser's own print window. */
  async function report(href, panel) {
    const stop = new AbortController(), toast = new Toast(`${panel ? titleOf(panelOf(panel), panel) : pageTitle()}.pdf`, () => stop.abort());
    try {
      const answer = await fetch(href, { signal: stop.signal });
      if (answer.status === 503) { toast.end(text("export_print"), null); T.print(panel); return; }
      if (!answer.ok) { toast.failed(await problem(answer)); return; }
      const blob = await answer.blob(), named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
      save(blob, named ? named[1] : toast.name);
      toast.end(text("export_ready", { name: toast.name }), () => save(blob, named ? named[1] : toast.name));
    } catch (error) {
      if (error.name === "AbortError") toast.end(text("export_cancelled", { name: toast.name }), null); else toast.failed(error.message);
    }
  }

  const pageTitle = () => { const at = document.querySelector(".crumbs b, .nav-links a.on, .phone-title"); return at ? at.textContent : "Tandem"; };
  const titleOf = (node, name) => { const head = node && node.querySelector(".panel-head h2"); return head ? head.textContent : name; };

  /* What narrows a panel, how old it is, and which of its rows a table shows. */
  T.captionOf = function (panel) {
    const told = [panel.dataset.caption || ""], table = panel.querySelector("[data-grid]"), shown = [...panel.querySelectorAll(".ag-center-cols-container [row-index]")];
    if (table && shown.length) {
      const view = panel.querySelector(".ag-body-viewport").getBoundingClientRect(), total = Number(table.dataset.total || shown.length);
      const seen = shown.filter((row) => { const r = row.getBoundingClientRect(); return r.top >= view.top - 1 && r.bottom <= view.bottom + 1; }).map((row) => Number(row.getAttribute("row-index")));
      const edge = panel.querySelector(".ag-header-viewport").getBoundingClientRect(), heads = [...panel.querySelectorAll(".ag-header-cell")].map((cell) => cell.getBoundingClientRect()).sort((a, b) => a.left - b.left);
      const inside = heads.map((r, i) => (r.left >= edge.left - 1 && r.right <= edge.right + 1 ? i + 1 : 0)).filter(Boolean);
      if (inside.length && inside.length < heads.length) told.unshift(text("export_columns", { a: inside[0], b: inside[inside.length - 1], n: heads.length }));
      if (seen.length && seen.length < total) told.unshift(text("export_part", { a: count(Math.min(...seen) + 1), b: count(Math.max(...seen) + 1), n: count(total) }));
    }
    for (const box of table ? [] : panel.querySelectorAll(".rows-box, .events")) {
      const edge = box.getBoundingClientRect(), all = [...box.querySelectorAll("tbody tr, li")].map((row) => row.getBoundingClientRect()), seen = all.map((r, i) => (r.top >= edge.top - 1 && r.bottom <= edge.bottom + 1 ? i + 1 : 0)).filter(Boolean);
      if (box.scrollHeight > box.clientHeight + 2 && seen.length && seen.length < all.length) told.unshift(text("export_part", { a: seen[0], b: seen[seen.length - 1], n: count(all.length) }));
    }
    return told.filter(Boolean).join(" · ");
  };

  /* How many pixels of a table's columns lie beyond its edge. */
  T.beyond = (panel) => Math.max(0, ...[...panel.querySelectorAll(".ag-center-cols-viewport")].map((view) => view.scrollWidth - view.clientWidth));

  function band(words, width) {
    const node = element("div", "picture-band", words);
    node.style.width = width + "px";
    return node;
  }

  /* Title and caption above a page that is printed or pictured as a whole. */
  function head(width) {
    const node = element("div", "picture-head"), desk = document.getElementById("desk");
    node.append(element("b", "", pageTitle()), element("span", "", desk.dataset.caption || ""));
    if (width) node.style.width = width + "px";
    return node;
  }

  async function drawn(extra, make) {
    extra.classList.add("picture-part");
    document.getElementById("desk").append(extra);
    try { return await make(extra); } finally { extra.remove(); }
  }

  T.pictureOf = function (panel) {
    const caption = T.captionOf(panel);
    return drawn(band(caption, panel.getBoundingClientRect().width), (extra) => T.picture([panel, extra], titleOf(panel, ""), caption));
  };
  T.pictureOfPage = function () {
    const content = document.getElementById("content");
    return drawn(head(content.getBoundingClientRect().width), (extra) => T.picture([extra, content], pageTitle(), document.getElementById("desk").dataset.caption || ""));
  };

  /* For a picture taken from outside: the words stand on the page itself; answers which part of it to take. */
  const part = (node) => { const box = node.getBoundingClientRect(); return { x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height }; };
  T.framed = function (panel) {
    document.documentElement.classList.add("drawing");
    document.querySelectorAll(".picture-band, .picture-head").forEach((node) => node.remove());
    const node = panel || document.getElementById("content");
    const words = panel ? band(T.captionOf(panel), node.getBoundingClientRect().width) : head(0);
    if (panel) node.after(words); else node.before(words);
    const a = part(panel ? node : words), b = part(panel ? words : node);
    return { ...a, height: b.y + b.height - a.y };
  };

  /* kind: png or svg; without a panel the whole page. Resolves to the file that was saved. */
  T.exportPanel = async function (panel, kind) {
    const title = panel ? titleOf(panel, panel.dataset.panel) : pageTitle(), name = `${title.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, " ").trim().slice(0, 80) || "tandem"}.${kind}`;
    const toast = new Toast(name);
    try {
      const picture = panel ? await T.pictureOf(panel) : await T.pictureOfPage();
      const blob = kind === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : await T.png(picture, SCALE);
      save(blob, name);
      toast.end(text("export_ready", { name }), () => save(blob, name));
      return blob;
    } catch (error) { toast.failed(error.message); return null; }
  };

  /* On paper: one panel or the page, with its head. */
  T.print = function (panel) {
    if (panel) { document.documentElement.dataset.printing = panel; panelOf(panel).dataset.printed = ""; }
    window.print();
    delete document.documentElement.dataset.printing;
    if (panel) delete panelOf(panel).dataset.printed;
  };
  addEventListener("beforeprint", () => { if (document.getElementById("desk") && !document.querySelector("body > .picture-head, .picture-band")) document.body.prepend(head(0)); });
  addEventListener("afterprint", () => { const made = document.querySelector("body > .picture-head"); if (made) made.remove(); });

  async function copyLink() {
    const link = location.href;
    try { await navigator.clipboard.writeText(link); } catch (error) {
      const field = element("textarea", "picture-part");
      field.value = link; document.body.append(field); field.select(); document.execCommand("copy"); field.remove();
    }
    new Toast("").end(text("export_copied"), null);
  }

  document.addEventListener("click", (event) => {
    const made = event.target.closest("[data-export]");
    if (!made || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const kind = made.dataset.export, panel = made.dataset.panel;
    document.querySelectorAll(".menu-box[open]").forEach((box) => { box.open = false; });
    if (kind === "link") copyLink();
    else if (kind === "pdf") report(made.href, panel);
    else if (kind === "png" || kind === "svg") T.exportPanel(panel ? panelOf(panel) : null, kind);
    else rows(panel, kind, new URL(made.href).searchParams);
  });
})();
