// A picture that is drawn as SVG, kept as PNG: the browser paints it at twice its size. Without a script the SVG itself is kept.
document.addEventListener("click", e => {
  const link = e.target.closest("a[data-png]");
  if (!link) return;
  e.preventDefault();
  const picture = new Image();
  picture.onload = () => {
    // Browsers paint no more than this on one canvas.
    const scale = Math.min(2, 16000 / picture.naturalWidth, 16000 / picture.naturalHeight);
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth * scale;
    canvas.height = picture.naturalHeight * scale;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const kept = document.createElement("a");
    kept.href = canvas.toDataURL("image/png");
    kept.download = link.dataset.png;
    kept.click();
  };
  picture.src = link.href;
});
