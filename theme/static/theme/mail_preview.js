// The preview of a mail follows what is typed: the form is sent into the frame, unsaved.

const form = document.querySelector("[data-mail-preview]");
const frame = document.querySelector(".mail-editor .mail-frame");
const widths = document.querySelector(".mail-editor-widths");
const PAUSE = 400;

if (form && frame) {
  let timer;

  const show = () => {
    const { action, target } = form;
    form.action = form.dataset.mailPreview;
    form.target = "mail-preview";
    form.submit();
    form.action = action;
    form.target = target;
  };

  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(show, event.target.type === "radio" ? 0 : PAUSE);
  });

  widths.hidden = false;
  widths.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mail-width]");
    if (!button) return;
    for (const each of widths.querySelectorAll("[data-mail-width]")) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    frame.classList.toggle("phone", button.dataset.mailWidth === "phone");
  });
}
