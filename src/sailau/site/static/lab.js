// Looks results up in a table that was counted beforehand. Nothing here knows how votes become seats.
const lab = document.querySelector("[data-lab]");
const part = (name) => lab.querySelector(`[data-${name}]`);
const controls = [...lab.querySelectorAll("[data-axis]")];
const rows = [...lab.querySelectorAll("tr[data-option]")];
const number = new Intl.NumberFormat(document.documentElement.lang);

// The class of thresholds in which one lies that is not its name.
function classOf(axis, value) {
  const share = Number(value.replace(/%$/u, "")) / 100;
  const exact = (text) => text.split("/").reduce((above, below) => above / below);
  const place = (axis.spans ?? []).findIndex(([low, high]) => share > exact(low) && share <= exact(high));
  return value.endsWith("%") && place >= 0 ? place : null;
}

function readAddress(axes) {
  const asked = new URLSearchParams(location.search);
  return axes.map((axis) => {
    const value = asked.get(axis.path) ?? "";
    const place = axis.values.indexOf(value);
    return place >= 0 ? place : classOf(axis, value) ?? axis.law;
  });
}

function writeAddress(axes, places) {
  const asked = new URLSearchParams();
  axes.forEach((axis, n) => places[n] !== axis.law && asked.set(axis.path, axis.values[places[n]]));
  const query = asked.toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  for (const link of document.querySelectorAll(".languages a")) link.search = query;
}

// Where so many dots stand on a half circle, from left to right: a drawing, not a distribution.
function seatPlaces(total, radius) {
  const inner = 0.42;
  const middle = (row, apart) => radius - (row + 0.5) * apart;
  let count = 1;
  for (; count < 100; count += 1) {
    const apart = (radius * (1 - inner)) / count;
    let room = 0;
    for (let row = 0; row < count; row += 1) room += Math.floor((Math.PI * middle(row, apart)) / apart);
    if (room >= total) break;
  }
  const apart = (radius * (1 - inner)) / count;
  const radii = Array.from({ length: count }, (_, row) => middle(row, apart));
  const whole = radii.reduce((sum, r) => sum + r, 0);
  const dots = [];
  let left = total;
  let length = whole;
  for (const r of radii) {
    const here = length > 0 ? Math.round((left * r) / length) : left;
    for (let place = 0; place < here; place += 1) dots.push([Math.PI - (Math.PI * (place + 0.5)) / here, r]);
    left -= here;
    length -= r;
  }
  dots.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  return [dots.map(([angle, r]) => [r * Math.cos(angle), r * Math.sin(angle)]), Math.min(apart * 0.42, 16)];
}

function draw(seats) {
  const total = seats.reduce((sum, n) => sum + n, 0);
  const [places, size] = seatPlaces(total, 245);
  const order = seats.map((_, n) => n).sort((a, b) => seats[b] - seats[a]);
  const group = part("dots");
  group.replaceChildren();
  let first = 0;
  for (const option of order) {
    const own = places.slice(first, first + seats[option]);
    first += seats[option];
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", own.map(([x, y]) => `M${(257 + x).toFixed(1)} ${(249 - y).toFixed(1)}h0`).join(""));
    path.setAttribute("stroke", rows[option].dataset.color);
    path.setAttribute("stroke-width", (2 * size).toFixed(1));
    group.append(path);
  }
  part("total").textContent = number.format(total);
}

function show(table, places) {
  const rowOf = (chosen) => chosen.reduce((sum, place, n) => sum * table.axes[n].values.length + place, 0);
  const at = rowOf(places);
  const seats = table.seats[at];
  const home = table.seats[rowOf(table.axes.map((axis) => axis.law))];
  rows.forEach((row, n) => {
    const difference = seats ? seats[n] - home[n] : 0;
    row.querySelector("[data-seats]").textContent = seats ? number.format(seats[n]) : "–";
    row.querySelector("[data-law]").textContent = number.format(home[n]);
    row.querySelector("[data-difference]").textContent = difference
      ? `${difference > 0 ? "+" : "−"}${number.format(Math.abs(difference))}` : "";
    row.hidden = seats ? !seats[n] && !home[n] : false;
  });
  draw(seats ?? home.map(() => 0));
  part("open").hidden = !table.open[at];
  part("open").querySelector("b").textContent = number.format(table.open[at]);
  const changes = table.axes.flatMap((axis, n) =>
    places[n] === axis.law ? [] : [` --set ${axis.path}=${axis.values[places[n]]}`]);
  part("line").textContent = lab.dataset.command + changes.join("");
  part("changed").hidden = !changes.length;
}

function label(control, place, isKnown) {
  if (control.type !== "range") return;
  const entry = control.closest(".control").querySelectorAll("ul li")[place];
  control.closest(".slide").querySelector("output").textContent = entry.textContent;
  control.setAttribute("aria-valuetext", entry.textContent);
  control.closest(".control").querySelector("p[data-span]").textContent = isKnown ? entry.dataset.span : "";
}

const table = await (await fetch(lab.dataset.lab)).json();

function refresh(places) {
  // Classes are those of shares of what the law says.
  const isKnown = table.axes.every((axis, n) => !axis.path.endsWith(".threshold.base") || places[n] === axis.law);
  controls.forEach((control, n) => {
    control.value = places[n];
    label(control, places[n], isKnown);
    // A quota means something only where remainders are dealt out.
    if (control.dataset.needs) {
      const [axis, value] = control.dataset.needs.split(":");
      control.disabled = table.axes[axis].values[places[axis]] !== value;
    }
  });
  show(table, places);
}

lab.hidden = false;
const current = () => controls.map((control) => Number(control.value));
lab.querySelector("form").addEventListener("input", () => {
  writeAddress(table.axes, current());
  refresh(current());
});
lab.querySelector("form").addEventListener("reset", (event) => {
  event.preventDefault();
  const home = table.axes.map((axis) => axis.law);
  writeAddress(table.axes, home);
  refresh(home);
});
lab.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", () => refresh(readAddress(table.axes)));
const asked = readAddress(table.axes);
refresh(asked);
writeAddress(table.axes, asked);
