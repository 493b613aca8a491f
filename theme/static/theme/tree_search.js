// Search in the tree viewer: what is found below the field while one types. The list is the one that the
// page has without a script, where its links lead to the branch; here `open` shows the way to it.

export function followSearch({ root, part, word, ask, say, open }) {
  const field = root.querySelector("#tree-q");
  const hits = part("hits");
  let latest = 0;
  async function search() {
    const text = field.value.trim();
    const mine = (latest += 1);
    if (!text) {
      hits.hidden = true;
      say("");
      return;
    }
    let found;
    try {
      found = (await ask(root.dataset.find, { q: text })).hits;
    } catch {
      say(word("Failed"));
      return;
    }
    if (mine !== latest) return;
    say(found.length ? word("Found", found.length) : word("Nobody"));
    hits.hidden = !found.length;
    hits.replaceChildren(
      ...found.map((row) => {
        const link = document.createElement("a");
        link.href = `${root.dataset.page}?of=${row.code}&${root.dataset.parameters}`;
        link.dataset.code = row.code;
        const more = document.createElement("span");
        more.className = "muted";
        more.textContent = `${row.code} · ${word("Level", row.level)}`;
        link.append(row.name, " ", more);
        const entry = document.createElement("li");
        entry.append(link);
        return entry;
      }),
    );
  }
  let typing = 0;
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 250);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || hits.hidden) return;
    hits.hidden = true;
    say("");
    field.focus();
  });
  hits.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-code]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    hits.hidden = true;
    open(link.dataset.code);
  });
  // Asked for by its button or by Enter in the field.
  part("form").addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-tree-search]") || document.activeElement === field) {
      event.preventDefault();
      clearTimeout(typing);
      search();
    }
  });
}
