// What does not fit in the window: run by ens_dash/audit/layout.py in a page, gives a list of findings.
() => {
  const found = [];
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const short = (t) => t.replace(/\s+/g, " ").trim().slice(0, 80);
  const name = (e) => {
    const parts = [];
    for (let at = e; at && at !== document.body && parts.length < 3; at = at.parentElement) {
      const classes = [...at.classList].filter((c) => !/^(st-emotion-cache|e[a-z0-9]{6,9}$)/.test(c)).slice(0, 2);
      const test = at.getAttribute("data-testid");
      const own = classes.map((c) => "." + c).join("") || (test ? `[data-testid="${test}"]` : "");
      if (own || at === e) parts.unshift(at.tagName.toLowerCase() + own);
    }
    return parts.join(" ");
  };
  const add = (rule, e, why) => found.push({ rule, selector: name(e), why, html: short(e.textContent || e.outerHTML) });
  const box = (e) => e.getBoundingClientRect();
  // what is for screen readers only is made a pixel large on purpose
  const tiny = (r) => r.width <= 1 || r.height <= 1;
  const unseen = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const r = box(at);
      const style = getComputedStyle(at);
      if ((tiny(r) && style.overflow !== "visible") || style.clipPath.startsWith("inset(50%")) return true;
    }
    return false;
  };
  // whether an ancestor may be scrolled sideways by itself: code in a box, which axe judges
  const scrolls = (e) => {
    for (let at = e.parentElement; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth + 1) return at;
    }
    return null;
  };

  const main = document.querySelector('[data-testid="stMain"]');
  for (const e of [document.scrollingElement, main]) {
    const more = e ? e.scrollWidth - e.clientWidth : 0;
    if (more > 1) found.push({ rule: "scroll", selector: e === main ? "main" : "document", why: `${more} px too wide`, html: "" });
  }
  for (const e of document.querySelectorAll("body *")) {
    if (e instanceof SVGElement || !seen(e)) continue;
    const style = getComputedStyle(e);
    const r = box(e);
    // what is off the window to the left has been put away: a folded filter
    if (tiny(r) || r.right <= 1) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
    const hides = /hidden|clip/.test(style.overflowX) || style.textOverflow === "ellipsis";
    if (own && hides && e.scrollWidth > e.clientWidth + 1 && !unseen(e)) {
      add("cut", e, `${e.scrollWidth - e.clientWidth} px of the text hidden`);
    }
    if (own && /hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 4 && style.position !== "absolute" && !unseen(e)) {
      add("cut", e, `${e.scrollHeight - e.clientHeight} px of the text's height hidden`);
    }
    if (own && (r.right > innerWidth + 1 || r.left < -1) && style.position !== "fixed" && !scrolls(e) && !unseen(e)) {
      add("scroll", e, `ends at ${Math.round(r.right)} px of ${innerWidth}`);
    }
    if (scrollable(e, style)) add("scroll", e, `scrolls by itself, ${e.scrollWidth - e.clientWidth} px`);
  }
  function scrollable(e, style) {
    return /auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && e !== main && e !== document.scrollingElement;
  }

  // the words of a chart: inside its picture, and not over one another
  for (const chart of document.querySelectorAll(".js-plotly-plot, .light, svg[role=img]")) {
    if (!seen(chart)) continue;
    const frame = box(chart);
    const texts = [...chart.querySelectorAll("text")].filter((t) => t.textContent.trim() && seen(t));
    for (const t of texts) {
      const r = box(t);
      if (r.left < frame.left - 1 || r.right > frame.right + 1 || r.top < frame.top - 1 || r.bottom > frame.bottom + 1) {
        add("outside", t, `${Math.round(Math.max(frame.left - r.left, r.right - frame.right, frame.top - r.top, r.bottom - frame.bottom))} px outside its chart`);
      }
    }
    for (let i = 0; i < texts.length; i++) {
      for (let j = i + 1; j < texts.length; j++) {
        const [a, b] = [box(texts[i]), box(texts[j])];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 4) add("overlap", texts[i], `${Math.round(wide)} × ${Math.round(high)} px over «${short(texts[j].textContent)}»`);
      }
    }
  }

  // WCAG 2.5.8: 24 × 24 px, or so far apart that a circle of 24 px on each touches no other target;
  // links within a sentence are exempt
  const LEAST = 24;
  const control = 'a[href], button, input, select, textarea, summary, [role="button"], [role="checkbox"], [role="option"], [role="combobox"], [role="tab"]';
  const targets = [...document.querySelectorAll(control)].filter((e) => seen(e) && !unseen(e) && !e.disabled && box(e).width > 0);
  const area = (e) => {
    // what is pressed to reach a box to tick is its label
    const label = e.matches("input") ? e.closest("label") : null;
    return box(label ?? e);
  };
  const inSentence = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    const around = e.parentElement.cloneNode(true);
    around.querySelectorAll("a, button").forEach((x) => x.remove());
    return around.textContent.replace(/[\s|·,;–-]/g, "").length > 0;
  };
  const distance = (x, y, r) => Math.hypot(Math.max(r.left - x, 0, x - r.right), Math.max(r.top - y, 0, y - r.bottom));
  // the filter lies over the page, or has been put away: what is in it is not beside what is not
  const layer = (e) => e.closest('[data-testid="stSidebar"]');
  // what stays in its place while the rest scrolls under it is beside nothing for long
  const stuck = (e) => {
    for (let at = e; at && at !== layer(e) && at !== document.body; at = at.parentElement) {
      if (/sticky|fixed/.test(getComputedStyle(at).position)) return at;
    }
    return null;
  };
  for (const e of targets) {
    const r = area(e);
    if ((r.width >= LEAST - 0.5 && r.height >= LEAST - 0.5) || r.right <= 0 || r.bottom + scrollY <= 0) continue;
    if (inSentence(e)) continue;
    const [x, y] = [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
    const near = targets.find((o) => {
      if (o === e || o.contains(e) || e.contains(o) || layer(o) !== layer(e) || stuck(o) !== stuck(e)) return false;
      const q = area(o);
      if (q.width === 0 || (q.left === r.left && q.top === r.top && q.right === r.right)) return false;
      const small = q.width < LEAST - 0.5 || q.height < LEAST - 0.5;
      const apart = small ? Math.hypot((q.left + q.right) / 2 - x, (q.top + q.bottom) / 2 - y) - LEAST / 2 : distance(x, y, q);
      return apart < LEAST / 2;
    });
    if (near) add("target", e, `${Math.round(r.width)} × ${Math.round(r.height)} px, too near «${short(near.textContent || near.getAttribute("aria-label") || near.tagName)}»`);
  }
  return found;
}
