// What a screen reader needs of Streamlit's page and its parameters cannot say: which chart goes with which
// table, where the menu is and which page is open, where the text begins, and that figures have changed.
"use strict";
(() => {
  const root = document.getElementById("root");
  if (!root) return;

  // A message is only read out in a place that was there before it.
  const told = document.createElement("div");
  told.id = "told";
  told.setAttribute("role", "status");
  document.body.append(told);

  // what a reader has heard or seen: not said again
  let known = null;
  let saying = 0;
  let waiting = null;
  new MutationObserver(() => (waiting ??= setTimeout(look, 60))).observe(root, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-announce", "data-test-script-state"],
  });

  function look() {
    waiting = null;
    root.querySelectorAll('[class*="st-key-card_"]').forEach(joinChart);
    nameMenu();
    const app = root.querySelector(".stApp");
    // before its first run the app says that it is not running, too
    if (app?.dataset.testScriptState === "notRunning" && root.querySelector(".footer")) announce();
  }

  // The sentence and the table are HTML beside the chart; its letters, broken into lines, are noise.
  function joinChart(card) {
    const figure = card.querySelector(".stPlotlyChart");
    const fold = card.querySelector("details.data");
    if (!figure || !fold) return;
    put(figure, "aria-details", fold.id);
    put(figure, "aria-describedby", fold.id.replace("data-", "say-"));
    const drawing = figure.querySelector(".js-plotly-plot");
    if (drawing) put(drawing, "aria-hidden", "true");
  }

  function nameMenu() {
    const menu = root.querySelector(".st-key-menu");
    if (!menu) return;
    put(menu, "role", "navigation");
    put(menu, "aria-label", root.querySelector(".fold-menu summary")?.textContent ?? "Menu");
    for (const link of menu.querySelectorAll("a")) {
      // Streamlit's link to the first page is "?…", which in a new tab would open the page that one is on
      const address = link.getAttribute("href");
      if (address.startsWith("?")) link.setAttribute("href", `./${address}`);
      if (new URL(link.href).pathname === location.pathname) put(link, "aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function put(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  // "421 people, 6 charts updated": once the figures stand still, and never for a page as it was opened
  function announce() {
    const text = root.querySelector("[data-announce]")?.dataset.announce ?? "";
    const now = `${location.pathname} ${text}`;
    if (known !== null && now !== known && text) {
      const page = known.split(" ", 1)[0] === location.pathname ? "" : `${document.title}. `;
      clearTimeout(saying);
      saying = setTimeout(() => (told.textContent = page + text), 150);
    }
    known = now;
  }

  // Streamlit's link leads to before the menu: ours to the page's title, behind it
  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest('[data-testid="stSkipToContent"]')) return;
      const title = root.querySelector("h1");
      if (!title) return;
      event.preventDefault();
      event.stopPropagation();
      title.tabIndex = -1;
      title.focus();
      title.scrollIntoView({ block: "start" });
    },
    true,
  );
})();
