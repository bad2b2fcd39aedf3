/* The form of /production that adds a scenario: its fields become one more `scenario` of the address. */
(function () {
  const T = window.tandem;
  if (!T || T.isWall) return;

  function written(form) {
    const value = (name) => (form.querySelector(`[name="${name}"]`) || { value: "" }).value.trim();
    const parts = [];
    for (const kind of ["demand", "delay"]) if (value(kind)) parts.push(`${kind}~${value(kind)}`);
    for (const kind of ["shift", "lost"]) if (value(kind) && value(`${kind}-of`)) parts.push(`${kind}~${value(`${kind}-of`)}~${value(kind)}`);
    if (value("deal-of")) parts.push(`deal~${value("deal-of")}`);
    return parts.join(";");
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "scenario-form") return;
    event.preventDefault();
    const text = written(event.target);
    if (!text) return;
    const address = new URL(location.href);
    if (!address.searchParams.getAll("scenario").includes(text)) address.searchParams.append("scenario", text);
    location.href = address.pathname + address.search + "#panel-scenarios";
  });
})();
