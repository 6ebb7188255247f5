// Runs before Streamlit's own module: tells it where its server is. Without this a direct link to /page first
// looks for the server under /page, and the visitor's console shows two errors.
"use strict";
// the site's root is one level above this file: it may be served under a prefix
window.__streamlit = { BACKEND_BASE_URL: new URL("..", document.currentScript.src).href };
// Streamlit's index says this in a script of its own inside the page, which a strict policy refuses
window.prerenderReady = false;

// Before Streamlit has drawn anything the page follows the system. Where Streamlit will not, because of the
// address or of a choice that it has kept, the page is put in that theme before it starts. (Its own order.)
{
  const options = new URLSearchParams(location.search)
    .getAll("embed_options")
    .map((option) => option.toLowerCase());
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(`stActiveTheme-${location.pathname}-v2`));
  } catch {
    // no storage, or not its own words in it: the system's choice
  }
  const chosen = { Light: "light", Dark: "dark" }[kept];
  const asked = ["light", "dark"].find((theme) => options.includes(`${theme}_theme`));
  if (asked ?? chosen) document.documentElement.style.colorScheme = asked ?? chosen;
}
