// What is chosen above the tree: shape, figure on the cards, colour. The browser remembers it.

const MOST_OPEN = 12;

export const remembered = (name, usual, allowed) => {
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
export const optionsOf = (select) => [...select.options].map((option) => option.value);

export function followChoices({ root, part, state, top, reshape, restyle }) {
  const shapes = [...root.querySelectorAll("[data-tree-shape]")];
  const showShape = () => {
    shapes.forEach((key) => key.setAttribute("aria-pressed", String(key.dataset.treeShape === state.shape)));
    part("stage").setAttribute("aria-orientation", state.shape === "chart" ? "horizontal" : "vertical");
  };
  showShape();
  shapes.forEach((key) =>
    key.addEventListener("click", () => {
      state.shape = key.dataset.treeShape;
      showShape();
      remember("shape", state.shape);
      reshape();
    }),
  );
  for (const name of ["figure", "colour"]) {
    part(name).value = state[name];
    part(name).addEventListener("change", ({ target }) => {
      state[name] = target.value;
      remember(name, target.value);
      restyle();
    });
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
}
