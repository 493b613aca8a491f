// The basket without reloads. Forms that add a product open the side sheet; every form of the basket
// page changes the page in place. Without this script the same forms lead to the same pages.

const ADD = /\/basket\/add\/\d+\/$/;

async function ask(form, submitter) {
  return fetch(form.action, {
    method: "POST",
    body: new FormData(form, submitter),
    headers: { "X-Part": "basket" },
    // A note that was typed last is kept although the page is left.
    keepalive: true,
  });
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// The number beside every link to the basket in the header.
function showCount({ pieces, inBasket }) {
  const base = document.querySelector("script[data-basket-url]").dataset.basketUrl;
  for (const link of document.querySelectorAll(`.site-header a[href="${base}"]`)) {
    let count = link.querySelector(".count");
    if (pieces === "0") {
      count?.remove();
      continue;
    }
    if (!count) {
      count = document.createElement("span");
      count.className = "count";
      link.append(count);
    }
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = ` ${inBasket}`;
    count.replaceChildren(pieces, words);
  }
}

// --- the side sheet ------------------------------------------------------------------------------

function complain(form, errors) {
  const list = form.querySelector("[data-add-errors]") ?? document.createElement("ul");
  list.className = "errors";
  list.dataset.addErrors = "";
  list.setAttribute("role", "alert");
  list.replaceChildren(
    ...errors.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  form.append(list);
}

async function add(form, submitter) {
  form.querySelector("[data-add-errors]")?.remove();
  const answer = await ask(form, submitter);
  if (answer.status === 422) {
    complain(form, (await answer.json()).errors);
    return;
  }
  const sheet = answer.ok && parse(await answer.text()).getElementById("basket-sheet");
  // Whatever else came, such as a page to sign in: the form's own way shows it.
  if (!sheet) {
    form.submit();
    return;
  }
  document.getElementById("basket-sheet")?.remove();
  document.body.append(sheet);
  showCount(sheet.dataset);
  sheet.showModal();
}

// --- the basket page -----------------------------------------------------------------------------

function put(page) {
  const active = document.activeElement;
  const [id, name] = [active?.id, active?.name];
  const fresh = page.getElementById("basket");
  document.getElementById("basket").replaceWith(fresh);
  const messages = page.getElementById("messages");
  if (messages) document.getElementById("messages").replaceWith(messages);
  showCount(fresh.dataset);
  document.querySelector("[data-basket-status]").textContent = fresh.dataset.said;
  const again =
    fresh.querySelector("[data-undo]") ??
    fresh.querySelector("[aria-invalid]") ??
    (id && document.getElementById(id)) ??
    (name && fresh.querySelector(`[name="${CSS.escape(name)}"]`));
  again?.focus({ preventScroll: true });
}

let latest = 0;

async function change(form, submitter) {
  const mine = ++latest;
  document.getElementById("basket").setAttribute("aria-busy", "true");
  const answer = await ask(form, submitter);
  const page = parse(await answer.text());
  if (mine !== latest) return;
  // An ended session leads elsewhere: then the whole page is asked for.
  page.getElementById("basket") ? put(page) : location.reload();
}

let typing;

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (!form?.closest("[data-basket]")) return;
  if (form.id === "basket-lines" && target.type === "number") {
    clearTimeout(typing);
    // Several presses of + are one question to the server.
    typing = setTimeout(() => form.isConnected && form.requestSubmit(), 350);
  }
  if (form.matches("[data-gift-note]")) ask(form).catch(() => {});
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post" || submitter?.name === "next") return;
  const work = ADD.test(form.action) ? add : form.closest("[data-basket]") ? change : null;
  if (!work) return;
  event.preventDefault();
  clearTimeout(typing);
  work(form, submitter).catch(() => form.submit());
});
