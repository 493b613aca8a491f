// Names and roles that Oscar's staff pages leave out, for who listens instead of looking.

function columnOf(cell) {
  return cell.closest("table").tHead?.rows[0]?.cells[cell.cellIndex]?.textContent.trim() ?? "";
}

function rowOf(cell) {
  const row = cell.parentElement;
  const named = row.querySelector("th, td a");
  return (named ?? row).textContent.trim().replace(/\s+/g, " ").slice(0, 80);
}

function hasName(field) {
  return field.labels?.length || field.ariaLabel || field.getAttribute("aria-labelledby");
}

function nameFields() {
  for (const field of document.querySelectorAll("td :is(input, select, textarea):not([type=hidden])")) {
    const cell = field.closest("td");
    if (!hasName(field)) field.ariaLabel = [rowOf(cell), columnOf(cell)].filter(Boolean).join(": ");
  }
  const { allRows } = document.querySelector("script[data-all-rows]").dataset;
  for (const field of document.querySelectorAll("input[name=select_all]")) {
    if (!hasName(field)) field.ariaLabel = allRows;
  }
  // The search field that select2 puts beside a field takes the words of that field's label.
  for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const select = field.closest(".select2")?.previousElementSibling;
    const label = select?.labels?.[0]?.textContent ?? field.placeholder;
    if (label) field.ariaLabel = label.trim();
  }
  // With nothing to choose it names its box after the choice, which is empty then.
  for (const shown of document.querySelectorAll(".select2-selection__rendered[role=textbox]:empty")) {
    const label = shown.closest(".select2").previousElementSibling?.labels?.[0]?.textContent.trim();
    if (!label) continue;
    shown.ariaLabel = label;
    shown.closest(".select2-selection").ariaLabel = label;
  }
}

function repairRoles() {
  for (const item of document.querySelectorAll("[role=tablist] > li")) item.role = "presentation";
  for (const tab of document.querySelectorAll("[role=tablist] [data-toggle=tab]")) {
    tab.role = "tab";
    tab.ariaSelected = String(tab.classList.contains("active"));
  }
  for (const list of document.querySelectorAll("dl.bar-chart")) {
    list.role = "list";
    for (const item of list.children) item.role = "listitem";
  }
  // A column without a name cannot be sorted by anything either.
  for (const link of document.querySelectorAll("th > a")) {
    if (!link.textContent.trim()) link.remove();
  }
  for (const table of document.querySelectorAll("table, .table-responsive")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
}

// Rows become cards on phones (components.css), each value with the name of its column.
function stackTables() {
  for (const table of document.querySelectorAll(".page-content table.table:not(.cards)")) {
    const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    // Cells that span columns, and the forms that hold whole fieldsets, keep their grid.
    if (!names.length || rows.some((row) => row.cells.length !== names.length)) continue;
    if (table.querySelector("fieldset, td table")) continue;
    table.classList.add("cards");
    for (const row of rows) {
      const title = [...row.cells].slice(0, -1).find((cell) => cell.querySelector("a"));
      title?.classList.add("card-title");
      for (const cell of row.cells) {
        if (cell !== title && names[cell.cellIndex]) cell.dataset.label = names[cell.cellIndex];
        if (!cell.textContent.trim() && !cell.children.length) cell.classList.add("empty");
      }
    }
  }
}

repairRoles();
stackTables();
nameFields();
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true });
