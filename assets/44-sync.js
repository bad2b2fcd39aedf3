/* What people in front of the machine may tell the sync: run, pause, resume, read all again, try rejects again, compare,
   pull what differs. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;
  const LOOK_MS = 2500;

  async function act(button) {
    const told = button.dataset, said = button.closest(".acts, .compared").querySelector(".act-said");
    const streams = told.streams ? told.streams.split(" ") : [null];
    const more = told.keys ? { keys: JSON.parse(told.keys) } : {};
    button.disabled = true;
    said.textContent = "";
    try {
      for (const stream of streams) {
        const body = JSON.stringify(stream ? { source: told.source, stream, ...more } : { source: told.source });
        const answer = await fetch("/api/v1/sync/" + told.act, { method: "POST", headers: { "Content-Type": "application/json" }, body });
        if (!answer.ok) { const problem = await answer.json(); said.textContent = problem.error + ": " + problem.hint; return; }
      }
      said.textContent = T.text("asked");
      setTimeout(() => { if (document.querySelector(".acts")) T.again(); }, LOOK_MS);
    } catch (error) { said.textContent = String(error.message || error); } finally { button.disabled = false; }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) act(button);
  });
})();
