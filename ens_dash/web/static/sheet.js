// The filter on a phone is a sheet over the page (ui/css/phone.css draws it): what is behind does not answer, a
// tap on it, Escape and the button at the sheet's foot close it, and the focus goes in and comes back.
"use strict";
(() => {
  const root = document.getElementById("root");
  if (!root) return;
  const narrow = matchMedia("(max-width: 768px)");
  const SHEET = '[data-testid="stSidebar"]';
  let open = false;

  const sheet = () => root.querySelector(`${SHEET}[data-collapsed="false"]`);
  const close = () => sheet()?.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();

  new MutationObserver(look).observe(root, { childList: true, subtree: true, attributeFilter: ["data-collapsed"] });
  narrow.addEventListener("change", look);

  function look() {
    const found = narrow.matches ? sheet() : null;
    const behind = root.querySelector('[data-testid="stMain"]');
    if (behind && behind.inert !== Boolean(found)) behind.inert = Boolean(found);
    if (open === Boolean(found)) return;
    open = Boolean(found);
    const panel = found ?? root.querySelector(SHEET);
    if (open) {
      panel.setAttribute("role", "dialog");
      panel.setAttribute("aria-modal", "true");
      // what moves is not focused before it is there
      requestAnimationFrame(() => panel.querySelector('[data-testid="stSidebarCollapseButton"] button')?.focus());
    } else {
      panel?.removeAttribute("role");
      panel?.removeAttribute("aria-modal");
      if (narrow.matches) requestAnimationFrame(back);
    }
  }

  // to the button that opened it, unless the reader has already gone elsewhere
  function back() {
    if (document.activeElement && document.activeElement !== document.body && !document.activeElement.closest(SHEET)) return;
    root.querySelector('[data-testid="stExpandSidebarButton"]')?.focus();
  }

  document.addEventListener("click", (event) => {
    if (!open) return;
    const see = event.target.closest("[data-see]");
    // notes that explain a variable lie beside the page, not in it
    const outside = !event.target.closest(SHEET) && (root.contains(event.target) || event.target === document.body || event.target === document.documentElement);
    if (see || outside) close();
  });
  document.addEventListener("keydown", (event) => {
    if (open && event.key === "Escape" && !event.defaultPrevented) close();
  });
})();
