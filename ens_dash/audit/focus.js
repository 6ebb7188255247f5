// What a keyboard shows: run by ens_dash/audit/keyboard.py. `before` remembers how everything that can be
// focused looks; `after` tells what has the focus now, and whether that can be seen.
({
  before() {
    const look = (e) => {
      const told = [];
      const near = [e, ...e.querySelectorAll(":scope > *, :scope > * > *")].slice(0, 8);
      // a field's frame is drawn some elements around it
      for (let at = e.parentElement, i = 0; at && i < 4; at = at.parentElement, i++) near.push(at);
      for (const n of near) {
        const s = getComputedStyle(n);
        const outline = s.outlineStyle === "none" || s.outlineWidth === "0px" ? "" : s.outline;
        told.push([outline, s.boxShadow, s.backgroundColor, s.borderColor, s.borderWidth, s.color, s.textDecorationLine].join());
      }
      return told.join("|");
    };
    const can = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]';
    window.auditLook = look;
    window.auditBefore = new Map([...document.querySelectorAll(can)].map((e) => [e, look(e)]));
  },
  after() {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return null;
    const s = getComputedStyle(e);
    const clear = /rgba\(0, 0, 0, 0\)|transparent/;
    const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1 && !clear.test(s.outlineColor);
    const old = window.auditBefore?.get(e);
    const changed = old !== undefined && old !== window.auditLook(e);
    const r = e.getBoundingClientRect();
    const shown = r.width > 0 && r.height > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth;
    // WCAG 2.4.11: not wholly under something else
    const spots = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
    const free = spots.some(([x, y]) => {
      const top = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
      return top && (e.contains(top) || top.contains(e) || top.closest("label")?.contains(e));
    });
    const label = e.getAttribute("aria-label") || e.innerText || e.closest("label")?.innerText || e.getAttribute("placeholder") || "";
    return {
      name: label.replace(/\s+/g, " ").trim().slice(0, 120),
      tag: e.tagName.toLowerCase(),
      role: e.getAttribute("role") || "",
      id: (e.auditId ??= (window.auditCount = (window.auditCount ?? 0) + 1)),
      card: e.closest('[class*="st-key-card_"]')?.className.match(/st-key-card_(\w+)/)?.[1] ?? "",
      visible: Boolean(outlined || changed || s.boxShadow !== "none"),
      shown, free,
    };
  },
})
