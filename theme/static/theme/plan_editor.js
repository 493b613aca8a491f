// Line numbers beside the text of a plan, marks on wrong lines, and a way from each problem to its line.
// Without it the page names lines and quotes them.

const problems = [...document.querySelectorAll(".plan-problems [data-line]")];
const wrong = new Set(problems.map((problem) => Number(problem.dataset.line)));

function number(gutter, text) {
  const count = text.value.split("\n").length;
  if (gutter.childElementCount === count) return;
  gutter.replaceChildren(
    ...Array.from({ length: count }, (_, index) => {
      const line = document.createElement("span");
      line.textContent = index + 1;
      line.classList.toggle("is-wrong", wrong.has(index + 1));
      return line;
    }),
  );
}

function goTo(text, line) {
  const lines = text.value.split("\n");
  const begin = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  text.focus();
  text.setSelectionRange(begin, begin + (lines[line - 1]?.length ?? 0));
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(line - 6, 0);
}

for (const editor of document.querySelectorAll("[data-plan-editor]")) {
  const text = editor.querySelector("textarea");
  const gutter = document.createElement("div");
  gutter.className = "plan-gutter";
  gutter.ariaHidden = "true";
  editor.prepend(gutter);
  const follow = () => {
    gutter.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", () => {
    number(gutter, text);
    follow();
  });
  text.addEventListener("scroll", follow);
  number(gutter, text);
  for (const problem of problems) {
    problem.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      goTo(text, Number(problem.dataset.line));
    });
  }
}
