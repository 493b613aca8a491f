// The card step of the checkout. Everything that differs between Stripe and localstripe, which
// knows the card element only, is in the two drivers below; the server's path is one and the same.

const labels = {
  number: { autocomplete: "cc-number", inputmode: "numeric" },
  exp_month: { autocomplete: "cc-exp-month", inputmode: "numeric" },
  exp_year: { autocomplete: "cc-exp-year", inputmode: "numeric" },
  cvc: { autocomplete: "cc-csc", inputmode: "numeric" },
};

const drivers = {
  localstripe(stripe) {
    const card = stripe.elements().create("card");
    return {
      mount(place) {
        card.mount(place);
        for (const name of place.querySelectorAll("span")) name.hidden = true;
        for (const input of place.querySelectorAll("input")) {
          const name = input.placeholder;
          input.dataset.card = name;
          if (!labels[name]) {
            input.hidden = true;
            continue;
          }
          input.placeholder = place.dataset[`label${name.replace("_", "")}`] ?? name;
          input.setAttribute("aria-label", input.placeholder);
          for (const [attribute, value] of Object.entries(labels[name])) input.setAttribute(attribute, value);
        }
      },
      async collect() {
        if (!card.value) return { error: {} };
        for (const name of Object.keys(card.value.card)) {
          card.value.card[name] = card.value.card[name].replaceAll(" ", "");
        }
        const { token, error } = await stripe.createToken(card);
        return { error, id: token?.card.id };
      },
      authenticate: (secret) => stripe.confirmCardPayment(secret),
    };
  },

  stripe(stripe, data) {
    let elements;
    return {
      mount(place) {
        elements = stripe.elements({
          mode: "payment",
          amount: Number(data.amount),
          currency: data.currency.toLowerCase(),
          locale: data.locale,
          paymentMethodCreation: "manual",
          paymentMethodTypes: ["card"],
        });
        elements.create("payment").mount(place);
      },
      async collect() {
        const { error: incomplete } = await elements.submit();
        if (incomplete) return { error: incomplete };
        const { error, paymentMethod } = await stripe.createPaymentMethod({ elements });
        return { error, id: paymentMethod?.id };
      },
      authenticate: (secret) => stripe.handleNextAction({ clientSecret: secret }),
    };
  },
};

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function openDriver(data) {
  await loadScript(data.script);
  return drivers[data.kind](window.Stripe(data.key), data);
}

function setUpForm(form) {
  const place = form.querySelector("[data-card-element]");
  const problem = form.querySelector("[data-card-error]");
  const button = form.querySelector("[data-pay]");
  const field = form.elements.payment_method;
  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  const byCard = () => {
    const chosen = form.querySelector("input[name=method]:checked, input[name=method][type=hidden]");
    return chosen?.value === "card";
  };
  const showChoice = () => {
    for (const part of form.querySelectorAll("[data-for-method]")) {
      part.hidden = part.dataset.forMethod !== (byCard() ? "card" : "transfer");
    }
    say("");
  };

  const opened = openDriver(form.dataset).then((driver) => {
    driver.mount(place);
    form.dataset.ready = "";
    return driver;
  });
  opened.catch(() => say(form.dataset.unavailable));

  form.addEventListener("change", showChoice);
  showChoice();

  form.addEventListener("submit", async (event) => {
    if (!byCard() || field.value) {
      button.disabled = true;
      return;
    }
    event.preventDefault();
    say("");
    button.disabled = true;
    try {
      const { error, id } = await (await opened).collect();
      if (id) {
        field.value = id;
        form.requestSubmit();
        return;
      }
      say(error?.message && error.message !== "Bad request" ? error.message : form.dataset.incomplete);
    } catch {
      say(form.dataset.unavailable);
    }
    button.disabled = false;
  });

  // Back from the next page by the browser's own button: a card id is used once.
  window.addEventListener("pageshow", () => {
    field.value = "";
    button.disabled = false;
  });
}

async function setUpAction(place) {
  const driver = await openDriver(place.dataset);
  await driver.authenticate(place.dataset.secret);
  // Whatever the bank said, the server asks the provider and goes on from there.
  window.location.assign(place.dataset.return);
}

const form = document.querySelector("form[data-payment]");
if (form) setUpForm(form);
const action = document.querySelector("[data-payment-action]");
if (action) setUpAction(action).catch(() => window.location.assign(action.dataset.return));
