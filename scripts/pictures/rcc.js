import { inflateSync } from 'node:zlib';

/**
 * The files inside a compiled Qt resource (`.rcc`), as pairs of path and bytes.
 *
 * Layout (Qt's rcc tool): header `qres`, u32 version, u32 offsets of the tree, the data and the names; tree nodes
 * of 14 bytes (version 1) or 22 bytes; flag 1 = zlib, 2 = folder, 4 = zstd (not needed here, refused).
 *
 * @param {Buffer} bytes a whole .rcc file
 * @returns {Generator<[path: string, bytes: Buffer]>}
 * @throws {Error} when the bytes are no .rcc file or a file in it is packed with zstd
 */
export function* rccFiles(bytes) {
  if (bytes.toString('latin1', 0, 4) !== 'qres') throw new Error('not a Qt resource file');
  const version = bytes.readUInt32BE(4);
  const tree = bytes.readUInt32BE(8);
  const data = bytes.readUInt32BE(12);
  const names = bytes.readUInt32BE(16);
  const nodeSize = version >= 2 ? 22 : 14;

  /** @param {number} node */
  const nameOf = (node) => {
    const at = names + bytes.readUInt32BE(tree + node * nodeSize);
    const length = bytes.readUInt16BE(at);
    let name = '';
    for (let i = 0; i < length; i++) name += String.fromCharCode(bytes.readUInt16BE(at + 6 + 2 * i));
    return name;
  };

  /** @param {number} node @param {string} parent @returns {Generator<[string, Buffer]>} */
  function* visit(node, parent) {
    const at = tree + node * nodeSize;
    const flags = bytes.readUInt16BE(at + 4);
    const path = node === 0 ? '' : parent ? `${parent}/${nameOf(node)}` : nameOf(node);
    if (flags & 2) {
      const count = bytes.readUInt32BE(at + 6);
      const first = bytes.readUInt32BE(at + 10);
      for (let i = 0; i < count; i++) yield* visit(first + i, path);
      return;
    }
    if (flags & 4) throw new Error(`${path} is packed with zstd`);
    const start = data + bytes.readUInt32BE(at + 10);
    const raw = bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start));
    yield [path, flags & 1 ? inflateSync(raw.subarray(4)) : raw];
  }
  yield* visit(0, '');
}
