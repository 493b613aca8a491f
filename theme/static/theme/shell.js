// Copy buttons and native dialogs. Everything else of the shell works without a script.

document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) {
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
    return;
  }
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    document.getElementById(opener.dataset.dialog).showModal();
    return;
  }
  const closer = event.target.closest("[data-close]");
  closer?.closest("dialog")?.close();
});

// A filter that is chosen is applied: forms that ask for it need no extra press.
document.addEventListener("change", (event) => {
  event.target.form?.matches("[data-submit-on-change]") && event.target.form.requestSubmit();
});
