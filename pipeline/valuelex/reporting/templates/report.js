"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("figures").textContent);
  const SLOTS = [["#0072B2", "circle"], ["#D55E00", "diamond"], ["#009E73", "square"], ["#CC79A7", "triangle-up"]];
  const coarse = matchMedia("(pointer: coarse)").matches;
  const plots = [...document.querySelectorAll(".plot")];
  const root = document.documentElement;
  const paint = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const PAPER = { ink: "#000000", rule: "#cccccc", muted: "#555555", surface: "#ffffff", paper: "#ffffff", low: "#e9a566", high: "#74b0dc" };

  function palette(print) {
    if (print) return PAPER;
    return { ink: paint("--ink"), rule: paint("--rule"), muted: paint("--muted"), surface: paint("--surface"), paper: paint("--paper"), low: paint("--warm"), high: paint("--cold") };
  }

  // The layout of a figure in the colours of the page and for the width there is.
  function dressed(spec, width, colours) {
    const layout = structuredClone(spec.layout);
    const narrow = width < 560;
    layout.font.color = colours.ink;
    for (const trace of spec.data) if (trace.type === "heatmap") trace.textfont.color = colours.ink;
    if (narrow) layout.font.size = 11;
    layout.modebar = { bgcolor: "rgba(0,0,0,0)", color: colours.muted, activecolor: colours.ink };
    layout.hoverlabel = { align: "left", bgcolor: colours.surface, bordercolor: colours.rule, font: { color: colours.ink, size: 13 } };
    for (const [key, axis] of Object.entries(layout)) {
      if (!/^[xy]axis\d*$/.test(key)) continue;
      Object.assign(axis, { gridcolor: colours.rule, linecolor: colours.rule });
      if (!narrow || !axis.ticktext) continue;
      if (key.startsWith("x")) {  // no room for names across: their first word, or upright and small
        const crowded = axis.ticktext.length > 8;
        if (crowded) Object.assign(axis, { tickangle: -90, tickfont: { size: 8 } });
        axis.ticktext = axis.ticktext.map((text) => text.split("<br>")[0]);
        continue;
      }
      const split = axis.ticktext.some((text) => text.includes(" \u00b7 "));
      axis.tickfont = { size: split ? 9 : 10 };
      axis.ticktext = axis.ticktext.map((text) => text.replace(" \u00b7 ", "<br>"));
      if (split) layout.height *= 1.2;
    }
    if (layout.polar) {
      for (const part of ["radialaxis", "angularaxis"]) Object.assign(layout.polar[part], { gridcolor: colours.rule, linecolor: colours.rule });
      if (narrow) Object.assign(layout, { height: 440, margin: { l: 40, r: 40, t: 100, b: 30 } });
      if (narrow) Object.assign(layout.polar.angularaxis, { tickmode: "array", tickvals: layout.meta.short.map((_, at) => at), ticktext: layout.meta.short });
    }
    if (narrow && spec.data[0].type === "sunburst") layout.height = width;
    if (narrow && layout.meta === "map") layout.height = 460;
    if (layout.coloraxis && spec.diverging) {
      layout.coloraxis.colorscale = [[0, colours.low], [0.5, colours.surface], [1, colours.high]];
    }
    if (coarse) layout.dragmode = false;
    return layout;
  }

  // The plotting library is deflated in the page; the policy lets it run because its hash is there.
  async function unpack() {
    const packed = Uint8Array.from(atob(document.getElementById("library").textContent), (c) => c.charCodeAt(0));
    const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const script = document.createElement("script");
    script.textContent = await new Response(plain).text();
    document.head.append(script);
  }
  let unpacking;
  function library() {
    unpacking ??= unpack().catch(() => {
      for (const box of plots) {
        box.textContent = "This browser is too old to draw the figure. The table below holds its numbers.";
        box.style.minHeight = "0";
      }
      throw new Error("the figures could not be drawn");
    });
    return unpacking;
  }

  const drawn = new Set();
  function draw(box) {
    if (drawn.has(box)) return;
    drawn.add(box);
    const id = box.dataset.figure;
    const spec = specs[id];
    if (box.clientWidth < 560 && spec.layout.meta === "map") {
      spec.data.slice(0, -1).forEach((trace) => { trace.marker.size = trace.marker.size.map((size) => size * 0.6); });
    }
    box.dataset.paper = paint("--paper");
    for (const trace of spec.data) if (trace.type === "heatmap" && box.clientWidth < 560 && trace.x.length > 8) trace.texttemplate = "";
    // The buttons are named one by one: by default the library offers to upload the figure.
    const moves = spec.layout.meta === "map" ? [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]] : [];
    const shown = Plotly.newPlot(box, spec.data, dressed(spec, box.clientWidth, palette(false)), {
      responsive: true,
      displaylogo: false,
      displayModeBar: spec.layout.meta === "map" ? true : "hover",
      modeBarButtons: [["toImage"], ...moves],
      plotlyServerURL: "",
      typesetMath: false,
      toImageButtonOptions: { format: "svg", filename: id },
    });
    if (spec.pick) pick(box, id, spec);
    if (spec.layout.meta === "map") {
      for (const change of ["plotly_relayout", "plotly_legendclick", "plotly_legenddoubleclick"]) box.on(change, () => { setTimeout(() => name(box), change === "plotly_relayout" ? 0 : 400); });
      shown.then(() => name(box));
    }
    if ("link" in spec) box.on("plotly_click", (event) => {
      const carried = event.points[0].customdata;
      const anchor = carried && carried[spec.link];
      if (anchor) go(anchor);
    });
    // The label of the figure and the table below it speak; the single marks would only make noise.
    box.querySelectorAll(".main-svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    box.dataset.drawn = "yes";
  }

  // The map's names: of the part in sight the most mentioned, wherever there is room for one.
  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  function name(box) {
    const [x0, x1] = box.layout.xaxis.range, [y0, y1] = box.layout.yaxis.range;
    const width = box.clientWidth, height = box.clientHeight - 140, most = width < 560 ? 28 : 70;
    const points = box.data.slice(0, -1).filter((trace) => trace.visible !== "legendonly")
      .flatMap((trace) => trace.x.map((x, at) => ({ x, y: trace.y[at], size: trace.marker.size[at], found: trace.customdata[at] })))
      .filter((p) => p.x !== null && p.x >= x0 && p.x <= x1 && p.y >= y0 && p.y <= y1)
      .sort((a, b) => b.size - a.size);
    const placed = [], chosen = [];
    for (const point of points) {
      const term = point.found[1].length > 24 ? `${point.found[1].slice(0, 23)}\u2026` : point.found[1];
      const spot = { x: (point.x - x0) / (x1 - x0) * width, y: (point.y - y0) / (y1 - y0) * height + point.size / 2, half: term.length * 3.3 + 2 };
      if (placed.some((other) => Math.abs(other.x - spot.x) < other.half + spot.half && Math.abs(other.y - spot.y) < 15)) continue;
      placed.push(spot);
      chosen.push({ ...point, text: term.replace(/[&<>"']/g, (letter) => ESCAPES[letter]) });
      if (chosen.length === most) break;
    }
    const ink = box.layout.font.color, halo = box.dataset.paper;
    Plotly.restyle(box, {
      x: [chosen.map((p) => p.x)], y: [chosen.map((p) => p.y)], text: [chosen.map((p) => p.text)], customdata: [chosen.map((p) => p.found)],
      "textfont.color": ink, "textfont.shadow": [1, 2, 3].map((blur) => `0 0 ${blur}px ${halo}`).join(", "),
    }, [box.data.length - 1]);
    highlight(box);
  }

  // Search on the map: what matches stays, the rest fades.
  const find = document.getElementById("find");
  function highlight(box) {
    const wanted = find.value.trim().toLowerCase();
    const hits = box.data.map((trace) => trace.customdata.flatMap((row, at) => (row[1].toLowerCase().includes(wanted) ? [at] : [])));
    const total = hits.reduce((sum, list, at) => (box.data[at].mode === "text" ? sum : sum + list.length), 0);
    document.querySelector("output[for=find]").textContent = wanted ? `${total} found` : "";
    Plotly.restyle(box, { selectedpoints: wanted ? hits : box.data.map(() => null) });
  }

  // Selectors over traces: each slot has its own colour, mark, and place beside the others.
  function pick(box, id, spec) {
    const controls = document.querySelector(`[data-pick="${id}"]`);
    const selects = [...controls.querySelectorAll("select")];
    const home = new Map(spec.pick.traces.map((trace) => [trace, spec.data[trace].y && [...spec.data[trace].y]]));
    const update = () => {
      const wanted = new Map();
      selects.forEach((select, slot) => { if (select.value && !wanted.has(Number(select.value))) wanted.set(Number(select.value), slot); });
      for (const trace of spec.pick.traces) {
        const slot = wanted.get(trace);
        const target = box.data[trace];
        target.visible = slot !== undefined;
        if (slot === undefined) continue;
        const [tint, symbol] = SLOTS[slot];
        target.marker = { size: spec.pick.shift ? 10 : 6, color: tint, symbol };
        target.line = { color: tint, width: 2 };
        if (target.error_x) target.error_x.color = tint;
        const middle = (selects.length - 1) / 2;
        if (spec.pick.shift) target.y = home.get(trace).map((y) => y + (slot - middle) * spec.pick.shift);
      }
      Plotly.redraw(box);
    };
    selects.forEach((select) => select.addEventListener("change", update));
    controls.hidden = false;
    update();
  }

  for (const box of plots) box.style.minHeight = `${dressed(specs[box.dataset.figure], box.clientWidth, PAPER).height}px`;
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watcher.unobserve(entry.target); library().then(() => draw(entry.target)); }
  }, { rootMargin: "500px 0px" });
  plots.forEach((box) => watcher.observe(box));
  addEventListener("load", () => setTimeout(library));

  function repaint(print) {
    for (const box of drawn) {
      if (print) box.style.minHeight = "0";
      const spec = specs[box.dataset.figure], colours = palette(print);
      const layout = dressed(spec, print ? 660 : box.clientWidth, colours);
      if (print) layout.width = 660;
      box.dataset.paper = colours.paper;
      const react = Plotly.react(box, box.data, layout);
      if (spec.layout.meta === "map") react.then(() => name(box));
    }
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(false));
  // On paper the whole tree is open, and every figure is drawn in the colours of paper.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".dimension:not([open]), .branch:not([open])")];
    opened.forEach((part) => { part.open = true; });
    if (window.Plotly) { plots.forEach(draw); repaint(true); }
  });
  addEventListener("afterprint", () => {
    opened.forEach((part) => { part.open = false; });
    repaint(false);
  });

  // A link into the tree opens everything on the way to it.
  function go(anchor) {
    if (location.hash === `#${anchor}`) reveal();
    else location.hash = anchor;
  }
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.matches(".dimension")) target.querySelectorAll(".branch").forEach((branch) => { branch.open = true; });
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    const summary = target.closest("details") && target.closest("details").querySelector("summary");
    (summary || target).scrollIntoView({ block: summary ? "center" : "start" });
    if (summary) summary.focus({ preventScroll: true });
  }
  addEventListener("hashchange", reveal);
  reveal();

  // A second press on the same link leads there again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal();
  });

  // Every table can be sorted by any column: up, down, and back to its own order.
  const FIRST_NUMBER = /[-\u2212]?[\d,]*\.?\d+/;
  function worth(cell) {
    const text = cell.textContent.trim();
    const found = cell.classList.contains("n") && text.match(FIRST_NUMBER);
    return found ? Number(found[0].replace(/,/g, "").replace("\u2212", "-")) : cell.classList.contains("n") ? null : text.toLowerCase();
  }
  function compare(a, b) {
    if (a === b) return 0;
    if (a === null || a === "\u2013") return 1;
    if (b === null || b === "\u2013") return -1;
    return a < b ? -1 : 1;
  }
  function sort(head, at) {
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows];
    rows.forEach((row, index) => { if (row.dataset.at === undefined) row.dataset.at = index; });
    const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort") || "none"];
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    if (next !== "none") head.setAttribute("aria-sort", next);
    const keys = new Map(rows.map((row) => [row, next === "none" ? Number(row.dataset.at) : worth(row.cells[at])]));
    const sign = next === "descending" ? -1 : 1;
    rows.sort((a, b) => {
      const left = keys.get(a), right = keys.get(b);
      const missing = left === null || right === null;
      return (missing ? compare(left, right) : sign * compare(left, right)) || a.dataset.at - b.dataset.at;
    });
    body.append(...rows);
  }
  for (const head of document.querySelectorAll("thead th")) {
    if (head.classList.contains("wide")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head, head.cellIndex));
  }

  if (find) {
    find.closest(".search").hidden = false;
    const box = document.querySelector('[data-figure="fig-map"]');
    find.addEventListener("input", async () => {
      await library();
      draw(box);
      highlight(box);
    });
  }

  // The contents say where the reader is.
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const spy = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      const here = links.get(entry.target.id);
      if (!here) continue;
      here.setAttribute("aria-current", "true");
      const bar = here.closest("nav");
      bar.scrollLeft = here.offsetLeft - bar.clientWidth / 2 + here.offsetWidth / 2;
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  links.forEach((_, id) => { const section = document.getElementById(id); if (section) spy.observe(section); });
})();
