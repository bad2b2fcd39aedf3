// Notes every moment in which the wall shows less than a whole picture: an empty figure, a failed or skeleton panel,
// the band that says the server is away, a chart without its drawing. A reload of the page would lose `blinks` itself.
() => {
  window.blinks = [];
  const note = (what) => { if (window.blinks.length < 50) window.blinks.push(what); };
  const look = () => {
    const figures = [...document.querySelectorAll(".k .v")];
    if (figures.length < 8) note(`only ${figures.length} figures`);
    for (const figure of figures) {
      const text = figure.textContent.trim();
      if (!/\d/.test(text)) note(`figure "${text}"`);
    }
    for (const plot of ["runway-plot", "forecast-plot"]) {
      const drawn = document.querySelector(`#${plot} .main-svg`);
      if (!drawn || !drawn.getBoundingClientRect().width) note(`no drawing in ${plot}`);
    }
    for (const list of ["customers-body", "feed-body", "risk-body"]) {
      if (!document.querySelector(`#${list} .r`)) note(`no rows in ${list}`);
    }
    if (document.querySelector(".fail")) note("a panel failed");
    if (document.querySelector(".skeleton")) note("a skeleton");
    if (!document.getElementById("band").hidden) note("band: " + document.getElementById("band-what").textContent);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  setInterval(look, 50);
}
