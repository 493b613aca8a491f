// Another country has other fields: they are fetched, and what was typed stays.

const form = document.querySelector("form[data-address]");

async function showFields() {
  const said = new FormData(form);
  said.append("refresh", "1");
  const answer = await fetch(form.action, {
    method: "POST",
    body: said,
    headers: { "X-Part": "address" },
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("address-fields");
  if (!fresh) return;
  const shown = document.getElementById("address-fields");
  keepWhatWasTyped(shown, fresh, said);
  const focused = shown.contains(document.activeElement) ? document.activeElement.name : "";
  shown.replaceWith(fresh);
  (focused ? fresh.querySelector(`[name="${focused}"]`) : null)?.focus();
}

// Whoever types on while the answer is under way loses nothing.
function keepWhatWasTyped(shown, fresh, said) {
  for (const field of shown.querySelectorAll("[name]")) {
    const same = fresh.querySelector(`[name="${field.name}"]`);
    if (same && field.value !== said.get(field.name)) same.value = field.value;
  }
}

form?.addEventListener("change", ({ target }) => {
  // Without an answer the fields stay as they are, and sending the form tells what is missing.
  if (target.name === "country") showFields().catch(() => {});
});
