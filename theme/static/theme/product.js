// The product's page: choosing a variant without a reload, and pictures that enlarge. Without it the
// choices are plain radios with their prices, and pictures and thumbnails are links.

function showVariant(choice) {
  const { price, stock, points, canBuy } = choice.dataset;
  const can = canBuy !== undefined;
  const said = { price, stock, points };
  for (const [name, text] of Object.entries(said)) {
    document.querySelectorAll(`[data-${name}]:not(input)`).forEach((place) => {
      place.textContent = text;
      place.hidden = !text;
    });
  }
  const state = document.querySelector("[data-stock]:not(input)");
  state?.classList.toggle("good", can);
  state?.classList.toggle("bad", !can);
  document
    .querySelectorAll("[data-buy]")
    .forEach((part) => part.classList.toggle("unavailable", !can));
  document.querySelectorAll("[data-steps]").forEach((steps) => {
    steps.hidden = steps.dataset.steps !== choice.value;
  });
  const alert = document.querySelector("[data-alert]");
  if (alert && !can) {
    alert.open = true;
    const which = alert.querySelector("select");
    if (which) which.value = choice.value;
  }
  const address = new URL(location.href);
  address.searchParams.set("variant", choice.value);
  history.replaceState(null, "", address);
}

const choices = [...document.querySelectorAll("input[data-variant]")];
choices.forEach((choice) => choice.addEventListener("change", () => showVariant(choice)));
const chosen = choices.find((choice) => choice.checked)?.value;
document.querySelectorAll("[data-steps]").forEach((steps) => {
  steps.hidden = chosen !== undefined && steps.dataset.steps !== chosen;
});

function makeGallery(gallery) {
  const strip = gallery.querySelector(".gallery-strip");
  const pictures = [...gallery.querySelectorAll("[data-zoom]")];
  const thumbs = [...gallery.querySelectorAll("[data-thumb]")];
  const dialog = gallery.querySelector(".zoom");
  if (!strip) return;
  const stage = dialog.querySelector(".zoom-stage");
  const image = stage.querySelector("img");
  const caption = dialog.querySelector(".zoom-caption");
  const sizer = dialog.querySelector("[data-zoom-size]");
  let shown = 0;

  const goTo = (index) => {
    shown = (index + pictures.length) % pictures.length;
    strip.scrollTo({ left: pictures[shown].parentElement.offsetLeft - strip.offsetLeft });
  };
  const resize = (large) => {
    dialog.classList.toggle("large", large);
    sizer.setAttribute("aria-pressed", String(large));
  };
  const enlarge = (index) => {
    goTo(index);
    const { caption: words, width, height } = pictures[shown].dataset;
    image.src = pictures[shown].href;
    image.alt = words;
    image.width = width;
    image.height = height;
    caption.textContent = pictures.length > 1 ? `${words} · ${shown + 1}/${pictures.length}` : words;
    resize(false);
    if (!dialog.open) dialog.showModal();
  };

  pictures.forEach((picture, index) =>
    picture.addEventListener("click", (event) => {
      event.preventDefault();
      enlarge(index);
    }),
  );
  thumbs.forEach((thumb, index) =>
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(index);
    }),
  );
  dialog.querySelectorAll("[data-zoom-step]").forEach((key) =>
    key.addEventListener("click", () => enlarge(shown + Number(key.dataset.zoomStep))),
  );
  dialog.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way && pictures.length > 1) enlarge(shown + way);
  });
  const toggle = () => resize(!dialog.classList.contains("large"));
  sizer.addEventListener("click", toggle);
  image.addEventListener("click", toggle);
  dialog.addEventListener("close", () => pictures[shown].focus());

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        const index = pictures.findIndex((picture) => picture.parentElement === entry.target);
        shown = dialog.open ? shown : index;
        thumbs.forEach((thumb, number) =>
          number === index
            ? thumb.setAttribute("aria-current", "true")
            : thumb.removeAttribute("aria-current"),
        );
      }
    },
    { root: strip, threshold: 0.6 },
  );
  pictures.forEach((picture) => watcher.observe(picture.parentElement));
}

document.querySelectorAll("[data-gallery]").forEach(makeGallery);
