// Keeps the page's figures in sight until Streamlit has drawn the page: its own start empties the place they
// stand in, and on a slow phone would leave it empty, then grey, for seconds.
"use strict";
(() => {
  const root = document.getElementById("root");
  const first = document.getElementById("first");
  if (!root || !first) return;
  // how long a page whose controls are there waits for its charts
  const LONGEST = 5000;
  // out of the element that Streamlit empties; what it draws keeps its size, unseen, so that charts can measure
  root.classList.add("early");
  root.after(first);

  let waiting = null;
  let foot = null;
  const watcher = new MutationObserver(() => (waiting ??= setTimeout(look, 30)));
  const watched = { childList: true, subtree: true, attributeFilter: ["data-test-script-state"] };
  watcher.observe(root, watched);

  function look() {
    waiting = null;
    if (!first.isConnected) return;
    if (!foot && root.querySelector(".footer")) {
      foot = Date.now();
      setTimeout(look, LONGEST);
    }
    if (drawn() || (foot && Date.now() - foot >= LONGEST) || troubled()) swap();
  }

  // who wants to do something need not wait for the charts; links work as they are
  first.addEventListener("click", (event) => {
    if (foot && !event.target.closest("a")) swap();
  });

  // a page ends with its foot, and has no grey places left, nor charts that are still to come
  function drawn() {
    const charts = [...root.querySelectorAll(".stPlotlyChart")];
    return foot && !root.querySelector('[data-testid="stSkeleton"]') && charts.every((c) => c.querySelector(".main-svg"));
  }

  // what has run to its end without a foot says why
  function troubled() {
    const ended = root.querySelector('.stApp[data-test-script-state="notRunning"] .stMain .stHtml');
    return root.querySelector('[data-testid="stException"]') || (ended && !foot);
  }

  function swap() {
    watcher.disconnect();
    const read = scrollY > 0 ? inSight() : null;
    first.remove();
    root.classList.remove("early");
    // who has begun to read goes on at the same card
    if (read) document.getElementById(read)?.scrollIntoView({ block: "start" });
  }

  // the last card whose heading is above the middle of the window
  function inSight() {
    const above = [...first.querySelectorAll("h2[id]")].filter((h) => h.getBoundingClientRect().top < innerHeight / 2);
    return above.at(-1)?.id;
  }
})();
