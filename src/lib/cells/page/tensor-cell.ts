import type { ReadCell } from '../language/book.ts';

/** What a cell reads that has no counterpart over tensors alone: passes of models, pictures, drawings, controls. */
const OTHER: ReadonlySet<string> = new Set([
  ...['model', 'sample', 'program', 'picture', 'Picture', 'noise'],
  ...['Plot', 'html', 'svg', 'view', 'display', 'width', 'invalidation'],
]);

/**
 * Whether a cell only uses tensors: it reads one, or a name of a cell that does, and nothing else of the page but its
 * state. Such a cell can be shown as PyTorch.
 */
export function usesTensors(book: readonly ReadCell[], id: string): boolean {
  const of = book.find((one) => one.id === id);
  if (!of?.cell || of.fault || of.cell.reads.some(({ name }) => OTHER.has(name))) return false;
  return readsTensor(book, id, []);
}

function readsTensor(book: readonly ReadCell[], id: string, above: readonly string[]): boolean {
  const of = book.find((one) => one.id === id);
  if (!of?.cell || above.includes(id)) return false;
  return (
    of.cell.reads.some(({ name }) => name === 'tensor' || name === 'Tensor') ||
    of.needs.some((need) => readsTensor(book, need, [...above, id]))
  );
}
