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
const [model, geometry, cards, hands, search, paper] = await Promise.all(
  ["Model", "Geometry", "Cards", "Hands", "Search", "Print"].map((name) => import(root.dataset[`part${name}`])),
);
const { begin, childOf, deepestOpen, fill, findLoaded, lastOf, measure, nextSeen, previousSeen, setOpen, startOf, takePage } = model;
const pattern = document.getElementById("tree-card").content.firstElementChild;
const PAGE = 50;
// Browsers forget how to scroll beyond some millions of pixels; longer trees scroll faster instead.
const LONGEST = 6e6;
const MOST_OPEN = 12;
const SHAPES = {
  // Sizes in pixels at 100 %: `unit` along the line, `step` from level to level.
  list: { unit: 60, step: 28, width: 300, height: 52, pad: 12 },
  chart: { unit: 188, step: 136, width: 172, height: 88, pad: 20 },
};
const ZOOMS = [0.5, 0.65, 0.8, 1, 1.25, 1.5];

const remembered = (name, usual, allowed) => {
  let kept = null;
  try {
    kept = localStorage.getItem(`tree-${name}`);
  } catch {
    // Without storage the usual choice does.
  }
  return allowed.includes(kept) ? kept : usual;
};
const remember = (name, value) => {
  try {
    localStorage.setItem(`tree-${name}`, value);
  } catch {
    // See above.
  }
};
const optionsOf = (select) => [...select.options].map((option) => option.value);

const state = {
  shape: remembered("shape", "list", Object.keys(SHAPES)),
  figure: remembered("figure", "group", optionsOf(part("figure"))),
  colour: remembered("colour", "points", optionsOf(part("colour"))),
  zoom: 1,
  view: { width: 0, height: 0 },
};

const { figures, numbers, points, write, writeLegend } = cards.makeCards({ part, word, data, state });
const top = begin(data);
const isChart = () => state.shape === "chart";
let active = top;

// --- asking the server ------------------------------------------------------------------------

const wanted = new Map();
const asked = new Set();
let timer = 0;

async function ask(address, parameters) {
  const answer = await fetch(`${address}?${root.dataset.parameters}&${new URLSearchParams(parameters)}`);
  if (answer.redirected) location.reload();
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
  return answer.json();
}

const need = (node, index) => {
  const start = index - (index % PAGE);
  const key = `${node.row?.code}/${start}`;
  if (node.row?.code && !asked.has(key)) wanted.set(key, [node, start]);
};

// What was only passed by is not asked for: the last drawing says what is seen.
async function load() {
  const batch = [...wanted].slice(0, 4);
  wanted.clear();
  await Promise.all(
    batch.map(async ([key, [node, start]]) => {
      asked.add(key);
      try {
        takePage(node, await ask(root.dataset.branch, { of: node.row.code, from: start }));
      } catch {
        setTimeout(() => asked.delete(key), 3000);
        say(word("Failed"));
      }
    }),
  );
  if (!batch.length) return;
  remeasure();
  writeDetails();
}
const loadSoon = () => {
  clearTimeout(timer);
  if (wanted.size) timer = setTimeout(load, 70);
};
const say = (text) => (part("said").textContent = text);

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
    if (card.version !== version) write(card, node, { size: size.card, version, active });
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

function writeDetails() {
  const { row } = active;
  const panel = part("details");
  panel.hidden = !row?.code;
  if (panel.hidden) return;
  const put = (name, text) => (panel.querySelector(`[data-field=${name}]`).textContent = text);
  put("name", row.name);
  put("code", row.code);
  put("status", row.statusLabel ?? "");
  panel.querySelector("[data-field=status]").className = `badge ${{ active: "good", suspended: "warn", terminated: "bad" }[row.status] ?? ""}`;
  put("rank", row.rank ?? word("NoRank"));
  put("joined", row.joined ? new Date(row.joined).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" }) : "–");
  put("own", points(row.own));
  put("group", points(row.group));
  put("size", numbers.format(row.size ?? 0));
  panel.querySelectorAll("[data-leg]").forEach((each) => (each.hidden = row.legMembers === undefined));
  if (row.legMembers !== undefined) put("leg", figures.leg(row));
  const toggle = part("toggle");
  toggle.hidden = !active.size;
  toggle.textContent = word(active.open ? "Close" : "Open");
  const focus = part("focus");
  focus.hidden = active === top || !row.size;
  focus.href = `${root.dataset.page}?of=${row.code}&${root.dataset.parameters}`;
  const member = part("member");
  member.hidden = !row.hasPage;
  member.href = `${root.dataset.members}${row.code}/`;
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

const repeat = (move, times) => {
  let node = active;
  for (let step = 0; step < times; step += 1) node = move(node) ?? node;
  return node;
};
const deeper = () => (active.open ? choose(active.size ? childOf(active, 0) : null) : toggle(active, true));
const higher = () => (active.open ? toggle(active, false) : choose(active.parent));

const TYPING = 800;
let typed = "";
let typedAt = -TYPING;
function jumpTo(letter, now) {
  typed = now - typedAt > TYPING ? letter : typed + letter;
  typedAt = now;
  const begins = (node) => node.row?.name?.toLocaleLowerCase().startsWith(typed.toLocaleLowerCase());
  const seen = [];
  const collect = (node) => {
    if (node.row) seen.push(node);
    if (node.open) [...node.kids.keys()].sort((one, other) => one - other).forEach((index) => collect(node.kids.get(index)));
  };
  collect(top);
  const here = seen.indexOf(active) + (typed.length > 1 ? 0 : 1);
  choose([...seen.slice(here), ...seen.slice(0, here)].find(begins));
}

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const chart = isChart();
  const keys = {
    [chart ? "ArrowRight" : "ArrowDown"]: () => choose(nextSeen(active)),
    [chart ? "ArrowLeft" : "ArrowUp"]: () => choose(previousSeen(active)),
    [chart ? "ArrowDown" : "ArrowRight"]: deeper,
    [chart ? "ArrowUp" : "ArrowLeft"]: higher,
    Home: () => choose(top),
    End: () => choose(lastOf(top)),
    PageDown: () => choose(repeat(nextSeen, 10)),
    PageUp: () => choose(repeat(previousSeen, 10)),
    // Inside a name that is being typed a space is a letter.
    " ": () => (event.timeStamp - typedAt < TYPING ? jumpTo(" ", event.timeStamp) : toggle(active)),
    Enter: () => part("member").hidden || part("member").click(),
    "+": () => zoomBy(1),
    "-": () => zoomBy(-1),
  };
  if (keys[event.key]) keys[event.key]();
  else if (event.key.length === 1) jumpTo(event.key, event.timeStamp);
  else return;
  event.preventDefault();
});

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
// --- search -----------------------------------------------------------------------------------

