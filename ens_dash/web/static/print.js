// What a page needs on paper that a style sheet cannot do: charts drawn for the window's width fit the paper's,
// and the paper says where and when it was printed. The rest is in ui/css/print.css.
"use strict";
(() => {
  const block = document.querySelector('meta[name="page-words"]');
  if (!block) return;
  const words = JSON.parse(block.content).print;

  addEventListener("beforeprint", () => {
    document.querySelectorAll(".stPlotlyChart .main-svg").forEach(fit);
    const page = document.querySelector(".stMain .footer") ?? document.querySelector("#first footer");
    if (!page) return;
    let line = page.querySelector(".on-paper");
    if (!line) {
      line = document.createElement("p");
      line.className = "on-paper";
      page.prepend(line);
    }
    const day = new Date().toLocaleDateString(document.documentElement.lang === "fr" ? "fr-FR" : "en-GB", { dateStyle: "long" });
    line.textContent = words.address.replace("{day}", day).replace("{address}", location.href);
  });

  // with a frame of its own a drawing can be made smaller or larger as a whole
  function fit(drawing) {
    const { width, height } = drawing;
    if (width.baseVal.value > 0) drawing.setAttribute("viewBox", `0 0 ${width.baseVal.value} ${height.baseVal.value}`);
  }

  addEventListener("afterprint", () => {
    for (const drawing of document.querySelectorAll(".stPlotlyChart .main-svg")) drawing.removeAttribute("viewBox");
  });
})();
