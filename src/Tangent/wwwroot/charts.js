// Draws every element with data-chart by ECharts (SVG), in the page's colours. The data lies in a JSON script inside it, or at data-url; its form is in Web/Charts.cs.
// data-drawn="true" says that a chart is finished.

import { placeLabels } from "./labels.js";

const drawn = new Map();
let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.echarts;
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

/** The value of a colour token as the browser computes it now, light or dark. */
function color(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

// The pages write English dates the British way, day first.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "2-digit", timeZone: "UTC" });
const label = text => /^\d{4}-\d\d-\d\d$/.test(text) ? day.format(new Date(text + "T00:00Z")) : text;

function theme() {
  const t = { ink: color("ink"), quiet: color("ink-2"), line: color("line"), surface: color("surface"), soft: color("surface-2"), brand: color("brand"), palette: [] };
  for (let i = 0; i < 12; i++) t.palette.push(color(`ch-${i}`));
  return t;
}

function base(t) {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: t.ink },
    color: t.palette,
    tooltip: {
      confine: true, backgroundColor: t.surface, borderColor: t.line, textStyle: { color: t.ink, fontSize: 13 },
      extraCssText: "max-width:22rem;white-space:normal;overflow-wrap:anywhere",
    },
  };
}

const pen = document.createElement("canvas").getContext("2d");
function measure(text, font) {
  pen.font = font;
  return pen.measureText(text).width;
}

const escape = text => String(text).replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const clip = (text, length) => text.length > length ? text.slice(0, length - 1) + "…" : text;

