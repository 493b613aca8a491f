// Questions are narrowed down while typing. Without a script the form asks the server.

const form = document.querySelector("[data-faq-search]");
const count = document.querySelector("[data-faq-count]");
const groups = [...document.querySelectorAll(".faq-group")];

// Only a page that shows all questions can narrow them down by itself.
if (form && !new URLSearchParams(location.search).get("q")) {
  const entries = groups.flatMap((group) =>
    [...group.querySelectorAll("details")].map((details) => ({
      details,
      text: `${group.querySelector("h2").textContent} ${details.textContent}`.toLocaleLowerCase(),
    })),
  );
  form.elements.q.addEventListener("input", () => {
    const words = form.elements.q.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { details, text } of entries) {
      const fits = words.every((word) => text.includes(word));
      details.hidden = !fits;
      found += fits;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("details:not([hidden])");
    }
    count.textContent = found ? "" : count.dataset.none;
  });
}
