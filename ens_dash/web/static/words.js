// Streamlit's own words ("Skip to main content", "Help for …", "Connection error") in the page's language. It
// has no parameter for them: what is in the page's table is put in their place, in its own elements only, before
// the browser paints.
"use strict";
(() => {
  const block = document.querySelector('meta[name="page-words"]');
  const root = document.getElementById("root");
  if (!block || !root) return;
  // the words of React Aria, which Streamlit draws its widgets with, are there in every language: the page's is
  // to be taken, not the browser's
  window[Symbol.for("react-aria.i18n.locale")] = document.documentElement.lang;
  const table = Object.entries(JSON.parse(block.content).streamlit);
  const exact = new Map(table.filter(([theirs]) => !theirs.includes("{")));
  const filled = table.filter(([theirs]) => theirs.includes("{")).map(([theirs, ours]) => [pattern(theirs), ours]);
  const ATTRIBUTES = ["aria-label", "title", "placeholder"];
  // a container of ours whose contents are in the language that its key ends with
  const LANGUAGE = '[class*="_lang_"]';
  const NAMED = [...ATTRIBUTES.map((name) => `[${name}]`), LANGUAGE].join();
  // the site's own contents, in which nothing is touched; a dialog is always Streamlit's
  const OURS = '.stHtml, .stPlotlyChart, .stCode code, [role="option"][data-key], [data-testid="stMarkdownContainer"], style';
  const THEIRS = '[role="dialog"]:not(.stSidebar), [role="alert"]';

  function pattern(text) {
    const parts = text.split(/\{(\w+)\}/);
    const names = parts.filter((_, i) => i % 2);
    const found = parts.map((part, i) => (i % 2 ? "(.+)" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("");
    return { start: parts[0], names, found: new RegExp(`^${found}$`, "s") };
  }

  function ours(theirs) {
    const whole = exact.get(theirs);
    if (whole !== undefined) return whole;
    for (const [{ start, names, found }, text] of filled) {
      const match = theirs.startsWith(start) && found.exec(theirs);
      if (match) return names.reduce((left, name, i) => left.replaceAll(`{${name}}`, match[i + 1]), text);
    }
    return null;
  }

  const isOurs = (element) => element.closest(OURS) && !element.closest(THEIRS);

  function name(element) {
    if (element.matches(LANGUAGE)) element.lang = /_lang_(\w\w)/.exec(element.className)[1];
    for (const attribute of ATTRIBUTES) {
      const theirs = element.getAttribute(attribute);
      const text = theirs && ours(theirs.trim());
      if (text && text !== theirs) element.setAttribute(attribute, text);
    }
  }

  function write(node) {
    const theirs = node.data.trim();
    const text = theirs && ours(theirs);
    if (text && text !== theirs) node.data = text;
  }

  // a piece of the page as it is put in: its own contents are left out whole
  const filter = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
    if (node.matches(OURS) && !node.closest(THEIRS)) return NodeFilter.FILTER_REJECT;
    return node.matches(NAMED) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  };

  function read(piece) {
    if (piece.nodeType === Node.TEXT_NODE) {
      if (piece.parentElement && !isOurs(piece.parentElement)) write(piece);
      return;
    }
    if (piece.nodeType !== Node.ELEMENT_NODE || isOurs(piece)) return;
    if (piece.matches(NAMED)) name(piece);
    const walker = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, filter);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) write(node);
      else name(node);
    }
  }

  // a watcher is called before the browser paints: nobody sees the words that were there
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(read);
      else if (change.type === "characterData") read(change.target);
      else if (!isOurs(change.target)) name(change.target);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: ATTRIBUTES });
  read(document.body);
})();
