// The tree viewer's panel about the chosen member, with what can be done from there.

const TONES = { active: "good", suspended: "warn", terminated: "bad" };

export function makeDetails({ root, part, word, cards, top }) {
  const { figures, numbers, points } = cards;
  const panel = part("details");
  const days = { dateStyle: "medium", timeZone: "UTC" };

  // Of a past month some fields are not there.
  const put = (name, text) => {
    const field = panel.querySelector(`[data-field=${name}]`);
    if (field) field.textContent = text;
  };

  return function writeDetails(active) {
    const { row } = active;
    panel.hidden = !row?.code;
    if (panel.hidden) return;
    put("name", row.name);
    put("code", row.code);
    put("status", row.statusLabel ?? "");
    panel.querySelector("[data-field=status]").className = `badge ${TONES[row.status] ?? ""}`;
    put("rank", row.rank ?? word("NoRank"));
    put("joined", row.joined ? new Date(row.joined).toLocaleDateString(document.documentElement.lang, days) : "–");
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
  };
}
