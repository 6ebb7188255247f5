// The interactive chart of an embedded card takes the place of its bars. Where anything fails, the bars stay.
"use strict";
(() => {
  const root = document.documentElement;
  // before the first paint: the chart's place has its height from the start, and nothing moves when it is drawn
  root.classList.add("scripted");
  document.addEventListener("DOMContentLoaded", async () => {
    const box = document.getElementById("chart");
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", box.dataset.alt);
    box.append(plot);
    const config = { displayModeBar: false, scrollZoom: false, doubleClick: false, responsive: true };
    try {
      const figure = JSON.parse(document.getElementById("figure").textContent);
      // texts are measured when they are drawn; a font that cannot be had is not waited for
      await document.fonts.load('14px "Source Sans"').catch(() => []);
      await window.Plotly.newPlot(plot, figure.data, figure.layout, config);
      box.classList.add("drawn");
    } catch (error) {
      plot.remove();
      root.classList.remove("scripted");
      throw error;
    }
  });
})();
