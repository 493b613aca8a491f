// The way to a member in the tree viewer: everything above is opened until the card is seen.

export function makePath({ root, word, ask, say, model, top, arrive }) {
  const { childOf, fill, findLoaded, setOpen } = model;

  return async function openPath(code) {
    let path;
    try {
      path = await ask(root.dataset.path, { of: code });
    } catch (error) {
      say(word(error.status === 404 ? "Gone" : "Failed"));
      return;
    }
    const rows = [...path.rows];
    let node = findLoaded(top, (each) => each.row?.code === path.top);
    if (!node) {
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
    arrive(node);
  };
}
