// A table whose rows lead somewhere: click, Enter, or open the link in a new tab. Sorts by what it shows.
// All texts reach the page through textContent or a property: what agents write stays text.

const views = new WeakMap();

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

class Rows {
  constructor(root) {
    this.table = root.querySelector("table");
    this.order = null;
    this.table.onclick = (event) => this.#click(event);
    this.table.onkeydown = (event) => this.#key(event);
  }

  // What stays the same stays in place: a press, a focus and a selection outlive a refresh.
  show(data, open) {
    const before = this.data && this.#sorted().map((row) => row.id).join();
    const columns = JSON.stringify(this.data?.columns);
    this.data = data;
    this.open = open;
    const rows = this.#sorted();
    if (columns !== JSON.stringify(data.columns) || before !== rows.map((row) => row.id).join()) this.#drawAnew();
    else rows.forEach((row, place) => this.#patch(this.table.tBodies[0].rows[place], row));
  }

  #drawAnew() {
    const held = this.table.getRootNode().activeElement?.closest?.("tr")?.dataset.id;
    this.#draw();
    if (held) this.#link([...this.table.tBodies[0].rows].find((row) => row.dataset.id === held))?.focus();
  }

  #patch(line, row) {
    line.className = row.tone;
    row.cells.forEach((cell, place) => {
      if (line.cells[place].written !== JSON.stringify(cell)) line.cells[place].replaceWith(this.#cell(row, cell, place));
    });
  }

  #draw() {
    const caption = make("caption", "", this.data.caption), head = make("thead"), line = make("tr");
    this.data.columns.forEach((column, place) => line.append(this.#heading(column, place)));
    head.append(line);
    const body = make("tbody");
    for (const row of this.#sorted()) body.append(this.#row(row));
    this.table.replaceChildren(caption, head, body);
    this.table.dataset.ready = String(this.data.rows.length);
  }

  #heading(column, place) {
    const heading = make("th", column.number ? "number" : ""), button = make("button", "", column.label);
    heading.style.width = column.grow ? `${column.grow * 12}%` : "";
    heading.scope = "col";
    const here = this.order?.place === place;
    if (here) heading.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
    button.onclick = () => {
      this.order = here && !this.order.down ? null : { place, down: !here };
      this.#draw();
    };
    heading.append(button);
    return heading;
  }

  #sorted() {
    if (!this.order) return this.data.rows;
    const { place, down } = this.order, value = (row) => row.cells[place].sort ?? (this.data.columns[place].number ? -1 : row.cells[place].text);
    const rows = [...this.data.rows].sort((a, b) => (value(a) > value(b)) - (value(a) < value(b)));
    return down ? rows.reverse() : rows;
  }

  #row(row) {
    const line = make("tr", row.tone);
    line.dataset.id = row.id;
    row.cells.forEach((cell, place) => line.append(this.#cell(row, cell, place)));
    return line;
  }

  #cell(row, cell, place) {
    const column = this.data.columns[place], box = make("td", column.number ? "number" : column.grow ? "grow" : "");
    box.dataset.label = column.label;
    box.written = JSON.stringify(cell);
    if (cell.hint) box.title = cell.hint;
    const href = place === 0 ? row.href : cell.href;
    const text = make(href ? "a" : "span", cell.badge ? `badge ${cell.badge}` : "text", cell.text || (place === 0 ? "(no name)" : ""));
    if (href) text.href = href;
    if (cell.pick) text.dataset.pick = cell.pick;
    if (place === 0) text.title = cell.text;
    box.append(text);
    if (cell.share !== null) {
      const share = make("span", `share ${cell.share_tone}`);
      share.style.setProperty("--share", `${cell.share * 100}%`);
      box.append(share);
    }
    if (cell.note) {
      const note = make("span", "note", cell.note);
      note.title = cell.note;
      box.append(note);
    }
    if ((!cell.text || cell.text === "–") && !cell.note) box.classList.add("empty");
    return box;
  }

  #link(row) { return row?.querySelector("a"); }

  // A plain click stays in this session; with a modifier the browser does what it does with links.
  #click(event) {
    const row = event.target.closest("tbody tr");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (getSelection()?.toString()) return;
    event.preventDefault();
    this.open(event.target.closest("[data-pick]")?.dataset.pick ?? row.dataset.id);
  }

  #key(event) {
    const row = event.target.closest("tbody tr");
    const next = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (!next) return;
    this.#link(next).focus();
    event.preventDefault();
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new Rows(parentElement));
  views.get(parentElement).show(data, (id) => setTriggerValue("row", id));
}
