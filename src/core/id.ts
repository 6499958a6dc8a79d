/** Random bytes in stock: each call for them costs as much as for a thousand. */
const stock = new Uint8Array(4096);
let used = stock.length;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  if (used + count > stock.length) {
    crypto.getRandomValues(stock);
    used = 0;
  }
  return stock.slice(used, (used += count));
}

/** A new identifier: UUID version 7 (RFC 9562 §5.7), so that ids sort by the time of their making. */
export function newId(nowMs: number = Date.now()): string {
  const bytes = randomBytes(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(nowMs / 2 ** 16));
  view.setUint16(4, nowMs % 2 ** 16);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = Array.from(bytes, (byte) => HEX[byte]).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
