// The form of the look: a picker beside each colour, how it reads, and real pages with the draft.

const preview = document.querySelector("[data-brand-preview]");
const form = preview?.closest("form");
const frame = preview?.querySelector("[data-brand-window]");
const box = preview?.querySelector("[data-brand-frame]");
const state = preview?.querySelector("[role=status]");
const fields = form ? [...form.querySelectorAll("[data-brand-colour]")] : [];
let mode = "light";
let width = 1280;
let asked = 0;

function addPicker(field) {
  const row = document.createElement("div");
  row.className = "brand-colour";
  field.before(row);
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
  row.append(picker, field);
  const list = document.createElement("ul");
  list.className = "brand-contrast";
  list.setAttribute("aria-live", "polite");
  row.after(list);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    later();
  });
  field.brand = { picker, list };
}

function line(className, ...parts) {
  const item = document.createElement("li");
  for (const [name, text] of parts) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    item.append(part);
  }
  item.classList.add(className);
  return item;
}

function tell(field, colour, errors) {
  const { picker, list } = field.brand;
  const items = (errors ?? []).map((text) => line("refused", ["", text]));
  if (colour) {
    picker.value = /^#[0-9a-f]{6}$/i.test(field.value) ? field.value : colour[field.name === "accent_dark" ? "dark" : "light"];
    items.push(...colour.changes.map((text) => line("adjusted", ["", text])));
    items.push(
      ...colour.pairs.map((pair) =>
        line("pair", ["ratio", `${pair.is_readable ? "✓" : "✗"} ${pair.ratio}`], ["", `${pair.text} ≥ ${pair.least}`]),
      ),
    );
  }
  list.replaceChildren(...items);
}

function fit() {
  const scale = Math.min(1, box.clientWidth / width);
  frame.width = width;
  frame.height = Math.round(box.clientHeight / scale);
  frame.style.transform = `scale(${scale})`;
}

function show(word) {
  const page = preview.querySelector("[data-brand-page]").value;
  const address = new URL(page, location.origin);
  address.searchParams.set("look", word);
  if (frame.src !== address.href) frame.src = address.href;
}

async function check() {
  const mine = ++asked;
  const values = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") values.append(name, value);
  }
  values.set("mode", mode);
  const answer = await fetch(preview.dataset.check, { method: "POST", body: values });
  // An older answer may come after a newer one.
  if (!answer.ok || mine !== asked) return;
  const found = await answer.json();
  for (const field of fields) tell(field, found.colours?.[field.name], found.errors[field.name]);
  const isBad = Object.keys(found.errors).length > 0;
  state.textContent = isBad ? state.dataset.bad : isChanged() ? state.dataset.draft : state.dataset.saved;
  if (found.look) show(found.look);
}

const initial = form && words();

function words() {
  return JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

function isChanged() {
  return words() !== initial;
}

let waiting;
function later() {
  clearTimeout(waiting);
  waiting = setTimeout(check, 250);
}

function press(buttons, chosen) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
}

if (form) {
  fields.forEach(addPicker);
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  for (const name of ["mode", "width"]) {
    const buttons = [...preview.querySelectorAll(`[data-brand-${name}]`)];
    for (const button of buttons) {
      button.addEventListener("click", () => {
        press(buttons, button);
        if (name === "mode") mode = button.dataset.brandMode;
        else width = Number(button.dataset.brandWidth);
        fit();
        check();
      });
    }
  }
  new ResizeObserver(fit).observe(box);
  fit();
  check();
}
