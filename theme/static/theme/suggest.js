// The search field answers while someone types: a list to walk through with the arrow keys. Without
// this the form is a plain form.

const WAIT = 160;

for (const form of document.querySelectorAll("[data-suggest]")) {
  const field = form.querySelector('input[type="search"]');
  const box = form.querySelector("[data-suggestions]");
  const status = form.querySelector("[data-suggest-status]");
  let timer;
  let asked;
  let current = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", box.id);

  const options = () => [...box.querySelectorAll('[role="option"]')];

  function close() {
    asked?.abort();
    clearTimeout(timer);
    box.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(place) {
    const all = options();
    current = place;
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", all[place].id);
      all[place].scrollIntoView({ block: "nearest" });
    }
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const words = field.value.trim();
    if (words.length < 2) return close();
    try {
      const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: words })}`, {
        signal: asked.signal,
      });
      if (!answer.ok) return close();
      box.innerHTML = await answer.text();
    } catch {
      return;
    }
    const all = options();
    all.forEach((option, index) => (option.id = `${box.id}-${index}`));
    const found = Math.max(0, all.length - 1);
    box.hidden = found === 0 || document.activeElement !== field;
    field.setAttribute("aria-expanded", String(!box.hidden));
    status.textContent = found ? status.dataset.some.replace("%s", found) : status.dataset.none;
    mark(-1);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });

  field.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && box.hidden && field.value.trim().length > 1) {
      event.preventDefault();
      ask();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !box.hidden) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = all.length + 1;
      // One place more than there are options: the field itself.
      mark(((current + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      all[current].click();
    }
  });

  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!form.contains(relatedTarget)) close();
  });
}
