/**
 * Name of a tensor of block `b` (from 0): `in` is what the block reads, the empty word what leaves it, else the end of
 * its name within the block.
 */
export function tensorOfBlock(b: number, part: string): string {
  if (part === 'in') return b === 0 ? 'tokens' : `blocks.${b - 1}`;
  return part === '' ? `blocks.${b}` : `blocks.${b}.${part}`;
}
