// Copy buttons, native dialogs, number keys, tabs and toasts. The shell itself works without a script.

async function copy(copier) {
  const source = document.getElementById(copier.dataset.copy);
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the clipboard (plain http, old browser) the text is selected, ready to be copied.
    source.select?.();
    return;
  }
  const word = copier.querySelector("[data-copy-word]") ?? copier;
  const before = word.textContent;
  word.textContent = copier.dataset.copied;
  setTimeout(() => (word.textContent = before), 2000);
}

// The field tells its form, as if typed: filters, totals and htmx listen to `change`.
function step(key) {
  const field = key.closest(".stepper").querySelector("input");
  const before = field.value;
  Number(key.dataset.step) > 0 ? field.stepUp() : field.stepDown();
  if (field.value !== before) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-copy], [data-step], [data-dialog], [data-close], [data-toast]");
  if (target) {
    if (target.dataset.copy) copy(target);
    else if (target.dataset.step) step(target);
    else if (target.dataset.toast) {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: target.dataset.toast } }));
    } else if (target.dataset.dialog) {
      // The opener may be a link to the page that does the same without a script.
      event.preventDefault();
      document.getElementById(target.dataset.dialog).showModal();
    } else target.closest("dialog")?.close();
    return;
  }
  // A press beside a dialog at the side closes it.
  event.target.matches("dialog.side") && event.target.close();
});

// A rail that has become a row begins at the page one is on.
const here = document.querySelector(".rail [aria-current]");
if (here) {
  const row = here.closest("ul");
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// A filter that is chosen is applied: forms that ask for it need no extra press.
document.addEventListener("change", (event) => {
  event.target.form?.matches("[data-submit-on-change]") && event.target.form.requestSubmit();
});

// A toast: `document.dispatchEvent(new CustomEvent("toast", {detail: {text, kind, url, action}}))`,
// or the server's answer to htmx with the header `HX-Trigger: {"toast": {"text": "…"}}`.
const toasts = document.createElement("div");
toasts.className = "toasts";
toasts.setAttribute("role", "status");
document.body.append(toasts);

document.addEventListener("toast", ({ detail }) => {
  const toast = document.createElement("div");
  toast.className = `toast ${detail.kind === "bad" ? "bad" : ""}`;
  const words = document.createElement("span");
  words.textContent = detail.text;
  toast.append(words);
  if (detail.url) {
    const link = document.createElement("a");
    link.href = detail.url;
    link.textContent = detail.action;
    toast.append(link);
  }
  toasts.replaceChildren(toast);
  setTimeout(() => toast.remove(), 6000);
});

// Tabs: a list of links to sections of the page. Without a script it is a table of contents.
function makeTabs(list) {
  const tabs = [...list.querySelectorAll("a[href^='#']")];
  const panels = tabs.map((tab) => document.getElementById(tab.hash.slice(1)));
  const show = (chosen) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panels[index].hidden = tab !== chosen;
    });
  };
  list.setAttribute("role", "tablist");
  tabs.forEach((tab, index) => {
    tab.parentElement.setAttribute("role", "presentation");
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panels[index].id);
    tab.id ||= `tab-${panels[index].id}`;
    panels[index].setAttribute("role", "tabpanel");
    panels[index].setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show(tab);
    });
    tab.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way) return;
      const next = tabs[(index + way + tabs.length) % tabs.length];
      show(next);
      next.focus();
    });
  });
  // An address may name a section inside a tab, such as one review.
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const found = target ? panels.findIndex((panel) => panel.contains(target)) : -1;
    if (found >= 0) show(tabs[found]);
    return found >= 0;
  };
  open() || show(tabs[0]);
  window.addEventListener("hashchange", open);
}

document.querySelectorAll("[data-tabs]").forEach(makeTabs);
