// Finds entries of a list by what is typed. Without scripts the whole list stands on the page.
const plain = (text) => text.toLocaleLowerCase(document.documentElement.lang).normalize("NFC");

for (const box of document.querySelectorAll("[data-search]")) {
  const list = document.getElementById(box.dataset.search);
  const entries = [...list.querySelectorAll("li")].map((item) => [item, plain(item.textContent)]);
  const sections = [...list.querySelectorAll("section")];
  box.hidden = false;
  box.querySelector("input").addEventListener("input", (event) => {
    const words = plain(event.target.value).split(/\s+/u).filter(Boolean);
    for (const [item, text] of entries) item.hidden = !words.every((word) => text.includes(word));
    for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])");
  });
}
