// Photos are made small in the browser before they are sent, and shown to whoever chose them.
// Without this script they are sent as they are: the ledger makes them small as well.
"use strict";

const SIDE = 1600, QUALITY = 0.85;

async function drawn(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function smaller(file, canvas) {
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

async function chosen(input) {
  const picked = input.parentElement.querySelector(".picked") || document.createElement("div");
  picked.className = "picked";
  picked.replaceChildren();
  input.after(picked);
  const before = input.files;
  const sent = new DataTransfer();
  for (const file of before) {
    try {
      const canvas = await drawn(file);
      sent.items.add(await smaller(file, canvas));
      picked.append(canvas);
    } catch {
      sent.items.add(file); // the ledger says what is wrong with it
    }
  }
  if (input.files === before) input.files = sent.files; // nothing else was chosen meanwhile
}

// A form that is sent before its photos are ready waits for them.
const working = new Set();

function waits(event) {
  if (!working.size) return;
  event.preventDefault();
  Promise.all(working).then(() => event.target.requestSubmit(event.submitter));
}

for (const input of document.querySelectorAll("input[type=file][name=photo]")) {
  input.addEventListener("change", () => {
    const work = chosen(input).finally(() => working.delete(work));
    working.add(work);
  });
  input.form.addEventListener("submit", waits);
}
