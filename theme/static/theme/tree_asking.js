// The tree viewer asks the server: parts of first lines as they come into view, hits and paths. What was
// only passed by is not asked for: the last drawing says what is seen.

const PAGE = 50;
const AT_ONCE = 4;
const SOON = 70;
const AGAIN = 3000;

export function makeAsker({ root, word, say, take, loaded }) {
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

  async function load() {
    const batch = [...wanted].slice(0, AT_ONCE);
    wanted.clear();
    await Promise.all(
      batch.map(async ([key, [node, start]]) => {
        asked.add(key);
        try {
          take(node, await ask(root.dataset.branch, { of: node.row.code, from: start }));
        } catch {
          setTimeout(() => asked.delete(key), AGAIN);
          say(word("Failed"));
        }
      }),
    );
    if (batch.length) loaded();
  }

  const loadSoon = () => {
    clearTimeout(timer);
    if (wanted.size) timer = setTimeout(load, SOON);
  };
  return { ask, need, loadSoon };
}
