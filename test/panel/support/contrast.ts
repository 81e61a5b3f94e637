/** Red, green and blue, 0 to 255, as they come to the screen. */
export type Pixel = readonly [number, number, number];

/** Reads what a colour in any notation looks like on an sRGB screen, by painting with it. */
export function createPixelReader(): (color: string) => Pixel {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('there is no canvas to paint on');
  return (color) => {
    // What is no colour would leave the last one.
    if (!CSS.supports('color', color)) throw new Error(`no colour: ${color}`);
    context.fillStyle = color;
    context.clearRect(0, 0, 1, 1);
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha] = context.getImageData(0, 0, 1, 1).data;
    if (alpha !== 255) throw new Error(`not opaque: ${color}`);
    return [red, green, blue];
  };
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Pixel, other: Pixel): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((first, second) => first - second);
  return (light + 0.05) / (dark + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(pixel: Pixel): number {
  const [red = 0, green = 0, blue = 0] = pixel.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
