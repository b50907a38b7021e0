// Buttons that copy a text. Without this script they stay hidden.
for (const button of document.querySelectorAll("button.copy")) {
  const { copy, copyText } = button.dataset;
  const source = document.getElementById(copy);
  if (!(source || copyText) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.innerHTML;
    try {
      await navigator.clipboard.writeText(copyText ?? source.innerText.trim());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy";
    }
    setTimeout(() => { button.innerHTML = label; }, 2000);
  });
}

// A link into a closed <details> opens it, if the browser does not do so itself.
function unfold() {
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = place; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
  }
  if (place) place.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
