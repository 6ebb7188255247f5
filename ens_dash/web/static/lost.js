// What a reader is told while the server is away: a line at the foot of the page, in the page's language, that
// leaves the figures to be read. Streamlit's own dialog lies over them and hides them from a screen reader.
"use strict";
(() => {
  const block = document.querySelector('meta[name="page-words"]');
  if (!block || !document.getElementById("root")) return;
  const { lost, streamlit } = JSON.parse(block.content);
  // how long a connection may be away without a word, and how long its return is told (milliseconds)
  const PATIENCE = 1500;
  const FIRST_PATIENCE = 15000;
  const TOLD = 5000;

  const line = document.createElement("p");
  line.id = "lost";
  line.setAttribute("role", "status");
  line.style.cssText =
    "position:fixed;inset:auto 0 0;margin:0;padding:.75rem 1rem;z-index:1000000;text-align:center;" +
    "font:1rem/1.4 'Source Sans',Helvetica,Arial,sans-serif;" +
    "color:var(--ink);background:var(--fictional-note);border-top:2px solid var(--edge)";
  line.hidden = true;
  document.body.append(line);

  let connected = false;
  let away = null;
  say("");
  wait(FIRST_PATIENCE);

  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-test-connection-state"],
  });

  function look() {
    const state = document.querySelector("#root .stApp")?.dataset.testConnectionState;
    if (state === "CONNECTED") {
      if (!connected) returned();
    } else if (state && connected) {
      connected = false;
      wait(PATIENCE);
    } else if (state === "DISCONNECTED_FOREVER") {
      say(lost.forever);
    }
    if (!connected) putAway();
  }

  function wait(patience) {
    clearTimeout(away);
    away = setTimeout(() => say(lost.away), patience);
  }

  function returned() {
    connected = true;
    clearTimeout(away);
    if (line.hidden) return;
    say(lost.back);
    away = setTimeout(() => say(""), TOLD);
  }

  function say(text) {
    line.hidden = !text;
    if (line.textContent !== text) line.textContent = text;
  }

  // its text is on the line; a press on its cross also keeps Streamlit from showing it again until it is back
  function putAway() {
    const dialog = document.querySelector('[role="dialog"]:not(.stSidebar)');
    const title = dialog?.querySelector("h2, h1")?.textContent;
    if (!title || ![streamlit["Connection error"], "Connection error"].includes(title)) return;
    say(lost.away);
    dialog.querySelector("button[aria-label]")?.click();
  }
})();
