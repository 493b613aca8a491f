// The tree viewer's cards and their colours: what is written on them for the figure that is chosen.

let identity = 0;

export function makeCards({ part, word, data, state }) {
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const halves = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2 });
  const points = (value) =>
    value === undefined ? "–" : `${(value % 100 ? halves : numbers).format(value / 100)} PV`;
  const placeName = (row) => (data.width === 2 ? word(row.index ? "Right" : "Left") : word("Slot", row.index + 1));
  const figures = {
    group: (row) => points(row.group),
    own: (row) => points(row.own),
    size: (row) => `${word("Size")}: ${numbers.format(row.size ?? 0)}`,
    rank: (row) => row.rank ?? word("NoRank"),
    status: (row) => row.statusLabel ?? "",
    leg: (row) => (row.legMembers === undefined ? points(row.group) : `${numbers.format(row.legMembers)} · ${points(row.legPoints)}`),
  };

  function write(card, node, { size, version, active }) {
    const { row } = node;
    const [name, rank, figure, toggle] = card.children;
    card.version = version;
    card.id ||= `tree-card-${(identity += 1)}`;
    card.style.width = `${size}px`;
    card.className = `tree-card ${state.shape}${row ? "" : " is-waiting"}${row?.isFree ? " is-free" : ""}${node === active ? " is-active" : ""}`;
    card.setAttribute("aria-level", node.level + 1);
    card.setAttribute("aria-setsize", node.parent?.size ?? 1);
    card.setAttribute("aria-posinset", node.index + 1);
    card.setAttribute("aria-selected", String(node === active));
    if (node.size) card.setAttribute("aria-expanded", String(node.open));
    else card.removeAttribute("aria-expanded");
    const slot = data.tree === "placement" && node.parent && node.level ? placeName(node) : "";
    name.textContent = row?.isFree ? word("Free") : (row?.name ?? word("Loading"));
    rank.textContent = row?.isFree ? slot : [slot, state.figure === "rank" ? "" : row?.rank].filter(Boolean).join(" · ");
    figure.textContent = row && !row.isFree && row.code ? figures[state.figure](row) : "";
    toggle.textContent = node.size && row?.size ? numbers.format(row.size) : "";
    card.dataset.tone = toneOf(row);
  }

  const STEPS = [0, 100, 1000, 10000];
  const STATUSES = ["active", "applicant", "suspended", "terminated"];
  const tones = {
    points: (row) => {
      const value = (state.figure === "own" ? row.own : row.group) ?? 0;
      return `p${value <= 0 ? 0 : STEPS.filter((step) => value >= step * 100).length}`;
    },
    rank: (row) => (row.rank ? `r${data.ranks.indexOf(row.rank) % 8}` : "none"),
    status: (row) => row.status,
  };
  const toneOf = (row) => (row?.code ? tones[state.colour](row) : "none");

  function writeLegend() {
    const steps = STEPS.slice(1);
    const entries = {
      points: () => [
        ["p0", word("None")],
        ["p1", word("Under", numbers.format(steps[0]))],
        ...steps.map((step, index) => [`p${index + 2}`, word("From", numbers.format(step))]),
      ].map(([tone, text], index) => [tone, index ? text : `${word(state.figure === "own" ? "Own" : "Group")}: ${text}`]),
      rank: () => [["none", word("NoRank")], ...data.ranks.map((rank, index) => [`r${index % 8}`, rank])],
      status: () => STATUSES.map((status) => [status, word(status[0].toUpperCase() + status.slice(1))]),
    }[state.colour]();
    part("legend").replaceChildren(
      ...entries.map(([tone, text]) => {
        const entry = document.createElement("li");
        entry.dataset.tone = tone;
        entry.textContent = text;
        return entry;
      }),
    );
  }

  return { figures, numbers, points, write, writeLegend };
}
