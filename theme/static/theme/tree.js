// The tree viewer. Only cards inside the window are in the document: a branch knows how much room it
// takes, so what is seen is found without walking through what is not, however long a line is.
// Positions are set through the CSSOM, because the page allows no inline style.

const root = document.querySelector("[data-tree]");
const part = (name) => root.querySelector(`[data-tree-${name}]`);
const word = (name, number) => (root.dataset[`word${name}`] ?? "").replace("{number}", number);
const data = JSON.parse(document.getElementById("tree-data").textContent);
const stage = part("stage");
const space = part("space");
const layer = part("layer");
const lines = part("lines");
const PARTS = ["Model", "Geometry", "Cards", "Details", "Asking", "Path", "Choices", "Keys", "Hands", "Search", "Print"];
const [model, geometry, cardFaces, details, asking, paths, choices, keys, hands, search, paper] = await Promise.all(
  PARTS.map((name) => import(root.dataset[`part${name}`])),
);
const { begin, childOf, deepestOpen, measure, setOpen, startOf, takePage } = model;
const pattern = document.getElementById("tree-card").content.firstElementChild;
// Browsers forget how to scroll beyond some millions of pixels; longer trees scroll faster instead.
const LONGEST = 6e6;
const SHAPES = {
  // Sizes in pixels at 100 %: `unit` along the line, `step` from level to level.
  list: { unit: 60, step: 28, width: 300, height: 52, pad: 12 },
  chart: { unit: 188, step: 136, width: 172, height: 88, pad: 20 },
};
const ZOOMS = [0.5, 0.65, 0.8, 1, 1.25, 1.5];

const state = {
  shape: choices.remembered("shape", "list", Object.keys(SHAPES)),
  figure: choices.remembered("figure", "group", choices.optionsOf(part("figure"))),
  colour: choices.remembered("colour", "points", choices.optionsOf(part("colour"))),
  zoom: 1,
  view: { width: 0, height: 0 },
};

const top = begin(data);
const isChart = () => state.shape === "chart";
let active = top;
const say = (text) => (part("said").textContent = text);
const cards = cardFaces.makeCards({ part, word, data, state });
const detailsOf = details.makeDetails({ root, part, word, cards, top });
const writeDetails = () => detailsOf(active);
const { ask, need, loadSoon } = asking.makeAsker({
  root,
  word,
  say,
  take: takePage,
  loaded: () => {
    remeasure();
    writeDetails();
  },
});

// --- drawing ----------------------------------------------------------------------------------

const drawn = new Map();
const spare = [];
let queued = 0;
let version = 0;
const redraw = () => (queued ||= requestAnimationFrame(draw));
const remeasure = () => {
  measure(top, isChart());
  version += 1;
  redraw();
};

const sizes = () => {
  const { unit, step, width, height, pad } = SHAPES[state.shape];
  const zoom = state.zoom;
  const narrow = isChart() ? width : Math.min(width, Math.max(200, state.view.width / zoom - 72));
  return { unit: unit * zoom, step: step * zoom, width: narrow * zoom, height: height * zoom, pad: pad * zoom, card: narrow };
};
let deepest = 0;
// Along the line and across it, in pixels; `scroll` is where the window is in them.
const extents = (size) => {
  const along = top.extent * size.unit + 2 * size.pad;
  const across = isChart() ? deepest * size.step + size.height + 2 * size.pad : deepest * size.step + size.width + 2 * size.pad;
  return isChart() ? { x: along, y: across } : { x: across, y: along };
};
const ratioOf = (whole, window) => {
  const room = Math.min(whole, LONGEST);
  return room > window ? (whole - window) / (room - window) : 1;
};

function draw() {
  queued = 0;
  const size = sizes();
  deepest = deepestOpen(top);
  const whole = extents(size);
  const { width, height } = state.view;
  space.style.width = `${Math.max(width, Math.min(whole.x, LONGEST))}px`;
  space.style.height = `${Math.max(height, Math.min(whole.y, LONGEST))}px`;
  const left = stage.scrollLeft * ratioOf(whole.x, width);
  const up = stage.scrollTop * ratioOf(whole.y, height);
  const seen = [];
  const path = [];
  // A tree smaller than its window stands in the middle.
  const shift = isChart() ? Math.max(0, (width - whole.x) / 2) : 0;
  const origin = { x: size.pad - left + shift, y: size.pad - up };
  const from = ((isChart() ? left - shift : up) - size.pad) / size.unit;
  const to = from + (isChart() ? width : height) / size.unit;
  const walk = isChart() ? geometry.walkChart : geometry.walkList;
  walk(top, 0, { from, to, size, origin, seen, path, height, width, need, childOf });
  lines.setAttribute("d", path.join(""));
  show(seen, size);
  loadSoon();
}

