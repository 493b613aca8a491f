// The tree viewer's geometry: which cards and lines of a branch the window shows, and where. `how` has
// the window in units along the lines (`from`, `to`), its size, and where the branch begins; found
// cards go to `seen`, lines to `path`, and `need` is told what is not loaded.

const round = Math.round;

export function walkList(node, start, how) {
  const { from, to, size, origin, path } = how;
  if (start > from - 1 && start < to) how.seen.push([node, origin.x + node.level * size.step, origin.y + start * size.unit]);
  if (!node.open) return;
  const x = round(origin.x + node.level * size.step + size.step / 2);
  const drop = (row) => {
    const y = round(origin.y + row * size.unit + size.height / 2);
    path.push(`M${x} ${y}H${round(origin.x + (node.level + 1) * size.step)}`);
  };
  eachChild(node, start + 1, how, (child, row) => {
    if (row > from - 1 && row < to) drop(row);
    walkList(child, row, how);
  });
  if (node.size) {
    const tail = node.opened.at(-1);
    const end = tail?.index === node.size - 1 ? start + node.extent - tail.extent : start + node.extent - 1;
    const y1 = Math.max(-9, origin.y + start * size.unit + size.height);
    const y2 = Math.min(how.height + 9, origin.y + end * size.unit + size.height / 2);
    if (y2 > y1) path.push(`M${x} ${round(y1)}V${round(y2)}`);
  }
}

export function walkChart(node, start, how) {
  const { from, to, size, origin, path } = how;
  const y = origin.y + node.level * size.step;
  // Who has a long line stays above the part of it that is seen.
  const low = Math.min(start + node.extent - 0.5, from + 0.5);
  const high = Math.max(start + 0.5, to - 0.5);
  const centre = Math.max(low, Math.min(high, start + node.extent / 2));
  const middle = round(origin.x + centre * size.unit);
  if (y > -size.step && y < how.height) how.seen.push([node, middle - size.width / 2, y]);
  if (!node.open || !node.size) return centre;
  const bar = round(y + size.height + (size.step - size.height) / 2);
  let first = centre;
  let last = centre;
  eachChild(node, start, how, (child, place) => {
    const at = walkChart(child, place, how);
    const x = round(origin.x + at * size.unit);
    path.push(`M${x} ${bar}V${round(y + size.step)}`);
    first = Math.min(first, at);
    last = Math.max(last, at);
  });
  // The line goes on where children lie outside of the window.
  if (start < from) first = Math.min(first, from - 1);
  if (start + node.extent > to) last = Math.max(last, to + 1);
  path.push(`M${middle} ${round(y + size.height)}V${bar}M${round(origin.x + first * size.unit)} ${bar}H${round(origin.x + last * size.unit)}`);
  return centre;
}

// Children of an open node that take part of the window, each with where its branch begins.
function eachChild(node, begin, { from, to, need, childOf }, visit) {
  let place = begin;
  let index = 0;
  const run = (end) => {
    const first = Math.max(index, index + Math.floor(from - place));
    const last = Math.min(end, index + Math.ceil(to - place) + 1);
    for (let each = first; each < last; each += 1) {
      const child = childOf(node, each);
      if (!child.row) need(node, each);
      visit(child, place + each - index);
    }
    place += end - index;
    index = end;
  };
  for (const child of node.opened) {
    run(child.index);
    if (place < to + 1 && place + child.extent > from - 1) visit(child, place);
    place += child.extent;
    index += 1;
  }
  run(node.size);
}
