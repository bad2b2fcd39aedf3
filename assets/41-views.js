/* Saved views: a name for the present address, kept on the server. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;
  const ROUTE = "/api/v1/views";

  async function ask(method, path, body) {
    const answer = await fetch(path, { method, cache: "no-store", headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error);
    return told;
  }

  function row(view) {
    const line = document.createElement("div"), link = document.createElement("a"), gone = document.createElement("button");
    line.className = "view-row";
    link.href = view.address;
    link.textContent = view.name;
    gone.type = "button";
    gone.textContent = "×";
    gone.title = T.text("view_remove");
    gone.setAttribute("aria-label", T.text("view_remove") + ": " + view.name);
    gone.addEventListener("click", async (event) => { event.stopPropagation(); await ask("DELETE", ROUTE + "/" + view.id); fill(); });
    line.append(link, gone);
    return line;
  }

  function say(text) {
    const node = document.createElement("div");
    node.className = "quiet";
    node.textContent = text;
    document.getElementById("view-list").replaceChildren(node);
  }

  async function fill() {
    try {
      const views = (await ask("GET", ROUTE)).views;
      if (views.length) document.getElementById("view-list").replaceChildren(...views.map(row)); else say(T.text("view_none"));
    } catch (error) { say(error.message); }
  }

  document.addEventListener("toggle", (event) => { if (event.target.id === "views" && event.target.open) fill(); }, true);
  document.addEventListener("submit", async (event) => {
    if (event.target.id !== "view-form") return;
    event.preventDefault();
    const name = document.getElementById("view-name");
    try {
      await ask("POST", ROUTE, { name: name.value, address: location.pathname + location.search });
      name.value = "";
      fill();
    } catch (error) { say(error.message); }
  });
})();
