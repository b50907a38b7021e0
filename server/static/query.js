// The query page apart from its editor: filtering questions and sorting rows.

const filter = document.getElementById("filter");
if (filter) {
  const groups = [...document.querySelectorAll(".groups > div")];
  const status = document.querySelector(".questions [role=status]");
  filter.parentElement.hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of groups) {
      const heading = group.querySelector("h3").textContent;
      for (const item of group.querySelectorAll("li")) {
        const text = `${heading} ${item.textContent}`.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
      }
      group.hidden = !group.querySelector("li:not([hidden])");
    }
    const number = document.querySelectorAll(".groups li:not([hidden])").length;
    const said = number ? `${number} question${number === 1 ? "" : "s"}` : "No question contains these words.";
    status.textContent = words.length ? said : "";
  });
}

const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(one, other, isNumber) {
  return isNumber ? Number(one) - Number(other) : order.compare(one, other);
}

function sort(table, heading) {
  const at = heading.cellIndex;
  const isNumber = heading.classList.contains("number");
  const direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const each of heading.parentElement.cells) each.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction);
  const sign = direction === "ascending" ? 1 : -1;
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: row.cells[at].textContent }));
  // rows without a value come last in both directions
  rows.sort((a, b) => !a.text - !b.text || sign * compare(a.text, b.text, isNumber));
  table.tBodies[0].append(...rows.map(({ row }) => row));
}

for (const table of document.querySelectorAll("table.sortable")) {
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, heading));
    heading.append(button);
  }
}
