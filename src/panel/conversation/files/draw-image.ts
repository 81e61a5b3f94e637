/** What browsers draw, and what holds no code (SVG may). */
const imageTypes = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

export const isImage = (mediaType: string): boolean => imageTypes.test(mediaType);

/**
 * Draws an image that was read already. Not an `<img>`: its address would be a `blob:`, which the policy of a page may not
 * allow (`img-src`), and which would have to be given back.
 *
 * @param maxPixels of the longer side. Default: no picture in a panel needs more
 * @throws where the file is no image that the browser draws
 */
export async function drawImage(blob: Blob, name: string, maxPixels = 1_440): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, maxPixels / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.role = 'img';
  canvas.ariaLabel = name;
  canvas.part.add('file-image');
  const context = canvas.getContext('2d');
  if (context !== null) context.imageSmoothingQuality = 'high';
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
