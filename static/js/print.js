/* Fetches the PDF of a print and shows how far it is: the file says so itself, in comments. */

const link = document.getElementById("pdf");
const making = document.getElementById("making");
const PROGRESS = /%badges (\d+)\n/g;
const LONGEST_MARK = 24;
const MINUTE = 60_000;

function show(done) {
  const bar = making.querySelector("progress");
  const words = making.dataset.words.replace("{n}", done).replace("{total}", bar.max);
  bar.value = done;
  making.querySelector("p").textContent = words;
}

/** Read an answer piece by piece; a mark of progress may lie across two pieces. */
async function read(answer) {
  const pieces = [];
  const plain = new TextDecoder("latin1");
  let end = "";
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces, { type: "application/pdf" });
    pieces.push(value);
    const text = end + plain.decode(value);
    const last = [...text.matchAll(PROGRESS)].pop();
    if (last) show(Number(last[1]));
    end = text.slice(-LONGEST_MARK);
  }
}

function save(blob, name) {
  const file = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob) });
  file.download = name;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), MINUTE);
}

async function fetchPdf() {
  making.hidden = false;
  show(0);
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    const name = answer.headers.get("Content-Disposition").split("filename=").pop();
    save(await read(answer), name);
    making.querySelector("p").textContent = making.dataset.done;
  } catch {
    making.querySelector("p").textContent = making.dataset.lost;
  }
}

link?.addEventListener("click", (event) => {
  event.preventDefault();
  fetchPdf();
});