const charts = {
  sankey(data, t) {
    const names = new Map(data.nodes.map(n => [n.id, n.name]));
    return {
      ...base(t),
      tooltip: { ...base(t).tooltip, trigger: "item", formatter: p => p.dataType === "edge"
        ? `${escape(names.get(p.data.source))} → ${escape(names.get(p.data.target))}<br><strong>${number.format(p.value)}</strong> ${escape(data.unit)}`
        : `${escape(p.data.text)}<br><strong>${number.format(p.value)}</strong> ${escape(data.unit)}` },
      series: [{
        type: "sankey", left: 4, right: 150, top: 8, bottom: 8, nodeWidth: 12, nodeGap: 12, draggable: false, layoutIterations: 64,
        emphasis: { focus: "trajectory", lineStyle: { opacity: .6 } },
        lineStyle: { color: "source", opacity: .28, curveness: .5 },
        label: { color: t.ink, fontSize: 12, formatter: p => clip(p.data.text, 22) },
        data: data.nodes.map((n, i) => ({ name: n.id, text: n.name, href: n.href, depth: n.depth, itemStyle: { color: t.palette[(n.color ?? i) % 12], borderWidth: 0, borderRadius: 2 } })),
        links: data.links.map(l => ({ source: l.source, target: l.target, value: l.value, href: l.href })),
      }],
    };
  },

  graph(data, t) {
    return {
      ...base(t),
      tooltip: { ...base(t).tooltip, trigger: "item", formatter: p => escape(p.data.text) },
      series: [{
        type: "graph", layout: "circular", left: 40, right: 40, top: 28, bottom: 28, symbolSize: 14, roam: false,
        label: { show: true, position: "top", color: t.ink, fontSize: 11, formatter: p => clip(p.data.text, 18) }, labelLayout: { hideOverlap: true },
        data: data.nodes.map(n => ({ name: n.id, text: n.name, itemStyle: { color: t.palette[(n.color ?? 0) % 12] } })),
        links: data.links.map(l => ({ source: l.source, target: l.target, text: l.text, lineStyle: { color: t.quiet, width: l.strong ? 2 : 1.5, type: l.strong ? "solid" : "dashed", curveness: .15 } })),
      }],
    };
  },

  funnel(data, t) {
    const lost = data.steps.map((s, i) => i === 0 ? 0 : Math.max(0, data.steps[i - 1].value - s.value));
    return {
      ...base(t),
      grid: { left: 8, right: 8, top: 30, bottom: 8, containLabel: true },
      tooltip: { ...base(t).tooltip, trigger: "item", formatter: p => `${escape(p.name)}<br>${p.seriesIndex ? "−" : ""}<strong>${number.format(p.value)}</strong> ${escape(data.unit)}` },
      xAxis: { type: "category", data: data.steps.map(s => s.name), axisTick: { show: false }, axisLine: { lineStyle: { color: t.line } }, axisLabel: { color: t.ink, interval: 0, width: 120, overflow: "break", lineHeight: 15 } },
      yAxis: { type: "value", splitLine: { lineStyle: { color: t.line } }, axisLabel: { color: t.quiet, formatter: v => short.format(v) } },
      series: [
        { type: "bar", stack: "steps", barMaxWidth: 110, data: data.steps.map(s => ({ value: s.value, href: s.href, itemStyle: { color: s.color == null ? t.brand : t.palette[s.color % 12], borderRadius: [3, 3, 0, 0] } })),
          label: { show: true, position: "insideTop", distance: 8, color: t.surface, fontWeight: 600, fontSize: 12, formatter: p => p.value > 0 ? data.steps[p.dataIndex].label : "" }, labelLayout: { hideOverlap: true } },
        { type: "bar", stack: "steps", barMaxWidth: 110, data: lost.map((value, i) => ({ value, href: data.steps[i].lostHref })), itemStyle: { color: t.soft, borderColor: t.line, borderType: "dashed", borderWidth: 1, borderRadius: [3, 3, 0, 0] } },
      ],
    };
  },

  series(data, t, type) {
    // An interval is two stacked lines without a stroke: its lower end, and the area from there to the upper.
    const at = (s, list) => list.map((v, j) => s.gaps?.includes(j) ? null : v);
    const edge = { type: "line", silent: true, symbol: "none", stackStrategy: "all", lineStyle: { opacity: 0 } };
    const bands = data.series.flatMap((s, i) => s.low ? [
      { ...edge, stack: `band-${i}`, data: at(s, s.low) },
      { ...edge, stack: `band-${i}`, data: at(s, s.high.map((h, j) => h - s.low[j])), areaStyle: { color: s.color == null ? t.brand : t.palette[s.color % 12], opacity: .16 } },
    ] : []);
    const banded = points => escape(label(points[0].axisValue)) + points.filter(p => p.seriesIndex >= bands.length && p.value != null).map(p => {
      const s = data.series[p.seriesIndex - bands.length];
      return `<br>${p.marker}<strong>${number.format(p.value)}</strong> ${escape(data.unit)} (${number.format(s.low[p.dataIndex])} – ${number.format(s.high[p.dataIndex])})`;
    }).join("");
    const names = { type: "category", data: data.categories, boundaryGap: type === "bar", inverse: !!data.horizontal, axisTick: { show: false }, axisLine: { lineStyle: { color: t.line } }, axisLabel: { color: t.quiet, hideOverlap: true, alignMinLabel: type === "line" ? "left" : null, alignMaxLabel: type === "line" ? "right" : null, formatter: c => clip(label(c), 28) } };
    const values = { type: "value", scale: bands.length > 0, splitLine: { lineStyle: { color: t.line } }, axisLabel: { color: t.quiet, formatter: v => short.format(v), hideOverlap: true } };
    return {
      ...base(t),
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
      legend: { show: data.series.length > 1, data: data.series.map(s => s.name), type: "scroll", top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: t.ink }, pageTextStyle: { color: t.quiet }, pageIconColor: t.ink },
      tooltip: { ...base(t).tooltip, trigger: "axis", valueFormatter: v => `${number.format(v)} ${data.unit}`, formatter: data.series.some(s => s.low) ? banded : undefined, axisPointer: { type: type === "bar" ? "shadow" : "line" } },
      xAxis: data.horizontal ? values : names,
      yAxis: data.horizontal ? names : values,
      series: bands.concat(data.series.map((s, i) => ({
        type, name: s.name, stack: data.stacked ? "all" : undefined, barMaxWidth: 36, showSymbol: !!s.gaps?.length, symbolSize: 6, lineStyle: { width: 2 },
        areaStyle: type === "line" && !s.low && (data.stacked || data.series.length === 1) ? { opacity: .1 } : undefined,
        itemStyle: { color: s.color == null ? (data.series.length === 1 ? t.brand : t.palette[i % 12]) : t.palette[s.color % 12], borderRadius: type === "bar" ? 2 : 0 },
        data: at(s, s.values).map((value, j) => ({ value, href: s.hrefs?.[j] })),
        markLine: i === 0 && data.marks?.length ? {
          silent: true, symbol: "none", lineStyle: { color: t.quiet, type: "dashed", width: 1 },
          label: { color: t.quiet, fontSize: 11, position: "insideEndTop", formatter: m => clip(m.name, 26) },
          data: data.marks.map(m => ({ xAxis: m.at, name: m.text })),
        } : undefined,
      }))),
    };
  },

  line: (data, t) => charts.series(data, t, "line"),
  bar: (data, t) => charts.series(data, t, "bar"),

  waterfall(data, t) {
    const [good, bad] = [color("good"), color("bad")];
    const narrow = innerWidth < 600;
    const fill = b => b.whole ? t.brand : b.to >= b.from ? good : bad;
    const ends = data.bars.flatMap(b => [b.from, b.to]).concat(data.marks.map(m => m.at));
    return {
      ...base(t),
      grid: { left: 8, right: 52, top: 26, bottom: 8, containLabel: true },
      tooltip: { ...base(t).tooltip, trigger: "item", formatter: p => p.componentType === "markLine" ? escape(p.name) : `${escape(data.bars[p.dataIndex].name)}<br><strong>${escape(data.bars[p.dataIndex].label)}</strong>` },
      xAxis: { type: "value", min: 5 * Math.floor(Math.min(0, ...ends) / 5), max: 5 * Math.ceil(Math.max(0, ...ends) / 5), splitLine: { lineStyle: { color: t.line } }, axisLabel: { color: t.quiet, hideOverlap: true, formatter: v => number.format(v) } },
      yAxis: { type: "category", data: data.bars.map(b => b.name), inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: t.ink, interval: 0, width: narrow ? 92 : 190, overflow: "break", lineHeight: 14 } },
      series: [{
        type: "custom", data: data.bars.map((b, i) => [b.from, b.to, i]), encode: { x: [0, 1], y: 2 }, clip: false,
        renderItem(params, api) {
          const bar = data.bars[params.dataIndex];
          const [from, to] = [api.coord([bar.from, params.dataIndex]), api.coord([bar.to, params.dataIndex])];
          const row = api.size([0, 1])[1];
          const height = Math.min(20, row * .62);
          const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
          const children = [
            { type: "rect", shape: { x: left, y: to[1] - height / 2, width: Math.max(2, right - left), height, r: 2 }, style: { fill: fill(bar) } },
            { type: "text", x: right + 6, y: to[1], style: { text: bar.label, fill: t.ink, stroke: t.surface, lineWidth: 3, fontSize: 12, textVerticalAlign: "middle" } },
          ];
          // Where the next one begins.
          if (params.dataIndex < data.bars.length - 1) children.unshift({ type: "line", shape: { x1: to[0], y1: to[1] + height / 2, x2: to[0], y2: to[1] + row - height / 2 }, style: { stroke: t.quiet, lineWidth: 1 } });
          return { type: "group", children };
        },
        markLine: {
          silent: true, symbol: "none", lineStyle: { color: t.quiet, type: "dashed", width: 1 },
          data: data.marks.map((m, i) => ({ xAxis: m.at, name: m.text, label: { show: true, position: "start", color: t.quiet, fontSize: 11, align: i ? "left" : "right", formatter: m.text } })),
        },
      }],
    };
  },

  matrix(data, t) {
    const most = Math.max(1, ...data.points.map(p => p.size));
    const narrow = innerWidth < 600;
    const reach = (values, cut) => {
      const [low, high] = [Math.min(cut, ...values), Math.max(cut, ...values)];
      const room = Math.max(1, (high - low) * .18);
      return { min: Math.max(0, Math.floor(low - room)), max: Math.ceil(high + room) };
    };
    const axis = { type: "value", splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t.line } }, nameLocation: "middle", nameTextStyle: { color: t.quiet }, axisLabel: { color: t.quiet, hideOverlap: true, formatter: v => number.format(v) } };
    const width = size => 10 + (narrow ? 22 : 38) * Math.sqrt(size / most);
    const names = data.points.map(p => clip(p.name, narrow ? 18 : 26));
    const font = `12px ${base(t).textStyle.fontFamily}`;
    let places = [];
    // The largest bubbles choose first.
    const placeNames = (area, api) => {
      const order = data.points.map((_, i) => i).sort((a, b) => data.points[b].size - data.points[a].size);
      const bubbles = order.map(i => {
        const [x, y] = api.coord([data.points[i].x, data.points[i].y]);
        return { x, y, r: width(data.points[i].size) / 2, width: measure(names[i], font), height: 14 };
      });
      const fields = data.fields.map((text, i) => {
        const wide = measure(text, `600 13px ${base(t).textStyle.fontFamily}`);
        return { x: i % 2 ? area.x + area.width - 8 - wide : area.x + 16, y: i < 2 ? area.y + 8 : area.y + area.height - 25, width: wide, height: 14 };
      });
      const placed = placeLabels(bubbles, area, fields);
      return Object.fromEntries(order.map((i, at) => [i, placed[at]]));
    };
    const corners = [["left", "top"], ["right", "top"], ["left", "bottom"], ["right", "bottom"]];
    const place = { left: 64, right: 24, top: 20, bottom: 60 };
    return {
      ...base(t),
      grid: { left: 48, right: 16, top: 12, bottom: 48 },
      tooltip: { ...base(t).tooltip, trigger: "item", formatter: p => `${escape(p.data.name)}<br>${escape(data.nameX)}: <strong>${number.format(p.value[0])}</strong><br>${escape(data.nameY)}: <strong>${number.format(p.value[1])}</strong><br>${escape(data.nameSize)}: <strong>${number.format(p.value[2])}</strong>` },
      graphic: data.fields.map((text, i) => ({ type: "text", silent: true, [corners[i][0]]: place[corners[i][0]], [corners[i][1]]: place[corners[i][1]], style: { text, fill: t.quiet, fontSize: 13, fontWeight: 600, fontFamily: base(t).textStyle.fontFamily } })),
      xAxis: { ...axis, ...reach(data.points.map(p => p.x), data.cutX), name: data.nameX, nameGap: 28 },
      yAxis: { ...axis, ...reach(data.points.map(p => p.y), data.cutY), name: data.nameY, nameGap: 34 },
      series: [{
        type: "scatter", symbolSize: value => width(value[2]),
        data: data.points.map((p, i) => ({ name: p.name, value: [p.x, p.y, p.size], href: p.href, itemStyle: { color: t.palette[(p.color ?? i) % 12], opacity: .75, borderColor: t.surface } })),
        markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: t.quiet, type: "dashed", width: 1 }, data: [{ xAxis: data.cutX }, { yAxis: data.cutY }] },
      }, {
        // The names, all placed when the first is drawn.
        type: "custom", silent: true, z: 5, clip: false, tooltip: { show: false }, data: data.points.map(p => [p.x, p.y]),
        renderItem(params, api) {
          if (params.dataIndexInside === 0) places = placeNames(params.coordSys, api);
          const place = places[params.dataIndex];
          if (!place) return { type: "group", children: [] };
          const name = { type: "text", x: place.x, y: place.y, style: { text: names[params.dataIndex], fill: t.ink, stroke: t.surface, lineWidth: 3, font } };
          return { type: "group", children: place.line ? [{ type: "line", shape: place.line, style: { stroke: t.quiet, lineWidth: 1 } }, name] : [name] };
        },
      }],
    };
  },

  heatmap(data, t) {
    const axis = { axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: t.quiet, hideOverlap: true, formatter: c => clip(label(c), 24) } };
    return {
      ...base(t),
      grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
      tooltip: { ...base(t).tooltip, formatter: p => `${escape(label(data.rows[p.value[1]]))} · ${escape(label(data.columns[p.value[0]]))}<br><strong>${number.format(p.value[2])}</strong> ${escape(data.unit)}` },
      xAxis: { type: "category", data: data.columns, ...axis, axisLabel: { ...axis.axisLabel, interval: 0, hideOverlap: false, rotate: 40 } },
      yAxis: { type: "category", data: data.rows, inverse: true, ...axis },
      visualMap: { show: false, min: 0, max: Math.max(1, ...data.cells.map(c => c[2])), inRange: { color: [t.soft, t.brand] } },
      series: [{ type: "heatmap", data: data.cells, itemStyle: { borderColor: t.surface, borderWidth: 2, borderRadius: 3 } }],
    };
  },
};

