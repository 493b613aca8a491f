// The tree viewer under the keyboard: walking, opening, sizes, and jumping to a name that is typed.

// Letters that follow each other faster than this are one name.
const TYPING = 800;
const FAR = 10;

export function followKeys({ stage, part, model, top, isChart, activeOf, choose, toggle, zoomBy }) {
  const { childOf, lastOf, nextSeen, previousSeen } = model;
  const repeat = (move, times) => {
    let node = activeOf();
    for (let step = 0; step < times; step += 1) node = move(node) ?? node;
    return node;
  };
  const deeper = (node) => (node.open ? choose(node.size ? childOf(node, 0) : null) : toggle(node, true));
  const higher = (node) => (node.open ? toggle(node, false) : choose(node.parent));

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
    const here = seen.indexOf(activeOf()) + (typed.length > 1 ? 0 : 1);
    choose([...seen.slice(here), ...seen.slice(0, here)].find(begins));
  }

  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const active = activeOf();
    const chart = isChart();
    const keys = {
      [chart ? "ArrowRight" : "ArrowDown"]: () => choose(nextSeen(active)),
      [chart ? "ArrowLeft" : "ArrowUp"]: () => choose(previousSeen(active)),
      [chart ? "ArrowDown" : "ArrowRight"]: () => deeper(active),
      [chart ? "ArrowUp" : "ArrowLeft"]: () => higher(active),
      Home: () => choose(top),
      End: () => choose(lastOf(top)),
      PageDown: () => choose(repeat(nextSeen, FAR)),
      PageUp: () => choose(repeat(previousSeen, FAR)),
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
}
