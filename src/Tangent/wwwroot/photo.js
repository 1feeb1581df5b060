// Photos are made small before they are sent: a phone has less to send, and what the camera wrote into the file stays there.
// What the browser cannot read is sent as it is: the server says what is wrong with it.
const LONGEST = 1600, SMALL = 400_000;

document.addEventListener("change", async e => {
  const field = e.target.closest("input[type=file][data-photo]");
  const file = field?.files[0];
  if (!file) return;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= SMALL && ["image/png", "image/jpeg"].includes(file.type)) return;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob(blob => {
    // Somebody may have chosen another one meanwhile.
    if (!blob || field.files[0] !== file) return;
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    field.files = chosen.files;
  }, "image/jpeg", .85);
});
