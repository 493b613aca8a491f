// The tree viewer's knowledge of a branch: cards, loaded or not, and how much room each one takes.

// How many places everybody has in the placement tree; 0 in the sponsor tree.
let slots = 0;

// A card, whether loaded or not. `opened` are its open children in their order; `extent` is how many
// units the branch takes as it is opened.
const makeNode = (parent, index) => ({
  parent, index, level: parent ? parent.level + 1 : 0, kids: new Map(), opened: [], open: false, extent: 1, size: 0, row: null,
});
export const fill = (node, row) => {
  node.row = row;
  node.size = Math.max(node.size, row.size ? Math.max(row.size, slots) : 0);
  return node;
};
export const childOf = (node, index) => {
  let child = node.kids.get(index);
  if (!child) node.kids.set(index, (child = makeNode(node, index)));
  return child;
};
export const takePage = (node, page) => {
  if (page.total !== node.size) node.size = page.total;
  for (const row of page.rows) fill(childOf(node, row.index), row);
};
export const measure = (node, chart) => {
  let below = 0;
  if (node.open) {
    below = node.size;
    for (const child of node.opened) below += measure(child, chart) - 1;
  }
  node.extent = chart ? Math.max(1, below) : 1 + below;
  return node.extent;
};
export const setOpen = (node, open) => {
  if (node.open === open || (open && !node.size)) return;
  node.open = open;
  const siblings = node.parent?.opened;
  if (!siblings) return;
  if (open) siblings.push(node) && siblings.sort((one, other) => one.index - other.index);
  else siblings.splice(siblings.indexOf(node), 1);
};
export const startOf = (node, chart) => {
  if (!node.parent) return 0;
  let start = startOf(node.parent, chart) + (chart ? 0 : 1) + node.index;
  for (const sibling of node.parent.opened) {
    if (sibling.index >= node.index) break;
    start += sibling.extent - 1;
  }
  return start;
};

export function findLoaded(node, test) {
  if (test(node)) return node;
  for (const child of node.kids.values()) {
    const found = findLoaded(child, test);
    if (found) return found;
  }
  return null;
}

export const nextSeen = (node) => {
  if (node.open && node.size) return childOf(node, 0);
  for (let each = node; each.parent; each = each.parent) {
    if (each.index + 1 < each.parent.size) return childOf(each.parent, each.index + 1);
  }
  return null;
};
export const lastOf = (node) => (node.open && node.size ? lastOf(childOf(node, node.size - 1)) : node);
export const previousSeen = (node) => {
  if (!node.parent) return null;
  return node.index ? lastOf(childOf(node.parent, node.index - 1)) : node.parent;
};
export const deepestOpen = (node) => {
  let depth = node.level + 1;
  for (const child of node.opened) depth = Math.max(depth, deepestOpen(child));
  return node.open ? depth : node.level;
};

// The branch a page begins with: its head, and what is open below it.
export function begin(data) {
  slots = data.tree === "placement" ? data.width : 0;
  const top = fill(makeNode(null, 0), data.page.of);
  takePage(top, data.page);
  setOpen(top, true);
  for (const page of data.opened) {
    const node = findLoaded(top, (each) => each.row?.code === page.of.code);
    if (!node) continue;
    takePage(node, page);
    setOpen(node, true);
  }
  return top;
}
