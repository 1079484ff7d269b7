const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data, a checksum behind it. */
const CHUNK_BYTES = 12;

/**
 * The colours of a palette PNG, as CSS writes them; undefined for entries that are transparent.
 *
 * Source: PNG specification (third edition), 11.2.2 "PLTE Palette", 11.3.1.1 "tRNS Transparency".
 */
export function paletteOf(base64: string): (string | undefined)[] {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
  const colors = chunkOf(bytes, 'PLTE');
  const alphas = chunkOf(bytes, 'tRNS');
  return Array.from({ length: colors.length / 3 }, (_, i) =>
    alphas[i] === 0 ? undefined : `rgb(${colors.subarray(3 * i, 3 * i + 3).join(' ')})`
  );
}

/** The data of the first chunk of a type; empty when there is none. */
function chunkOf(bytes: Uint8Array, type: string): Uint8Array {
  const view = new DataView(bytes.buffer);
  for (let at = SIGNATURE_BYTES; at + CHUNK_BYTES <= bytes.length;) {
    const length = view.getUint32(at);
    if (String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === type) {
      return bytes.subarray(at + 8, at + 8 + length);
    }
    at += CHUNK_BYTES + length;
  }
  return new Uint8Array();
}
