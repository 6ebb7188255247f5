// Runs before Streamlit's own module: tells it where its server is. Without this a direct link to /page first
// looks for the server under /page, and the visitor's console shows two errors.
"use strict";
// the site's root is one level above this file: it may be served under a prefix
window.__streamlit = { BACKEND_BASE_URL: new URL("..", document.currentScript.src).href };
// Streamlit's index says this in a script of its own inside the page, which a strict policy refuses
window.prerenderReady = false;
