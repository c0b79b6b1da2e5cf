/* Inside a worker: takes pictures, answers with the text of their code or null. */

let canvas;

function pixels(picture, width, height) {
  if (picture instanceof ImageData) return picture;
  canvas ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (canvas.canvas.width !== width || canvas.canvas.height !== height) {
    Object.assign(canvas.canvas, { width, height });
  }
  canvas.drawImage(picture, 0, 0, width, height);
  picture.close();
  return canvas.getImageData(0, 0, width, height);
}

/** Answer each picture by a decoder: it returns a text, or throws where there is none. */
export function serve(decode) {
  onmessage = async ({ data: { picture, width, height, thorough } }) => {
    let text = null;
    try {
      text = (await decode(pixels(picture, width, height), thorough)) || null;
    } catch {
      /* no code in this picture */
    }
    postMessage(text);
  };
}