async function read(element) {
  const inline = element.querySelector(":scope > script[type='application/json']");
  if (inline) return JSON.parse(inline.textContent);
  const response = await fetch(element.dataset.url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${element.dataset.url}: ${response.status}`);
  return response.json();
}

async function draw(element) {
  if (drawn.has(element)) return;
  drawn.set(element, null);
  const [echarts, data] = await Promise.all([load(), read(element)]);
  element.replaceChildren();
  const chart = echarts.init(element, null, { renderer: "svg" });
  drawn.set(element, { chart, data });
  chart.on("finished", () => { element.dataset.drawn = "true"; });
  // A line's points are small: a click anywhere in the chart means the point above or below it.
  const hrefs = element.dataset.chart === "line" && data.series.length === 1 ? data.series[0].hrefs : null;
  if (hrefs) {
    chart.getZr().on("click", e => {
      const at = [e.offsetX, e.offsetY];
      if (chart.containPixel("grid", at)) location.assign(hrefs[chart.convertFromPixel("grid", at)[0]]);
    });
    chart.getZr().on("mousemove", e => chart.getZr().setCursorStyle(chart.containPixel("grid", [e.offsetX, e.offsetY]) ? "pointer" : "default"));
  }
  chart.on("click", p => { if (p.data?.href && !hrefs) location.assign(p.data.href); });
  chart.on("mouseover", p => { chart.getZr().setCursorStyle(p.data?.href ? "pointer" : "default"); });
  chart.setOption(charts[element.dataset.chart](data, theme()));
  new ResizeObserver(() => chart.resize()).observe(element);
}

/** Draws what is not drawn yet inside the element; called for the page and for every fragment htmx brings. */
export function drawCharts(root) {
  const inside = root.matches?.("[data-chart]") ? [root] : [];
  for (const element of [...inside, ...root.querySelectorAll("[data-chart]")]) draw(element);
  for (const [element, state] of drawn) {
    if (element.isConnected) continue;
    state?.chart.dispose();
    drawn.delete(element);
  }
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  const t = theme();
  for (const [element, state] of drawn) state?.chart.setOption(charts[element.dataset.chart](state.data, t));
});
