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
  document.getElementById("address-fields").replaceWith(fresh);
  fresh.querySelector("[name=country]").focus();
}

form?.addEventListener("change", ({ target }) => {
  // Without an answer the fields stay as they are, and sending the form tells what is missing.
  if (target.name === "country") showFields().catch(() => {});
});
