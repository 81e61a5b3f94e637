import { crc32, deflateSync } from 'node:zlib';

/** What a screen shows: red, green, blue and opacity of each pixel, a byte each. */
type Picture = { readonly width: number; readonly height: number; readonly data: Uint8Array };

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * A picture as a PNG of at most 256 colours, a third of the size of one with all of them. Where there are more, colours that
 * are next to each other become one. Opacity is left out. https://www.w3.org/TR/png-3/
 */
export function encodeIndexedPng(picture: Picture): Buffer {
  const { indexes, palette } = findPalette(picture);
  const { width, height } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each pixel, which are an index.
  header.set([8, 3, 0, 0, 0], 8);
  // Each line begins with the number of its filter: none.
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) lines.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function findPalette({ data }: Picture): { readonly indexes: Uint8Array; readonly palette: readonly number[] } {
  for (let bits = 0; ; bits++) {
    const round = (value = 0): number => Math.min(255, Math.round(value / 2 ** bits) * 2 ** bits);
    const seen = new Map<number, number>();
    const indexes = new Uint8Array(data.length / 4);
    for (let at = 0; at < data.length && seen.size <= 256; at += 4) {
      const color = (round(data[at]) << 16) | (round(data[at + 1]) << 8) | round(data[at + 2]);
      const index = seen.get(color) ?? seen.size;
      seen.set(color, index);
      indexes[at / 4] = index;
    }
    if (seen.size <= 256) return { indexes, palette: [...seen.keys()] };
  }
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(named.length + 8);
  result.writeUInt32BE(data.length, 0);
  result.set(named, 4);
  result.writeUInt32BE(crc32(named), named.length + 4);
  return result;
}
