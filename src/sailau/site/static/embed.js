// Completes the addresses in the lines to copy: a static site does not know where it stands until a browser reads it.
for (const code of document.querySelectorAll("[data-embed]")) {
  const own = new URL(code.dataset.embed, location.href);
  const start = new URL("../".repeat(own.pathname.endsWith("/chamber/") || own.pathname.endsWith("/table/") ? 2 : 1), own);
  code.textContent = code.textContent
    .replace(/src="[^"]*"/u, `src="${own.href}"`)
    .replace(/href="[^"]*"/u, `href="${start.href}"`);
}
