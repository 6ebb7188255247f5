// What a page needs beside Streamlit: copying, pictures drawn in the browser, and going to a card.
// Everything listens on the document: Streamlit puts its elements there later, and again.
(() => {
  "use strict";

  // a link without a host is the site's own: what leaves the site must name it
  const absolute = (text, path) =>
    path && path.startsWith("/") ? text.split(path).join(location.origin + path) : text;

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("button[data-copy]");
    if (copy) {
      copyText(copy);
      return;
    }
    const image = event.target.closest("a[data-image]");
    if (image && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      drawImage(image);
    }
  });

  async function copyText(button) {
    const source = button.previousElementSibling;
    const text = absolute(source.textContent, button.dataset.path);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // without permission, or not over https: the text is marked, and the reader's own copy takes it
      source.textContent = text;
      getSelection().selectAllChildren(source);
      if (!document.execCommand("copy")) return;
    }
    const before = button.textContent;
    button.textContent = button.dataset.copy;
    setTimeout(() => (button.textContent = before), 2000);
  }

  // leads to the version that draws the charts on screen
  const PLOTLY = "/assets/plotly-here.js";
  let loading = null;
  function plotly(address) {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        loading = null;
        reject(new Error(address));
      };
      document.head.append(script);
    });
    return loading;
  }

  // The picture that the server describes, drawn here; a PDF, or where that fails, drawn by the server.
  async function drawImage(link) {
    link.setAttribute("aria-busy", "true");
    try {
      if (link.dataset.image === "pdf" || !(await drawnHere(link))) await drawnThere(link);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  async function drawnHere(link) {
    const form = link.dataset.image;
    try {
      const answer = await fetch(link.href.replace(/\.(png|svg)\?/, ".json?"));
      if (!answer.ok) throw new Error(String(answer.status));
      const picture = JSON.parse(absolute(await answer.text(), link.dataset.path));
      const Plotly = await plotly(PLOTLY);
      const { width, height } = picture;
      const options = { format: form, width, height, scale: picture.scale[form] };
      const drawn = await Plotly.toImage(picture.figure, options);
      save(form === "png" ? stampedPng(drawn, picture) : stampedSvg(drawn, picture), picture.files[form]);
      return true;
    } catch (error) {
      console.warn("drawn on the server instead:", error);
      return false;
    }
  }

  async function drawnThere(link) {
    const answer = await fetch(link.href).catch(() => null);
    if (!answer?.ok) {
      const problem = await answer?.json().catch(() => null);
      tell(link, problem?.detail ?? link.dataset.lost);
      return;
    }
    const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition"));
    save(await answer.blob(), named ? decodeURIComponent(named[1]) : link.dataset.image);
  }

  function tell(link, text) {
    const told = link.closest(".share").querySelector("[role=status]");
    told.textContent = text;
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // As ens_dash/render/stamp.py: text chunks after the first chunk, which always is as long as this.
  const FIRST = 8 + 25;

  function stampedPng(drawn, picture) {
    const bytes = Uint8Array.from(atob(drawn.split(",")[1]), (c) => c.charCodeAt(0));
    const chunks = [itxt("Title", picture.title), itxt("ens_dash", picture.stamp)];
    return new Blob([bytes.slice(0, FIRST), ...chunks, bytes.slice(FIRST)], { type: "image/png" });
  }

  function itxt(keyword, text) {
    const body = new TextEncoder().encode(`iTXt${keyword}\0\0\0\0\0${text}`);
    const chunk = new Uint8Array(body.length + 8);
    const view = new DataView(chunk.buffer);
    view.setUint32(0, body.length - 4);
    chunk.set(body, 4);
    view.setUint32(body.length + 4, crc32(body));
    return chunk;
  }

  function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return (crc ^ 0xffffffff) >>> 0;
  }

  function stampedSvg(drawn, picture) {
    const text = decodeURIComponent(drawn.slice(drawn.indexOf(",") + 1));
    const end = text.indexOf(">", text.indexOf("<svg")) + 1;
    const added = `<title>${escaped(picture.title)}</title><metadata id="ens_dash">${escaped(picture.stamp)}</metadata>`;
    return new Blob([text.slice(0, end), added, text.slice(end)], { type: "image/svg+xml" });
  }

  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  // A presenter's keys, and a clicker's, also after a click on the filter has taken the focus. Who moves in
  // the filter by keyboard keeps its arrows.
  let tabbing = false;
  addEventListener("pointerdown", () => (tabbing = false), true);
  addEventListener("keydown", (event) => (tabbing ||= event.key === "Tab"), true);
  const TURN = { ArrowLeft: "Left", PageUp: "Left", ArrowRight: "Right", PageDown: "Right" };
  document.addEventListener(
    "keydown",
    (event) => {
      const way = TURN[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const target = event.target;
      if (target.closest?.("input, textarea, select, [contenteditable]")) return;
      if (event.key.startsWith("Arrow") && tabbing && target.closest?.("[role=toolbar]")) return;
      const button = document.querySelector(`.st-key-present_${way} button`);
      if (!button) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      button.click();
    },
    true,
  );

  // A link to a card is followed once the card is there: Streamlit draws it long after the page has loaded.
  const card = decodeURIComponent(location.hash.slice(1));
  if (card) {
    const watcher = new MutationObserver(() => goTo(card, watcher));
    const stop = () => watcher.disconnect();
    watcher.observe(document.documentElement, { childList: true, subtree: true });
    for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(moved, stop, { once: true, passive: true });
    }
    setTimeout(stop, 20000);
  }

  let settled = null;
  function goTo(id) {
    const found = document.getElementById(id);
    if (!found) return;
    // what is drawn above it still grows: follow until nothing changes for a while
    clearTimeout(settled);
    settled = setTimeout(() => found.scrollIntoView({ block: "start" }), 150);
  }
})();