async function openPath(code) {
  let path;
  try {
    path = await ask(root.dataset.path, { of: code });
  } catch (error) {
    say(word(error.status === 404 ? "Gone" : "Failed"));
    return;
  }
  const from = findLoaded(top, (node) => node.row?.code === path.top);
  const rows = [...path.rows];
  let node = from;
  if (!from) {
    // The path begins above or outside of what is shown: go on from where both meet.
    const meets = rows.findIndex((row) => row.code === top.row.code);
    if (meets < 0) {
      location.assign(`${root.dataset.page}?of=${path.top}&${root.dataset.parameters}#show=${code}`);
      return;
    }
    node = top;
    rows.splice(0, meets + 1);
  }
  for (const row of rows) {
    node.size = Math.max(node.size, row.index + 1);
    setOpen(node, true);
    const child = childOf(node, row.index);
    node = child.row ? child : fill(child, row);
  }
  remeasure();
  bringIntoView(node, { middle: true });
  choose(node, { scroll: false });
  stage.focus({ preventScroll: true });
  stage.scrollIntoView({ block: "nearest" });
}

const form = part("form");
form.addEventListener("change", ({ target }) => target.dataset.treeReload !== undefined && form.submit());
// Another month opens what is open now.
form.addEventListener("formdata", ({ formData }) => {
  if (formData.get("q") !== undefined) formData.delete("q");
  const codes = [];
  const collect = (node) => node.opened.forEach((child) => codes.push(child.row.code) && collect(child));
  collect(top);
  codes.slice(0, MOST_OPEN).forEach((code) => formData.append("open", code));
});

// --- what is chosen above the tree ------------------------------------------------------------

const shapes = [...root.querySelectorAll("[data-tree-shape]")];
function takeShape(name) {
  state.shape = name;
  shapes.forEach((key) => key.setAttribute("aria-pressed", String(key.dataset.treeShape === name)));
  stage.setAttribute("aria-orientation", isChart() ? "horizontal" : "vertical");
}
shapes.forEach((key) =>
  key.addEventListener("click", () => {
    takeShape(key.dataset.treeShape);
    remember("shape", state.shape);
    remeasure();
    draw();
    bringIntoView(active, { middle: active !== top });
  }),
);
for (const name of ["figure", "colour"]) {
  part(name).value = state[name];
  part(name).addEventListener("change", ({ target }) => {
    state[name] = target.value;
    remember(name, target.value);
    version += 1;
    writeLegend();
    redraw();
  });
}
root.querySelectorAll("[data-tree-zoom]").forEach((key) => key.addEventListener("click", () => zoomBy(Number(key.dataset.treeZoom))));
part("toggle").addEventListener("click", () => toggle(active));

// --- begin ------------------------------------------------------------------------------------

part("plain").remove();
hands.followHands({ stage, zoomOf: () => state.zoom, zoomTo });
search.followSearch({ root, part, word, ask, say, open: openPath });
paper.followPrinter({ part, word, numbers, points, top });
takeShape(state.shape);
stage.addEventListener("scroll", redraw, { passive: true });
new ResizeObserver(() => {
  state.view = { width: stage.clientWidth, height: stage.clientHeight };
  layer.style.width = `${state.view.width}px`;
  layer.style.height = `${state.view.height}px`;
  version += 1;
  redraw();
}).observe(stage);
measure(top, isChart());
writeLegend();
writeDetails();
const asksFor = location.hash.match(/^#show=([\w-]+)$/);
if (asksFor) openPath(asksFor[1]);