function show(seen, size) {
  const present = new Set(seen.map(([node]) => node));
  // The active card stays, for whoever listens to the tree.
  if (!present.has(active)) seen.push([active, -9999, 0]);
  present.add(active);
  for (const [node, card] of drawn) {
    if (present.has(node)) continue;
    drawn.delete(node);
    spare.push(card);
    card.remove();
  }
  for (const [node, x, y] of seen) {
    let card = drawn.get(node);
    if (!card) {
      card = spare.pop() ?? pattern.cloneNode(true);
      card.version = -1;
      card.node = node;
      drawn.set(node, card);
      layer.append(card);
    }
    if (card.version !== version) cards.write(card, node, { size: size.card, version, active });
    card.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) scale(${state.zoom})`;
  }
  if (active) stage.setAttribute("aria-activedescendant", drawn.get(active).id);
}

// --- choosing ---------------------------------------------------------------------------------

function choose(node, { scroll = true } = {}) {
  if (!node) return;
  active = node;
  version += 1;
  if (scroll) bringIntoView(node);
  writeDetails();
  redraw();
}

function bringIntoView(node, { middle = false } = {}) {
  measure(top, isChart());
  deepest = deepestOpen(top);
  const size = sizes();
  const whole = extents(size);
  const { width, height } = state.view;
  const start = startOf(node, isChart());
  const along = (isChart() ? start + node.extent / 2 - 0.5 : start) * size.unit + size.pad;
  const across = node.level * size.step + size.pad;
  const [x, y] = isChart() ? [along, across] : [across, along];
  const near = (at, length, window, now) => {
    if (middle) return at - (window - length) / 2;
    if (at - size.pad < now) return at - size.pad;
    return at + length + size.pad > now + window ? at + length + size.pad - window : now;
  };
  const across0 = ratioOf(whole.x, width);
  const along0 = ratioOf(whole.y, height);
  space.style.width = `${Math.max(width, Math.min(whole.x, LONGEST))}px`;
  space.style.height = `${Math.max(height, Math.min(whole.y, LONGEST))}px`;
  // In a chart a branch wider than the window is where its card is drawn already.
  const stays = isChart() && node.extent * size.unit > width;
  if (!stays) stage.scrollLeft = near(x, size.width, width, stage.scrollLeft * across0) / across0;
  stage.scrollTop = near(y, size.height, height, stage.scrollTop * along0) / along0;
}

function toggle(node, open = !node.open) {
  if (!node.size) return;
  setOpen(node, open);
  if (!open) {
    for (let above = active; above; above = above.parent) if (above === node) active = node;
  }
  remeasure();
  writeDetails();
}

// --- pointer, wheel and two fingers -----------------------------------------------------------

stage.addEventListener("click", (event) => {
  if (hands.wasDragged()) return;
  const node = event.target.closest(".tree-card")?.node;
  if (!node) return;
  choose(node, { scroll: false });
  if (event.target.closest(".tree-toggle")) toggle(node);
});
stage.addEventListener("dblclick", (event) => {
  const node = event.target.closest(".tree-card")?.node;
  if (node && !event.target.closest(".tree-toggle")) toggle(node);
});

function zoomTo(zoom, { x = state.view.width / 2, y = state.view.height / 2 } = {}) {
  const next = Math.min(ZOOMS.at(-1), Math.max(ZOOMS[0], zoom));
  const change = next / state.zoom;
  if (change === 1) return;
  const [left, up] = [stage.scrollLeft, stage.scrollTop];
  state.zoom = next;
  part("scale").textContent = `${Math.round(next * 100)}%`;
  version += 1;
  draw();
  stage.scrollTo((left + x) * change - x, (up + y) * change - y);
  redraw();
}
const zoomBy = (way) => {
  const near = ZOOMS.reduce((best, each, index) => (Math.abs(each - state.zoom) < Math.abs(ZOOMS[best] - state.zoom) ? index : best), 0);
  zoomTo(way ? ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, near + way))] : 1);
};

// --- begin ------------------------------------------------------------------------------------

part("plain").remove();
part("toggle").addEventListener("click", () => toggle(active));
root.querySelectorAll("[data-tree-zoom]").forEach((key) => key.addEventListener("click", () => zoomBy(Number(key.dataset.treeZoom))));
const openPath = paths.makePath({
  root,
  word,
  ask,
  say,
  model,
  top,
  arrive: (node) => {
    remeasure();
    bringIntoView(node, { middle: true });
    choose(node, { scroll: false });
    stage.focus({ preventScroll: true });
    stage.scrollIntoView({ block: "nearest" });
  },
});
choices.followChoices({
  root,
  part,
  state,
  top,
  reshape: () => {
    remeasure();
    draw();
    bringIntoView(active, { middle: active !== top });
  },
  restyle: () => {
    version += 1;
    cards.writeLegend();
    redraw();
  },
});
keys.followKeys({ stage, part, model, top, isChart, activeOf: () => active, choose, toggle, zoomBy });
hands.followHands({ stage, zoomOf: () => state.zoom, zoomTo });
search.followSearch({ root, part, word, ask, say, open: openPath });
paper.followPrinter({ part, word, numbers: cards.numbers, points: cards.points, top });
stage.addEventListener("scroll", redraw, { passive: true });
new ResizeObserver(() => {
  state.view = { width: stage.clientWidth, height: stage.clientHeight };
  layer.style.width = `${state.view.width}px`;
  layer.style.height = `${state.view.height}px`;
  version += 1;
  redraw();
}).observe(stage);
measure(top, isChart());
cards.writeLegend();
writeDetails();
const asksFor = location.hash.match(/^#show=([\w-]+)$/);
if (asksFor) openPath(asksFor[1]);
