// Closing a notice without loading the page again; the form does the same without a script.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-close-notice]");
  if (!form) return;
  event.preventDefault();
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  form.closest(".site-notice").remove();
  document.getElementById("content").focus({ preventScroll: true });
});
