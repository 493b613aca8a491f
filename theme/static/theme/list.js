// Lists: a filter, a chip or a page changes the list in place. Without this the same form and links
// load whole pages.

const form = document.querySelector("[data-list-filters]");

// Empty fields and the order a list has anyway, which is the first of them, stay out of the address.
form?.addEventListener("htmx:configRequest", (event) => {
  const usual = document.querySelector("#list-sort option")?.value;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (value === "" || (name === "sort" && value === usual)) event.detail.formData.delete(name);
  }
});

// Of several that exclude each other, the last one ticked stays.
form?.addEventListener(
  "change",
  ({ target }) => {
    if (target.dataset.single === undefined || !target.checked) return;
    for (const other of form.querySelectorAll(`[name="${target.name}"]`)) {
      if (other !== target) other.checked = false;
    }
  },
  true,
);

// The order stands above the list, outside of the form it belongs to.
document.addEventListener("change", ({ target }) => {
  if (form && target.form === form && !form.contains(target)) form.requestSubmit();
});

// On phones the filters are a sheet: asking for the products closes it.
form?.addEventListener("submit", () => {
  if (form.matches(":popover-open")) form.hidePopover();
});

// Links to the same list: chips, spans of prices, pages.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-list-links] a, [data-list] .pagination a, [data-list] .empty a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!globalThis.htmx || new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  const turnsPage = Boolean(link.closest(".pagination"));
  htmx
    .ajax("GET", link.href, { target: "#list-results", swap: "outerHTML", source: "#list-results", push: "true" })
    .then(() => {
      const list = document.getElementById("list-results");
      list.tabIndex = -1;
      list.focus({ preventScroll: true });
      if (turnsPage) list.scrollIntoView();
    });
});
