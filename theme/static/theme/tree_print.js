// The tree viewer on paper: all that is open, as a nested list, made for the printer and gone again.

const MOST_PRINTED = 3000;

export function followPrinter({ part, word, numbers, points, top }) {
  window.addEventListener("beforeprint", () => {
    let left = MOST_PRINTED;
    const print = (node) => {
      const list = document.createElement("ul");
      let missing = node.size;
      for (const index of [...node.kids.keys()].sort((one, other) => one - other)) {
        const child = node.kids.get(index);
        if (!child.row || (left -= 1) < 0) continue;
        missing -= 1;
        const entry = document.createElement("li");
        const { row } = child;
        entry.textContent = row.isFree ? word("Free") : [row.name, row.code, row.rank, points(row.group)].filter(Boolean).join(" · ");
        if (child.open) entry.append(print(child));
        list.append(entry);
      }
      if (missing > 0) {
        const rest = document.createElement("li");
        rest.textContent = word("More", numbers.format(missing));
        list.append(rest);
      }
      return list;
    };
    const title = document.createElement("p");
    title.textContent = top.row.name;
    part("print").replaceChildren(title, print(top));
  });
  window.addEventListener("afterprint", () => part("print").replaceChildren());
}
